"""A table in WordprocessingML: three rules, headings that repeat on each page.

Written as text, since `python-docx` is slow to fill a table cell by cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from analytics.tables.layout import Heading, heading_rows
from analytics.tables.sheet import GAP_CM, Sheet
from analytics.tables.table import Table, TableRow
from analytics.tables.text import printable
from analytics.tables.word_styles import GROUP, HEADING, TEXT, TEXT_POINTS

TWIPS = 567
"""Twentieths of a point in a centimetre, in which Word measures."""

_INDENT, _HANG = 170, 100
_MOST_KEPT = 25
"""Rows of a table that is held together on one page."""

_KEEP = "<w:keepNext/>"
_THICK = 'w:val="single" w:sz="8" w:space="0" w:color="auto"'
_THIN = 'w:val="single" w:sz="4" w:space="0" w:color="auto"'
_RULE = f"<w:tcBorders><w:bottom {_THIN}/></w:tcBorders>"
_SHORT_RULE = f"<w:pBdr><w:bottom {_THIN}/></w:pBdr>"
"""Of a paragraph, so that there is a gap between those of two neighbours."""


def table_element(table: Table, sheet: Sheet) -> Any:
    """The `w:tbl` element."""
    widths = [round(one * TWIPS) for one in sheet.columns_cm]
    half_gap = round(GAP_CM / 2 * TWIPS)
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders><w:top {_THICK}/><w:bottom {_THICK}/></w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{half_gap}" w:type="dxa"/><w:right w:w="{half_gap}" w:type="dxa"/>'
        '</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={quoteattr(printable(table.title))}/></w:tblPr>"
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    size = "" if sheet.points == TEXT_POINTS else f'<w:sz w:val="{round(2 * sheet.points)}"/>'
    drawing = _Drawing(table, widths, size)
    rows = "".join([*drawing.head(), *drawing.body()])
    return parse_xml(
        f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


@dataclass(frozen=True)
class _Drawing:
    """Rows of one table as text.

    Attributes:
        table: of which.
        widths: of its columns, in twips.
        size: property of a run for type of another size than the style's.
    """

    table: Table
    widths: Sequence[int]
    size: str

    def head(self) -> Iterator[str]:
        """The heading rows; the lower part of a heading that reaches over two is empty."""
        rows = heading_rows(self.table)
        for number, headings in enumerate(rows, 1):
            rule = _RULE if number == len(rows) else ""
            cells = {one.first: self._heading(one, rule) for one in headings}
            for upper in rows[0] if number > 1 else ():
                if upper.rows > 1:
                    empty = self._paragraph(HEADING, "")
                    cells[upper.first] = self._cell(empty, upper.first, f"<w:vMerge/>{rule}")
            joined = "".join(cells[first] for first in sorted(cells))
            yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{joined}</w:tr>"

    def _heading(self, heading: Heading, rule: str) -> str:
        runs = self._run(heading.text) + self._marks(heading.marks)
        if heading.sub:
            runs += f"<w:r><w:br/></w:r>{self._run(heading.sub)}"
        short = _SHORT_RULE if heading.is_spanner else ""
        paragraph = self._paragraph(HEADING, runs, short, align=heading.align)
        merged = '<w:vMerge w:val="restart"/>' if heading.rows > 1 else ""
        return self._cell(paragraph, heading.first, merged + rule, columns=heading.columns)

    def body(self) -> Iterator[str]:
        """The rows; the last stays with the notes below, all of a short table with one another."""
        rows, first = self.table.rows, max(0, len(self.table.rows) - 2)
        first = 0 if len(rows) <= _MOST_KEPT else first
        for place, row in enumerate(rows):
            cells = self._row(row, _KEEP if place >= first else "")
            yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"

    def _row(self, row: TableRow, keep: str) -> str:
        label = self._run(row.cells[0].text) + self._marks(row.marks)
        if row.is_heading:
            return self._cell(self._paragraph(GROUP, label), 0, columns=len(self.widths))
        align = self.table.columns[0].align
        first = self._paragraph(TEXT, label, keep, align=align, indent=row.indent * _INDENT)
        others = (
            self._paragraph(TEXT, self._run(cell.text), keep, align=column.align)
            for cell, column in zip(row.cells[1:], self.table.columns[1:], strict=True)
        )
        return "".join(self._cell(text, place) for place, text in enumerate((first, *others)))

    def _cell(self, paragraph: str, first: int, properties: str = "", *, columns: int = 1) -> str:
        span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(self.widths[first : first + columns])}"'
            f' w:type="dxa"/>{span}{properties}<w:vAlign w:val="bottom"/></w:tcPr>{paragraph}</w:tc>'
        )

    def _run(self, text: str, properties: str = "") -> str:
        if not text:
            return ""
        both = self.size + properties
        return (
            f"<w:r>{f'<w:rPr>{both}</w:rPr>' if both else ''}"
            f'<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r>'
        )

    def _marks(self, marks: Sequence[str]) -> str:
        return self._run(",".join(marks), '<w:vertAlign w:val="superscript"/>')

    def _paragraph(
        self, style: str, runs: str, properties: str = "", *, align: str = "left", indent: int = 0
    ) -> str:
        """A paragraph; a line that is broken goes on a little further in."""
        hang = f'<w:ind w:left="{indent + _HANG}" w:hanging="{_HANG}"/>' if align == "left" else ""
        # Of its end, too: an empty cell would be as high as the style's type.
        size = f"<w:rPr>{self.size}</w:rPr>" if self.size else ""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{hang}<w:jc w:val="{align}"/>'
            f"{size}</w:pPr>{runs}</w:p>"
        )
