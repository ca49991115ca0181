"""A report kept as JSON between the process that makes it and those that show it."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from analytics.tables.table import Cell, Column, Report, Table, TableRow
from data_loader.provenance import Provenance, Source
from data_loader.rows import Rows


def report_parts(report: Report) -> dict[str, Any]:
    """A report without its pictures, as JSON holds it."""
    numbers = report.numbers
    return asdict(replace(report, pictures=(), numbers=None)) | {
        "numbers": {"columns": numbers.columns, "rows": list(numbers)} if numbers else None
    }


def report_of(parts: dict[str, Any]) -> Report:
    """The report of what `report_parts` gave."""
    made, numbers = parts["provenance"], parts["numbers"]
    return Report(
        title=parts["title"],
        paragraphs=[(heading, text) for heading, text in parts["paragraphs"]],
        tables=[_table(one) for one in parts["tables"]],
        provenance=Provenance(
            **{
                **made,
                "sources": [Source(**one) for one in made["sources"]],
                "made_on": date.fromisoformat(made["made_on"]),
            }
        ),
        warnings=parts["warnings"],
        numbers=Rows(tuple(numbers["columns"]), numbers["rows"]) if numbers else None,
    )


def _table(parts: dict[str, Any]) -> Table:
    columns = [Column(**{**one, "marks": tuple(one["marks"])}) for one in parts["columns"]]
    rows = [
        TableRow(
            cells=tuple(Cell(**cell) for cell in one["cells"]),
            is_heading=one["is_heading"],
            indent=one["indent"],
            marks=tuple(one["marks"]),
            key=one["key"],
        )
        for one in parts["rows"]
    ]
    notes = tuple((mark, text) for mark, text in parts["footnotes"])
    return Table(parts["title"], tuple(columns), tuple(rows), notes)
