"""Affine transforms as text files of ITK, which ANTs, fMRIPrep and others write.

ITK counts in LPS and turns about a centre: x' = A (x - c) + c + t (Insight Software Guide, 2nd
ed., section 8.8). The transform by which an image is resampled takes points of the target to
points of the image, so that BIDS's `from-ncct_to-MNI152…_mode-image_xfm.txt` leads from MNI152 to
the NCCT.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data_loader.errors import TransformError

Affine = npt.NDArray[np.float64]

FLIP = np.diag([-1.0, -1.0, 1.0, 1.0])
"""Between RAS, as NIfTI has it, and LPS, as ITK has it."""

_FIRST_LINE = "#Insight Transform File V1.0"
_KINDS = ("AffineTransform", "MatrixOffsetTransformBase")
_MOST_BYTES = 10_000


def ras_matrix(parameters: Sequence[float], centre: Sequence[float]) -> Affine:
    """An affine transform of ITK as a matrix of 4 x 4 in RAS.

    Args:
        parameters: 12 numbers: the matrix, row by row, and the shift.
        centre: about which it turns.
    """
    turned, about = np.array(parameters, float), np.array(centre, float)
    matrix = np.eye(4)
    matrix[:3, :3] = turned[:9].reshape(3, 3)
    matrix[:3, 3] = turned[9:] + about - matrix[:3, :3] @ about
    flipped: Affine = FLIP @ matrix @ FLIP
    return flipped


def read_transform(path: Path) -> Affine:
    """Read the way from an image's world to MNI152, both in RAS mm, 4 x 4.

    Args:
        path: a file by which the image would be resampled to MNI152.

    Raises:
        TransformError: it can't be read, or holds no single affine transform that can be undone.
    """
    try:
        with path.open(encoding="ascii") as file:
            lines = file.read(_MOST_BYTES).splitlines()
    except (OSError, UnicodeDecodeError):
        raise TransformError(f"The transform {path.name} can't be read as text.") from None
    fields = [line.partition(":") for line in lines if ":" in line]
    kinds = [value.strip() for name, _, value in fields if name.strip() == "Transform"]
    if lines[:1] != [_FIRST_LINE] or len(kinds) != 1 or kinds[0].split("_")[0] not in _KINDS:
        raise TransformError(f"The file {path.name} isn't one affine transform of ITK.")
    numbers = {name.strip(): _numbers(value) for name, _, value in fields}
    parameters, centre = numbers.get("Parameters"), numbers.get("FixedParameters")
    if not parameters or not centre or (len(parameters), len(centre)) != (12, 3):
        raise TransformError(f"The transform {path.name} has not 12 and 3 numbers.")
    if not np.isfinite([*parameters, *centre]).all():
        raise TransformError(f"The transform {path.name} has numbers that aren't finite.")
    matrix = ras_matrix(parameters, centre)
    if not np.linalg.det(matrix):
        raise TransformError(f"The transform {path.name} can't be undone.")
    return np.asarray(np.linalg.inv(matrix), np.float64)


def transform_text(matrix: npt.NDArray[np.floating]) -> str:
    """The file that `read_transform` reads.

    Args:
        matrix: 4 x 4, world mm of the image to mm of MNI152 (RAS+ both).
    """
    back = FLIP @ np.linalg.inv(matrix) @ FLIP
    numbers = [*back[:3, :3].ravel(), *back[:3, 3]]
    return (
        f"{_FIRST_LINE}\n#Transform 0\nTransform: AffineTransform_double_3_3\n"
        f"Parameters: {' '.join(f'{number:.10g}' for number in numbers)}\nFixedParameters: 0 0 0\n"
    )


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split()]
    except ValueError:
        return []
