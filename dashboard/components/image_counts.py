"""Images by kind: who has them, what became of the files, how large they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from dashboard.components.count_bar import count_cell
from dashboard.presets import KINDS, kind_of
from dashboard.subject_groups import SubjectGroups
from data_loader.rows import Row
from data_loader.schema import STATUSES

_SPACES = {None: "native", "ncct": "of the NCCT"}
_VOXELS = ("nx", "ny", "nz")
_MM = ("voxel_x_mm", "voxel_y_mm", "voxel_z_mm")
_TIMES = " \u00d7 "

_Key = tuple[str | None, str | None]
"""Kind and space."""


@dataclass(frozen=True)
class _Part:
    """The subjects of one split, or all, and their images by kind and space."""

    label: str
    n: int
    rows: Mapping[_Key, Row]


def image_counts(rows: Sequence[Row], groups: SubjectGroups) -> list[Component]:
    """A row a kind and space.

    Args:
        rows: as `Index.image_counts` gives them.
        groups: the cohort's subjects.
    """
    if not rows:
        return [html.P("There are no image files.", className="caption")]
    everyone = _Part("Subjects", groups.count({}), _by_key(r for r in rows if not r["split_row"]))
    parts = [everyone, *_by_split(rows, groups)]
    statuses = [name for name in STATUSES if any(row[name] for row in everyone.rows.values())]
    kinds = groupby(sorted(everyone.rows, key=_place), key=lambda key: key[0])
    bodies = [_body(kind, list(keys), parts, statuses) for kind, keys in kinds]
    table = html.Table([_head(parts, statuses), *bodies], className="table counted image-counts")
    return [html.Div(table, className="scroll"), html.P(_caption(everyone), className="caption")]


def _by_key(rows: Iterable[Row]) -> dict[_Key, Row]:
    return {(row["kind"], row["space"]): row for row in rows}


def _by_split(rows: Sequence[Row], groups: SubjectGroups) -> list[_Part]:
    splits = groups.values("split", {})
    if len(splits) < 2:
        return []
    split_rows = [row for row in rows if row["split_row"]]
    return [
        _Part(
            "no split" if split is None else groups.label("split", split),
            groups.count({"split": split}),
            _by_key(row for row in split_rows if row["split"] == split),
        )
        for split in splits
    ]


def _place(key: _Key) -> tuple[bool, int, str, str]:
    kind, space = key
    known = list(KINDS)
    place = known.index(kind) if kind in known else len(known)
    return kind is None, place, kind or "", space or ""


def _head(parts: Sequence[_Part], statuses: Sequence[str]) -> Component:
    files = [f"Files {name}" for name in statuses]
    texts = [html.Th(label, scope="col", className="text") for label in ("Image", "Grid")]
    labels = [*(part.label for part in parts), *files, "Voxels", "Voxel size, mm"]
    return html.Thead(html.Tr([*texts, *(html.Th(label, scope="col") for label in labels)]))


def _body(
    kind: str | None, keys: Sequence[_Key], parts: Sequence[_Part], statuses: Sequence[str]
) -> Component:
    """One kind, a row a space."""
    label = kind_of(kind).label if kind else "Of no known kind"
    name = html.Th(label, scope="rowgroup", rowSpan=len(keys))
    rows = [_row(key, parts, statuses) for key in keys]
    return html.Tbody([html.Tr([name, *rows[0]]), *map(html.Tr, rows[1:])])


def _row(key: _Key, parts: Sequence[_Part], statuses: Sequence[str]) -> list[Component]:
    kind, space = key
    row = parts[0].rows[key]
    return [
        html.Td(_SPACES.get(space, space) if kind else "", className="text"),
        *(_having(part, key) for part in parts),
        *(html.Td(f"{row[name]:,}", className="" if row[name] else "dimmed") for name in statuses),
        html.Td(_extent(row, _VOXELS)),
        html.Td(_extent(row, _MM)),
    ]


def _having(part: _Part, key: _Key) -> Component:
    n = part.rows[key]["subjects"] if key in part.rows else 0
    return count_cell(n, part.n, f"{n:,}")


def _extent(row: Row, axes: Sequence[str]) -> list[Component | str]:
    """Middle of each axis, and below it from where to where it goes if it isn't always the same."""
    if row[axes[0]][0] is None:
        return []
    middle = _TIMES.join(_number(row[axis][0]) for axis in axes)
    if axes is _VOXELS and row["nt"][0] > 1:
        middle += f"{_TIMES}{row['nt'][0]} frames"
    spread = _TIMES.join(_range(*row[axis][1:]) for axis in axes)
    return [middle, html.Small(spread)] if "\u2013" in spread else [middle]


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _range(least: float, largest: float) -> str:
    low, high = _number(least), _number(largest)
    return low if low == high else f"{low}\u2013{high}"


def _caption(everyone: _Part) -> str:
    files = sum(row["files"] for row in everyone.rows.values())
    good = sum(row["ok"] for row in everyone.rows.values())
    read = "all of them readable" if good == files else f"{good:,} of them in use"
    return (
        f"{files:,} files, {read}. A subject counts if one of its files is; bars are shares of all"
        " subjects. Grids are medians axis by axis, with the range below where they differ."
    )
