"""What of a map in standard space is laid over the template, and how its colours read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from analytics.lesion_map import DifferenceMap, OverlapMap
    from analytics.symptom_map import SymptomMap


FREQUENCY = (
    *("#0d0887", "#41049d", "#6a00a8", "#8f0da4", "#b12a90", "#cc4778"),
    *("#e16462", "#f2844b", "#fca636", "#fcce25", "#f0f921"),
)
"""Colours from 0 to the largest value: plasma, which rises in lightness for every reader."""

ABOVE = ("#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f")
BELOW = ("#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061")
"""Colours from 0 to the value farthest from it, on either side: ColorBrewer's RdBu."""


@dataclass(frozen=True)
class MapLayer:
    """A map as colours.

    Attributes:
        values: a volume of shape `standard_space.SHAPE`; nothing is laid over voxels of 0.
        title: what it shows, of whom.
        label: of the colour bar, with the unit.
        is_signed: whether values lie on both sides of 0.
        n: subjects of whom the values are percentages; the bar then counts them too.
        notes: sentences below.
    """

    values: npt.NDArray[Any]
    title: str
    label: str
    is_signed: bool = False
    n: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def most(self) -> float:
        """The value farthest from 0, without its sign; 1 where there is none."""
        return float(np.abs(self.values).max()) or 1.0


def overlap_layer(overlap: "OverlapMap") -> MapLayer:
    """Lesion frequency."""
    return MapLayer(
        values=overlap.percent,
        title=f"Lesion overlap, n = {overlap.n:,}",
        label="subjects with a lesion",
        n=overlap.n,
        notes=(f"Shown: voxels with a lesion in at least {overlap.least:,} of them.",)
        * (overlap.least > 1),
    )


def difference_layer(difference: "DifferenceMap", names: tuple[str, str]) -> MapLayer:
    """Lesion frequency of one group less that of another.

    Args:
        difference: the map.
        names: of the groups.
    """
    first, second = (f"{name} (n = {n:,})" for name, n in zip(names, difference.n, strict=True))
    return MapLayer(
        values=difference.percent,
        title=f"Lesion frequency, {first} less {second}",
        label="difference, percentage points",
        is_signed=True,
        notes=(f"Shown: voxels with a lesion in at least {difference.least:,} of both groups.",),
    )


def symptom_layer(found: "SymptomMap", *, significant: bool = True) -> MapLayer:
    """A lesion-symptom map.

    Args:
        found: the map.
        significant: only voxels that count after correction; all that were tested otherwise.
    """
    from analytics.family_wise import ALPHA  # noqa: PLC0415 - brings scipy's matrices

    statistic = "t" if found.plan.method == "linear" else "Brunner-Munzel statistic"
    limit = f"beyond ±{found.critical:.2f} (corrected p at most {ALPHA:g})"
    shown = f"Shown: voxels {limit}." if significant else f"Of all voxels, those {limit} count."
    tested = f"{len(found.voxels):,} voxels tested, each with a lesion in at least {found.least:,}."
    nothing = significant and not found.is_significant.any()
    return MapLayer(
        values=found.volume(significant=significant),
        title=f"Lesion and {found.score}, n = {found.n:,}",
        label=f"{statistic}; positive: {found.score} is higher with a lesion",
        is_signed=True,
        notes=("No voxel is beyond the critical value.",) * nothing + (f"{shown} {tested}",),
    )
