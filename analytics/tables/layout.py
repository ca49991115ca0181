"""How a table is laid out, said once for all formats: headings, groups, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from analytics.tables.table import Column, Report, Table, TableRow


@dataclass(frozen=True)
class Heading:
    """A cell of the heading rows.

    Attributes:
        text: its first line.
        sub: its second line; empty for none.
        marks: of its footnotes.
        align: as in `Column`.
        first: number of its first column, from 0.
        columns: how many it spans.
        rows: how many it spans.
        is_spanner: whether others stand below it.
    """

    text: str
    sub: str
    marks: tuple[str, ...]
    align: str
    first: int
    columns: int = 1
    rows: int = 1
    is_spanner: bool = False


def heading_rows(table: Table) -> list[list[Heading]]:
    """One row of headings; two where columns share a spanner, the others reaching over both."""
    columns = list(enumerate(table.columns))
    if not any(column.spanner for column in table.columns):
        return [[_heading(place, column) for place, column in columns]]
    upper: list[Heading] = []
    for spanner, group in groupby(columns, lambda pair: pair[1].spanner):
        members = list(group)
        if spanner:
            first, n = members[0][0], len(members)
            upper.append(Heading(spanner, "", (), "center", first, n, is_spanner=True))
        else:
            upper += [_heading(place, column, rows=2) for place, column in members]
    lower = [_heading(place, column) for place, column in columns if column.spanner]
    return [upper, lower]


def _heading(place: int, column: Column, *, rows: int = 1) -> Heading:
    return Heading(column.heading, column.sub, column.marks, column.align, place, rows=rows)


def heading_line(column: Column) -> str:
    """All that stands above a column, on one line, such as `test: Bern (n = 40)`."""
    over = f"{column.spanner}: " if column.spanner else ""
    under = f" ({column.sub})" if column.sub else ""
    return f"{over}{column.heading}{under}"


@dataclass(frozen=True)
class RowGroup:
    """Rows under one heading.

    Attributes:
        heading: the row that opens the group; None before the first.
        rows: the others.
    """

    heading: TableRow | None
    rows: Sequence[TableRow]


def row_groups(table: Table) -> list[RowGroup]:
    """The rows under their headings."""
    groups: list[tuple[TableRow | None, list[TableRow]]] = [(None, [])]
    for row in table.rows:
        if row.is_heading:
            groups.append((row, []))
        else:
            groups[-1][1].append(row)
    return [RowGroup(heading, rows) for heading, rows in groups if heading or rows]


@dataclass(frozen=True)
class Note:
    """A line under a table.

    Attributes:
        text: a sentence or more.
        mark: to what it belongs; empty for the whole table.
        is_warning: whether the numbers must not be read without it.
    """

    text: str
    mark: str = ""
    is_warning: bool = False


def notes(table: Table | None, report: Report) -> list[Note]:
    """What stands under a table: warnings, footnotes, where the numbers come from.

    Args:
        table: which; None for what a report without tables says at its end.
        report: that it belongs to.
    """
    footnotes = table.footnotes if table else ()
    return [
        *(Note(sentence, is_warning=True) for sentence in report.warnings),
        *(Note(sentence, mark) for mark, sentence in footnotes),
        Note(" ".join(report.provenance.lines())),
    ]


def caption(number: int, table: Table) -> tuple[str, str]:
    """A table's label and title, such as `Table 1.` and `Baseline characteristics`."""
    return f"Table {number}.", table.title
