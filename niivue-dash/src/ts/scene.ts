/** Everything that knows NiiVue: its next major version is a rewrite, and only this file will change. */
import {
    cmapper,
    DRAG_MODE,
    MULTIPLANAR_TYPE,
    Niivue,
    NVImage,
    SHOW_RENDER,
    SLICE_TYPE
} from '@niivue/niivue';
import type { Point } from './affine';
import { inkOn, parseColor } from './colors';
import type { Grid } from './grid';
import { packOutlines, type Frame, type Outline } from './outlines';
import type { Colormap, ColormapLabel, Inputs, SliceType, Volume } from './props';
import { sliceShader } from './slice-shader';
import { ANTIALIAS, contextOf } from './webgl';

export type Image = NVImage;
export type Plane = 'axial' | 'coronal' | 'sagittal' | 'render';

/** Where one looks: the part that viewers of a group share. */
export interface View {
    mm: Point;
    /** Shift in mm and zoom of the slices. */
    pan: [number, number, number, number];
    azimuth: number;
    elevation: number;
    zoom3d: number;
}

export interface Hooks {
    drawn(): void;
    wheel(event: WheelEvent): void;
    /** A double click on a slice. */
    windowReset(): void;
}

const SLICE_TYPES: Record<SliceType, SLICE_TYPE> = {
    axial: SLICE_TYPE.AXIAL,
    coronal: SLICE_TYPE.CORONAL,
    sagittal: SLICE_TYPE.SAGITTAL,
    multiplanar: SLICE_TYPE.MULTIPLANAR,
    render: SLICE_TYPE.RENDER
};
const PLANES: Plane[] = ['axial', 'coronal', 'sagittal'];
const LAYOUTS = {
    auto: MULTIPLANAR_TYPE.AUTO,
    column: MULTIPLANAR_TYPE.COLUMN,
    grid: MULTIPLANAR_TYPE.GRID,
    row: MULTIPLANAR_TYPE.ROW
};
const RENDERS = { never: SHOW_RENDER.NEVER, auto: SHOW_RENDER.AUTO, always: SHOW_RENDER.ALWAYS };
const HOME_3D = { azimuth: 110, elevation: 10, zoom3d: 1 };
const CROSSHAIR_PX = 1.5;
const DT_RGB24 = 128;
const DT_RGBA32 = 2304;

export function addColormaps(colormaps: Record<string, Colormap>): void {
    for (const [name, { R, G, B, A, I }] of Object.entries(colormaps)) {
        const even = R.map((_, i) => Math.round((255 * i) / Math.max(1, R.length - 1)));
        cmapper.addColormap(name, { R, G, B, A: A ?? even.map((i) => (i ? 255 : 0)), I: I ?? even });
    }
}

export function isColormap(name: string): boolean {
    return cmapper.colormaps().some((known) => known === name || known === name.toLowerCase());
}

export async function readImage(bytes: ArrayBuffer, id: string): Promise<Image> {
    const image = await NVImage.loadFromUrl({ url: bytes, name: `${id}.nii` });
    if (!image.hdr || !image.img) throw new Error('the file could not be read');
    return image;
}

export function gridOf(image: Image): Grid {
    const hdr = image.hdr!;
    return {
        dims: [hdr.dims[1], hdr.dims[2], hdr.dims[3]],
        frames: image.nFrame4D ?? 1,
        affine: hdr.affine,
        data: image.img!,
        slope: hdr.scl_slope || 1,
        intercept: hdr.scl_inter || 0,
        channels: hdr.datatypeCode === DT_RGBA32 ? 4 : hdr.datatypeCode === DT_RGB24 ? 3 : 1
    };
}

/** What of a volume's looks is different; the order of `volumes` is handled by showing them anew. */
export function style(image: Image, volume: Volume, before?: Volume): boolean {
    const differs = (...keys: (keyof Volume)[]) =>
        !before || keys.some((key) => JSON.stringify(volume[key]) !== JSON.stringify(before[key]));
    let changed = false;
    if (differs('colormap', 'colormap_negative')) {
        const { cal_min, cal_max } = image;
        image.colormap = volume.colormap || 'gray';
        // Setting a colormap also sets NiiVue's own window.
        if (before) Object.assign(image, { cal_min, cal_max });
        image.colormapNegative = volume.colormap_negative || '';
        changed = true;
    }
    if (differs('cal_min', 'cal_max')) {
        setWindow(image, volume);
        changed = true;
    }
    if (differs('opacity', 'visible', 'colorbar')) {
        const visible = volume.visible ?? true;
        image.opacity = visible ? volume.opacity ?? 1 : 0;
        image.colorbarVisible = visible && (volume.colorbar ?? true);
        changed = true;
    }
    if (differs('colormap_label')) {
        setLabels(image, volume.colormap_label);
        changed = true;
    }
    if (differs('frame')) changed = setFrame(image, volume.frame ?? 0) || changed;
    return changed;
}

