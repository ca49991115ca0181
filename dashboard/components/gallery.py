"""The infarcts of the cohort at a glance: a picture a subject, the slice with most of it."""

import math
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria, data, unseen
from dashboard.components.subject_table import patient_href
from dashboard.view import View, variables_by_group
from data_loader.cohort import SUBJECT
from data_loader.index import Index
from data_loader.rows import Row
from data_loader.variables import Variable

PER_PAGE = 48
_VOLUME = "volume_ml"


def gallery_sort() -> dmc.Select:
    """Lay out the choice of a variable to sort by; its values come with the index."""
    return dmc.Select(
        id=ids.GALLERY_SORT, label="Sorted by", searchable=True, size="xs", allowDeselect=False
    )


def sort_choices(index: Index) -> list[dict[str, Any]]:
    """Every variable, from small to large and from large to small."""
    groups = variables_by_group(index).items()
    first: dict[str, Any] = {"group": "Subject", "items": [{"value": SUBJECT, "label": "Label"}]}
    return [first, *({"group": group, "items": _directions(found)} for group, found in groups)]


def _directions(variables: list[Variable]) -> list[dict[str, str]]:
    return [
        {"value": f"{sign}{variable.name}", "label": f"{variable.label}, {words}"}
        for variable in variables
        for sign, words in (("-", "falling"), ("", "rising"))
    ]


def sorted_by(view: View, index: Index) -> str:
    """What the gallery is sorted by: the largest infarct first unless the address says else."""
    return view.sort or (f"-{_VOLUME}" if _VOLUME in index.variables else SUBJECT)


def lesion_gallery(view: View, index: Index, *, path: str) -> list[Component]:
    """One page of pictures, and links to the pages before and after.

    Args:
        view: what the address says.
        index: where the subjects are.
        path: of the page at hand.
    """
    key = sorted_by(view, index)
    name = key.removeprefix("-")
    n = index.count(view.cohort)
    page = min(view.page, max(1, math.ceil(n / PER_PAGE)))
    columns = dict.fromkeys(shown for shown in (_VOLUME, name) if shown in index.variables)
    rows = index.subjects(
        view.cohort,
        columns=[*columns, "has_mask"],
        sort=[(name, key.startswith("-"))],
        offset=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    bars = index.bars_of(rows, view.charts)
    tiles = [
        _tile(row, index, list(columns), view=view, bars=found)
        for row, found in zip(rows, bars, strict=True)
    ]
    return [html.Div(tiles, className="tiles"), _pages(view, page, n, path=path)]


def _tile(row: Row, index: Index, columns: list[str], *, view: View, bars: list[int]) -> Component:
    said = ", ".join(
        f"{index.variables[name].shown(row[name])} {index.variables[name].unit or ''}".strip()
        for name in columns
        if row[name] is not None
    )
    source = f"/slice/{row['dataset']}/{row['subject']}/lesion.png?size=small"
    picture = (
        html.Img(alt="", width=132, height=132, **data(src=source))
        if row["has_mask"]
        else html.Div("no mask", className="tile-blank")
    )
    words = html.Span([html.B(row["subject"]), html.Br(), said])
    link = dcc.Link(
        [picture, words], href=patient_href(row["dataset"], row["subject"], view.search)
    )
    return html.Div(
        link,
        className="tile",
        **data(subject=f"{row['dataset']}/{row['subject']}", bars=str(bars)),
    )


def _pages(view: View, page: int, n: int, *, path: str) -> Component:
    last = max(1, math.ceil(n / PER_PAGE))
    links = [
        dcc.Link(word, href=path + view.with_page(place).search)
        for word, place in (("Before", page - 1), ("Next", page + 1))
        if 1 <= place <= last
    ]
    where = f"Page {page:,} of {last:,}; {n:,} subjects"
    return html.Nav(
        [unseen("Gallery: "), where, *links], className="pages", **aria(label="Gallery")
    )
