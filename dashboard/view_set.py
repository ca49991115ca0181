"""What the viewer can show of one subject: addresses and looks, from which the browser chooses."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from analytics.components import InfarctComponent, infarct_components
from dashboard import images
from dashboard.image_files import ImageFile, NotServed, image_of, images_of
from dashboard.presets import SERIES, THRESHOLD_TMAX_S, Kind, kind_of
from dashboard.stacks import TEMPLATE, Slices
from dashboard.theme import LESION
from dashboard.vessels import willis_labels
from data_loader.errors import ImageError
from data_loader.index import Dataset, Index
from data_loader.mni152 import mni152_path
from data_loader.nifti import read_volume
from data_loader.rows import Row

INFARCT, OCCLUSION, WILLIS = "infarct", "occlusion", "willis"
OVERLAYS = {INFARCT: "Infarct", OCCLUSION: "Occlusion", WILLIS: "Circle of Willis"}
"""What can lie over an image, as a reader says it."""

LESION_COLORMAP, OCCLUSION_COLORMAP = "insula-lesion", "insula-occlusion"
OCCLUSION_COLOR = "#fcc419"

_ACUTE = ("ncct", "cta", SERIES, "tmax", "cbf", "cbv", "mtt")
_FOLLOW_UP = ("dwi", "adc", "flair", "t1w")
_NO_BACKGROUND = ("lesion", "lesion-acute", "lesion-chronic", "lvo", "cow")
_LARGE_BYTES = 50 * 2**20


def view_set(index: Index, row: Row, slices: Slices) -> dict[str, Any]:
    """Describe a subject's images for the viewer.

    Args:
        index: where they are listed.
        row: of the subject.
        slices: its axial slices.
    """
    dataset = next(known for known in index.datasets if known.name == row["dataset"])
    found = images_of(index, row["dataset"], row["subject"])
    mask = next((image for image in found if image.kind == "lesion"), None)
    kinds = _kinds(found, mask)
    left, right = _panes(list(kinds))
    components = components_of(mask)
    return {
        "subject": row["subject"],
        "dataset": _cited(dataset),
        "left": left,
        "right": right,
        "kinds": kinds,
        "over": _over(found),
        "volume_ml": row.get("volume_ml"),
        "levels": _levels(slices),
        "strip": next(iter(slices.grids.values())).levels,
        "components": [{"ml": c.volume_ml, "mm": c.at_mm} for c in components],
    }


def _cited(dataset: Dataset) -> str:
    return f"{dataset.title} ({dataset.license})" if dataset.license else dataset.title


def _levels(slices: Slices) -> list[int]:
    """World z of slices worth a mosaic: those with infarct, else the middle ones."""
    kind, grid = next(iter(slices.grids.items()))
    inside = [z for z, area in zip(grid.levels, slices.areas(kind), strict=True) if area]
    edge = grid.slices // 5
    return inside or list(grid.levels[edge : grid.slices - edge])


def _kinds(found: Sequence[ImageFile], mask: ImageFile | None) -> dict[str, Any]:
    if mask and mask.in_mni and mni152_path("t1"):
        return {TEMPLATE: _template()}
    names = [image.kind for image in found if image.kind not in _NO_BACKGROUND]
    order = [*_ACUTE, *_FOLLOW_UP]
    names = sorted(set(names), key=lambda name: (order.index(name) if name in order else 99, name))
    if not names and mask:
        return {"lesion": _described(mask, mask) | {"silent": True}}
    return {name: _described(image_of(list(found), name), mask) for name in names}


def _template() -> dict[str, Any]:
    kind = kind_of(TEMPLATE)
    volume = {"id": TEMPLATE, "url": images.TEMPLATE, "name": kind.label}
    return {**_look(kind), "volume": volume, "aligned": True, "frames": 1, "silent": True}


def _look(kind: Kind) -> dict[str, Any]:
    presets = [
        {"value": p.name, "label": p.heading, "low": p.low, "high": p.high, "map": p.colormap}
        for p in kind.presets
    ]
    return {"label": kind.label, "unit": kind.unit, "presets": presets}


def _described(image: ImageFile, mask: ImageFile | None) -> dict[str, Any]:
    kind = kind_of(image.kind)
    volume = volume_of(image)
    if image.kind == "tmax":
        volume |= {"outline": 2, "outline_color": "#ffffff", "outline_above": THRESHOLD_TMAX_S}
    size = image.row["bytes"]
    return {
        **_look(kind),
        "volume": volume,
        "aligned": mask is None or _is_aligned(image, mask),
        "frames": image.row["nt"],
        "note": f"White line: above {THRESHOLD_TMAX_S:g} s." if image.kind == "tmax" else "",
        "megabytes": round(size / 2**20) if size > _LARGE_BYTES else None,
    }


def _is_aligned(image: ImageFile, mask: ImageFile) -> bool:
    """Whether an image has the grid of the mask, by what the index holds of both."""
    names = ("nx", "ny", "nz", "orientation")
    return all(image.row[name] == mask.row[name] for name in names)


def volume_of(image: ImageFile) -> dict[str, Any]:
    """An image as the viewer takes it, without its looks."""
    parts = (image.row["dataset"], image.row["subject"], image.kind, image.fingerprint, image.name)
    address = "/".join(quote(str(part), safe="") for part in parts)
    return {
        "id": image.kind,
        "url": f"/volume/{address}",
        "name": kind_of(image.kind).label,
    }


def _panes(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Acute images left, follow-up right; where one of them lacks, all on both sides."""
    right = [name for name in names if name in _FOLLOW_UP]
    left = [name for name in names if name not in _FOLLOW_UP]
    if left and right:
        return left, right
    return list(names), list(names)[1:]


def _over(found: Sequence[ImageFile]) -> dict[str, Any]:
    """What of `OVERLAYS` the subject has, as volumes."""
    looks: Mapping[str, tuple[str, dict[str, Any]]] = {
        INFARCT: ("lesion", _mask_look(LESION_COLORMAP, LESION)),
        OCCLUSION: ("lvo", _mask_look(OCCLUSION_COLORMAP, OCCLUSION_COLOR)),
        WILLIS: ("cow", {"colormap_label": willis_labels(), "colorbar": False}),
    }
    over = {}
    for name, (kind, look) in looks.items():
        image = next((image for image in found if image.kind == kind), None)
        if image:
            over[name] = {**volume_of(image), **look, "id": name}
    return over


def _mask_look(colormap: str, color: str) -> dict[str, Any]:
    return {
        "colormap": colormap,
        "cal_min": 0,
        "cal_max": 1,
        "outline": 2,
        "outline_color": color,
        "outline_above": 0.5,
        "colorbar": False,
    }


def components_of(mask: ImageFile | None) -> list[InfarctComponent]:
    """The components of a subject's mask; none where it can't be read any more."""
    if mask is None:
        return []
    try:
        return infarct_components(read_volume(mask.path()))
    except (ImageError, NotServed):
        return []
