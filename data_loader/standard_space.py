"""Infarcts in standard space as tables: by territory, as runs of voxels, and how they got there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from data_loader.atlas import AtlasInfo
from data_loader.content import Content, Row, StoredImage, add_variables, complain
from data_loader.journal import Key, Result
from data_loader.packed import unpack
from data_loader.registrations import NOT_YET, Way
from data_loader.variables import Variable, dictionary

VARIABLES = ("dominant_territory", "lesion_side", "circulation", "territories_involved")
"""What the territories of an infarct come to, as columns of the subject table."""

Numbers = dict[str, npt.NDArray[Any]]


class Counted(Protocol):
    """An infarct by territory, as `analytics.territories` counts it.

    It has `VARIABLES` beside the volumes.
    """

    @property
    def volumes_ml(self) -> npt.NDArray[np.float64]:
        """Volume in each region of the atlas, in the order of its regions."""

    @property
    def region_shares(self) -> npt.NDArray[np.float64]:
        """Which share of each region it is; NaN where the image covers none of it."""


@dataclass(frozen=True)
class StandardSpace:
    """How infarcts are counted in standard space; what does it is of `analytics`.

    Attributes:
        atlas: whose territories are counted.
        labels: the atlas itself, level by level: the id of the region that each voxel of standard
            space lies in, a byte each.
        count: counts one, given its placement as measured and the volume of its voxels in mm³.
    """

    atlas: AtlasInfo
    labels: bytes
    count: Callable[[Result, float], Counted]


@dataclass
class StandardTables:
    """Contents of the tables about standard space, by their names."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)


def add_standard(
    content: Content,
    masks: Sequence[StoredImage],
    results: Mapping[Key, Result],
    standard: StandardSpace | None,
    ways: Mapping[Key, Way],
) -> StandardTables:
    """Count infarcts by territory, and put what that comes to beside subjects and lesions.

    Args:
        content: with measures; it gets more columns and problems.
        masks: as chosen by `select_masks`.
        results: of measuring and of placing.
        standard: how they are counted; None leaves the tables empty.
        ways: of the masks that aren't in MNI152, by the mask's key.
    """
    tables = StandardTables({"atlas": [], "atlas_regions": [], "registrations": []})
    if standard is None:
        return tables
    tables.rows |= _atlas_rows(standard)
    place_of = partial(_place, results=results, ways=ways)
    placed = list(_placed(content, masks, place_of, standard, tables.rows["registrations"]))
    for one in placed:
        values = {name: getattr(one.counted, name) for name in VARIABLES}
        one.subject.update(values)
        one.lesion["dominant_territory"] = values["dominant_territory"]
    if placed:
        add_variables(content, _variables(standard.atlas, [one.subject for one in placed]))
        tables.numbers["territory_volumes"] = _volumes(placed, standard.atlas)
        tables.numbers["lesion_runs"] = _runs(placed)
    return tables


@dataclass(frozen=True)
class _Placed:
    """An infarct in standard space; `position` is that of its subject."""

    position: int
    subject: Row
    lesion: Row
    placement: Result
    counted: Counted


def _placed(
    content: Content,
    masks: Sequence[StoredImage],
    place_of: Callable[[StoredImage], tuple[Row, Result | None]],
    standard: StandardSpace,
    registrations: list[Row],
) -> Iterator[_Placed]:
    """The infarcts that are in standard space; every measured one gets a row in `registrations`."""
    images = {(row["dataset"], row["file"]): row for row in content.images}
    lesions = {(row["dataset"], row["subject"]): row for row in content.lesions}
    positions = {(row["dataset"], row["subject"]): at for at, row in enumerate(content.subjects)}
    for mask in masks:
        image = images[mask.scan.name, mask.image.file.path]
        key = (image["dataset"], image["subject"])
        if key not in lesions:
            continue
        way, placement = place_of(mask)
        registrations.append({name: image[name] for name in ("dataset", "subject", "file")} | way)
        if way["status"] == "failed":
            complain(content, image, "territory-unavailable", way["reason"])
        if placement is not None:
            mm3 = image["voxel_x_mm"] * image["voxel_y_mm"] * image["voxel_z_mm"]
            at, counted = positions[key], standard.count(placement, mm3)
            yield _Placed(at, content.subjects[at], lesions[key], placement, counted)


def _place(
    mask: StoredImage, results: Mapping[Key, Result], ways: Mapping[Key, Way]
) -> tuple[Row, Result | None]:
    """How a mask came to standard space, and where it lies there; None where it didn't."""
    if mask.in_mni:
        row, placement = {"status": "given"}, results[mask.key]["placement"]
    else:
        way = ways[mask.key]
        row, placement = way.row, results.get(way.key)
        if not way.key:
            return row, None
        if placement is None:
            return row | {"status": "unavailable", "reason": NOT_YET}, None
    if reason := placement.get("sentence") or placement["reason"]:
        return row | {"status": "failed", "reason": reason}, None
    return row | {"outside_voxels": placement["outside"]}, placement


def _atlas_rows(standard: StandardSpace) -> dict[str, list[Row]]:
    atlas = {
        name: getattr(standard.atlas, name)
        for name in ("name", "version", "sha256", "license", "citation", "note")
    }
    labels = isal_zlib.compress(standard.labels, 1)
    regions = [asdict(region) for region in standard.atlas.regions]
    return {"atlas": [{**atlas, "labels": labels}], "atlas_regions": regions}


def _variables(atlas: AtlasInfo, subjects: Sequence[Row]) -> Iterator[Variable]:
    """The variables that any of the subjects has a value of."""
    datasets = tuple(dict.fromkeys(row["dataset"] for row in subjects))
    for name in VARIABLES:
        variable = dictionary()[name]
        if name == "dominant_territory":
            known = {region.label: region.label for region in atlas.territories}
            levels = {code: variable.levels.get(code, code) for code in known}
            levels["none"] = variable.levels["none"]
            labels = tuple(dict.fromkeys(region.label for region in atlas.regions))
            variable = replace(variable, levels=levels, regions=labels)
        if any(row[name] is not None for row in subjects):
            yield replace(variable, datasets=datasets)


def _volumes(placed: Sequence[_Placed], atlas: AtlasInfo) -> Numbers:
    ml = np.array([one.counted.volumes_ml for one in placed])
    level = np.array([region.level for region in atlas.regions])
    totals = np.stack([ml[:, level == one].sum(axis=1) for one in level], axis=1)
    share = np.divide(ml, totals, out=np.full_like(ml, np.nan), where=totals > 0)
    regions = np.arange(len(level), dtype=np.int32)
    return {
        "subject": np.repeat(_positions(placed), len(level)),
        "region": np.tile(regions, len(placed)),
        "ml": ml.ravel(),
        "share": share.ravel(),
        "region_share": np.array([one.counted.region_shares for one in placed]).ravel(),
    }


def _runs(placed: Sequence[_Placed]) -> Numbers:
    runs = [unpack(one.placement["runs"]) for one in placed]
    first, behind = np.concatenate(runs).reshape(-1, 2).T
    return {
        "subject": np.repeat(_positions(placed), [len(each) // 2 for each in runs]),
        "first": np.ascontiguousarray(first),
        "behind": np.ascontiguousarray(behind),
    }


def _positions(placed: Sequence[_Placed]) -> npt.NDArray[np.int32]:
    return np.array([one.position for one in placed], np.int32)
