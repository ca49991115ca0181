export const ANTIALIAS = navigator.hardwareConcurrency > 6;
let supported: boolean | null = null;

/** A canvas keeps the context it first gave, so everyone asks for one with the same settings. */
export function contextOf(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
    return canvas.getContext('webgl2', { alpha: true, antialias: ANTIALIAS });
}

/** Whether the browser draws with WebGL 2 at all, found out once and before anything is fetched for it. */
export function isSupported(): boolean {
    if (supported === null) {
        const context = contextOf(document.createElement('canvas'));
        supported = context !== null;
        context?.getExtension('WEBGL_lose_context')?.loseContext();
    }
    return supported;
}
