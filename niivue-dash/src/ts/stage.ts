import { Scene, type Hooks } from './scene';
import { contextOf } from './webgl';

export interface StageEvents extends Hooks {
    press(event: PointerEvent): void;
    /** A scene stands, empty: the first, or another after the browser took the context away. */
    raised(scene: Scene): void;
    failed(message: string): void;
}

const REFUSED = 'The browser gives no graphics context. Close other viewers and reload.';
const LOST = 'The browser keeps taking the graphics context away. Close other viewers and reload.';
const LOSSES_BORNE = 3;
const LOSSES_WITHIN_MS = 30_000;
const RETRY_MS = 500;
const FOCUS_RING = '3px solid #4c9ffe';

/** The canvas in the page, and a fresh one whenever its context is lost, which NiiVue doesn't survive. */
export class Stage {
    scene: Scene | null = null;
    private canvas: HTMLCanvasElement | null = null;
    private losses: number[] = [];
    private retryTimer = 0;
    private hadFocus = false;

    constructor(
        private readonly host: HTMLElement,
        private readonly events: StageEvents,
        private label: string,
        private readonly helpId: string
    ) {
        void this.raise();
    }

    destroy(): void {
        window.clearTimeout(this.retryTimer);
        this.scene?.destroy();
        this.scene = null;
        this.canvas = null;
    }

    setLabel(label: string): void {
        this.label = label;
        this.canvas?.setAttribute('aria-label', label);
    }

    focus(): void {
        this.canvas?.focus({ preventScroll: true });
    }

    private async raise(): Promise<void> {
        const canvas = this.makeCanvas();
        this.canvas = canvas;
        this.host.append(canvas);
        if (!contextOf(canvas)) {
            this.refuse(canvas);
            return;
        }
        const scene = new Scene(canvas, this.events);
        const problem = await scene.attach().then(() => null, String);
        // Unmounted, or lost, while NiiVue was still setting up: then its errors mean nothing.
        if (canvas !== this.canvas) {
            scene.destroy();
        } else if (problem) {
            scene.destroy();
            this.events.failed(problem);
        } else {
            this.scene = scene;
            if (this.hadFocus) this.focus();
            this.events.raised(scene);
        }
    }

    private refuse(canvas: HTMLCanvasElement): void {
        canvas.remove();
        // After a crash of the GPU process a browser needs a moment before it gives contexts again.
        const losses = this.recordLoss();
        if (losses > LOSSES_BORNE) this.events.failed(REFUSED);
        else this.retryTimer = window.setTimeout(() => void this.raise(), RETRY_MS * losses);
    }

    private makeCanvas(): HTMLCanvasElement {
        const canvas = document.createElement('canvas');
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', this.label);
        canvas.setAttribute('aria-describedby', this.helpId);
        canvas.style.outline = 'none';
        canvas.style.outlineOffset = '-3px';
        // Also after a click: with several viewers on a page it shows which one the keys go to.
        canvas.addEventListener('focus', () => (canvas.style.outline = FOCUS_RING));
        canvas.addEventListener('blur', () => (canvas.style.outline = 'none'));
        canvas.addEventListener('pointerdown', (event) => this.events.press(event));
        canvas.addEventListener('webglcontextlost', () => this.lose(canvas));
        return canvas;
    }

    private lose(canvas: HTMLCanvasElement): void {
        if (canvas !== this.canvas) return;
        this.hadFocus = document.activeElement === canvas;
        this.destroy();
        canvas.remove();
        if (this.recordLoss() > LOSSES_BORNE) this.events.failed(LOST);
        else void this.raise();
    }

    /** More viewers than contexts would take each other's away for ever. */
    private recordLoss(): number {
        const now = Date.now();
        this.losses = [...this.losses.filter((time) => now - time < LOSSES_WITHIN_MS), now];
        return this.losses.length;
    }
}
