type ViewerModule = typeof import('./viewer');

// Dash puts a fingerprint into the name: niivue_dash.v0_1_0m1700000000.min.js.
const SHELL = /niivue_dash(\.v[\w-]+m[0-9a-f]+)?\.min\.js/i;
// Where a script came from is only known while it first runs.
const shellUrl = (document.currentScript as HTMLScriptElement | null)?.src ?? '';
let loading: Promise<ViewerModule> | null = null;

/** Fetches NiiVue when the first viewer mounts: pages without one never pay for it. */
export function loadViewer(): Promise<ViewerModule> {
    loading ??= import(shellUrl.replace(SHELL, 'async-niivue$1.js')) as Promise<ViewerModule>;
    return loading;
}
