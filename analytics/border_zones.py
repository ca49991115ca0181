"""Neighbouring territories of one side: infarcts that lie in both may be of their border zone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.territories import INVOLVED_SHARE
from data_loader.atlas import Region
from data_loader.lesion_filter import LESION_IN, region_expression

NEIGHBOURS = (("ACA", "MCA"), ("MCA", "PCA"))
"""Whole territories that meet in a border zone of one side."""


@dataclass(frozen=True)
class BorderZone:
    """Two territories that meet.

    Attributes:
        label: the two arteries and the side.
        regions: places of the two among the regions.
        expression: as `lesion_in` of a cohort's query asks for infarcts in both.
    """

    label: str
    regions: tuple[int, int]
    expression: str

    @property
    def query(self) -> str:
        """A cohort's query for infarcts in both."""
        return f"{LESION_IN}={self.expression}"

    def holds(self, share: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Whether each of the two has at least a tenth of the infarct.

        Args:
            share: of each infarct in each region, shape (subjects, regions).
        """
        return np.asarray((share[:, self.regions] >= INVOLVED_SHARE).all(axis=1))


def border_zones(regions: Sequence[Region]) -> tuple[BorderZone, ...]:
    """Those among whole territories that bear the arteries' usual names, left before right."""
    found = []
    for pair in NEIGHBOURS:
        for side in ("left", "right"):
            places = [_place(regions, artery, side) for artery in pair]
            first, second = places
            if first is None or second is None:
                continue
            both = (
                region_expression(regions[at].label, 100 * INVOLVED_SHARE) for at in (first, second)
            )
            label = f"{pair[0]}\N{EN DASH}{pair[1]} {side}"
            found.append(BorderZone(label, (first, second), ";".join(both)))
    return tuple(found)


def _place(regions: Sequence[Region], artery: str, side: str) -> int | None:
    """Of the one territory that the artery supplies; None where there is none, or several."""
    places = [
        at
        for at, region in enumerate(regions)
        if region.level == 2
        and region.is_territory
        and region.side == side
        and region.label.startswith(artery)
    ]
    return places[0] if len(places) == 1 else None
