"""The infarcts of the cohort at a glance: a picture a subject, the slice with most of it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components.pager import page_within, pager
from dashboard.components.tile import infarct_tile, tile_words
from dashboard.view import View, variables_by_group
from data_loader.cohort import SUBJECT
from data_loader.index import Index
from data_loader.variables import Variable

PER_PAGE = 250
VOLUME = "volume_ml"
"""Of the infarct; what pictures are sorted by unless the address says else."""


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
    return view.sort or (f"-{VOLUME}" if VOLUME in index.variables else SUBJECT)


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
    page = page_within(view.page, n=n, per_page=PER_PAGE)
    columns = dict.fromkeys(shown for shown in (VOLUME, name) if shown in index.variables)
    rows = index.subjects(
        view.cohort,
        columns=[*columns, "has_mask"],
        sort=[(name, key.startswith("-"))],
        offset=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    bars = index.bars_of(rows, view.charts)
    tiles = [
        infarct_tile(row, tile_words(row, list(columns), index), search=view.search, bars=found)
        for row, found in zip(rows, bars, strict=True)
    ]

    def at(place: int) -> str:
        return path + view.with_page(place).search

    pages = pager(page, n=n, per_page=PER_PAGE, name="infarcts", href=at)
    return [html.Div(tiles, className="tiles"), pages]
