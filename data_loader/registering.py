"""Native infarct masks taken to standard space: images registered, and masks placed by that.

Registrations are journaled by image and engine, so that a mask that is drawn anew needs no other;
places in standard space are journaled by mask and by what took it there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

import orjson

from data_loader.journal import Journal, Key, Result
from data_loader.native import NativeMask, has_foreground
from data_loader.profile import Modality
from data_loader.progress import Report
from data_loader.recording import keyed, record_all
from data_loader.registrations import Engine, MaskToPlace, Way, find_ways

FOLDER = "registrations"
"""Within the index folder: what registration made, pictures and warps."""


class HeadImage(NamedTuple):
    """An image to be registered; `stem` names what is written of it."""

    path: Path
    modality: Modality
    stem: str


Register = Callable[[Sequence[HeadImage], Path], Iterator[tuple[int, Any]]]
"""Registers images, and writes pictures and warps into a folder; otherwise as `Measure`."""

Place = Callable[[Sequence[MaskToPlace]], Iterator[tuple[int, Any]]]
"""Takes masks to standard space; otherwise as `Measure`."""


@dataclass(frozen=True)
class Registering:
    """How images are registered; what does it is of `analytics`.

    Attributes:
        engine: what it did is kept under its name.
        register: None uses what is known, and registers nothing.
    """

    engine: Engine
    register: Register | None


def to_standard(  # noqa: PLR0913 - all that it is made of
    native: Sequence[NativeMask],
    journal: Journal,
    registering: Registering | None,
    place: Place | None,
    *,
    folder: Path,
    progress: Report | None,
) -> tuple[dict[Key, Way], int]:
    """Register images that aren't registered yet, and place their masks.

    Args:
        native: as chosen by `select_native`, their masks measured.
        journal: gets what comes of it.
        registering: how images are registered; None where that isn't asked for.
        place: how masks are placed; None leaves new ones where they are.
        folder: for pictures and warps.
        progress: told as images are done.

    Returns:
        The way of each mask by the mask's key, and how many images were registered.
    """
    registered = 0
    if registering and registering.register:
        todo = images_to_register(native, journal.results, registering.engine, folder)
        registered = len(todo)
        if todo:
            folder.mkdir(exist_ok=True)
            found = registering.register(list(todo.values()), folder)
            record_all(journal, keyed(list(todo), found), registered, progress)
    engine = registering.engine if registering else None
    ways = find_ways(native, journal.results, engine, folder)
    unplaced = {
        way.key: way.to_place
        for way in ways.values()
        if way.to_place and way.key not in journal.results
    }
    if place and unplaced:
        placed = keyed(list(unplaced), place(list(unplaced.values())))
        record_all(journal, placed, len(unplaced), progress)
    return ways, registered


def images_to_register(
    native: Iterable[NativeMask],
    results: Mapping[Key, Result],
    engine: Engine,
    folder: Path,
) -> dict[Key, HeadImage]:
    """The images whose registration isn't known, by the key of what comes of it.

    Args:
        native: as chosen by `select_native`; those that are empty need no registration.
        results: of measuring and of earlier registrations.
        engine: what registers.
        folder: where its pictures and warps lie; what lost them is done again.
    """
    found: dict[Key, HeadImage] = {}
    for one in native:
        key = one.registration_key(engine.name)
        if one.image is None or one.modality is None or one.transform:
            continue
        is_known = key in results and all((folder / name).is_file() for name in made(results[key]))
        if has_foreground(one, results) and not is_known:
            found[key] = HeadImage(one.image.path, one.modality, _stem(key))
    return found


def made(result: Result) -> list[str]:
    """Names of the files that a registration wrote."""
    return [name for name in (result.get("overlay"), result.get("warp")) if name]


def remove_stale(folder: Path, results: Iterable[Result]) -> None:
    """Remove the files of registrations that aren't kept, and what killed ones left."""
    kept = {name for result in results for name in made(result)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        elif path.name not in kept:
            path.unlink(missing_ok=True)


def _stem(key: Key) -> str:
    """A name for files that changes with what they are made of."""
    return sha256(orjson.dumps(key)).hexdigest()[:16]
