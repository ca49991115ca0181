/** Rows of a 4 x 4 matrix from voxels to mm. */
export type Affine = number[][];
export type Point = [number, number, number];

export function transform(affine: Affine, [x, y, z]: ArrayLike<number> & Iterable<number>): Point {
    const row = (i: number) => affine[i][0] * x + affine[i][1] * y + affine[i][2] * z + affine[i][3];
    return [row(0), row(1), row(2)];
}

/** The matrix from mm to voxels; null where a header's matrix can't be undone. */
export function invert(affine: Affine): Affine | null {
    const [[a, b, c, x], [d, e, f, y], [g, h, i, z]] = affine;
    const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    if (!Number.isFinite(det) || det === 0) return null;
    const linear = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d]
    ].map((row) => row.map((value) => value / det));
    return linear.map((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]);
}
