"""The report of a map as a file."""

from typing import Any

import orjson

from analytics.tables.formats import FORMATS, render
from analytics.tables.plain import provenance_json
from analytics.tables.table import Report, Table
from data_loader.errors import AnalysisError

MAP_FORMATS = (*FORMATS, "json")
"""What the report of a map can be had as."""


def map_file(report: Report, extension: str) -> bytes:
    """The report of a map in one of its formats.

    Args:
        report: of the map.
        extension: of `MAP_FORMATS`.

    Raises:
        AnalysisError: there is no such format.
    """
    if extension not in MAP_FORMATS:
        known = ", ".join(MAP_FORMATS)
        raise AnalysisError(f"“{extension[:20]}” is no format of the report of a map; {known} are.")
    return orjson.dumps(_plain(report)) if extension == "json" else render(report, extension)


def _plain(report: Report) -> dict[str, Any]:
    return {
        **provenance_json(report.provenance),
        "title": report.title,
        **{heading.casefold(): text for heading, text in report.paragraphs},
        "warnings": list(report.warnings),
        "tables": [_rows(table) for table in report.tables],
    }


def _rows(table: Table) -> dict[str, Any]:
    """A table with unrounded numbers where it has some."""
    keys = [column.key for column in table.columns]
    return {
        "title": table.title,
        "rows": [
            {
                key: cell.text if cell.value is None else cell.value
                for key, cell in zip(keys, row.cells, strict=True)
            }
            for row in table.rows
        ],
    }
