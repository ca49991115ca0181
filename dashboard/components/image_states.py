"""Which images each subject has: a row a subject, a column a kind, a mark where one isn't there."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.components.pager import page_within, pager
from dashboard.components.subject_table import patient_href
from dashboard.presets import KINDS, kind_of
from dashboard.view import View
from data_loader.image_states import ABSENT, IN_PART, NONE, NOT_USED, OK, STATES, UNREADABLE
from data_loader.index import Index
from data_loader.rows import Row

PER_PAGE = 100

_NEVER = "not expected"

_MEANINGS = {
    OK: "all files are good",
    IN_PART: "one file is good, another is not",
    UNREADABLE: "there is a file, and it can't be read",
    ABSENT: "the file is a link to content that isn't here",
    NOT_USED: "another file is used in its place",
    NONE: "there is no file",
}
"""What each state means; its mark is drawn by the style sheet over the word, which is read out."""

_Counts = Mapping[tuple[str, str], int]
"""Subjects by kind and state."""


def image_states(index: Index, view: View, *, path: str) -> list[Component]:
    """One page of subjects, under the totals of all.

    Args:
        index: where they are.
        view: what the address says.
        path: of the page at hand.
    """
    *rows, everyone = index.image_state_counts(view.cohort)
    if not rows:
        return [html.P("No images are expected of these subjects.", className="caption")]
    counts = {(row["kind"], row["state"]): row["subjects"] for row in rows}
    choice = view.quality
    n = everyone["subjects" if choice.gaps_of_all else "lacking"]
    page = page_within(choice.gaps_page, n=n, per_page=PER_PAGE)
    subjects = index.image_states(
        view.cohort,
        of_all=choice.gaps_of_all,
        in_order=choice.gaps_in_order,
        offset=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )

    def at(place: int) -> str:
        return path + view.with_quality(gaps_page=place).search

    return [
        _switches(view, everyone, path),
        html.P(_said(everyone, counts), className="caption"),
        _legend(counts),
        _table(subjects, counts, index, view),
        pager(page, n=n, per_page=PER_PAGE, name="subjects and images", href=at),
    ]


def _switches(view: View, everyone: Row, path: str) -> Component:
    lacking, n = everyone["lacking"], everyone["subjects"]
    whom = (
        (f"With gaps ({lacking:,})", {"gaps_of_all": False}),
        (f"All ({n:,})", {"gaps_of_all": True}),
    )
    order = (
        ("Most gaps first", {"gaps_in_order": False}),
        ("Order of the index", {"gaps_in_order": True}),
    )
    return html.Div(
        [_switch("Subjects", whom, view, path), _switch("Sorted by", order, view, path)],
        className="switches",
    )


def _switch(
    name: str, choices: Sequence[tuple[str, dict[str, bool]]], view: View, path: str
) -> Component:
    links = []
    for label, choice in choices:
        there = view.with_quality(**choice, gaps_page=1)
        here = there == view.with_quality(gaps_page=1)
        words = [label, unseen(" (shown)") if here else None]
        links.append(dcc.Link(words, href=path + there.search, className="here" if here else ""))
    return html.Div(links, className="switch", role="group", **aria(label=name))


def _said(everyone: Row, counts: _Counts) -> str:
    n, lacking = everyone["subjects"], everyone["lacking"]
    if not lacking:
        return "Every subject has all the images that others of its dataset and split have."
    kinds = sorted({kind for kind, _ in counts})
    gaps = {kind: sum(counts.get((kind, state), 0) for state in STATES[1:]) for kind in kinds}
    most = max(kinds, key=lambda kind: gaps[kind])
    return (
        f"{lacking:,} of {n:,} subjects lack an image that others of their dataset and split have."
        f" Most often: {kind_of(most).label}, lacking in {gaps[most]:,}."
    )


def _legend(counts: _Counts) -> Component:
    shown = {state for _, state in counts}
    keys = [
        html.Li([_mark(state), html.B(state), f" {meaning}"])
        for state, meaning in _MEANINGS.items()
        if state in shown
    ]
    return html.Ul(keys, className="legend", **aria(label="What the marks mean"))


def _mark(state: str) -> Component:
    return html.Span(className=f"state {_class(state)}", **aria(hidden="true"))


def _class(state: str) -> str:
    return f"state-{state.replace(' ', '-')}"


def _table(subjects: Sequence[Row], counts: _Counts, index: Index, view: View) -> Component:
    kinds = sorted({kind for kind, _ in counts}, key=_place)
    several = len(index.datasets) > 1
    heads = ["Subject", "Lacking", *(kind_of(kind).label for kind in kinds)]
    head = html.Tr([html.Th(label, scope="col") for label in heads])
    states = [state for state in STATES if any((kind, state) in counts for kind in kinds)]
    table = html.Table(
        [
            html.Thead([head, *(_total(state, kinds, counts) for state in states)]),
            html.Tbody([_subject(row, kinds, view, several=several) for row in subjects]),
        ],
        className="states",
    )
    label = aria(label="Images by subject")
    return html.Div(table, className="scroll states-scroll", tabIndex="0", role="region", **label)


def _place(kind: str) -> tuple[int, str]:
    known = list(KINDS)
    return known.index(kind) if kind in known else len(known), kind


def _total(state: str, kinds: Sequence[str], counts: _Counts) -> Component:
    numbers = [counts.get((kind, state), 0) for kind in kinds]
    cells = [html.Td(f"{n:,}", className="" if n else "dimmed") for n in numbers]
    name = html.Th([_mark(state), state], scope="row", colSpan=2)
    return html.Tr([name, *cells], className="total")


def _subject(row: Row, kinds: Sequence[str], view: View, *, several: bool) -> Component:
    href = patient_href(row["dataset"], row["subject"], view.search)
    dataset = html.Small(row["dataset"]) if several else None
    states = [row["states"].get(kind, _NEVER) for kind in kinds]
    return html.Tr(
        [
            html.Th([dcc.Link(row["subject"], href=href), dataset], scope="row"),
            html.Td(row["lacking"], className="lacking"),
            # One element a cell: a page has hundreds of them.
            *(html.Td(state, className=_class(state)) for state in states),
        ]
    )
