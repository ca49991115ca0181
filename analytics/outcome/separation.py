"""Separation: terms that part the levels of an outcome, so that no finite estimate exists."""

import numpy as np

from analytics.outcome.cumulative import CumulativeLikelihood

_MOVED = 1e-6


def runaway_columns(likelihood: CumulativeLikelihood) -> tuple[int, ...]:
    """Find the columns whose estimates run off to infinity.

    There is none unless some direction of the parameters lowers no row's probability and raises
    that of at least one; a linear programme finds it: Konis, DPhil thesis, Oxford 2007, carried
    from two levels to several.

    Returns:
        Places among the columns of x followed by those of z.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - needed for a suspect fit only

    rows = np.vstack([_bound_rows(likelihood, level) for level in range(len(likelihood.counts))])
    rows = np.unique(rows, axis=0)
    found = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    if not found.success or -found.fun < _MOVED:
        return ()
    moved = np.abs(found.x) > _MOVED
    p, q = likelihood.x.shape[1], likelihood.z.shape[1]
    own = [any(moved[likelihood.block(c)][1 + n] for c in range(likelihood.cuts)) for n in range(q)]
    return tuple(np.flatnonzero([*moved[:p], *own]).tolist())


def _bound_rows(likelihood: CumulativeLikelihood, level: int) -> np.ndarray:
    """How the gaps of a level's rows to the cuts around it depend on the parameters."""
    at = likelihood.rows(level)
    x, z = likelihood.x[at], likelihood.z[at]
    own = np.column_stack([np.ones(len(x)), -z])
    found = []
    for cut, sign in ((level, 1), (level - 1, -1)):
        if 0 <= cut < likelihood.cuts:
            rows = np.zeros((len(x), likelihood.size))
            rows[:, : x.shape[1]] = -sign * x
            rows[:, likelihood.block(cut)] = sign * own
            found.append(rows)
    return np.vstack(found)
