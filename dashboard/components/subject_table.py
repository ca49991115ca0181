"""The table of the cohort's subjects: pages of rows from the server, sorted there."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag

from dashboard import ids
from data_loader.cohort import Cohort
from data_loader.index import Index
from data_loader.variables import Variable

_PAGE_ROWS = 100


def subject_table() -> dag.AgGrid:
    """Lay the table out; columns and rows come with the address."""
    return dag.AgGrid(
        id=ids.SUBJECTS,
        rowModelType="infinite",
        columnDefs=[],
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
        dashGridOptions={
            "cacheBlockSize": _PAGE_ROWS,
            "rowBuffer": 10,
            "maxBlocksInCache": 20,
            "rowHeight": 30,
            "headerHeight": 34,
        },
        className="subject-table",
    )


def column_definitions(index: Index, names: Sequence[str]) -> list[dict[str, Any]]:
    """The subject with a link to its page, then a column a variable."""
    first = {
        "field": "subject",
        "headerName": "Subject",
        "cellRenderer": "PatientLink",
        "pinned": "left",
        "width": 130,
    }
    return [first, *(_column(index.variables[name]) for name in names)]


def _column(variable: Variable) -> dict[str, Any]:
    number = not variable.is_discrete
    return {
        "field": variable.name,
        "headerName": variable.heading,
        "headerTooltip": variable.note or variable.heading,
        "type": "rightAligned" if number else None,
        "flex": 1,
        "minWidth": 120,
    }


def page_of_rows(
    index: Index, cohort: Cohort, names: Sequence[str], request: Mapping[str, Any], *, search: str
) -> dict[str, Any]:
    """Answer one request of the table.

    Args:
        index: where the rows are.
        cohort: which subjects.
        names: of the variables shown.
        request: first and last row, and how they are sorted; what makes no sense is ignored.
        search: of the page's address, for links to patients.
    """
    start = max(0, int(request.get("startRow") or 0))
    limit = min(max(1, int(request.get("endRow") or 0) - start), 10 * _PAGE_ROWS)
    known = {"subject", *names}
    sort = [
        (key["colId"], key.get("sort") == "desc")
        for key in request.get("sortModel") or ()
        if key.get("colId") in known
    ]
    found = index.subjects(cohort, columns=names, sort=sort, offset=start, limit=limit)
    shown = [
        {name: index.variables[name].shown(row[name]) for name in names}
        | {"subject": row["subject"], "key": f"{row['dataset']}/{row['subject']}"}
        | {"href": patient_href(row["dataset"], row["subject"], search), "bars": bars}
        for row, bars in zip(found, index.bars_of(found, names), strict=True)
    ]
    return {"rowData": shown, "rowCount": index.count(cohort)}


def patient_href(dataset: str, subject: str, search: str) -> str:
    """The address of a patient's page, within the cohort of a query."""
    return f"/patient/{dataset}/{subject}{search}"
