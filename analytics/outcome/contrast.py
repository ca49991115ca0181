"""One group against another: every unadjusted effect on a score, from counts per level."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.outcome.common_odds import CommonOddsRatio, common_odds_ratios
from analytics.outcome.describe import MRS_LEVELS
from analytics.outcome.dichotomies import Dichotomy, compare_at
from analytics.outcome.ranks import Counts, WinOdds, win_odds
from analytics.outcome.utility import UtilityDifference, WeightSet, compare_utility


@dataclass(frozen=True)
class ComparedGroup:
    """One of the groups.

    Attributes:
        code: its level, as in the source.
        label: as a reader sees it.
        n: subjects whose score is known.
        left_out: subjects whose score isn't.
    """

    code: str
    label: str
    n: int
    left_out: int = 0


@dataclass(frozen=True)
class Contrast:
    """A group against the reference.

    Attributes:
        reference: the group it is held against.
        group: the group.
        win_odds: of the group, a lower score winning; None where either is empty.
        common_odds_ratio: odds of a higher score; above 1 the group does worse.
        dichotomies: at every cut of an mRS, the event being a score at or below it; else none.
        utility: of an mRS; else None.
    """

    reference: ComparedGroup
    group: ComparedGroup
    win_odds: WinOdds | None
    common_odds_ratio: CommonOddsRatio
    dichotomies: tuple[Dichotomy, ...] = ()
    utility: UtilityDifference | None = None

    def as_dict(self) -> dict[str, Any]:
        """Unrounded, for JSON."""
        found: dict[str, Any] = {
            "group": self.group.code,
            "reference": self.reference.code,
            "win_odds": self.win_odds.odds.as_dict() if self.win_odds else None,
            "common_odds_ratio": self.common_odds_ratio.as_dict(),
            "cuts": [dichotomy.as_dict() for dichotomy in self.dichotomies],
        }
        return found | ({"utility": self.utility.as_dict()} if self.utility else {})


def contrast_counts(
    counts: Counts, groups: tuple[ComparedGroup, ...], *, weights: WeightSet | None = None
) -> tuple[Contrast, ...]:
    """Every group against the first, from counts such as a paper prints.

    Args:
        counts: subjects by group and level, shape (groups, levels).
        groups: what they are called.
        weights: utilities of the levels, which are those of the mRS; None for another score.
    """
    contrasts = []
    for place, ratio in enumerate(common_odds_ratios(counts), start=1):
        pair = counts[[0, place]]
        contrasts.append(
            Contrast(
                reference=groups[0],
                group=groups[place],
                win_odds=win_odds(pair),
                common_odds_ratio=ratio,
                dichotomies=_at_every_cut(pair) if weights else (),
                utility=compare_utility(pair, weights) if weights else None,
            )
        )
    return tuple(contrasts)


def _at_every_cut(pair: Counts) -> tuple[Dichotomy, ...]:
    below, (first, second) = np.cumsum(pair, axis=1), pair.sum(axis=1).tolist()
    return tuple(
        compare_at(cut, events=(int(below[0, cut]), int(below[1, cut])), n=(first, second))
        for cut in MRS_LEVELS[:-1]
    )
