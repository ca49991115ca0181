"""Territories as a map in standard space needs them: where they lie, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.standard_space import SHAPE
from data_loader.atlas import OUTSIDE, AtlasInfo


@dataclass(frozen=True)
class Regions:
    """The territories of an atlas in standard space.

    Attributes:
        ids: number of the territory of each voxel, a volume of shape `standard_space.SHAPE`.
        names: of the territories, by number.
        sources: sentences about the atlas.
    """

    ids: npt.NDArray[np.uint8]
    names: Mapping[int, str]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, atlas: AtlasInfo, ids: Mapping[int, npt.NDArray[np.uint8]]) -> "Regions":
        """The whole territories of an atlas.

        Args:
            atlas: what it is.
            ids: of each level, the region's id at every voxel of standard space, by number.
        """
        level = max(ids)
        names = {r.id: r.label for r in atlas.regions if r.level == level and r.id != OUTSIDE}
        return cls(ids[level].reshape(SHAPE, order="F"), names, tuple(atlas.lines()))

    def name_at(self, voxel: int) -> str:
        """The territory of a voxel, given by number; in words where it is in none."""
        return self.names.get(int(self.ids.ravel(order="F")[voxel]), "no territory")