export function setWindow(image: Image, { cal_min, cal_max }: Volume): void {
    image.cal_min = cal_min ?? image.robust_min;
    image.cal_max = cal_max ?? image.robust_max;
}

/** Stays within the frames there are; says whether that changed anything. */
export function setFrame(image: Image, frame: number): boolean {
    const last = (image.nFrame4D ?? 1) - 1;
    const before = image.frame4D;
    image.frame4D = Math.max(0, Math.min(last, Math.round(frame)));
    return image.frame4D !== before;
}

function setLabels(image: Image, label: ColormapLabel | null | undefined): void {
    image.colormapLabel = null;
    if (!label) return;
    const I = label.I ?? label.R.map((_, i) => i);
    const A = label.A ?? I.map((value) => (value ? 255 : 0));
    const { R, G, B } = label;
    // NiiVue ignores a scale of a single label, so the background is always one of them.
    const zero = I.includes(0) ? [] : [0];
    const full = { R: [...zero, ...R], G: [...zero, ...G], B: [...zero, ...B], A: [...zero, ...A], I: [...zero, ...I] };
    image.setColormapLabel(full);
}

class Surface extends Niivue {
    hooks: Hooks | null = null;
    crosshairPx = CROSSHAIR_PX;

    override drawScene(): string | void {
        // NiiVue draws once more when the page is resized, even after it was told to clean up.
        if (this.gl.isContextLost()) return;
        super.drawScene();
        if (this.fitCrosshair()) super.drawScene();
        this.hooks?.drawn();
    }

    /** NiiVue's crosshair is a rod of some mm, too thin to see or too thick to see past: keep its pixels. */
    private fitCrosshair(): boolean {
        const tile = this.screenSlices.find(({ sliceFrac }) => sliceFrac !== Infinity);
        if (!tile) return false;
        const mmPerPx = Math.abs(tile.fovMM[0] / tile.leftTopWidthHeight[2]);
        const width = this.crosshairPx * (this.uiData.dpr ?? 1) * mmPerPx;
        if (Math.abs(width - this.opts.crosshairWidth) <= 0.1 * width) return false;
        this.opts.crosshairWidth = width;
        // Has NiiVue make the rod anew.
        if (this.crosshairs3D) this.crosshairs3D.mm = [NaN, NaN, NaN, NaN];
        return true;
    }

    override keyDownListener(): void {}

    override keyUpListener(): void {}

    override wheelListener(event: WheelEvent): void {
        this.hooks?.wheel(event);
    }

    override resetBriCon(event: TouchEvent | MouseEvent | null = null): void {
        const { x, y } = event instanceof MouseEvent ? { x: event.offsetX, y: event.offsetY } : { x: -1, y: -1 };
        // On the 3D view a double click puts the crosshair on the surface.
        if (planeAt(this, x, y) === 'render') super.resetBriCon(event);
        else this.hooks?.windowReset();
    }
}

function planeAt(nv: Niivue, x: number, y: number): Plane | null {
    if (nv.opts.sliceType === SLICE_TYPE.RENDER && !nv.sliceMosaicString) return 'render';
    const ratio = nv.uiData.dpr ?? 1;
    const tile = nv.screenSlices[nv.tileIndex(x * ratio, y * ratio)];
    if (!tile) return null;
    return tile.sliceFrac === Infinity ? 'render' : PLANES[tile.axCorSag] ?? 'render';
}

/** One canvas with its WebGL context. */
export class Scene {
    private readonly nv: Surface;
    private shader = '';
    private outlined = '';
    /** What the lines were drawn of: an overlay that has none may change without drawing them again. */
    private sources: unknown[] = [];

