"""Newton's method on a log-likelihood, and where its profile falls to a given height."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

MOST_STEPS = 200
_DONE = 1e-12
"""Twice the log-likelihood still to be gained; the last step squares what is left."""


class Likelihood(Protocol):
    """What is maximised."""

    def value(self, parameters: Float) -> float:
        """The log-likelihood; minus infinity where the parameters are impossible."""

    def derivatives(self, parameters: Float) -> tuple[float, Float, Float]:
        """Log-likelihood, gradient (m,) and Hessian (m, m); zeros where it is minus infinity."""


@dataclass(frozen=True)
class Maximum:
    """Where the search ended.

    Attributes:
        parameters: shape (m,).
        value: the log-likelihood there.
        gradient: shape (m,).
        hessian: shape (m, m).
        steps: how many were made.
    """

    parameters: Float
    value: float
    gradient: Float
    hessian: Float
    steps: int


def maximise(
    likelihood: Likelihood, start: Float, *, fixed: int | None = None, done: float = _DONE
) -> Maximum:
    """Climb to the maximum by Newton steps, halved while they lead down.

    Args:
        likelihood: what is maximised.
        start: where to begin; must be possible.
        fixed: place of a parameter that stays as it is.
        done: twice the log-likelihood still to be gained at the last step.
    """
    parameters = start.copy()
    free = np.ones(len(start), dtype=bool)
    if fixed is not None:
        free[fixed] = False
    value, gradient, hessian = likelihood.derivatives(parameters)
    steps = 0
    while free.any() and steps < MOST_STEPS:
        step = _uphill(gradient[free], hessian[np.ix_(free, free)])
        gain = float(step @ gradient[free])
        moved = _moved(likelihood, parameters, free=free, step=step, value=value)
        if moved is None:
            break
        parameters, (value, gradient, hessian) = moved
        steps += 1
        if gain < done:
            break
    return Maximum(parameters, value, gradient, hessian, steps)


def _uphill(gradient: Float, hessian: Float) -> Float:
    """The Newton step; where the surface is flat in a direction, the shortest one."""
    try:
        return np.asarray(np.linalg.solve(-hessian, gradient), dtype=float)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(-hessian, gradient)[0])


def _moved(
    likelihood: Likelihood,
    parameters: Float,
    *,
    free: npt.NDArray[np.bool_],
    step: Float,
    value: float,
) -> tuple[Float, tuple[float, Float, Float]] | None:
    """The parameters after a step that doesn't lead down, with the derivatives there."""
    rounding = 1e-12 * abs(value)
    for _ in range(40):
        trial = parameters.copy()
        trial[free] += step
        there = likelihood.derivatives(trial)
        if there[0] >= value - rounding:
            return trial, there
        step = step / 2
    return None


def profile_limit(
    likelihood: Likelihood, best: Maximum, *, place: int, height: float, direction: int
) -> float | None:
    """Where the profile log-likelihood of one parameter has fallen by a given height.

    The signed root of the fall is nearly a straight line in the parameter: Newton's method on it
    takes two or three steps.

    Args:
        likelihood: what was maximised.
        best: its maximum.
        place: of the parameter.
        height: z value; the limit is where twice the fall is its square.
        direction: 1 for the upper limit, -1 for the lower.

    Returns:
        The limit; None where none is found, as for an estimate that runs off to infinity.
    """
    covariance = np.linalg.inv(-best.hessian)
    along = covariance[:, place] / covariance[place, place]
    move = direction * height * np.sqrt(covariance[place, place])
    parameters = best.parameters
    for _ in range(25):
        trial = parameters + along * move
        while not np.isfinite(likelihood.value(trial)):
            move /= 2
            trial = parameters + along * move
        held = maximise(likelihood, trial, fixed=place)
        root = np.sqrt(max(2 * (best.value - held.value), 0.0))
        if abs(root - height) < 1e-9 * height:
            return float(held.parameters[place])
        slope = -held.gradient[place] / root if root else 0.0
        if not np.isfinite(slope) or slope * direction <= 0:
            return None
        move = (height - root) / slope
        parameters, along = held.parameters, _tangent(held.hessian, place)
    return None


def _tangent(hessian: Float, place: int) -> Float:
    """How the other parameters follow when one moves along its profile."""
    others = np.arange(len(hessian)) != place
    along = np.ones(len(hessian))
    along[others] = np.linalg.solve(-hessian[np.ix_(others, others)], hessian[others, place])
    return along
