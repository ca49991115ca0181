"""An atlas of the user's own: a label image in MNI152 and a table that names its labels.

The table is separated by tabs and has the columns `index` and `label` (or `name`, as BIDS has it),
one row a label of the image. With a column `territory`, the whole territory that a part belongs to,
the labels make level 1 and the territories level 2; without one, the labels are the territories.
Names that begin with ACA, MCA, PCA or VB say which circulation they belong to, and a ventricle
is no territory. The side of a region is that of its voxels.
"""

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Atlas, Labels, outside_region
from analytics.atlas.labels import MOST, read_labels
from analytics.atlas.regions import CIRCULATION
from analytics.standard_space import ORIGIN_MM, SHAPE, SIZE
from data_loader.atlas import AtlasInfo, Region, Side
from data_loader.errors import AtlasError

_ONE_SIDED = 0.9
"""Share of a region's voxels beyond x = 0 from which on it is of that side."""

_Names = Mapping[int, tuple[str, str]]
"""Label and territory of each index; the territory is blank where the table has none."""


def read_own(path: Path, table: Path) -> Atlas:
    """Read an atlas of the user's own.

    Args:
        path: the label image, on any grid in MNI152.
        table: names its labels.

    Raises:
        AtlasError: one of them can't be read, or they don't belong together.
    """
    labels = read_labels(path)
    names = _read_names(table)
    found = np.unique(labels)
    unnamed = [str(index) for index in found if index and index not in names]
    if unnamed:
        raise AtlasError(f"The table {table.name} names no label {', '.join(unnamed[:5])}.")
    if not found.any():
        raise AtlasError(f"The atlas {path.name} holds no label.")
    ids = _ids_by_level(names)
    regions = tuple(
        region
        for level, of_label in ids.items()
        for region in _regions_of(level, _labels_of(level, ids, names), of_label, labels)
    )
    info = AtlasInfo(
        name=path.name,
        version=f"labels by {table.name}",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        license=None,
        citation=None,
        note=None,
        regions=regions,
    )
    return Atlas(info, labels, {level: of_label.tolist() for level, of_label in ids.items()})


def _read_names(path: Path) -> _Names:
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AtlasError(f"The table {path.name} can't be read: {error}.") from None
    names: dict[int, tuple[str, str]] = {}
    for row in rows:
        index = (row.get("index") or "").strip()
        label = (row.get("label") or row.get("name") or "").strip()
        if not index.isdecimal() or not 0 < int(index) <= MOST or not label:
            raise AtlasError(
                f"The table {path.name} needs the columns index, from 1 to {MOST}, and label,"
                " separated by a tab, with a value of both in every row."
            )
        if int(index) in names or label in (known for known, _ in names.values()):
            raise AtlasError(f"The table {path.name} has the index {index} or {label} twice.")
        names[int(index)] = label, (row.get("territory") or "").strip()
    has_territory = [bool(territory) for _, territory in names.values()]
    if not names or any(has_territory) != all(has_territory):
        raise AtlasError(
            f"The table {path.name} needs a row a label, and a territory in every row or in none."
        )
    return names


def _ids_by_level(names: _Names) -> dict[int, npt.NDArray[np.intp]]:
    """Level to the id that each label of the image has there."""
    own = np.zeros(MOST + 1, np.intp)
    own[list(names)] = list(names)
    territories = list(dict.fromkeys(territory for _, territory in names.values()))
    if not any(territories):
        return {2: own}
    whole = np.zeros(MOST + 1, np.intp)
    for index, (_, territory) in names.items():
        whole[index] = territories.index(territory) + 1
    return {1: own, 2: whole}


def _labels_of(
    level: int, ids: Mapping[int, npt.NDArray[np.intp]], names: _Names
) -> dict[int, str]:
    """Id to label at one level."""
    is_whole = level == 2 and 1 in ids
    return {int(ids[level][index]): pair[is_whole] for index, pair in names.items()}


def _regions_of(
    level: int, names: Mapping[int, str], ids: npt.NDArray[np.intp], labels: Labels
) -> list[Region]:
    voxels = np.bincount(ids[labels], minlength=MOST + 1)
    right = np.bincount(ids[labels[_right_half()]], minlength=MOST + 1)
    regions = []
    for one, name in sorted(names.items()):
        is_territory = "ventricle" not in name.casefold()
        artery = next((known for known in CIRCULATION if name.upper().startswith(known)), "")
        regions.append(
            Region(
                level=level,
                id=one,
                label=name,
                side=_side_of(int(right[one]), int(voxels[one])),
                circulation=CIRCULATION.get(artery) if is_territory else None,
                is_territory=is_territory,
                ml=float(voxels[one]) / 1000,
            )
        )
    return [*regions, outside_region(level)]


def _side_of(right: int, voxels: int) -> Side | None:
    if not voxels:
        return None
    if right >= _ONE_SIDED * voxels:
        return "right"
    return "left" if voxels - right >= _ONE_SIDED * voxels else None


def _right_half() -> npt.NDArray[np.bool_]:
    return np.asarray(np.arange(SIZE) % SHAPE[0] + ORIGIN_MM[0] > 0)
