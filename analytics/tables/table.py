"""A result as a table: what every export draws, so that no two of them can differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from data_loader.provenance import Provenance
from data_loader.rows import Rows


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        text: as printed: rounded, with units and signs as a journal has them.
        value: the unrounded number or code behind it; None where the text is all there is. Excel
            has it as a number where the text is that one number, such as `0.84`, `<0.001` or
            `48.4 %`; `71.6 ± 14.3` stays text.
        digits: decimals with which Excel shows a number; those of the text where None.
    """

    text: str
    value: float | int | str | None = None
    digits: int | None = None


EMPTY = Cell("")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: names it for programs.
        heading: what stands above it, such as `train` or `p`.
        sub: a second line of the heading, such as `n = 150`; empty for none.
        spanner: a heading shared with the neighbours that bear the same one; empty for none.
        align: of the cells.
        marks: of the footnotes to the heading, as they stand in `Table.footnotes`.
    """

    key: str
    heading: str
    sub: str = ""
    spanner: str = ""
    align: Literal["left", "right", "center"] = "right"
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRow:
    """One row.

    Attributes:
        cells: one a column; a heading has its text in the first and the rest empty.
        is_heading: whether it opens a group of rows.
        indent: how deep the first cell stands.
        marks: of the footnotes to the first cell.
        key: names the row for links and scripts of a page, such as its variable; empty for none.
    """

    cells: tuple[Cell, ...]
    is_heading: bool = False
    indent: int = 0
    marks: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Table:
    """A table ready to be printed.

    Attributes:
        title: without a number and without a full stop.
        columns: from left to right.
        rows: from top to bottom.
        footnotes: mark and sentence, in the order of the marks; the mark is empty for a note
            that belongs to no cell.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    footnotes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A figure of a report, drawn by whoever asks for the report.

    Attributes:
        title: its caption.
        png: the picture at print resolution.
        alternative: what it shows, for who can't see it.
    """

    title: str
    png: bytes
    alternative: str


@dataclass(frozen=True)
class Report:
    """Tables with what is said about them: one file to hand on.

    Attributes:
        title: of the document.
        paragraphs: heading and text, such as `Methods` and what was done; printed before the
            tables.
        tables: in order.
        provenance: printed at the foot of every table and file.
        pictures: printed after the tables where the format can hold them.
        warnings: sentences that must stand beside the numbers wherever they go.
        numbers: the unrounded numbers, a row each, for a sheet of their own in Excel; None for
            no such sheet.
    """

    title: str
    paragraphs: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    provenance: Provenance
    pictures: Sequence[Picture] = ()
    warnings: Sequence[str] = ()
    numbers: Rows | None = None
