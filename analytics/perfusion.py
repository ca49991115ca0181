"""What the maps of CT perfusion say of tissue: hypoperfusion, core and mismatch.

Volumes are voxels times the voxel's volume, without smoothing and whatever the size of the piece.
Thresholds hold for the software that made the maps; those here are the ones of DEFUSE 3.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.lesions import Bool
from analytics.map_values import Infarct, has_data, real_values
from data_loader.nifti import Volume

NORMAL_UP_TO_S = 4.0
"""Tissue whose Tmax is no longer is taken for normal; its mean CBF is what a core is held against."""

DEFICIT_ABOVE_S = 6.0
_LONGER_S = (4.0, DEFICIT_ABOVE_S, 8.0, 10.0)

CORE_BELOW = 0.3
"""Share of the mean CBF of normal tissue below which tissue within the deficit is core."""

LEAST_NORMAL = 0.1
"""Share of the tissue that must be normal: even half a brain is, and a Tmax in ms never is."""


@dataclass(frozen=True)
class Perfusion:
    """Measures of one series of maps; volumes in ml, of what lies inside the slab.

    Attributes:
        tissue_ml: with a CBF above 0.
        normal_share: share of the tissue whose Tmax is at most 4 s.
        normal_cbf: its mean CBF, in the unit of the map; None where that share is too small to be
            all the normal tissue there is, and then so are core and what is made of it.
        tmax_4_ml: Tmax above 4 s.
        tmax_6_ml: Tmax above 6 s, the deficit.
        tmax_8_ml: Tmax above 8 s.
        tmax_10_ml: Tmax above 10 s.
        core_ml: CBF below 30 % of normal, within the deficit.
        infarct_in_core_ml: of the final infarct; None without a mask on the grid of the maps.
        infarct_in_tmax_6_ml: of the final infarct, in the deficit.
    """

    tissue_ml: float
    normal_share: float
    normal_cbf: float | None
    tmax_4_ml: float
    tmax_6_ml: float
    tmax_8_ml: float
    tmax_10_ml: float
    core_ml: float | None
    infarct_in_core_ml: float | None
    infarct_in_tmax_6_ml: float | None


@np.errstate(invalid="ignore")  # comparisons with NaN are False, as they are meant to be
def measure_perfusion(tmax: Volume, cbf: Volume, infarct: Infarct | None) -> Perfusion | None:
    """Measure a series, plane by plane: real values of a whole map take more memory.

    Args:
        tmax: in seconds.
        cbf: in any unit, on the same grid; 0 and NaN are no tissue, but in the deficit, where some
            programs write 0 for the dead.
        infarct: final one, on this grid.

    Returns:
        None where the map of flow is blank.
    """
    tissue = normal = 0
    flow_of_normal = 0.0
    longer = np.zeros(len(_LONGER_S), np.int64)
    waiting = []
    for delays, flows in zip(tmax.data.T, cbf.data.T, strict=True):
        delay, flow = real_values(tmax, delays), real_values(cbf, flows)
        has_flow = has_data(cbf, flows)
        is_normal = has_flow & (delay <= NORMAL_UP_TO_S)
        tissue += int(np.count_nonzero(has_flow))
        normal += int(np.count_nonzero(is_normal))
        flow_of_normal += float(flow[is_normal].sum(dtype=np.float64))
        longer += [np.count_nonzero(_is_longer(delay, s)) for s in _LONGER_S]
        waiting.append(flow[_is_longer(delay, DEFICIT_ABOVE_S)])
    if not tissue:
        return None
    share = normal / tissue
    normal_cbf = flow_of_normal / normal if share >= LEAST_NORMAL else None
    ml = float(tmax.header.voxel_mm3) / 1000
    waiting_infarct = _flow_of_waiting(tmax, cbf, infarct) if infarct else None
    tmax_4_ml, tmax_6_ml, tmax_8_ml, tmax_10_ml = (ml * int(voxels) for voxels in longer)
    return Perfusion(
        tissue_ml=tissue * ml,
        normal_share=share,
        normal_cbf=normal_cbf,
        tmax_4_ml=tmax_4_ml,
        tmax_6_ml=tmax_6_ml,
        tmax_8_ml=tmax_8_ml,
        tmax_10_ml=tmax_10_ml,
        core_ml=_core_ml(np.concatenate(waiting), normal_cbf, ml),
        infarct_in_core_ml=_core_ml(waiting_infarct, normal_cbf, ml),
        infarct_in_tmax_6_ml=None if waiting_infarct is None else waiting_infarct.size * ml,
    )


def _is_longer(delay: npt.NDArray[Any], seconds: float) -> Bool:
    return np.asarray((delay > seconds) & (delay < np.inf))


def _flow_of_waiting(tmax: Volume, cbf: Volume, infarct: Infarct) -> npt.NDArray[Any]:
    """CBF of the infarct's voxels that lie in the deficit."""
    delay = real_values(tmax, tmax.data.T[infarct.box])
    waits = _is_longer(delay, DEFICIT_ABOVE_S) & infarct.mask
    return np.asarray(real_values(cbf, cbf.data.T[infarct.box][waits]))


def _core_ml(
    flow: npt.NDArray[Any] | None, normal_cbf: float | None, voxel_ml: float
) -> float | None:
    if flow is None or normal_cbf is None:
        return None
    return voxel_ml * int(np.count_nonzero(flow < CORE_BELOW * normal_cbf))
