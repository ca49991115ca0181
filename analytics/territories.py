"""Arterial territories of a lesion: how much of it lies in which, and what that comes to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Atlas
from analytics.placement import Placement
from analytics.standard_space import voxels_of
from data_loader.atlas import Region
from data_loader.packed import unpack
from data_loader.standard_space import StandardSpace

NO_TERRITORY = "none"
"""Dominant territory of an infarct that lies outside all of them."""

INVOLVED_SHARE = 0.1
"""Share of the infarct from which on a territory counts as involved."""

ONE_SIDED_SHARE = 0.9
"""Share from which on an infarct is of one side or circulation; below it, it is of both."""


@dataclass(frozen=True)
class Territories:
    """A lesion by territory; all but the volumes is None where it has no voxel.

    Attributes:
        volumes_ml: in each region of the atlas, in the order of its regions; those of one level
            add up to the lesion's volume.
        region_shares: which share of each region it is, of as much of that as the image covers;
            NaN where that is nothing.
        dominant_territory: the one at level 2 that holds most, the first of equals; `none` where
            none holds any.
        lesion_side: `left`, `right` or `both`, by the regions at level 2 that have a side; None
            where none of those holds any.
        circulation: `anterior`, `posterior` or `both`, by the territories at level 2, likewise.
        territories_involved: how many at level 2 hold at least a tenth of the lesion.
    """

    volumes_ml: npt.NDArray[np.float64]
    region_shares: npt.NDArray[np.float64]
    dominant_territory: str | None
    lesion_side: str | None
    circulation: str | None
    territories_involved: int | None


def count_territories(placement: Placement, *, voxel_mm3: float, atlas: Atlas) -> Territories:
    """Count a lesion by territory.

    Args:
        placement: where it lies in standard space.
        voxel_mm3: volume of a voxel of its own image.
        atlas: whose regions are counted.
    """
    if placement.voxels is None or placement.counts is None:
        voxels, counts = voxels_of(unpack(placement.runs).reshape(-1, 2)), None
    else:
        voxels = unpack(placement.voxels)
        counts = np.diff(unpack(placement.counts), prepend=0)
    volumes_ml = atlas.volumes_ml(
        voxels, voxel_mm3=voxel_mm3, counts=counts, outside=placement.outside
    )
    covered_ml = atlas.covered_ml(placement.seen)
    shares = np.divide(
        volumes_ml, covered_ml, out=np.full_like(volumes_ml, np.nan), where=covered_ml > 0
    )
    whole = [
        pair
        for pair in zip(atlas.info.regions, volumes_ml.tolist(), strict=True)
        if pair[0].level == 2
    ]
    total_ml = sum(ml for _, ml in whole)
    if total_ml == 0:
        return Territories(volumes_ml, shares, None, None, None, None)
    territories = [(region, ml) for region, ml in whole if region.is_territory]
    largest, most_ml = max(territories, key=lambda pair: pair[1])
    return Territories(
        volumes_ml=volumes_ml,
        region_shares=shares,
        dominant_territory=largest.label if most_ml else NO_TERRITORY,
        lesion_side=_one_or_both(whole, attrgetter("side")),
        circulation=_one_or_both(territories, attrgetter("circulation")),
        territories_involved=sum(ml >= INVOLVED_SHARE * total_ml for _, ml in territories),
    )


def _one_or_both(
    volumes: Iterable[tuple[Region, float]], kind_of: Callable[[Region], str | None]
) -> str | None:
    by_kind: defaultdict[str, float] = defaultdict(float)
    for region, ml in volumes:
        if kind := kind_of(region):
            by_kind[kind] += ml
    if not any(by_kind.values()):
        return None
    largest = max(by_kind, key=lambda kind: by_kind[kind])
    return largest if by_kind[largest] >= ONE_SIDED_SHARE * sum(by_kind.values()) else "both"


def standard_space(atlas: Atlas) -> StandardSpace:
    """What `build_index` counts infarcts in standard space with."""

    def count(placement: Mapping[str, Any], voxel_mm3: float) -> Territories:
        return count_territories(Placement(**placement), voxel_mm3=voxel_mm3, atlas=atlas)

    voxels = b"".join(ids.tobytes() for ids in atlas.ids_by_level().values())
    return StandardSpace(atlas.info, voxels, count)
