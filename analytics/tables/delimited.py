"""A report's first table as CSV: one rectangle, as printed, each row with its own notes.

Notes below the rows would be rows to a program that reads the file. So what a table says above
and below its rows stands in columns after them, on every row: the file can be sorted, cut and
joined to another, and the numbers keep their cohort, their warnings and their footnotes.
"""

from collections.abc import Iterator

from analytics.tables.layout import heading_line
from analytics.tables.table import Report, Table, TableRow
from analytics.tables.text import printable
from data_loader.rows import Rows, rows_as_csv

GROUP = "group"
_HEADING_DEPTH = -1
AFTER = ("footnotes", "warnings", "cohort", "data", "made_with")


def report_csv(report: Report) -> str:
    """RFC 4180 text of the first table; of a report without tables, an empty one.

    The first column has the headings over a row, those it is indented under included; the last
    have its footnotes and where the numbers come from. Text that a spreadsheet would run as a
    formula gets an apostrophe in front.
    """
    table = report.tables[0] if report.tables else Table("", (), ())
    headings = _told_apart([printable(heading_line(column)) for column in table.columns])
    columns = (GROUP, *headings, *AFTER)
    about = (" ".join(report.warnings), *report.provenance.lines())
    rows = [
        (" / ".join(above), *(cell.text for cell in row.cells), _footnotes(table, row), *about)
        for above, row in _rows(table)
    ]
    named = [dict(zip(columns, map(printable, row), strict=True)) for row in rows]
    return rows_as_csv(Rows(columns, named))


def _told_apart(headings: list[str]) -> list[str]:
    """The same names, later ones of a kind numbered."""
    taken = {GROUP, *AFTER}
    names = []
    for heading in headings:
        name, n = heading, 1
        while name in taken:
            n += 1
            name = f"{heading} {n}".strip()
        taken.add(name)
        names.append(name)
    return names


def _rows(table: Table) -> Iterator[tuple[list[str], TableRow]]:
    """Each row with the labels that it stands under, from the outermost."""
    above: list[tuple[int, str]] = []
    for row in table.rows:
        depth = _HEADING_DEPTH if row.is_heading else row.indent
        above = [(other, label) for other, label in above if other < depth]
        if not row.is_heading:
            yield [label for _, label in above], row
        above.append((depth, row.cells[0].text))


def _footnotes(table: Table, row: TableRow) -> str:
    """What the marks of a row say, those of the headings and the unmarked ones after them."""
    sentences = dict(table.footnotes)
    marks = [*row.marks, *(mark for column in table.columns for mark in column.marks)]
    unmarked = [sentence for mark, sentence in table.footnotes if not mark]
    return " ".join([*(sentences[mark] for mark in marks if mark in sentences), *unmarked])
