"""A Table 1 as a file: what is printed of it, its unrounded numbers, or the script that makes it."""

from dataclasses import replace

from analytics.table_one.cohorts import table_one_report
from analytics.table_one.numbers import numbers_table
from analytics.table_one.result import TableOne
from analytics.table_one.script import table_one_script
from analytics.tables.formats import check_format, render


def table_one_file(table: TableOne, extension: str) -> bytes:
    """The table in one of its formats.

    Args:
        table: which.
        extension: of `RESULT_FORMATS`.

    Raises:
        InsulaError: there is no such format.
    """
    check_format(extension, "a Table 1")
    if extension == "json":
        return table.as_json().encode()
    if extension == "script":
        return table_one_script(table).encode()
    report = table_one_report(table)
    if extension == "xlsx":  # a cell such as 71.6 ± 14.3 is text, and one computes with numbers
        report = replace(report, tables=(*report.tables, numbers_table(table)))
    return render(report, extension)
