"""A wanted margin: sorted values that have it, and how they are dealt out to patients."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]
_WIDEST: Final = 4.0  # log-SD
Spread = Callable[[int], Scores]
"""Gives so many sorted values of a margin."""


def spread_integers(n: int, *, mean: float, sd: float, low: int, high: int) -> Scores:
    """Give `n` sorted integers whose mean and SD are the wanted ones.

    The shares are those of the least informative distribution on `low..high` with these two
    moments, p(k) ~ exp(a k + b k²) (Jaynes, Phys Rev 106:620, 1957), found by Newton's method on
    its convex dual.
    """
    levels = np.arange(low, high + 1)
    z = (levels - mean) / sd
    shares = _maximum_entropy(np.stack([z, z * z]), np.array([0.0, 1.0]))
    # Mid-quantiles of the cumulative shares: rounding errors don't pile up in one level.
    return np.asarray(levels[np.searchsorted(np.cumsum(shares)[:-1], _quantiles(n))], dtype=float)


def spread_lognormal(n: int, *, mean: float, sd: float, floor: float = 0.0) -> Scores:
    """Give `n` sorted values above `floor`, log-normal in shape, with this mean and SD.

    A finite sample of quantiles misses the tail's share of the SD: the shape is widened until the
    sample's own SD is the wanted one, as far as `n` values can have it.
    """
    from scipy.optimize import brentq  # noqa: PLC0415
    from scipy.special import ndtri  # noqa: PLC0415

    z = ndtri(_quantiles(n))

    def shape(sigma: float) -> Scores:
        values = np.exp(sigma * z)
        return np.asarray(values / values.mean())

    def excess(sigma: float) -> float:
        return float(shape(sigma).std(ddof=1)) - sd / (mean - floor)

    widest = 4.0
    reachable = n > 1 and excess(widest) > 0
    sigma = (
        brentq(excess, 0.0, widest) if reachable else np.log1p((sd / (mean - floor)) ** 2) ** 0.5
    )
    return floor + (mean - floor) * shape(sigma)


def spread_flag(n: int, *, share: float) -> Scores:
    """Give zeros and then ones, so many that theirs is the wanted share of `n`."""
    return (np.arange(n) >= n - round(share * n)).astype(float)


def _quantiles(n: int) -> Scores:
    return (np.arange(n) + 0.5) / n


def _maximum_entropy(features: Scores, moments: Scores) -> Scores:
    weights = np.zeros(len(features))
    for _ in range(100):
        shares = _shares(weights, features)
        error = moments - features @ shares
        centred = features - (features @ shares)[:, None]
        step = np.linalg.solve((centred * shares) @ centred.T + 1e-9 * np.eye(2), error)
        while _dual(weights + step, features, moments) > _dual(weights, features, moments) + 1e-12:
            step *= 0.5
        weights = weights + step
    return _shares(weights, features)


def _shares(weights: Scores, features: Scores) -> Scores:
    logits = weights @ features
    shares = np.exp(logits - logits.max())
    return np.asarray(shares / shares.sum())


def _dual(weights: Scores, features: Scores, moments: Scores) -> float:
    logits = weights @ features
    return float(logits.max() + np.log(np.exp(logits - logits.max()).sum()) - weights @ moments)


def deal(scores: Scores, known: Mask, spread: Spread) -> Scores:
    """Give the smallest value of a margin to the smallest score, and so on.

    Those whose value will be known and the others get a margin each, so that it holds for what a
    reader of the files sees.
    """
    dealt = np.empty(len(scores))
    for group in (known, ~known):
        order = np.flatnonzero(group)[np.argsort(scores[group], kind="stable")]
        if len(order):
            dealt[order] = spread(len(order))
    return dealt


def deal_above(scores: Scores, known: Mask, spread: Spread, *, least: Scores) -> Scores:
    """Deal as `deal` does, but to nobody less than `least` while there are such values left."""
    wanted = deal(scores, known, spread)
    dealt = np.empty(len(scores))
    for group in (known, ~known):
        left = sorted(wanted[group])
        for i in sorted(np.flatnonzero(group), key=lambda i: (-least[i], -scores[i])):
            allowed = [value for value in left if value >= least[i]] or left[-1:]
            dealt[i] = min(allowed, key=lambda value: (abs(value - wanted[i]), value))
            left.remove(dealt[i])
    return dealt


def standardise(values: Scores) -> Scores:
    """Shift and scale to mean 0 and SD 1; all zeros where the values are all the same."""
    return np.asarray((values - values.mean()) / (values.std() or 1.0))
