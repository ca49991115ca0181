"""Where a map in standard space is largest: at single places, by region, by cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.connected import connected_components
from analytics.standard_space import ORIGIN_MM, SHAPE

Volume = npt.NDArray[Any]
"""Values of shape `SHAPE`."""


@dataclass(frozen=True)
class Peak:
    """An extreme of a map.

    Attributes:
        value: there.
        voxel: number of the voxel, as `standard_space` has it.
        voxels: of the place, region or cluster whose extreme it is.
    """

    value: float
    voxel: int
    voxels: int

    @property
    def mm(self) -> tuple[float, float, float]:
        """To the patient's right, to the front, and upwards."""
        place = np.unravel_index(self.voxel, SHAPE, order="F")
        x, y, z = (float(at) + origin for at, origin in zip(place, ORIGIN_MM, strict=True))
        return x, y, z

    @property
    def position(self) -> str:
        """The position in mm as a table has it."""
        return ", ".join(f"{at:.0f}" for at in self.mm).replace("-", "\N{MINUS SIGN}")


def highest(values: Volume) -> tuple[Peak, ...]:
    """All places of the largest value, the widest first; none if nothing is above 0.

    Voxels that touch and share the value are one place; it lies at the one nearest to its middle.
    """
    most = values.max()
    if not most > 0:
        return ()
    voxels = np.flatnonzero(values.ravel(order="F") == most)
    places = np.column_stack(np.unravel_index(voxels, SHAPE, order="F"))
    label = _connected_places(places)
    found = []
    for one in np.unique(label):
        inside = places[label == one]
        nearest = ((inside - inside.mean(axis=0)) ** 2).sum(axis=1).argmin()
        found.append(Peak(float(most), int(voxels[label == one][nearest]), len(inside)))
    return tuple(sorted(found, key=lambda peak: -peak.voxels))


def clusters(values: Volume, *, above: float) -> tuple[Peak, ...]:
    """The value farthest from 0 of each cluster, the largest cluster first.

    A cluster is of voxels of one sign, farther from 0 than `above`, that share a face, an edge or
    a corner.
    """
    found = [
        peak
        for side in (values > above, values < -above)
        for peak in peaks_by_region(values, connected_components(side, 26)[0]).values()
    ]
    return tuple(sorted(found, key=lambda peak: -peak.voxels))


def peaks_by_region(values: Volume, regions: Volume) -> Mapping[int, Peak]:
    """The value farthest from 0 in each region, by the region's number.

    Args:
        values: 0 where there is nothing; such voxels aren't counted.
        regions: number of the region of each voxel, 0 for none.
    """
    size, region = (array.ravel(order="F") for array in (np.abs(values), regions))
    places = np.flatnonzero((size > 0) & (region > 0))
    # By region alone: small numbers are sorted in one pass, and the voxels stay in order.
    places = places[np.argsort(region[places], kind="stable")]
    if not len(places):
        return {}
    numbers, first = np.unique(region[places], return_index=True)
    signed = values.ravel(order="F")
    found = {}
    for number, inside in zip(numbers.tolist(), np.split(places, first[1:]), strict=True):
        voxel = int(inside[size[inside].argmax()])
        found[number] = Peak(float(signed[voxel]), voxel, len(inside))
    return found


def _connected_places(places: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Which of the places, shape (places, 3), touch: a number each."""
    within = places - places.min(axis=0)
    mask = np.zeros(within.max(axis=0) + 1, dtype=bool)
    mask[tuple(within.T)] = True
    labels, _ = connected_components(mask, 26)
    return np.asarray(labels[tuple(within.T)])
