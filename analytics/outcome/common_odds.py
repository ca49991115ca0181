"""The unadjusted common odds ratio of groups, from counts per level."""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from analytics.outcome.effect import Z95, Effect
from analytics.outcome.ordinal import CumulativeFit, fit_cumulative
from analytics.outcome.ranks import Counts
from data_loader.errors import AnalysisError


@dataclass(frozen=True)
class CommonOddsRatio:
    """Odds of a higher level in one group over those in the reference, alike at all cuts.

    Attributes:
        odds: with Wald's interval.
        profile: with the interval of the profile likelihood.
        p: Wald's, two-sided; None where it isn't defined.
    """

    odds: Effect
    profile: Effect
    p: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Unrounded, for JSON; what isn't defined is None."""
        return {
            "odds_ratio": self.odds.value,
            "or_low": self.odds.ci_low,
            "or_high": self.odds.ci_high,
            "or_profile_low": self.profile.ci_low,
            "or_profile_high": self.profile.ci_high,
            "p": self.p,
        }

    @property
    def reversed(self) -> "CommonOddsRatio":
        """Read the other way: odds of a lower level."""
        return CommonOddsRatio(_inverse(self.odds), _inverse(self.profile), self.p)


def common_odds_ratios(counts: Counts) -> tuple[CommonOddsRatio, ...]:
    """Fit proportional odds with the group as the only term: McCullagh, JRSS B 1980;42:109.

    Args:
        counts: subjects by group and level, the reference first.

    Returns:
        One a group after the reference. It isn't defined where the groups don't overlap.
    """
    sizes = counts.sum(axis=1)
    if (counts.sum(axis=0) > 0).sum() < 2:
        return (_undefined("everyone has the same value"),) * (len(counts) - 1)
    linked = _overlapping(counts)
    found: dict[int, CommonOddsRatio] = {}
    if linked.sum() > 1:
        members = np.flatnonzero(linked)
        found = dict(zip(members[1:].tolist(), _fit(counts[members]), strict=True))
    empty = _undefined("a group is empty")
    apart = _undefined("the groups don't overlap, so that no finite odds ratio fits them")
    return tuple(
        found.get(group, apart if sizes[group] and sizes[0] else empty)
        for group in range(1, len(counts))
    )


def _overlapping(counts: Counts) -> npt.NDArray[np.bool_]:
    """Whether each group has a finite odds ratio against the first.

    The likelihood rises for ever along effects that never order two subjects against their
    levels (Albert & Anderson, Biometrika 1984;71:1). They exist unless the groups can be reached
    from each other, both ways, by steps to a group in which somebody has a lower level.
    """
    has = counts > 0
    highest = np.where(has.any(axis=1), counts.shape[1] - 1 - has[:, ::-1].argmax(axis=1), -1)
    lowest = np.where(has.any(axis=1), has.argmax(axis=1), counts.shape[1])
    steps = highest[:, None] > lowest[None, :]
    for _ in range(len(counts)):
        steps = steps | (steps.astype(int) @ steps.astype(int) > 0)
    return np.asarray(steps[0] & steps[:, 0])


def _fit(counts: Counts) -> list[CommonOddsRatio]:
    groups, levels = np.nonzero(counts)
    matrix = (groups[:, None] == np.arange(1, len(counts))).astype(float)
    weights = counts[groups, levels].astype(float)
    try:
        fit = fit_cumulative(matrix, levels.astype(float), weights=weights)
    except AnalysisError as error:
        return [_undefined(str(error))] * (len(counts) - 1)
    if not fit.converged:
        return [_undefined("the fit did not converge")] * (len(counts) - 1)
    return [_ratio(fit, column) for column in range(len(counts) - 1)]


def _ratio(fit: CumulativeFit, column: int) -> CommonOddsRatio:
    place = fit.place(column)
    beta, error = float(fit.estimates[place]), sqrt(fit.covariance[place, place])
    ends = fit.profile_limits(place, z=Z95)
    low, high = (None if end is None else exp(end) for end in ends)
    return CommonOddsRatio(
        Effect(exp(beta), exp(beta - Z95 * error), exp(beta + Z95 * error)),
        Effect(exp(beta), low, high),
        2 * float(ndtr(-abs(beta) / error)),
    )


def _undefined(note: str) -> CommonOddsRatio:
    return CommonOddsRatio(Effect(None, note=note), Effect(None, note=note), None)


def _inverse(estimate: Effect) -> Effect:
    low, value, high = (
        None if end is None else 1 / end
        for end in (estimate.ci_high, estimate.value, estimate.ci_low)
    )
    return Effect(value, low, high, estimate.note)
