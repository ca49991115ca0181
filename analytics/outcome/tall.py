"""Products of matrices with many rows and few columns, in blocks of rows.

BLAS would share such a product among threads, which wait for one another longer than they work
where another process has a core: on a busy machine a hundred times as long. A block is too small
for that, and the sum doesn't depend on how many cores there are.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

_VECTOR_SIZE = 9_216
"""Elements of a matrix from which OpenBLAS shares its product with a vector among threads."""

_MATRIX_SIZE = 262_144
"""Multiplications from which it shares a product of two matrices."""


def times(matrix: Float, vector: Float) -> Float:
    """Rows times a vector of shape (p,): shape (n,)."""
    most = _VECTOR_SIZE // (matrix.shape[1] + 1)
    if len(matrix) <= most:
        return np.asarray(matrix @ vector)
    return np.concatenate([matrix[at] @ vector for at in _blocks(len(matrix), most)])


def total(weights: Float, matrix: Float) -> Float:
    """Sum of the rows, each with its weight, of which there are (n,): shape (p,)."""
    most = _VECTOR_SIZE // (matrix.shape[1] + 1)
    if len(matrix) <= most:
        return np.asarray(weights @ matrix)
    blocks = _blocks(len(matrix), most)
    return np.asarray(np.sum([weights[at] @ matrix[at] for at in blocks], axis=0))


def cross(left: Float, weights: Float, right: Float) -> Float:
    """Sum over rows of the weight times the products of two matrices' columns.

    Args:
        left: shape (n, p).
        weights: shape (n,).
        right: shape (n, q).

    Returns:
        Shape (p, q).
    """
    p, q = left.shape[1], right.shape[1]
    most = min(_VECTOR_SIZE // (max(p, q) + 1), _MATRIX_SIZE // (p * q + 1))
    if len(left) <= most:
        return np.asarray(left.T @ (right * weights[:, None]))
    blocks = _blocks(len(left), most)
    summed = [left[at].T @ (right[at] * weights[at, None]) for at in blocks]
    return np.asarray(np.sum(summed, axis=0))


def _blocks(rows: int, most: int) -> Iterator[slice]:
    most = max(most, 1)
    return (slice(start, start + most) for start in range(0, rows, most))
