import NiiVue from './components/NiiVue';

export { NiiVue };
