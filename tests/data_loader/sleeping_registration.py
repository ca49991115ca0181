"""A registration that never ends for one of two images, with what ANTs would leave if killed."""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from analytics.atlas.choice import choose_atlas
from analytics.measure import _run, measure_lesions, place_masks
from analytics.registration import Registration
from analytics.territories import standard_space
from data_loader.build import build_index
from data_loader.registering import HeadImage, Registering
from tests.data_loader.test_registering import AFFINE, GOOD, TWO

ASLEEP = "asleep"
"""File in the folder of registrations that holds the id of the process that sleeps."""


def register(
    images: Sequence[HeadImage], folder: Path, *, workers: int
) -> Iterator[tuple[int, Any]]:
    """Register each on a process of its own, or all on this one."""
    return _run(_register, [(image.path, image.stem, folder) for image in images], workers, ahead=1)


def _register(image: tuple[Path, str, Path]) -> Registration:
    path, stem, folder = image
    if path.name.startswith(TWO):
        _sleep(folder, stem)
    (folder / f"{stem}.png").write_bytes(b"picture")
    return replace(GOOD, overlay=f"{stem}.png")


def _sleep(folder: Path, stem: str) -> None:
    (folder / "scratch").mkdir()
    (folder / "scratch" / "0GenericAffine.mat").write_bytes(b"half")
    (folder / f"{stem}.{os.getpid()}").write_bytes(b"half a picture")
    part = folder / f"{ASLEEP}.part"
    part.write_text(str(os.getpid()), encoding="ascii")
    part.rename(folder / ASLEEP)
    ctypes.PyDLL(None).sleep(600)  # keeps Python from running meanwhile, as ANTs does


def main() -> None:
    """Build an index; by `-c`, since workers know nothing of the script that was started."""
    root, folder, workers = sys.argv[1:]
    build_index(
        [Path(root)],
        Path(folder),
        measure=partial(measure_lesions, workers=1),
        registering=Registering(AFFINE, partial(register, workers=int(workers))),
        place=partial(place_masks, workers=1),
        standard=standard_space(choose_atlas()),
    )
