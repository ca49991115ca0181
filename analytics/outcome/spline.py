"""Restricted cubic splines."""

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]


def spline_basis(x: Float, knots: tuple[float, ...]) -> Float:
    """Restricted cubic spline: linear beyond the outer knots.

    Truncated powers, divided by the squared distance of the outer knots so that every column
    has the variable's unit: Harrell, Regression Modeling Strategies, 2nd edition, section 2.4.5.

    Args:
        x: values, shape (n,).
        knots: at least three, rising.

    Returns:
        Shape (n, knots - 1); the first column is `x` itself.
    """
    t = np.asarray(knots)
    scale, last, before = (t[-1] - t[0]) ** 2, t[-1], t[-2]

    def cubed(shifted: Float) -> Float:
        return np.asarray(np.where(np.isnan(shifted), np.nan, np.maximum(shifted, 0)) ** 3)

    end, near = cubed(x - last), cubed(x - before)
    curved = [
        (cubed(x - t[j]) - (near * (last - t[j]) - end * (before - t[j])) / (last - before)) / scale
        for j in range(len(t) - 2)
    ]
    return np.column_stack([x, *curved])
