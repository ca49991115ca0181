"""An image of a head registered to the MNI152 template, and whether that can be relied on."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analytics.alignment import align
from analytics.engine import Method
from analytics.head import Head, mni_head, read_head, windowed
from analytics.overlay import draw_head, draw_registration
from analytics.transform import Transform, through, warp_bytes
from data_loader.profile import Modality

LEAST_DICE = 0.9
DETERMINANT = (0.7, 1.4)
BRAIN_ML = (900.0, 2000.0)
"""The gate. The determinant is taken over the ratio of the brains' volumes: the template is larger
than most, so that a small but healthy brain needs one of 1.6, and would fail on that alone. On CT
the brain is found with the CSF in and about it: the largest healthy heads have more than 2,000 ml,
and are refused with those in which scalp or neck was taken for brain."""


class RegistrationTask(NamedTuple):
    """What a worker has to know; `stem` names what it writes into the folder."""

    image: Path
    modality: Modality
    method: Method
    folder: Path
    stem: str


@dataclass(frozen=True)
class Registration:
    """How an image of a head lies to MNI152.

    Attributes:
        matrix: 16 numbers, row by row: world mm of the image to mm of MNI152; None where nothing
            was registered.
        warp: name of the file with what SyN adds to that.
        overlay: name of the picture for looking.
        brain_ml: volume of the brain, as found.
        dice: of that and the template's, where it came to lie.
        determinant: of the affine part, over the ratio of the two brains' volumes: about 1.
        reason: why it can't be relied on; None where it can.
    """

    matrix: tuple[float, ...] | None
    warp: str | None
    overlay: str
    brain_ml: float
    dice: float | None
    determinant: float | None
    reason: str | None


def register_image(task: RegistrationTask) -> Registration:
    """Register the image in a file, and draw what came of it.

    Raises:
        ImageError: the file is no image that can be read.
    """
    head = windowed(read_head(task.image, task.modality), task.modality)
    template = mni_head()
    way, reason = _way(head, template, task)
    overlay, warp = f"{task.stem}.png", None
    if way is None:
        _write(task.folder / overlay, draw_head(head))
        return Registration(None, None, overlay, head.brain_ml, None, None, reason)
    dice = brain_dice(head, template, way)
    determinant = float(np.linalg.det(way.matrix)) * head.brain_ml / template.brain_ml
    _write(task.folder / overlay, draw_registration(head, template, way))
    if way.warp:
        warp = f"{task.stem}.npz"
        _write(task.folder / warp, warp_bytes(way.warp))
    return Registration(
        matrix=tuple(way.matrix.ravel().tolist()),
        warp=warp,
        overlay=overlay,
        brain_ml=head.brain_ml,
        dice=dice,
        determinant=determinant,
        reason=_rejection(dice, determinant),
    )


def brain_dice(head: Head, template: Head, way: Transform) -> float:
    """Dice coefficient of two brains, at every second voxel of the template's grid.

    Args:
        head: whose brain is laid on the template's.
        template: in MNI152.
        way: from the head's world there.
    """
    index = np.indices(template.brain.shape)[:, ::2, ::2, ::2].reshape(3, -1)
    native = way.to_native(through(template.grid, index.astype(float)))
    at = np.rint(through(np.linalg.inv(head.grid), native)).astype(int)
    inside = ((at >= 0) & (at < np.array(head.brain.shape)[:, None])).all(axis=0)
    found = np.zeros(inside.size, np.bool_)
    found[inside] = head.brain[tuple(at[:, inside])]
    wanted = template.brain[tuple(index)]
    both = np.count_nonzero(found & wanted)
    return float(2 * both / (np.count_nonzero(found) + np.count_nonzero(wanted)))


def _way(head: Head, template: Head, task: RegistrationTask) -> tuple[Transform | None, str | None]:
    if reason := _wrong_size(head.brain_ml):
        return None, reason
    try:
        return align(head, template, task.method, task.folder), None
    except RuntimeError:
        return None, "ANTs found no way from the image to the template."


def _wrong_size(brain_ml: float) -> str | None:
    low, high = BRAIN_ML
    found = f"The brain found in the image has {brain_ml:.1f} ml,"
    if brain_ml < low:
        return (
            f"{found} less than the {low:.0f} from which the gate lets it pass, so that it wasn't"
            " registered: part of the head may lie outside the image."
        )
    if brain_ml > high:
        return (
            f"{found} more than the {high:.0f} up to which the gate lets it pass, so that it wasn't"
            " registered: scalp or neck may have been taken for brain. The largest healthy heads"
            " are refused too."
        )
    return None


def _rejection(dice: float, determinant: float) -> str | None:
    low, high = DETERMINANT
    if dice < LEAST_DICE:
        return f"Registered, the brain and the template's overlap by {dice:.2f} (Dice), not {LEAST_DICE}."
    if not low <= determinant <= high:
        return f"Registration made the brain {determinant:.2f} times as large as the template's."
    return None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    os.replace(part, path)
