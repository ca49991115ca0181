"""A report as an Excel workbook: a sheet a table, one of the unrounded numbers, one about them."""

import io
import math
from collections.abc import Sequence
from datetime import datetime, time
from numbers import Real
from typing import Any

import xlsxwriter

from analytics.tables.excel_numbers import number_format
from analytics.tables.layout import Heading, Note, caption, heading_rows, notes
from analytics.tables.sheet import sheet_for
from analytics.tables.table import Report, Table, TableRow
from analytics.tables.text import paragraphs, printable, width
from data_loader.rows import Rows

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_FONT = {"font_name": "Arial", "font_size": 10}
_EM_PER_CHARACTER = 0.55
_MOST_CHARACTERS = 60
_ABOUT_CHARACTERS = 110
_A4 = 9
_LINE_POINTS = 13.5
_FIRST = 1
"""Row of the headings; the caption stands above."""


def report_xlsx(report: Report) -> bytes:
    """The report as an .xlsx file; the same report gives the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties(
            {
                "title": printable(report.title)[:255],
                "author": "Insula",
                "created": datetime.combine(report.provenance.made_on, time()),
            }
        )
        formats = _Formats(book)
        for number, table in enumerate(report.tables, 1):
            _TableSheet(book.add_worksheet(f"Table {number}"), table, formats).write(number, report)
        if report.numbers is not None:
            _write_numbers(book.add_worksheet("Numbers"), report.numbers, formats)
        _write_about(book.add_worksheet("About"), report, formats)
    return file.getvalue()


class _Formats:
    """Formats of one workbook, each made once.

    Attributes:
        book: that they belong to.
    """

    def __init__(self, book: Any) -> None:
        self.book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format({**_FONT, **properties})
        return self._made[key]


class _TableSheet:
    """Writes one table to one sheet.

    Attributes:
        sheet: that is written to.
        table: which.
        formats: of the workbook.
        characters: width of each column.
    """

    def __init__(self, sheet: Any, table: Table, formats: _Formats) -> None:
        self.sheet, self.table, self.formats = sheet, table, formats
        self.characters = [self._characters(place) for place in range(len(table.columns))]

    def _characters(self, place: int) -> float:
        cells = (row.cells[place].text for row in self.table.rows if not row.is_heading)
        column = self.table.columns[place]
        widest = max(map(_characters, (column.heading, column.sub, *cells)))
        return min(widest + 2, _MOST_CHARACTERS)

    def write(self, number: int, report: Report) -> None:
        """Write it with its number in the report, counted from 1."""
        self._write_text((0, 0), " ".join(caption(number, self.table)), {"bold": True})
        heads = heading_rows(self.table)
        body = _FIRST + len(heads)
        for place, headings in enumerate(heads, _FIRST):
            self.sheet.set_row(place, _LINE_POINTS * self._lines(headings))
            for heading in headings:
                self._write_heading(place, heading, is_last=place + heading.rows == body)
        for place, row in enumerate(self.table.rows, body):
            self._write_row(place, row, {"bottom": 2} if row is self.table.rows[-1] else {})
        for place, note in enumerate(notes(self.table, report), body + len(self.table.rows)):
            self._write_note(place, note)
        for place, characters in enumerate(self.characters):
            self.sheet.set_column(place, place, characters)
        self._set_page(body)

    def _lines(self, headings: Sequence[Heading]) -> int:
        """How high a row of headings is: Excel fits no merged cell."""
        return max(
            1 + bool(one.sub) + int(_characters(one.text) / self.characters[one.first])
            for one in headings
            if one.rows == 1
        )

    def _write_heading(self, place: int, heading: Heading, *, is_last: bool) -> None:
        rules = {"top": 2} if place == _FIRST else {}
        rules |= {"bottom": 1} if is_last or heading.is_spanner else {}
        look = {"bold": True, "text_wrap": True, "align": heading.align, "valign": "bottom"}
        last_row, last = place + heading.rows - 1, heading.first + heading.columns - 1
        if (last_row, last) != (place, heading.first):
            form = self.formats(**look, **rules)
            self.sheet.merge_range(place, heading.first, last_row, last, "", form)
        self._write_text(
            (place, heading.first),
            heading.text,
            {**look, **rules},
            marks=heading.marks,
            sub=heading.sub,
        )

    def _write_row(self, place: int, row: TableRow, rules: dict[str, int]) -> None:
        first, *others = row.cells
        bold: dict[str, Any] = {"indent": row.indent, "text_wrap": True}
        if row.is_heading:
            bold = {"bold": True}
        self._write_text((place, 0), first.text, {**bold, **rules}, marks=row.marks)
        for number, (cell, column) in enumerate(
            zip(others, self.table.columns[1:], strict=True), 1
        ):
            pattern, look = number_format(cell), {"align": column.align, **rules}
            if pattern is None:
                self._write_text((place, number), cell.text, look)
            else:
                form = self.formats(num_format=pattern, **look)
                self.sheet.write_number(place, number, cell.value, form)

    def _write_text(
        self,
        place: tuple[int, int],
        text: str,
        look: dict[str, Any],
        *,
        marks: Sequence[str] = (),
        sub: str = "",
    ) -> None:
        """Write to a row and column, with raised marks and a second line."""
        form, shown = self.formats(**{"valign": "top", **look}), printable(text)
        below = [f"\n{printable(sub)}"] if sub else []
        if shown and marks:
            raised = self.formats(font_script=1, bold=look.get("bold", False))
            parts = [shown, raised, printable(",".join(marks)), *below]
            self.sheet.write_rich_string(*place, *parts, form)
        else:
            self.sheet.write_string(*place, "".join([shown, *below]), form)

    def _write_note(self, row: int, note: Note) -> None:
        """Over all columns, and as high as its lines: Excel fits no merged cell."""
        text = printable(f"{note.mark} {note.text}" if note.mark else note.text)
        form = self.formats(text_wrap=True, valign="top", bold=note.is_warning, font_size=9)
        last, room = len(self.characters) - 1, sum(self.characters)
        if last:
            self.sheet.merge_range(row, 0, row, last, text, form)
        else:
            self.sheet.write_string(row, 0, text, form)
        self.sheet.set_row(row, _LINE_POINTS * math.ceil(_characters(text) / room))

    def _set_page(self, body: int) -> None:
        self.sheet.freeze_panes(body, 1)
        self.sheet.repeat_rows(_FIRST, body - 1)
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        if sheet_for(self.table).is_landscape:
            self.sheet.set_landscape()


def _characters(text: str) -> float:
    return width(text) / _EM_PER_CHARACTER


def _write_numbers(sheet: Any, rows: Rows, formats: _Formats) -> None:
    for place, name in enumerate(rows.columns):
        sheet.write_string(0, place, printable(name), formats(bold=True, bottom=1))
        sheet.set_column(place, place, min(_characters(name) + 4, _MOST_CHARACTERS))
    for number, row in enumerate(rows, 1):
        for place, name in enumerate(rows.columns):
            _write_value(sheet, number, place, row[name])
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)


def _write_value(sheet: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, Real):
        if math.isfinite(value):
            sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, printable(str(value)))


def _write_about(sheet: Any, report: Report, formats: _Formats) -> None:
    """What was done, what to heed, where the numbers come from: a line a cell."""
    plain, bold = formats(text_wrap=True, valign="top"), formats(bold=True, text_wrap=True)
    lines = [(printable(report.title), formats(bold=True, font_size=13))]
    for heading, text in report.paragraphs:
        lines += [("", plain), (printable(heading), bold)]
        lines += [(line, plain) for line in paragraphs(text)]
    lines += [("", plain), *((printable(sentence), bold) for sentence in report.warnings)]
    for number, table in enumerate(report.tables, 1):
        lines += [("", plain), (printable(" ".join(caption(number, table))), bold)]
        lines += [
            (printable(f"{mark} {sentence}").strip(), plain) for mark, sentence in table.footnotes
        ]
    lines += [("", plain), *((printable(line), plain) for line in report.provenance.lines())]
    sheet.set_column(0, 0, _ABOUT_CHARACTERS)
    for place, (text, form) in enumerate(lines):
        sheet.write_string(place, 0, text, form)
        sheet.set_row(
            place, _LINE_POINTS * max(1, math.ceil(_characters(text) / _ABOUT_CHARACTERS))
        )
