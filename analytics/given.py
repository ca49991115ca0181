"""A transform that a dataset gives, drawn for whoever wants to judge it."""

from collections.abc import Sequence
from pathlib import Path

from analytics.head import mni_head, read_head, windowed
from analytics.overlay import draw_registration
from analytics.transform import transform_of
from data_loader.profile import Modality


def draw_given(image: Path, modality: Modality, matrix: Sequence[float]) -> bytes:
    """Draw an image where a transform lays it in MNI152, as a PNG.

    Args:
        image: of the head.
        modality: what it is.
        matrix: 16 numbers, row by row: world mm of the image to mm of MNI152.

    Raises:
        ImageError: the file is no image that can be read.
    """
    head = windowed(read_head(image, modality), modality)
    return draw_registration(head, mni_head(), transform_of(matrix, None))
