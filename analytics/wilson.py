"""Wilson's interval of a share: JASA 1927;22:209."""

import numpy as np
import numpy.typing as npt

from analytics.outcome.effect import Z95

Float = npt.NDArray[np.float64]


def wilson(share: Float | float, n: int) -> tuple[Float, Float]:
    """The 95 % score interval, whose ends are 0 of nobody and 1 of everybody.

    Args:
        share: of n, a number or an array.
        n: of how many.
    """
    share = np.asarray(share, dtype=float)
    middle = share + Z95**2 / (2 * n)
    half = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    # Rounding would leave -1e-19 where nobody is.
    low = np.where(share > 0, (middle - half) / scale, 0.0)
    return low, np.where(share < 1, (middle + half) / scale, 1.0)
