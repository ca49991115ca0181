import type { Rgb } from './colors';
import { invert, transform, type Affine, type Point } from './affine';
import type { Grid } from './grid';

/** A line to be drawn around what a volume marks. */
export interface Outline {
    grid: Grid;
    frame: number;
    /** Encloses voxels above this scaled value. */
    above: number;
    /** Also draws between labels of different value. */
    labels: boolean;
    color: Rgb;
    width: number;
}

/** The bits of the byte a voxel that belong to one outline. */
export interface Field {
    mask: number;
    color: Rgb;
    width: number;
}

export interface Frame {
    dims: Point;
    affine: Affine;
}

const BITS = 8;

/**
 * Samples every outlined volume on the background's voxels, one bit field each in a byte a voxel.
 * An edge is then where a field changes, which lets the slice shader draw all of them in one pass.
 */
export function packOutlines(background: Frame, outlines: Outline[]): { bytes: Uint8Array; fields: Field[] } {
    const bytes = new Uint8Array(background.dims[0] * background.dims[1] * background.dims[2]);
    const drawn = outlines.slice(0, BITS);
    const labelled = drawn.filter((outline) => outline.labels).length;
    const labelBits = labelled ? Math.floor((BITS - drawn.length + labelled) / labelled) : 0;
    let shift = 0;
    const fields = drawn.map((outline) => {
        const codes = outline.labels ? 2 ** labelBits - 1 : 1;
        mark(bytes, background, outline, codes, shift);
        const field = { mask: codes << shift, color: outline.color, width: outline.width };
        shift += outline.labels ? labelBits : 1;
        return field;
    });
    return { bytes, fields };
}

function mark(bytes: Uint8Array, background: Frame, outline: Outline, codes: number, shift: number): void {
    const { grid } = outline;
    const inverse = invert(grid.affine);
    const box = inverse && boxOf(outline, background);
    if (!inverse || !box) return;
    const [nx, ny, nz] = grid.dims;
    const offset = outline.frame * nx * ny * nz;
    const [width, height] = background.dims;
    // Millions of voxels: a step along the background's rows is the same everywhere in the volume.
    const at = (i: number) => transform(inverse, transform(background.affine, [i, 0, 0]));
    const step = at(1).map((to, axis) => to - at(0)[axis]);
    for (let k = box.low[2]; k <= box.high[2]; k++) {
        for (let j = box.low[1]; j <= box.high[1]; j++) {
            const start = transform(inverse, transform(background.affine, [0, j, k]));
            for (let i = box.low[0]; i <= box.high[0]; i++) {
                const x = Math.round(start[0] + i * step[0]);
                const y = Math.round(start[1] + i * step[1]);
                const z = Math.round(start[2] + i * step[2]);
                if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
                const value = grid.data[offset + x + nx * (y + ny * z)] * grid.slope + grid.intercept;
                if (!(value > outline.above)) continue;
                // Labels of one code can't be told apart, which only matters where two of them touch.
                const code = codes === 1 ? 1 : 1 + ((Math.max(1, Math.round(value)) - 1) % codes);
                bytes[i + width * (j + height * k)] |= code << shift;
            }
        }
    }
}

/** The background's voxels that the marked part can reach: a lesion is small, a CT is not. */
function boxOf(outline: Outline, background: Frame): { low: Point; high: Point } | null {
    const marked = markedBox(outline);
    const inverse = invert(background.affine);
    if (!marked || !inverse) return null;
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
        const voxel = [0, 1, 2].map((axis) => (corner >> axis) & 1 ? marked.high[axis] + 1 : marked.low[axis] - 1);
        return transform(inverse, transform(outline.grid.affine, voxel));
    });
    const reach = (axis: number) => corners.map((corner) => corner[axis]);
    const within = (axis: number, index: number) => Math.max(0, Math.min(background.dims[axis] - 1, index));
    return {
        low: [0, 1, 2].map((axis) => within(axis, Math.floor(Math.min(...reach(axis))))) as Point,
        high: [0, 1, 2].map((axis) => within(axis, Math.ceil(Math.max(...reach(axis))))) as Point
    };
}

function markedBox({ grid, frame, above }: Outline): { low: Point; high: Point } | null {
    const [nx, ny, nz] = grid.dims;
    const low: Point = [nx, ny, nz];
    const high: Point = [-1, -1, -1];
    let index = frame * nx * ny * nz;
    for (let z = 0; z < nz; z++) {
        for (let y = 0; y < ny; y++) {
            for (let x = 0; x < nx; x++) {
                if (!(grid.data[index++] * grid.slope + grid.intercept > above)) continue;
                low[0] = Math.min(low[0], x);
                low[1] = Math.min(low[1], y);
                low[2] = Math.min(low[2], z);
                high[0] = Math.max(high[0], x);
                high[1] = Math.max(high[1], y);
                high[2] = Math.max(high[2], z);
            }
        }
    }
    return high[0] < 0 ? null : { low, high };
}
