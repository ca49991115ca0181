"""Every problem: what is wrong with which file or value of whom, and what to do about it.

A few are a plain table; many are a grid that asks for its rows as it is scrolled.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria
from dashboard.components.problem_chips import code_words
from dashboard.components.subject_table import patient_href
from dashboard.view import View
from data_loader.index import Index
from data_loader.problems import ANY_PROBLEM, REMEDIES
from data_loader.rows import Row

MOST_PLAIN = 200
"""Problems that a plain table still bears."""

_BLOCK_ROWS = 100
_ORDER = (("severity", False), ("code", False))
_COLUMNS = (
    ("severity", "Severity", 84),
    ("code", "Problem", 112),
    ("subject", "Subject", 100),
    ("sentence", "What is wrong", 205),
    ("remedy", "What to do", 190),
    ("variable", "Variable", 85),
    ("file", "File", 170),
)
"""Name in the index, heading, and least width in the grid, in pixels."""


def problem_table(index: Index, view: View, *, n: int) -> list[Component]:
    """The plain table; nothing if the problems are too many for it.

    Args:
        index: where they are.
        view: what the address says.
        n: how many are asked for.
    """
    if not n and view.quality.findings != ANY_PROBLEM:
        return [html.P("No problem of these subjects is of this kind.", className="caption")]
    if not n:
        return []
    if n > MOST_PLAIN:
        return []
    rows = index.problems(view.cohort, view.quality.findings, sort=_ORDER)
    head = [html.Th(heading, scope="col") for _, heading, _ in _COLUMNS]
    table = html.Table(
        [
            html.Thead(html.Tr(head)),
            html.Tbody([_row(row, index, view) for row in rows]),
        ],
        className="table problem-table",
    )
    label = aria(label="List of problems")
    return [html.Div(table, className="scroll", tabIndex="0", role="region", **label)]


def _row(row: Row, index: Index, view: View) -> Component:
    severity = html.Span(row["severity"], className=f"severity severity-{row['severity']}")
    folder, slash, name = (row["file"] or "").rpartition("/")
    return html.Tr(
        [
            html.Td(severity),
            html.Th(code_words(row["code"]), scope="row"),
            html.Td(_subject(row, index, view), className="subject"),
            html.Td(row["sentence"]),
            html.Td(row["remedy"], className="remedy"),
            html.Td(_variable(row, index)),
            html.Td([html.Small(folder + slash), name], className="file" if name else ""),
        ]
    )


def _subject(row: Row, index: Index, view: View) -> list[Component] | str:
    dataset = html.Small(row["dataset"]) if len(index.datasets) > 1 else None
    if not row["subject"]:
        return [dataset] if dataset else ""
    link = dcc.Link(row["subject"], href=patient_href(row["dataset"], row["subject"], view.search))
    return [link, dataset] if dataset else [link]


def _variable(row: Row, index: Index) -> str:
    known = index.variables.get(row["variable"] or "")
    return known.label if known else row["variable"] or ""


def problem_grid() -> dag.AgGrid:
    """The grid for many; its rows come when it asks."""
    return dag.AgGrid(
        id=ids.PROBLEM_GRID,
        rowModelType="infinite",
        columnDefs=[_column(*column) for column in _COLUMNS],
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressMovable": True,
            "wrapText": True,
        },
        dashGridOptions={
            "cacheBlockSize": _BLOCK_ROWS,
            "maxBlocksInCache": 20,
            "rowHeight": 60,
            "headerHeight": 34,
            "tooltipShowDelay": 300,
        },
        className="subject-table problem-grid",
    )


def _column(name: str, heading: str, width: int) -> dict[str, Any]:
    column = {
        "field": name,
        "headerName": heading,
        "tooltipField": "path" if name == "file" else name,
        "flex": width,
        "minWidth": width,
    }
    return column | ({"cellRenderer": "PatientLink"} if name == "subject" else {})


def page_of_problems(
    index: Index, view: View, request: Mapping[str, Any], *, n: int
) -> dict[str, Any]:
    """Answer one request of the grid.

    Args:
        index: where the problems are.
        view: what the address says.
        request: first and last row, and how they are sorted; what makes no sense is ignored.
        n: problems that are asked for; none are sent where the plain table has them.
    """
    if n <= MOST_PLAIN:
        return {"rowData": [], "rowCount": 0}
    start = max(0, int(request.get("startRow") or 0))
    limit = min(max(1, int(request.get("endRow") or 0) - start), 10 * _BLOCK_ROWS)
    known = {name for name, _, _ in _COLUMNS}
    asked = [
        (key["colId"], key.get("sort") == "desc")
        for key in request.get("sortModel") or ()
        if key.get("colId") in known
    ]
    rows = index.problems(
        view.cohort, view.quality.findings, sort=asked or _ORDER, offset=start, limit=limit
    )
    return {"rowData": [_shown(row, index, view) for row in rows], "rowCount": n}


def _shown(row: Row, index: Index, view: View) -> Row:
    subject = row["subject"]
    href = patient_href(row["dataset"], subject, view.search) if subject else None
    path = row["file"] or ""
    return row | {
        "code": code_words(row["code"]),
        "variable": _variable(row, index),
        "href": href,
        "file": path.rpartition("/")[2],
        "path": path,
    }


def looked_for(codes: Sequence[str] = tuple(REMEDIES)) -> Component:
    """Every kind of problem that is looked for, and what to do about it."""
    items = [
        part for code in codes for part in (html.Dt(code_words(code)), html.Dd(REMEDIES[code]))
    ]
    return html.Dl(items, className="looked-for")