    constructor(private readonly canvas: HTMLCanvasElement, private readonly hooks: Hooks) {
        this.nv = new Surface({
            dragAndDropEnabled: false,
            loadingText: '',
            logLevel: 'silent',
            crosshairWidthUnit: 'mm',
            crosshairGap: 6,
            // Between voxels the picture is a mixture, and the value read there none of the patient's.
            isForceMouseClickToVoxelCenters: true
        });
        // Outlines travel in the drawing, which the 3D view would show as well.
        this.nv.drawOpacity = 0;
    }

    async attach(): Promise<void> {
        await this.nv.attachToCanvas(this.canvas, ANTIALIAS);
        this.nv.hooks = this.hooks;
    }

    /** Gives the context back: the browser keeps sixteen at most and drops the oldest. */
    destroy(): void {
        this.nv.hooks = null;
        this.nv.cleanup();
        this.nv.volumes = [];
        this.nv.overlays = [];
        this.nv.back = null;
        this.nv.drawBitmap = null;
        this.sources = [];
        contextOf(this.canvas)?.getExtension('WEBGL_lose_context')?.loseContext();
        this.canvas.remove();
    }

    /** Puts exactly these images on the GPU, the first as background; it stays if it is there and looks the same. */
    show(images: Image[], outlines: Outline[], isBackgroundRestyled: boolean): void {
        const { nv } = this;
        const isOnGpu = images.length > 0 && nv.back === images[0] && !isBackgroundRestyled;
        nv.volumes = images;
        nv.back = images.at(0) ?? null;
        nv.overlays = images.slice(1);
        if (images.length === 0) nv.drawScene();
        // A background is the dearer part: NiiVue also computes its gradient, for the 3D view.
        else if (!this.outline(outlines)) this.refresh(isOnGpu && images.length > 1 ? 1 : 0);
    }

    /** Uploads again what changed; when only overlays did, the background stays as it is. */
    refresh(first: number): void {
        const { nv } = this;
        if (first === 0) {
            nv.updateGLVolume();
            return;
        }
        nv.volumes.forEach((image, layer) => layer > 0 && nv.refreshLayers(image, layer));
        nv.drawScene();
    }

    /** Draws lines around masks; says whether everything was uploaded anew for it. */
    outline(outlines: Outline[]): boolean {
        const { nv } = this;
        const background = nv.volumes.at(0);
        const signature = outlines.map(({ grid, ...rest }) => ({ ...rest, dims: grid.dims }));
        const wanted = JSON.stringify([background?.id, signature]);
        const sources = [background, ...outlines.map(({ grid }) => grid.data)];
        const same = wanted === this.outlined && sources.every((source, at) => source === this.sources[at]);
        if (!background || same) return false;
        this.outlined = wanted;
        this.sources = sources;
        const frame = frameOf(background);
        // NiiVue draws images beyond the GPU's 3D limit in its own way, without room for this one.
        const fits = frame.dims.every((size) => size <= (nv.uiData.max3D ?? 0));
        const { bytes, fields } = packOutlines(frame, fits ? outlines : []);
        const shader = fits ? sliceShader(fields, nv.uiData.dpr ?? 1) : '';
        const renewed = shader !== this.shader;
        if (renewed) nv.setCustomSliceShader(shader);
        this.shader = shader;
        this.uploadMarks(frame, fields.length ? bytes : null);
        return renewed;
    }

    private uploadMarks({ dims }: Frame, bytes: Uint8Array | null): void {
        const { nv } = this;
        const size = bytes ? [3, ...dims] : [3, 2, 2, 2];
        nv.drawBitmap = bytes;
        nv.drawTexture = nv.r8Tex(nv.drawTexture, nv.gl.TEXTURE7, size, true);
        if (bytes) nv.refreshDrawing(false);
        nv.drawScene();
    }

