"""The way from an image's own world to standard space and back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""World coordinates in mm (RAS+), shape (3, n)."""


@dataclass(frozen=True)
class Transform:
    """An affine way; points go through it, images need not be resampled.

    Attributes:
        matrix: 4 x 4, world mm of the image to mm of MNI152 (RAS+ both).
    """

    matrix: npt.NDArray[np.float64]

    def to_standard(self, points: Points) -> Points:
        """Where points of the image's world lie in MNI152."""
        return through(self.matrix, points)

    def to_native(self, points: Points) -> Points:
        """Where points of MNI152 lie in the image's world."""
        return through(np.linalg.inv(self.matrix), points)


IDENTITY = Transform(np.eye(4))
"""Of an image that lies in MNI152 already."""


def through(matrix: npt.NDArray[np.floating], points: Points) -> Points:
    """Points through an affine matrix of 4 x 4."""
    return np.asarray(matrix[:3, :3] @ points + matrix[:3, 3:])
