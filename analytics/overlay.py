"""Pictures by which a reader judges a registration: slices with outlines of two brains."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from analytics.brain_mask import Bool, Floats
from analytics.head import Head
from analytics.transform import Points, Transform, through

Picture = npt.NDArray[np.uint8]

TEMPLATE_COLOUR, BRAIN_COLOUR = (255, 168, 38), (64, 200, 255)
"""Outline of the template's brain, and of the brain that was found in the image."""

_PLANES_MM = ((0, 4.0), (1, -18.0), (2, -28.0), (2, -4.0), (2, 20.0), (2, 46.0))
"""Axis and position in MNI152 of the slices that are shown."""

_ENLARGED = 2
_OUTLINE_LEAST = 0.5


def draw_registration(head: Head, template: Head, way: Transform) -> bytes:
    """An image in MNI152, outlined: its own brain, and the template's.

    Args:
        head: the image that was registered.
        template: in MNI152.
        way: from the head's world there.

    Returns:
        A PNG: one sagittal, one coronal and four axial slices, the patient's right on the left.
    """
    panels = []
    for axis, at_mm in _PLANES_MM:
        points, shape = _plane(template, axis, at_mm)
        native = way.to_native(points)
        values = _sampled(head.values, head.grid, native).reshape(shape)
        own = _sampled(head.brain.astype(np.float32), head.grid, native).reshape(shape)
        wanted = _sampled(template.brain.astype(np.float32), template.grid, points).reshape(shape)
        outlines = [(own, BRAIN_COLOUR), (wanted, TEMPLATE_COLOUR)]
        panels.append(_panel(values, head, outlines, axis=axis))
    return _png(panels)


def draw_head(head: Head) -> bytes:
    """An image that wasn't registered, with the outline of what was taken for its brain."""
    found = np.argwhere(head.brain)
    middle = found.mean(axis=0) if found.size else np.array(head.brain.shape) / 2
    panels = []
    for axis, share in ((0, 0.5), (1, 0.5), (2, 0.3), (2, 0.45), (2, 0.6), (2, 0.75)):
        at = int(middle[axis]) if axis < 2 else int(share * (head.brain.shape[axis] - 1))
        plane = tuple(at if own == axis else slice(None) for own in range(3))
        own = head.brain[plane].astype(np.float32)
        panels.append(_panel(head.values[plane], head, [(own, BRAIN_COLOUR)], axis=axis))
    return _png(panels)


def _plane(template: Head, axis: int, at_mm: float) -> tuple[Points, tuple[int, int]]:
    index = [np.arange(n) for n in template.brain.shape]
    index[axis] = np.array([(at_mm - template.grid[axis, 3]) / template.grid[axis, axis]])
    mesh = np.array(np.meshgrid(*index, indexing="ij"), dtype=float)
    height, width = (n for own, n in enumerate(template.brain.shape) if own != axis)
    return through(template.grid, mesh.reshape(3, -1)), (height, width)


def _sampled(values: Floats, grid: npt.NDArray[np.float64], points: Points) -> Floats:
    index = through(np.linalg.inv(grid), points)
    return np.asarray(ndimage.map_coordinates(values, index, order=1), np.float32)


def _panel(
    values: Floats, head: Head, outlines: list[tuple[Floats, tuple[int, int, int]]], *, axis: int
) -> Picture:
    """A slice across an axis in grey, axes (up, right, colour), with outlines."""
    top = float(head.values.max()) or 1.0
    grey = np.clip(values / top * 255, 0, 255).astype(np.uint8)
    picture = np.repeat(_enlarged(grey)[..., None], 3, axis=2)
    for mask, colour in outlines:
        inside: Bool = np.asarray(_enlarged(mask), float) > _OUTLINE_LEAST
        picture[inside & ~ndimage.binary_erosion(inside)] = colour
    upright = np.rot90(picture)
    return upright if axis == 0 else upright[:, ::-1]


def _enlarged(plane: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return plane.repeat(_ENLARGED, axis=0).repeat(_ENLARGED, axis=1)


def _png(panels: list[Picture]) -> bytes:
    height = max(panel.shape[0] for panel in panels)
    padded = [np.pad(p, ((height - p.shape[0], 0), (0, 0), (0, 0))) for p in panels]
    file = BytesIO()
    Image.fromarray(np.concatenate(padded, axis=1)).save(file, "png", optimize=True)
    return file.getvalue()
