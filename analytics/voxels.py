"""What the values of an image show that its header can't: no labels, no numbers, another place.

Maps and diffusion-weighted images are also laid under the infarct mask of their subject, where
both have one grid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.lesions import FOREGROUND_ABOVE, lesion_of
from analytics.map_values import Infarct, has_data, read_infarct, real_values
from analytics.perfusion import Perfusion, measure_perfusion
from data_loader.errors import ImageError
from data_loader.grids import grid_difference
from data_loader.nifti import Volume, read_volume

if TYPE_CHECKING:
    from data_loader.profile import Holds

_MEASURED = ("tmax", "cbf")
"""Kinds of maps of which measures are made."""

_SAMPLES = 128
"""Voxels along i and j of which percentiles are taken: those of a finer grid are the same."""


@dataclass(frozen=True)
class Voxels:
    """Counts of voxels.

    Attributes:
        foreground: above 0.5 after scaling.
        not_finite: NaN or infinite.
        laterality_index: of the foreground, as `lesions.Lesion` has it; of labels only.
        inside_share: share of the infarct's voxels that lie inside the slab that a perfusion map
            covers; None without an infarct on its grid.
        infarct_signal: median within the infarct of a diffusion-weighted image; None without one.
        brain_signal: upper quartile of the brain outside it.
    """

    foreground: int
    not_finite: int
    laterality_index: float | None = None
    inside_share: float | None = None
    infarct_signal: float | None = None
    brain_signal: float | None = None


class Asked(NamedTuple):
    """An image that is to be looked at."""

    path: Path
    kind: str
    holds: "Holds"
    dimensions: int = 3


@dataclass(frozen=True)
class Fault:
    """Why an image can't be read, as `ImageError` has it."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """What came of a series.

    Attributes:
        images: of each, in their order.
        perfusion: of its maps of Tmax and CBF, where it has both.
    """

    images: tuple[Voxels | Fault, ...]
    perfusion: Perfusion | None = None


def check_series(images: Sequence[Asked], mask: Path | None = None) -> Checked:
    """Read images whole, each once, and look at their values.

    Args:
        images: of one series.
        mask: of its subject's infarct, if they are to be compared with it.
    """
    infarct = read_infarct(mask) if mask else None
    found: list[Voxels | Fault] = []
    maps: dict[str, Volume] = {}
    for image in images:
        try:
            volume = read_volume(image.path, dimensions=image.dimensions)
        except ImageError as error:
            found.append(Fault(error.code, str(error)))
            continue
        on_it = infarct if infarct and infarct.lies_on(volume.header) else None
        found.append(_voxels_of(volume, holds=image.holds, infarct=on_it))
        if image.kind in _MEASURED and volume.data.ndim == 3:
            maps[image.kind] = volume
    return Checked(tuple(found), _perfusion(maps, infarct))


def _perfusion(maps: Mapping[str, Volume], infarct: Infarct | None) -> Perfusion | None:
    if len(maps) < len(_MEASURED):
        return None
    tmax, cbf = (maps[kind] for kind in _MEASURED)
    if grid_difference(tmax.header, cbf.header):
        return None  # listed where grids are compared
    on_it = infarct if infarct and infarct.lies_on(tmax.header) else None
    return measure_perfusion(tmax, cbf, on_it)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is infinite, and left out
def _voxels_of(volume: Volume, *, holds: "Holds", infarct: Infarct | None) -> Voxels:
    """Count the voxels of an image in memory, plane by plane: real values take more memory."""
    foreground = not_finite = 0
    is_float = volume.data.dtype.kind == "f"
    for plane in volume.data.T:
        foreground += int(np.count_nonzero(real_values(volume, plane) > FOREGROUND_ABOVE))
        if is_float:
            not_finite += plane.size - int(np.count_nonzero(np.isfinite(plane)))
    has_side = holds == "labels" and foreground and volume.data.ndim == 3
    side = lesion_of(volume).laterality_index if has_side else None
    inside = _inside_share(volume, infarct) if holds == "perfusion" and infarct else None
    dwi, brain = _signals(volume, infarct) if holds == "diffusion" and infarct else (None, None)
    return Voxels(foreground, not_finite, side, inside, dwi, brain)


def _inside_share(volume: Volume, infarct: Infarct) -> float | None:
    """Share of the infarct's voxels inside the slab; None where a map is blank altogether.

    A slab has no dents: what lies between two voxels with data, along any axis, is covered too.
    Blanks within it are common, such as a Tmax of 0 in healthy tissue and no values in dead.
    """
    inside = np.zeros_like(infarct.mask)
    for axis in range(3):
        lines, within = list(infarct.box), [slice(None)] * 3
        lines[axis], within[axis] = within[axis], lines[axis]
        has = has_data(volume, volume.data.T[tuple(lines)])
        before = np.logical_or.accumulate(has, axis=axis)
        behind = np.flip(np.logical_or.accumulate(np.flip(has, axis), axis=axis), axis)
        inside |= (before & behind)[tuple(within)]
    if not inside.any() and not any(has_data(volume, plane).any() for plane in volume.data.T):
        return None
    return int(np.count_nonzero(inside & infarct.mask)) / int(np.count_nonzero(infarct.mask))


def _signals(volume: Volume, infarct: Infarct) -> tuple[float, float] | tuple[None, None]:
    """Median within the infarct, and upper quartile of the brain outside it.

    Brain is what is brighter than a tenth of the way from the 2nd to the 98th percentile (Smith,
    Hum Brain Mapp 2002;17:143-55).
    """
    stored = volume.data.T
    outside = np.ones(stored.shape, np.bool_)
    outside[infarct.box] = ~infarct.mask
    _, *steps = (max(1, size // _SAMPLES) for size in stored.shape)
    some = (slice(None), *(slice(None, None, step) for step in steps))
    values = _finite(real_values(volume, stored[some])[outside[some]])
    infarcted = _finite(real_values(volume, stored[infarct.box])[infarct.mask])
    if not values.size or not infarcted.size:
        return None, None
    low, high = np.percentile(values, (2, 98))
    brain = values[values > low + (high - low) / 10]
    if not brain.size:
        return None, None
    return float(np.median(infarcted)), float(np.percentile(brain, 75))


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray(values[np.isfinite(values)])
