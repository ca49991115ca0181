"""ANTs: the way that lays one brain on another.

Mutual information from the centres of mass (Avants et al., Neuroimage 2011;54:2033): affine, then,
if asked, diffeomorphic (SyN). One thread and a fixed seed give the same way each time.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.brain_mask import SPACING_MM
from analytics.engine import Method
from analytics.head import Affine, Head
from analytics.transform import Transform, Warp
from data_loader.itk import FLIP, ras_matrix

# The full resolution of the affine stage takes two thirds of the time and gains nothing here.
_AFFINE: dict[str, Any] = {
    "aff_iterations": (2100, 1200, 1200),
    "aff_shrink_factors": (6, 4, 2),
    "aff_smoothing_sigmas": (3, 2, 1),
}
_SYN: dict[str, Any] = {"reg_iterations": (40, 20, 10)}
_TYPE = {"affine": "Affine", "syn": "SyN"}
_SEED = 1
_STRIDE = 2
"""Of the nodes that are kept of a warp: it is smooth, and every second one leaves 0.03 mm."""


def align(moving: Head, fixed: Head, method: Method, folder: Path) -> Transform:
    """Find the way from one brain's world to another's.

    Args:
        moving: whose world it leads from.
        fixed: whose world it leads to.
        method: affine, or SyN on top of that.
        folder: for what ANTs writes in the meantime; a process that is killed leaves that there.

    Raises:
        RuntimeError: ANTs found none.
    """
    import ants  # noqa: PLC0415 - a second, and hundreds of MB

    # One thread too: the sums of several come in no fixed order. Workers use the other cores.
    ants.config.set_ants_deterministic(on=True, seed_value=_SEED)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        found = ants.registration(
            _ants_image(fixed),
            _ants_image(moving),
            _TYPE[method],
            outprefix=f"{scratch}/",
            **_AFFINE,
            **(_SYN if method == "syn" else {}),
        )
        affine = ants.read_transform(found["fwdtransforms"][-1])
        to_native = ras_matrix(affine.parameters, affine.fixed_parameters)
        matrix = np.asarray(np.linalg.inv(to_native), np.float64)
        if method == "affine":
            return Transform(matrix)
        out = ants.image_read(found["fwdtransforms"][0]).numpy()
        back = ants.image_read(found["invtransforms"][-1]).numpy()
    return Transform(matrix, _warp(out, back, fixed.grid))


def _ants_image(head: Head) -> Any:
    import ants  # noqa: PLC0415 - as in `align`

    return ants.from_numpy(
        np.where(head.brain, head.values, 0).astype(np.float32),
        origin=(FLIP @ head.grid)[:3, 3].tolist(),
        spacing=(SPACING_MM,) * 3,
        direction=FLIP[:3, :3],
    )


def _warp(out: npt.NDArray[Any], back: npt.NDArray[Any], grid: Affine) -> Warp:
    kept = slice(None, None, _STRIDE)
    fields = [
        np.moveaxis(field[kept, kept, kept] * FLIP.diagonal()[:3], -1, 0).astype(np.float32)
        for field in (out, back)
    ]
    return Warp(fields[0], fields[1], grid[:3, 3], SPACING_MM * _STRIDE)
