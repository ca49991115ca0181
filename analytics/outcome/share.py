"""The interval of a share."""

import numpy as np
import numpy.typing as npt

from analytics.outcome.effect import Z95

Float = npt.NDArray[np.float64]


def wilson(share: Float | float, n: int) -> tuple[Float, Float]:
    """Wilson's 95 % interval (JASA 1927; 22: 209-212), cut at 0 and 1.

    Args:
        share: of n, a number or an array.
        n: of how many.
    """
    share = np.asarray(share, dtype=float)
    middle = share + Z95**2 / (2 * n)
    half = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    return np.maximum((middle - half) / scale, 0.0), np.minimum((middle + half) / scale, 1.0)
