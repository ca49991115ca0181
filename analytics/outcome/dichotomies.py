"""Two groups compared at one cut of a scale: risk difference, risk ratio, odds ratio."""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

from analytics.outcome.effect import Z95, Effect
from analytics.wilson import wilson

CONTINUITY = "a count is zero, so that 0.5 is added to every cell (Haldane and Anscombe)"


@dataclass(frozen=True)
class Dichotomy:
    """Two groups at one cut.

    Attributes:
        cut: highest level that counts as the event.
        events: subjects at or below the cut, in the first group and the second.
        n: subjects of the groups.
        risk_difference: share of the second less share of the first; Newcombe's interval.
        risk_ratio: share of the second over share of the first; Katz' interval.
        odds_ratio: odds of the second over odds of the first; Woolf's interval.
    """

    cut: int
    events: tuple[int, int]
    n: tuple[int, int]
    risk_difference: Effect
    risk_ratio: Effect
    odds_ratio: Effect

    def as_dict(self) -> dict[str, Any]:
        """Unrounded, for JSON."""
        return {
            "cut": self.cut,
            "events": list(self.events),
            "n": list(self.n),
            "risk_difference": self.risk_difference.as_dict(),
            "risk_ratio": self.risk_ratio.as_dict(),
            "odds_ratio": self.odds_ratio.as_dict(),
        }


def compare_at(cut: int, *, events: tuple[int, int], n: tuple[int, int]) -> Dichotomy:
    """Compare two groups at a cut.

    Args:
        cut: highest level that counts as the event.
        events: subjects at or below it, in the first group and the second.
        n: subjects of the groups.
    """
    if not all(n):
        nothing = Effect(None, note="a group is empty")
        return Dichotomy(cut, events, n, nothing, nothing, nothing)
    return Dichotomy(
        cut, events, n, _risk_difference(events, n), _risk_ratio(events, n), _odds_ratio(events, n)
    )


def _risk_difference(events: tuple[int, int], n: tuple[int, int]) -> Effect:
    """Newcombe, Stat Med 1998;17:873, method 10: from Wilson's intervals of the shares."""
    p1, p2 = _shares(events, n)
    first, second = (tuple(map(float, wilson(p, of))) for p, of in zip((p1, p2), n, strict=True))
    difference = p2 - p1
    low = difference - sqrt((p2 - second[0]) ** 2 + (first[1] - p1) ** 2)
    high = difference + sqrt((second[1] - p2) ** 2 + (p1 - first[0]) ** 2)
    return Effect(difference, low, high)


def _risk_ratio(events: tuple[int, int], n: tuple[int, int]) -> Effect:
    """Katz et al., Biometrics 1978;34:469: normal on the scale of the logarithm."""
    if same := _same_in_both(events, n):
        return same
    is_zero = 0 in events
    a, b = (count + 0.5 * is_zero for count in events)
    m, k = (size + 1.0 * is_zero for size in n)
    variance = 1 / a - 1 / m + 1 / b - 1 / k
    return _from_log(log(b / k) - log(a / m), variance, CONTINUITY if is_zero else "")


def _odds_ratio(events: tuple[int, int], n: tuple[int, int]) -> Effect:
    """Woolf, Ann Hum Genet 1955;19:251: normal on the scale of the logarithm."""
    if same := _same_in_both(events, n):
        return same
    others = tuple(size - count for count, size in zip(events, n, strict=True))
    is_zero = 0 in (*events, *others)
    a, b = (count + 0.5 * is_zero for count in events)
    c, d = (count + 0.5 * is_zero for count in others)
    variance = 1 / a + 1 / b + 1 / c + 1 / d
    return _from_log(log(b / d) - log(a / c), variance, CONTINUITY if is_zero else "")


def _same_in_both(events: tuple[int, int], n: tuple[int, int]) -> Effect | None:
    if not any(events):
        return Effect(None, note="nobody in either group is at or below the cut")
    if events == n:
        return Effect(None, note="everybody in both groups is at or below the cut")
    return None


def _from_log(logarithm: float, variance: float, note: str) -> Effect:
    half = Z95 * sqrt(variance)
    return Effect(exp(logarithm), exp(logarithm - half), exp(logarithm + half), note)


def _shares(events: tuple[int, int], n: tuple[int, int]) -> tuple[float, float]:
    return events[0] / n[0], events[1] / n[1]
