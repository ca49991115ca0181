import { invert, transform, type Affine, type Point } from './affine';

/** The voxels of one volume, as the file lays them out. */
export interface Grid {
    dims: Point;
    frames: number;
    affine: Affine;
    data: ArrayLike<number>;
    slope: number;
    intercept: number;
    /** Numbers a voxel: 1, or 3 and 4 for colours, whose values are not read. */
    channels: number;
}

export function voxelAt(grid: Grid, mm: Point): Point | null {
    const inverse = invert(grid.affine);
    return inverse && (transform(inverse, mm).map(Math.round) as Point);
}

/** The scaled value; null outside the volume, for colours, and for what is not a number. */
export function valueAt(grid: Grid, voxel: Point, frame: number): number | null {
    if (grid.channels > 1 || voxel.some((index, axis) => index < 0 || index >= grid.dims[axis])) return null;
    const [nx, ny, nz] = grid.dims;
    const index = voxel[0] + nx * (voxel[1] + ny * (voxel[2] + nz * frame));
    const value = grid.data[index] * grid.slope + grid.intercept;
    return Number.isFinite(value) ? value : null;
}

export function curveAt(grid: Grid, voxel: Point): (number | null)[] {
    return Array.from({ length: grid.frames }, (_, frame) => valueAt(grid, voxel, frame));
}
