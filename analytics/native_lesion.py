"""A lesion taken from its image's own space to standard space."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analytics.foreground import unpacked_foreground
from analytics.placement import Placement, lies_outside, place
from analytics.transform import transform_of

OUTSIDE = "On the way taken, most of the infarct lies outside the brain in MNI152."


def place_native(
    foreground: Mapping[str, Any], matrix: Sequence[float], warp: Path | None
) -> Placement:
    """Take a mask to standard space.

    Args:
        foreground: a `Foreground` that isn't empty, as the journal has it.
        matrix: 16 numbers, row by row: world mm of its image to mm of MNI152.
        warp: file of what comes on top of that.
    """
    kept, way = unpacked_foreground(foreground), transform_of(matrix, warp)
    if lies_outside(kept.mask, kept.start_kji, kept, way):
        return Placement(reason=OUTSIDE)
    return place(kept.mask, kept.start_kji, kept, way)
