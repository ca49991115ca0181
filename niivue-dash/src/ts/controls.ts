import { actionOf, type Action } from './keys';
import type { Plane } from './scene';

/** What a person can do to a viewer. */
export interface Commands {
    /** The plane under a point of the canvas; null between the tiles. */
    planeAt(x: number, y: number): Plane | null;
    /** Whether the wheel has anything to move there: the slices of a mosaic are fixed. */
    canStep(plane: Plane): boolean;
    step(plane: Plane, by: number): void;
    turn(azimuth: number, elevation: number): void;
    zoom(by: number): void;
    perform(action: Exclude<Action, { kind: 'step' | 'zoom' }>): void;
    pressed(): void;
    released(): void;
}

/** Device pixels of scrolling that make one slice: a notch of a wheel is more, a touchpad sends less. */
const NOTCH = 40;
const LINE_PX = 40;
const DEGREES = 5;
const TURNS: Record<string, [number, number]> = {
    ArrowLeft: [-DEGREES, 0],
    ArrowRight: [DEGREES, 0],
    ArrowUp: [0, DEGREES],
    ArrowDown: [0, -DEGREES]
};

export class Controls {
    private plane: Plane = 'axial';
    private scrolled = 0;
    private down = false;
    private readonly release = () => this.up();
    private readonly keydown = (event: KeyboardEvent) => this.key(event);

    constructor(private readonly host: HTMLElement, private readonly commands: Commands) {
        // A drag may end outside the canvas.
        window.addEventListener('pointerup', this.release);
        host.addEventListener('keydown', this.keydown);
    }

    destroy(): void {
        window.removeEventListener('pointerup', this.release);
        this.host.removeEventListener('keydown', this.keydown);
    }

    press(event: PointerEvent): void {
        this.down = true;
        this.plane = this.commands.planeAt(event.offsetX, event.offsetY) ?? this.plane;
        this.commands.pressed();
    }

    wheel(event: WheelEvent): void {
        const plane = this.commands.planeAt(event.offsetX, event.offsetY);
        const zooms = event.ctrlKey || event.metaKey || plane === 'render';
        if (!plane || !(zooms || this.commands.canStep(plane))) return;
        event.preventDefault();
        this.plane = plane;
        this.scrolled += event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX);
        if (Math.abs(this.scrolled) < NOTCH) return;
        const by = this.scrolled < 0 ? 1 : -1;
        this.scrolled = 0;
        if (zooms) this.commands.zoom(by);
        else this.commands.step(plane, by);
    }

    private up(): void {
        if (this.down) this.commands.released();
        this.down = false;
    }

    private key(event: KeyboardEvent): void {
        const action = actionOf(event);
        if (!action) return;
        event.preventDefault();
        if (action.kind === 'zoom') this.commands.zoom(action.by);
        else if (action.kind !== 'step') this.commands.perform(action);
        else if (this.commands.canStep(this.plane)) this.commands.step(this.plane, action.by);
        else this.commands.turn(...(TURNS[event.key] ?? [0, 0]));
    }
}
