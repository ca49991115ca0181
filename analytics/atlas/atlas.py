"""An atlas laid on the grid of standard space, and lesions counted by its regions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.atlas.regions import CIRCULATION, PARTS, SIDES, TERRITORIES
from analytics.standard_space import voxels_of
from data_loader.atlas import OUTSIDE, OUTSIDE_LABEL, AtlasInfo, Region
from data_loader.packed import unpack

Labels = npt.NDArray[np.uint8]
"""The label of every voxel of standard space, by voxel number; 0 where there is none."""


@dataclass(frozen=True)
class Atlas:
    """An atlas in memory.

    Attributes:
        info: what it is, with its regions.
        labels: shape (`SIZE`,).
        ids: level to the id that each label has there.
    """

    info: AtlasInfo
    labels: Labels
    ids: Mapping[int, Sequence[int]]

    def volumes_ml(
        self,
        voxels: npt.NDArray[np.integer],
        *,
        voxel_mm3: float,
        counts: npt.NDArray[np.integer] | None = None,
        outside: int = 0,
    ) -> npt.NDArray[np.float64]:
        """Volume of a lesion in each region.

        Args:
            voxels: numbers of voxels of standard space.
            voxel_mm3: volume of a voxel of the lesion's own image.
            counts: how many of those lie in each voxel; one by default.
            outside: how many lie outside the grid.

        Returns:
            A value a region, in their order; those of one level add up to the lesion's volume.
        """
        found = np.bincount(self.labels[voxels], weights=counts, minlength=len(self._places[0]))
        found = found.astype(np.float64)
        found[0] += outside
        volumes = np.zeros(len(self.info.regions))
        for places in self._places:
            np.add.at(volumes, places, found)
        return volumes * (voxel_mm3 / 1000)

    def ids_by_level(self) -> Mapping[int, Labels]:
        """Of each level, the id of the region that each voxel of standard space lies in."""
        return {
            level: np.asarray(of_label, np.uint8)[self.labels]
            for level, of_label in self.ids.items()
        }

    def covered_ml(self, seen: str | None) -> npt.NDArray[np.float64]:
        """Volume of as much of each region as an image covers; 0 for what is outside the atlas.

        Args:
            seen: as `Placement` has it.
        """
        # Masks of one grid see the same; the last is asked for again and again.
        if seen not in self._covered:
            self._covered.clear()
            self._covered[seen] = self._whole_ml - self._region_ml(self._missed(seen))
        return self._covered[seen]

    @cached_property
    def _covered(self) -> dict[str | None, npt.NDArray[np.float64]]:
        return {}

    def _missed(self, seen: str | None) -> npt.NDArray[np.integer]:
        """The labelled voxels that aren't seen: few, and found in a tenth of the time of the others."""
        if seen is None:
            return self._labelled[:0]
        ends = np.searchsorted(self._labelled, unpack(seen).reshape(-1, 2)).ravel()
        gaps = np.concatenate(([0], ends, [len(self._labelled)])).reshape(-1, 2)
        return np.asarray(self._labelled[voxels_of(gaps)])

    @cached_property
    def _labelled(self) -> npt.NDArray[np.intp]:
        """Numbers of the voxels that have a label."""
        return np.flatnonzero(self.labels)

    @cached_property
    def _whole_ml(self) -> npt.NDArray[np.float64]:
        return self._region_ml(self._labelled)

    def _region_ml(self, voxels: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        is_region = np.array([region.ml is not None for region in self.info.regions])
        return np.asarray(self.volumes_ml(voxels, voxel_mm3=1.0) * is_region)

    @cached_property
    def _places(self) -> list[npt.NDArray[np.intp]]:
        """Of each level, the position in `regions` that each label has."""
        position = {(r.level, r.id): place for place, r in enumerate(self.info.regions)}
        return [
            np.array([position[level, one] for one in ids], np.intp)
            for level, ids in self.ids.items()
        ]


def outside_region(level: int) -> Region:
    """What no region holds."""
    return Region(level, OUTSIDE, OUTSIDE_LABEL, None, None, is_territory=False, ml=None)


def published_regions(labels: Labels) -> tuple[Region, ...]:
    """The regions of both levels, with their volumes among labels 1 to 32."""
    ml = np.bincount(labels, minlength=2 * len(PARTS) + 1) / 1000
    coarse = np.bincount(PARENT_IDS, weights=ml)
    parts = _pairs(1, PARTS, " ", ml)
    return (*parts, *territory_regions(coarse))


def territory_regions(ml: npt.NDArray[Any]) -> tuple[Region, ...]:
    """The regions of level 2, given the volumes by their ids 1 to 10."""
    return _pairs(2, [(name, name) for name in TERRITORIES], "-", ml)


def _pairs(
    level: int, names: Iterable[tuple[str, str]], joint: str, ml: npt.NDArray[Any]
) -> tuple[Region, ...]:
    regions = []
    for pair, (name, territory) in enumerate(names):
        for second, side in enumerate(SIDES):
            one = 2 * pair + second + 1
            regions.append(
                Region(
                    level=level,
                    id=one,
                    label=f"{name}{joint}{side[0].upper()}",
                    side=side,
                    circulation=CIRCULATION.get(territory),
                    is_territory=territory in CIRCULATION,
                    ml=float(ml[one]),
                )
            )
    return (*regions, outside_region(level))


PARENT_IDS: Sequence[int] = (
    OUTSIDE,
    *(
        2 * TERRITORIES.index(territory) + second
        for _, territory in PARTS
        for second in range(1, 3)
    ),
)
"""The id at level 2 of each id at level 1, `OUTSIDE` first."""
