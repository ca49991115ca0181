"""The infarcts of all subjects for looking over, with a mark on those that have problems."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.components.gallery import VOLUME, sorted_by
from dashboard.components.pager import page_within, pager
from dashboard.components.problem_chips import code_words
from dashboard.components.tile import infarct_tile, problem_mark, tile_words
from dashboard.view import View
from data_loader.cohort import SUBJECT
from data_loader.index import Index
from data_loader.rows import Row

PER_PAGE = 120


def mosaic(index: Index, view: View, problems: Sequence[Row], *, path: str) -> list[Component]:
    """One page of tiles.

    Args:
        index: where the subjects are.
        view: what the address says.
        problems: as `Index.problem_counts` gives them.
        path: of the page at hand.
    """
    n = index.count(view.cohort)
    if not n:
        return [html.P("There is nobody in this cohort.", className="caption")]
    page = page_within(view.page, n=n, per_page=PER_PAGE)
    rows, names = _rows(index, view, page)
    marks = _marks(problems)
    tiles = [
        infarct_tile(row, tile_words(row, names, index), search=view.search, mark=_mark(row, marks))
        for row in rows
    ]

    def at(place: int) -> str:
        return path + view.with_page(place).search

    return [
        _order(index, view, path),
        html.P(_said(marks), className="caption"),
        html.Div(tiles, className="tiles"),
        pager(page, n=n, per_page=PER_PAGE, name="infarcts", href=at),
    ]


def _rows(index: Index, view: View, page: int) -> tuple[Sequence[Row], list[str]]:
    key = sorted_by(view, index)
    name = key.removeprefix("-")
    names = [shown for shown in dict.fromkeys((VOLUME, name)) if shown in index.variables]
    rows = index.subjects(
        view.cohort,
        columns=[*names, "has_mask"],
        sort=[(name, key.startswith("-"))],
        offset=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    return rows, names


_Marks = Mapping[str, list[Row]]
"""Counts of the problems of a subject, by its key."""


def _marks(problems: Sequence[Row]) -> _Marks:
    marks: dict[str, list[Row]] = {}
    for row in problems:
        for label in row["labels"]:
            marks.setdefault(label, []).append(row)
    return marks


def _mark(row: Row, marks: _Marks) -> Component | None:
    found = marks.get(f"{row['dataset']}/{row['subject']}")
    if not found:
        return None
    severe = any(problem["severity"] == "error" for problem in found)
    return problem_mark([code_words(problem["code"]) for problem in found], severe=severe)


def _order(index: Index, view: View, path: str) -> Component:
    """Links that sort; another variable may have been chosen on the Cohort page."""
    links = []
    for label, sort in (("Largest first", None), ("Order of the index", SUBJECT)):
        here = sorted_by(view, index) == sorted_by(replace(view, sort=sort), index)
        words = [label, unseen(" (shown)") if here else None]
        there = replace(view, sort=sort, page=1)
        links.append(dcc.Link(words, href=path + there.search, className="here" if here else ""))
    return html.Div(links, className="switch", role="group", **aria(label="Infarcts sorted by"))


def _said(marks: _Marks) -> str:
    return (
        "The slice with most of each infarct; subjects without a mask come last. A number in the"
        f" corner counts the kinds of problem a subject has; {len(marks):,}"
        f" {'subject has' if len(marks) == 1 else 'subjects have'} one."
        " A picture leads to its patient."
    )
