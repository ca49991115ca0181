"""Problems by code: how many, whom they concern, what to do, and the first of each."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.problem_chips import code_words
from dashboard.components.subject_table import patient_href
from dashboard.view import View
from data_loader.cohort import SUBJECT
from data_loader.index import Index
from data_loader.rows import Row

_MOST_LISTED = 200
"""Subjects that still fit in an address."""

_HEAD = (
    ("Severity", "text"),
    ("Problem", "text"),
    ("Number", ""),
    ("Subjects", ""),
    ("What to do", "text"),
    ("The first of them", "text"),
)
"""Heading and class of each column."""


def problem_counts(rows: Sequence[Row], index: Index, view: View) -> list[Component]:
    """A row a code and severity, errors first.

    Args:
        rows: as `Index.problem_counts` gives them.
        index: where they are.
        view: what the address says.
    """
    if not rows:
        everyone = view.cohort.is_everyone
        none = "No problems were found." if everyone else "No problem concerns these subjects."
        return [html.P(none, className="caption")]
    table = html.Table(
        [
            html.Thead(
                html.Tr([html.Th(text, scope="col", className=kind) for text, kind in _HEAD])
            ),
            html.Tbody([_row(row, index, view) for row in rows]),
        ],
        className="table counted problem-counts",
    )
    return [html.Div(table, className="scroll"), html.P(_caption(view), className="caption")]


def _caption(view: View) -> str:
    sentence = "After an error something could not be used; after a warning it was."
    if view.cohort.is_everyone:
        return sentence
    return f"{sentence} Problems of files that belong to no subject are left out."


def _row(row: Row, index: Index, view: View) -> Component:
    severity = html.Span(row["severity"], className=f"severity severity-{row['severity']}")
    return html.Tr(
        [
            html.Td(severity, className="text"),
            html.Th(code_words(row["code"]), scope="row"),
            html.Td(f"{row['problems']:,}"),
            html.Td(_concerned(row["labels"], index, view)),
            html.Td(row["remedy"], className="text"),
            html.Td(_first(row["first"], view), className="text"),
        ]
    )


def _concerned(labels: Sequence[str], index: Index, view: View) -> Component | str:
    if not 0 < len(labels) <= _MOST_LISTED:
        return f"{len(labels):,}"
    there = view.cohort.with_filter(SUBJECT, ",".join(labels), index.variables)
    return dcc.Link(f"{len(labels):,}", href=f"/cohort{view.with_cohort(there).search}")


def _first(first: Row, view: View) -> list[Component | str]:
    where = html.Small(first["file"]) if first["file"] else ""
    if not first["subject"]:
        return [first["sentence"], where]
    href = patient_href(first["dataset"], first["subject"], view.search)
    return [dcc.Link(first["subject"], href=href), f": {first['sentence']}", where]
