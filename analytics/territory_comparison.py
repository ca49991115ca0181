"""Groups compared territory by territory: volume by ranks, involvement by counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.association import cramers_v, epsilon_squared
from analytics.outcome.effect import Effect
from analytics.outcome.ranks import win_odds
from analytics.table_one.comparison import Comparison, adjusted, compare_levels, compare_numbers
from analytics.table_one.effect import Difference, difference_of_shares
from analytics.territory_volumes import TerritoryVolumes
from data_loader.atlas import Region

_REPLICATES, _SEED = 10_000, 1
"""Of tables drawn where Fisher's test of many groups is too dear."""

Floats = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RegionComparison:
    """One territory compared between groups.

    Attributes:
        region: of the atlas.
        volume: Wilcoxon's test of the volume in it, Kruskal and Wallis' of more groups.
        more: of two groups, chance that a subject of the first has more in it than one of the
            second, equals counted half: the area under the ROC curve. Twice it less 1 is the
            rank-biserial correlation.
        epsilon_squared: of three groups or more, the share of the variance of ranks between them.
        involved: chi-squared or Fisher's test of how many have at least a tenth of the infarct in
            it.
        difference: of two groups, of these shares, the first less the second.
        cramers_v: of three groups or more, how far these shares lie apart.
    """

    region: Region
    volume: Comparison
    more: Effect | None
    epsilon_squared: Effect | None
    involved: Comparison
    difference: Difference | None
    cramers_v: Effect | None


def compare_regions(
    volumes: TerritoryVolumes, groups: Sequence[Bool]
) -> tuple[RegionComparison, ...]:
    """Compare every territory; p-values of each test are adjusted for the territories (Holm).

    Args:
        volumes: of the cohort.
        groups: of each group, the subjects whose volumes are known.
    """
    places = [at for at, region in enumerate(volumes.regions) if region.is_territory]
    samples = [[volumes.ml[members, at] for members in groups] for at in places]
    involved = [[volumes.is_involved[members, at] for members in groups] for at in places]
    counts = [_counts(holds) for holds in involved]
    by_rank = adjusted([compare_numbers(sample, "rank") for sample in samples], "holm")
    by_count = adjusted([compare_counts(table) for table in counts], "holm")
    is_pair, n = len(groups) == 2, sum(int(members.sum()) for members in groups)
    return tuple(
        RegionComparison(
            region=volumes.regions[at],
            volume=by_rank[i],
            more=_more(*samples[i]) if is_pair else None,
            epsilon_squared=None if is_pair else epsilon_squared(by_rank[i], n),
            involved=by_count[i],
            difference=_difference(*involved[i]) if is_pair else None,
            cramers_v=None if is_pair else cramers_v(counts[i]),
        )
        for i, at in enumerate(places)
    )


def compare_counts(table: npt.ArrayLike) -> Comparison:
    """Chi-squared, or Fisher's exact test where an expected count is below 5.

    Args:
        table: subjects, shape (levels, groups).
    """
    return compare_levels(np.asarray(table), None, replicates=_REPLICATES, seed=_SEED)


def _counts(groups: Sequence[Bool]) -> list[list[int]]:
    return [[int(holds.sum()) for holds in groups], [int((~holds).sum()) for holds in groups]]


def _difference(first: Bool, second: Bool) -> Difference | None:
    counts = int(first.sum()), int(second.sum())
    return difference_of_shares(counts, (len(first), len(second)))


def _more(first: Floats, second: Floats) -> Effect:
    """From the odds, in which a lower volume wins, that the second group has less."""
    levels, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    of_group = (place[: len(first)], place[len(first) :])
    counts = np.array([np.bincount(places, minlength=len(levels)) for places in of_group])
    found = win_odds(counts)
    if found is None:
        return Effect(None, note="a group is empty")
    odds = found.odds
    if odds.value is None:  # one group has more in every pair
        return Effect(found.wins, note=odds.note)
    value, low, high = (_chance(end) for end in (odds.value, odds.ci_low, odds.ci_high))
    return Effect(value, low, high, odds.note)


def _chance(odds: float | None) -> float | None:
    return None if odds is None else odds / (1 + odds)