    options(inputs: Inputs): void {
        const { nv } = this;
        const background = parseColor(inputs.background, [0, 0, 0]);
        nv.crosshairPx = inputs.show_crosshair ?? true ? CROSSHAIR_PX : 0;
        Object.assign(nv.opts, {
            sliceType: SLICE_TYPES[inputs.slice_type ?? 'multiplanar'],
            sliceMosaicString: inputs.mosaic ?? '',
            multiplanarLayout: LAYOUTS[inputs.layout ?? 'auto'],
            multiplanarShowRender: RENDERS[inputs.show_render ?? 'never'],
            crosshairColor: [...parseColor(inputs.crosshair_color, [0.2, 0.8, 0.4]), 1],
            isRadiologicalConvention: inputs.radiological ?? true,
            isNearestInterpolation: !(inputs.interpolate ?? true),
            isColorbar: inputs.colorbar ?? false,
            // In a mosaic one tile's L would stand beside the next one's R.
            showAllOrientationMarkers: !inputs.mosaic,
            backColor: [...background, 1],
            fontColor: [...inkOn(background), 1]
        });
        this.canvas.parentElement!.style.backgroundColor = `rgb(${background.map((c) => c * 255).join(' ')})`;
        nv.setDragMode(DRAG_MODE[inputs.drag_mode ?? 'windowing']);
        nv.setInterpolation(nv.opts.isNearestInterpolation);
        const worldSpace = inputs.world_space ?? false;
        if (worldSpace !== nv.opts.isSliceMM) nv.setSliceMM(worldSpace);
        nv.drawScene();
    }

    view(): View {
        const { scene } = this.nv;
        const [x, y, z] = this.nv.frac2mm(scene.crosshairPos, 0, true);
        const [panX, panY, panZ, zoom] = scene.pan2Dxyzmm;
        return {
            mm: [x, y, z],
            pan: [panX, panY, panZ, zoom],
            azimuth: scene.renderAzimuth,
            elevation: scene.renderElevation,
            zoom3d: scene.volScaleMultiplier
        };
    }

    setView({ mm, pan, azimuth, elevation, zoom3d }: View): void {
        const { scene } = this.nv;
        scene.crosshairPos = this.nv.mm2frac(mm, 0, true);
        scene.pan2Dxyzmm = [...pan];
        scene.renderAzimuth = azimuth;
        scene.renderElevation = elevation;
        scene.volScaleMultiplier = zoom3d;
        this.nv.drawScene();
    }

    contains(mm: Point): boolean {
        return Array.from(this.nv.mm2frac(mm, 0, true)).every((at) => at >= 0 && at <= 1);
    }

    /** The whole volume, with the crosshair in its middle voxel. */
    homeView(): View {
        const middle = frameOf(this.nv.volumes[0]).dims.map((size) => (Math.floor(size / 2) + 0.5) / size);
        const [x, y, z] = this.nv.frac2mm(middle as Point, 0, true);
        return { mm: [x, y, z], pan: [0, 0, 0, 1], ...HOME_3D };
    }

    /** Moves by whole slices of the background, and stays within them. */
    step(plane: 'axial' | 'coronal' | 'sagittal', by: number): void {
        const axis = { sagittal: 0, coronal: 1, axial: 2 }[plane];
        const { dims } = frameOf(this.nv.volumes[0]);
        const at = Array.from(this.nv.scene.crosshairPos);
        const slice = Math.round(at[axis] * dims[axis] - 0.5) + by;
        at[axis] = (Math.max(0, Math.min(dims[axis] - 1, slice)) + 0.5) / dims[axis];
        this.nv.scene.crosshairPos = at as Point;
        this.nv.drawScene();
    }

    planeAt(x: number, y: number): Plane | null {
        return planeAt(this.nv, x, y);
    }

    png(): string {
        // The buffer is cleared once it was shown, so it is drawn and read in the same task.
        this.nv.drawScene();
        // What is half transparent on the page would be brighter in the file without what lies behind.
        const picture = document.createElement('canvas');
        picture.width = this.canvas.width;
        picture.height = this.canvas.height;
        const context = picture.getContext('2d')!;
        context.fillStyle = this.canvas.parentElement!.style.backgroundColor;
        context.fillRect(0, 0, picture.width, picture.height);
        context.drawImage(this.canvas, 0, 0);
        return picture.toDataURL('image/png');
    }

    /** Waits for the GPU: reading one pixel back can't be answered before everything is drawn. */
    finish(): void {
        const { gl } = this.nv;
        this.nv.drawScene();
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    }
}

function frameOf(image: Image): Frame {
    const [, nx, ny, nz] = image.dimsRAS!;
    const m = image.matRAS!;
    return { dims: [nx, ny, nz], affine: [0, 4, 8].map((at) => [m[at], m[at + 1], m[at + 2], m[at + 3]]) };
}
