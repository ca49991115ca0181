import type { Inputs, Outputs, Status } from '../props';
import { KEY_HELP } from '../keys';
import { loadViewer } from '../load-viewer';
import { isSupported } from '../webgl';

interface Props extends Inputs, Outputs {
    /** The component's id, for callbacks. */
    id?: string;
    /** CSS classes of the outer element. */
    className?: string;
    /** Styles of the outer element. */
    style?: object;
    /** The outer element's height: pixels, or a CSS length. */
    height?: number | string;
    /** Tells Dash of new outputs. */
    setProps?: (props: object) => void;
}

type Handle = { update(inputs: Inputs): void; destroy(): void };

const NO_WEBGL = 'This browser has no WebGL 2, so images can’t be drawn here.';
const FILL: React.CSSProperties = { position: 'absolute', inset: 0, overflow: 'hidden' };
const MESSAGE: React.CSSProperties = {
    position: 'absolute',
    insetInline: 0,
    bottom: 0,
    padding: '4px 8px',
    font: '13px system-ui, sans-serif',
    color: '#fff',
    background: 'rgb(0 0 0 / 75%)',
    pointerEvents: 'none'
};

/**
 * NiiVue shows medical images: slices in three planes, mosaics and a 3D view of NIfTI volumes that
 * lie over each other, drawn in the browser with WebGL 2.
 */
const NiiVue = ({
    id,
    className,
    style,
    height = 400,
    setProps,
    volumes,
    colormaps,
    slice_type = 'multiplanar',
    layout = 'auto',
    show_render = 'never',
    mosaic = '',
    crosshair_mm,
    show_crosshair = true,
    crosshair_color = '#33cc66',
    radiological = true,
    interpolate = true,
    colorbar = false,
    world_space = false,
    drag_mode = 'windowing',
    background = '#000000',
    sync_group = '',
    alt = 'Image viewer',
    snapshot_request,
    status
}: Props) => {
    const host = React.useRef<HTMLDivElement>(null);
    const viewer = React.useRef<Handle | null>(null);
    const helpId = React.useId();
    const inputs: Inputs = {
        volumes,
        colormaps,
        slice_type,
        layout,
        show_render,
        mosaic,
        crosshair_mm,
        show_crosshair,
        crosshair_color,
        radiological,
        interpolate,
        colorbar,
        world_space,
        drag_mode,
        background,
        sync_group,
        alt,
        snapshot_request
    };
    // The viewer outlives renders, so it reaches the newest of both through references.
    const latest = React.useRef({ inputs, setProps });
    latest.current = { inputs, setProps };

    React.useEffect(() => {
        let mounted = true;
        const emit = (outputs: object) => mounted && latest.current.setProps?.(outputs);
        if (!isSupported()) {
            // Dash doesn't render what a component says while it mounts.
            const timer = window.setTimeout(() => emit({ status: failed('no-webgl', NO_WEBGL) }));
            return () => window.clearTimeout(timer);
        }
        loadViewer()
            .then(({ Viewer }) => {
                if (!mounted || !host.current) return;
                viewer.current = new Viewer(host.current, helpId, emit, latest.current.inputs);
            })
            .catch((error: unknown) => emit({ status: failed('error', `The viewer could not be loaded: ${error}`) }));
        return () => {
            mounted = false;
            viewer.current?.destroy();
            viewer.current = null;
        };
    }, []);

    React.useEffect(() => viewer.current?.update(inputs), Object.values(inputs));

    return (
        <div id={id} className={className} style={{ position: 'relative', height, background, ...style }}>
            <div ref={host} style={FILL} />
            <div role="status" style={status?.message ? MESSAGE : undefined}>
                {status?.message}
            </div>
            <span id={helpId} hidden>
                {KEY_HELP}
            </span>
        </div>
    );
};

function failed(state: Status['state'], message: string): Status {
    return { state, loaded: 0, total: 0, message, failed: [] };
}

export default NiiVue;
