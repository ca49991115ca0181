import type { Point } from './affine';
import { parseColor } from './colors';
import { Controls, type Commands } from './controls';
import { ImageStack, type Drawable } from './image-stack';
import type { Action } from './keys';
import type { Outline } from './outlines';
import type { Inputs, SliceType, Volume } from './props';
import { curveOf, locationAt, type Readable } from './readout';
import { Reporter, type Report } from './reporter';
import { addColormaps, gridOf, setFrame, setWindow, style } from './scene';
import type { Image, Plane, Scene, View } from './scene';
import { Stage } from './stage';
import { joinGroup, leaveGroup, type Member, type SyncGroup } from './sync-group';

const THROTTLE_MS = 200;
const SETTLE_MS = 250;
const SAME_WITHIN = 1e-3;
const ZOOM_STEP = 1.15;
const ZOOM_LIMITS = [0.2, 20];
const OUTLINE_COLOR: [number, number, number] = [1, 0, 0];
const FIXED_PLANES: Partial<Record<SliceType, Plane>> = {
    axial: 'axial',
    coronal: 'coronal',
    sagittal: 'sagittal',
    render: 'render'
};

/** Holds images, canvas, controls, group and reports together while the component is mounted. */
export class Viewer implements Member, Commands {
    private inputs: Inputs = {};
    private readonly stack = new ImageStack(() => this.present());
    private readonly stage: Stage;
    private readonly controls: Controls;
    private readonly reporter: Reporter;
    private group: SyncGroup | null = null;
    private shown: Drawable[] = [];
    /** The volume as it was last put on its image. */
    private readonly styled = new WeakMap<Image, Volume>();
    private view: View | null = null;
    /** Where the page wants the crosshair, until there is an image to put it on. */
    private aim: Point | null = null;
    private quiet = false;
    private windowAtPress = '';
    private snapshotsGiven: number | undefined;
    private throttle = 0;
    private settling = 0;

    constructor(host: HTMLElement, helpId: string, emit: (report: Report) => void, inputs: Inputs) {
        this.reporter = new Reporter(emit);
        this.controls = new Controls(host, this);
        this.snapshotsGiven = inputs.snapshot_request;
        const events = {
            drawn: () => this.drawn(),
            press: (event: PointerEvent) => this.press(event),
            wheel: (event: WheelEvent) => this.controls.wheel(event),
            windowReset: () => this.resetWindow(),
            raised: (scene: Scene) => this.raised(scene),
            failed: (message: string) => this.fail(message)
        };
        this.stage = new Stage(host, events, labelOf(inputs), helpId);
        this.update(inputs);
    }

    destroy(): void {
        window.clearTimeout(this.throttle);
        window.clearTimeout(this.settling);
        this.controls.destroy();
        this.regroup(undefined);
        this.stack.replace([]);
        this.shown = [];
        this.stage.destroy();
    }

    update(inputs: Inputs): void {
        const before = this.inputs;
        const differs = (name: keyof Inputs) => JSON.stringify(before[name]) !== JSON.stringify(inputs[name]);
        const changed = new Set((Object.keys(inputs) as (keyof Inputs)[]).filter(differs));
        this.inputs = inputs;
        if (changed.has('colormaps')) addColormaps(inputs.colormaps ?? {});
        if (changed.has('sync_group')) this.regroup(inputs.sync_group);
        if (changed.has('alt')) this.stage.setLabel(labelOf(inputs));
        if (changed.has('volumes')) this.stack.replace(inputs.volumes ?? []);
        // By identity: a callback that gives the same place again wants to go there again.
        if (before.crosshair_mm !== inputs.crosshair_mm) this.aim = (inputs.crosshair_mm as Point | undefined) ?? null;
        const { scene } = this.stage;
        if (!scene) return;
        if ([...changed].some((name) => !['volumes', 'colormaps', 'crosshair_mm', 'snapshot_request'].includes(name))) {
            scene.options(inputs);
        }
        if (changed.has('volumes')) this.present();
        if (changed.has('colormaps') && this.shown.length) scene.refresh(0);
        this.moveToAim();
        this.snap();
    }

    // What other viewers of the group ask for.

    follow(view: View): void {
        if (this.shown.length) this.quietly(() => this.stage.scene?.setView(view));
    }

