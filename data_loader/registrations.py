"""How each native infarct mask comes to standard space, and what is said of it.

By the dataset's own transform, else by the registration of its image; or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson

from data_loader.content import Row
from data_loader.errors import TransformError
from data_loader.itk import read_transform
from data_loader.journal import Key, Result
from data_loader.native import NativeMask

NOT_ASKED = "Registration wasn't asked for, and the mask isn't in standard space."
NO_IMAGE = "The mask isn't in standard space, and no image is known by which to register it."
NOT_YET = "The mask isn't in standard space, and wasn't registered in this run."
NO_GRID = (
    "The mask isn't in standard space, and no image of its session, by which it could be registered,"
    " is known to lie on its grid."
)
EMPTY = "The mask is empty, so that there is nothing to place."

ENLARGED = (0.5, 3.0)
"""Determinants that a dataset's own transform may have: MNI152's brain has 1,900 ml, those of
adults 900 to 2,000. One below 0 would exchange left and right."""


class Engine(NamedTuple):
    """What registers: its name with its version, and the method, such as `affine`."""

    name: str
    method: str


class MaskToPlace(NamedTuple):
    """A mask as measuring kept it, and the way to take.

    `matrix` has 16 numbers, row by row: world mm of the image to mm of MNI152; `warp` is the file
    of what comes on top of that.
    """

    foreground: Result
    matrix: Sequence[float]
    warp: Path | None


@dataclass(frozen=True)
class Way:
    """How one native mask comes to standard space.

    Attributes:
        row: columns of the table `registrations`.
        key: of its place in the journal.
        to_place: what to hand to `Place`; None where there is no way.
    """

    row: Row = field(default_factory=dict)
    key: Key = ()
    to_place: MaskToPlace | None = None


def find_ways(
    native: Iterable[NativeMask],
    results: Mapping[Key, Result],
    by: Engine | None,
    folder: Path,
) -> dict[Key, Way]:
    """The way of each native mask that was measured, by the mask's key.

    Args:
        native: as chosen by `select_native`.
        results: of measuring and of registering.
        by: how images were registered; None where that wasn't asked for.
        folder: where its warps lie.
    """
    return {
        one.mask.key: _way(one, results, by, folder) for one in native if one.mask.key in results
    }


def _way(one: NativeMask, results: Mapping[Key, Result], by: Engine | None, folder: Path) -> Way:
    foreground = results[one.mask.key].get("foreground")
    if not foreground:
        return _unavailable(EMPTY)
    if one.transform:
        return _own(one, foreground)
    if by is None:
        return _unavailable(NOT_ASKED)
    if one.image is None:
        rule = one.mask.image.rule
        return _unavailable(NO_GRID if rule and rule.on_grid_of else NO_IMAGE)
    found = results.get(one.registration_key(by.name))
    return _registered(one, foreground, found, by, folder)


def _unavailable(reason: str) -> Way:
    return Way({"status": "unavailable", "reason": reason})


def _own(one: NativeMask, foreground: Result) -> Way:
    """By the dataset's own transform."""
    assert one.transform is not None  # noqa: S101 - as `_way` found
    row: Row = {"method": "affine", "engine": "the dataset's own transform"}
    row |= {"transform_file": one.transform.path} | _reference(one)
    try:
        matrix = read_transform(one.mask.scan.root / one.transform.path)
    except TransformError as error:
        return Way(row | {"status": "failed", "reason": str(error)})
    numbers = matrix.ravel().tolist()
    row["matrix"] = _as_text(numbers)
    enlarged, (low, high) = float(np.linalg.det(matrix)), ENLARGED
    if not low <= enlarged <= high:
        reason = (
            f"The dataset's own transform makes volumes {enlarged:.2f} times as large,"
            f" not {low} to {high}."
        )
        return Way(row | {"status": "failed", "reason": reason})
    row["status"] = "given"
    return Way(row, one.placement_key(""), MaskToPlace(foreground, numbers, None))


def _registered(
    one: NativeMask,
    foreground: Result,
    found: Result | None,
    by: Engine,
    folder: Path,
) -> Way:
    if found is None:
        return _unavailable(NOT_YET)
    row: Row = {"method": by.method, "engine": by.name} | _reference(one)
    if "code" in found:
        name = row["reference_file"].rpartition("/")[2]
        return Way(row | {"status": "failed", "reason": f"{name}: {found['sentence']}"})
    row |= {name: found[name] for name in ("dice", "determinant", "brain_ml", "overlay", "warp")}
    row["matrix"] = _as_text(found["matrix"])
    if found["reason"]:
        return Way(row | {"status": "failed", "reason": found["reason"]})
    warp = folder / found["warp"] if found["warp"] else None
    return Way(
        row | {"status": "registered"},
        one.placement_key(by.name),
        MaskToPlace(foreground, found["matrix"], warp),
    )


def _reference(one: NativeMask) -> Row:
    if one.image is None:
        return {}
    return {"reference": one.image.image.kind, "reference_file": one.image.image.file.path}


def _as_text(matrix: Sequence[float] | None) -> str | None:
    return orjson.dumps(list(matrix)).decode() if matrix else None
