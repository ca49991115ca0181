import type { Point } from './affine';
import { curveAt, valueAt, voxelAt, type Grid } from './grid';
import type { ColormapLabel, Curve, Location, LocationValue } from './props';

export interface Readable {
    id: string;
    grid: Grid;
    frame: number;
    labels?: ColormapLabel;
}

export function locationAt(mm: Point, volumes: Readable[]): Location {
    return {
        mm: mm.map(round),
        voxel: voxelAt(volumes[0].grid, mm) ?? [],
        values: volumes.map((volume) => readingAt(mm, volume))
    };
}

/** A value that is missing crosses to Python as None, which the types of Dash can't say. */
function readingAt(mm: Point, { id, grid, frame, labels }: Readable): LocationValue {
    const voxel = voxelAt(grid, mm);
    const value = voxel && valueAt(grid, voxel, frame);
    const label = value === null ? null : nameOf(value, labels);
    return { id, value: value as number, ...(label === null ? {} : { label }) };
}

function nameOf(value: number, labels: ColormapLabel | undefined): string | null {
    if (!labels?.labels) return null;
    const at = labels.I ? labels.I.indexOf(Math.round(value)) : Math.round(value);
    return labels.labels[at] ?? null;
}

export function curveOf(mm: Point, volumes: Readable[]): Curve | null {
    const series = volumes.find((volume) => volume.grid.frames > 1);
    const voxel = series && voxelAt(series.grid, mm);
    if (!series || !voxel) return null;
    return { id: series.id, mm: mm.map(round), voxel, values: curveAt(series.grid, voxel) as number[] };
}

function round(mm: number): number {
    return Math.round(mm * 100) / 100;
}