    takeLayout(slice_type: SliceType): void {
        this.inputs = { ...this.inputs, slice_type, mosaic: '' };
        this.stage.scene?.options(this.inputs);
        this.reporter.tell({ slice_type, mosaic: '' });
    }

    resetWindow(): void {
        const first = this.shown.at(0);
        if (!first) return;
        setWindow(first.image, first.volume);
        this.stage.scene?.refresh(0);
        this.tellWindow();
    }

    // What a person asks for.

    planeAt(x: number, y: number): Plane | null {
        return this.stage.scene?.planeAt(x, y) ?? null;
    }

    canStep(plane: Plane): boolean {
        return plane !== 'render' && this.inputs.slice_type !== 'render' && !this.inputs.mosaic;
    }

    step(plane: Plane, by: number): void {
        const seen = FIXED_PLANES[this.inputs.slice_type ?? 'multiplanar'] ?? plane;
        if (this.shown.length && seen !== 'render') this.stage.scene?.step(seen, by);
    }

    turn(azimuth: number, elevation: number): void {
        const { view } = this;
        if (view) this.look({ azimuth: view.azimuth + azimuth, elevation: view.elevation + elevation });
    }

    zoom(by: number): void {
        if (!this.view) return;
        const { mm, pan, zoom3d } = this.view;
        const within = (zoom: number) => Math.max(ZOOM_LIMITS[0], Math.min(ZOOM_LIMITS[1], zoom * ZOOM_STEP ** by));
        const zoom = within(pan[3]);
        // The crosshair keeps its place on the screen.
        const shift = (axis: number) => pan[axis] + (pan[3] - zoom) * mm[axis];
        this.look({ pan: [shift(0), shift(1), shift(2), zoom], zoom3d: within(zoom3d) });
    }

    perform(action: Exclude<Action, { kind: 'step' | 'zoom' }>): void {
        const everyone = [this, ...(this.group?.others(this) ?? [])];
        if (action.kind === 'layout') everyone.forEach((member) => member.takeLayout(action.sliceType));
        else if (action.kind === 'frame') this.stepFrame(action.by);
        else {
            everyone.forEach((member) => member.resetWindow());
            this.look(this.home());
        }
    }

    pressed(): void {
        this.windowAtPress = this.windowText();
    }

    released(): void {
        if (this.windowText() !== this.windowAtPress) this.tellWindow();
        this.settle();
    }

    private press(event: PointerEvent): void {
        this.stage.focus();
        this.controls.press(event);
    }

    private stepFrame(by: number): void {
        const at = this.shown.findIndex(({ image }) => gridOf(image).frames > 1);
        if (at < 0 || !setFrame(this.shown[at].image, this.shown[at].image.frame4D + by)) return;
        const { scene } = this.stage;
        if (!scene?.outline(this.outlines())) scene?.refresh(at);
        this.settle();
    }

    // What is shown.

    private raised(scene: Scene): void {
        this.shown = [];
        scene.options(this.inputs);
        this.present();
    }

    /** Brings the canvas in line with the volumes that have arrived and how they should look. */
    private present(): void {
        const { scene } = this.stage;
        if (!scene) return;
        const before = this.shown;
        this.shown = this.stack.drawable();
        const restyled = this.shown.map(({ image, volume }) => this.restyle(image, volume)).indexOf(true);
        const same = JSON.stringify(this.shown.map(idOf)) === JSON.stringify(before.map(idOf));
        this.quietly(() => {
            if (!same) {
                const seen = this.view;
                scene.show(this.shown.map(({ image }) => image), this.outlines(), restyled === 0);
                this.place(scene, seen);
            } else if (!scene.outline(this.outlines()) && restyled >= 0) {
                scene.refresh(restyled);
            }
        });
        this.moveToAim();
        this.tellStatus(scene);
        this.settle();
        // Asked for while images were on their way: nothing else may come to answer it.
        this.snap();
    }

    private restyle(image: Image, volume: Volume): boolean {
        const before = this.styled.get(image);
        this.styled.set(image, volume);
        return style(image, volume, before);
    }

    /** Where to look on a new background: where one looked before, or the others of the group do. */
    private place(scene: Scene, seen: View | null): void {
        if (!this.shown.length) return;
        const kept = seen && scene.contains(seen.mm) ? seen : this.group?.view;
        this.view = kept ?? scene.homeView();
        scene.setView(this.view);
        this.aim ??= kept ? null : this.view.mm;
    }

