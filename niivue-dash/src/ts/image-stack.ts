import { fetchImage } from './fetch-image';
import type { Failure, Status, Volume } from './props';
import { isColormap, readImage, type Image } from './scene';

export interface Layer {
    volume: Volume;
    image: Image | null;
    failure: string | null;
    load: AbortController;
}

export type Drawable = Layer & { image: Image };

/** The volumes of one viewer and how far each has come. It outlives canvases: a lost one refetches nothing. */
export class ImageStack {
    layers: Layer[] = [];

    constructor(private readonly arrived: (layer: Layer) => void) {}

    /** Keeps what is already here or on its way; gives up what is no longer asked for. */
    replace(volumes: Volume[]): void {
        const before = this.layers;
        this.layers = volumes.map((volume) => {
            const kept = before.find(({ volume: { id, url } }) => id === volume.id && url === volume.url);
            if (kept) kept.volume = volume;
            return kept ?? { volume, image: null, failure: null, load: new AbortController() };
        });
        before.filter((layer) => !this.layers.includes(layer)).forEach((layer) => layer.load.abort());
        this.layers.filter((layer) => !before.includes(layer)).forEach((layer) => void this.fetch(layer));
    }

    private async fetch(layer: Layer): Promise<void> {
        const { signal } = layer.load;
        try {
            const bytes = await fetchImage(layer.volume.url, signal);
            if (signal.aborted) return;
            layer.image = await readImage(bytes, layer.volume.id);
        } catch (error) {
            layer.failure = error instanceof Error ? error.message : String(error);
        }
        if (!signal.aborted) this.arrived(layer);
    }

    /** What can be drawn: nothing before the background is settled, since it sets the space of all. */
    drawable(): Drawable[] {
        const first = this.layers.at(0);
        if (!first || isPending(first)) return [];
        return this.layers.filter((layer): layer is Drawable => layer.image !== null);
    }

    status(): Status {
        const total = this.layers.length;
        const loaded = this.layers.filter((layer) => layer.image).length;
        const failed = this.layers.flatMap(failureOf);
        const state = this.layers.some(isPending) ? 'loading' : failed.length ? 'error' : 'ready';
        return { state, loaded, total, message: messageOf(state, loaded, total, this.layers), failed };
    }
}

function isPending(layer: Layer): boolean {
    return !layer.image && !layer.failure;
}

function failureOf({ volume, failure }: Layer): Failure[] {
    if (failure) return [{ id: volume.id, reason: failure }];
    const unknown = [volume.colormap, volume.colormap_negative].find((name) => name && !isColormap(name));
    return unknown ? [{ id: volume.id, reason: `there is no colormap named ${unknown}; gray is shown` }] : [];
}

function messageOf(state: Status['state'], loaded: number, total: number, layers: Layer[]): string {
    if (state === 'loading') return `Loading ${loaded} of ${total}`;
    return layers
        .flatMap((layer) => failureOf(layer).map(({ id, reason }) => `${layer.volume.name || id}: ${reason}.`))
        .join(' ');
}
