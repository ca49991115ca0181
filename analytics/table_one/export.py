"""A Table 1 as a file: what is printed of it, its unrounded numbers, or the script that makes it."""

from dataclasses import replace

from analytics.table_one.cohorts import table_one_report
from analytics.table_one.numbers import numbers_table
from analytics.table_one.result import TableOne
from analytics.table_one.script import table_one_script
from analytics.tables.formats import FORMATS, render
from data_loader.errors import InsulaError

EXTENSIONS = (*FORMATS, "json", "script")
"""What `insula table-one --format` takes."""


def table_one_file(table: TableOne, extension: str) -> bytes:
    """The table in one of its formats.

    Args:
        table: which.
        extension: of `EXTENSIONS`.

    Raises:
        InsulaError: there is no such format.
    """
    if extension not in EXTENSIONS:
        raise InsulaError(
            f"“{extension[:20]}” is no format of a Table 1; {', '.join(EXTENSIONS)} are."
        )
    if extension == "json":
        return table.as_json().encode()
    if extension == "script":
        return table_one_script(table).encode()
    report = table_one_report(table)
    if extension == "xlsx":  # a cell such as 71.6 ± 14.3 is text, and one computes with numbers
        report = replace(report, tables=(*report.tables, numbers_table(table)))
    return render(report, extension)