    private moveToAim(): void {
        if (!this.aim || !this.shown.length) return;
        const { aim } = this;
        this.aim = null;
        this.look({ mm: aim });
        if (this.view) this.group?.publish(this, this.view);
    }

    private home(): View {
        const home = this.stage.scene!.homeView();
        const mm = this.inputs.crosshair_mm;
        return mm ? { ...home, mm: mm as Point } : home;
    }

    private outlines(): Outline[] {
        return this.shown
            .filter(({ volume }) => volume.outline && (volume.visible ?? true))
            .map(({ volume, image }) => ({
                grid: gridOf(image),
                frame: image.frame4D,
                above: volume.outline_above ?? 0,
                labels: Boolean(volume.colormap_label),
                color: parseColor(volume.outline_color, OUTLINE_COLOR),
                width: volume.outline!
            }));
    }

    private look(part: Partial<View>): void {
        if (this.view && this.shown.length) this.stage.scene?.setView({ ...this.view, ...part });
    }

    private drawn(): void {
        const { scene } = this.stage;
        if (!scene || !this.shown.length) return;
        const view = scene.view();
        if (this.view && isSame(view, this.view)) return;
        this.view = view;
        if (!this.quiet) this.group?.publish(this, view);
        this.throttle ||= window.setTimeout(() => this.tellLocation(), THROTTLE_MS);
        window.clearTimeout(this.settling);
        this.settling = window.setTimeout(() => this.settle(), SETTLE_MS);
    }

    private quietly(change: () => void): void {
        this.quiet = true;
        change();
        this.quiet = false;
    }

    private regroup(name: string | undefined): void {
        if (this.group) leaveGroup(this.group, this);
        this.group = name ? joinGroup(name, this) : null;
    }

    // What the page is told.

    private readable(): Readable[] {
        return this.shown.map(({ image, volume }) => ({
            id: volume.id,
            grid: gridOf(image),
            frame: image.frame4D,
            labels: volume.colormap_label
        }));
    }

    private tellLocation(): void {
        window.clearTimeout(this.throttle);
        this.throttle = 0;
        if (this.view && this.shown.length) this.reporter.tell({ location: locationAt(this.view.mm, this.readable()) });
    }

    private settle(): void {
        window.clearTimeout(this.settling);
        if (!this.view || !this.shown.length) return;
        this.tellLocation();
        const curve = curveOf(this.view.mm, this.readable());
        const series = this.shown.find(({ volume }) => volume.id === curve?.id);
        if (curve && series) this.reporter.tell({ curve, frame: series.image.frame4D });
    }

    private windowText(): string {
        const first = this.shown.at(0);
        return first ? `${first.image.cal_min} ${first.image.cal_max}` : '';
    }

    private tellWindow(): void {
        const { image, volume } = this.shown[0];
        this.reporter.tell({ window: { id: volume.id, cal_min: image.cal_min ?? 0, cal_max: image.cal_max ?? 0 } });
    }

    private tellStatus(scene: Scene): void {
        const status = this.stack.status();
        if (status.state !== 'loading' && this.shown.length) scene.finish();
        this.reporter.tell({ status });
    }

    private fail(message: string): void {
        this.reporter.tell({ status: { ...this.stack.status(), state: 'error', message } });
    }

    private snap(): void {
        const { snapshot_request } = this.inputs;
        const { scene } = this.stage;
        const waiting = snapshot_request === undefined || snapshot_request === this.snapshotsGiven;
        if (waiting || !scene || this.stack.status().state === 'loading') return;
        this.snapshotsGiven = snapshot_request;
        this.reporter.answer({ snapshot: scene.png() });
    }
}

function idOf({ image }: Drawable): string {
    return image.id;
}

function labelOf(inputs: Inputs): string {
    return inputs.alt || 'Image viewer';
}

function isSame(a: View, b: View): boolean {
    const numbers = (view: View) => [...view.mm, ...view.pan, view.azimuth, view.elevation, view.zoom3d];
    const others = numbers(b);
    return numbers(a).every((value, at) => Math.abs(value - others[at]) < SAME_WITHIN);
}
