"""A report as one HTML file: no script, nothing from elsewhere, light or dark, ready to print."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from analytics.tables.layout import (
    Heading,
    Note,
    RowGroup,
    caption,
    heading_rows,
    notes,
    row_groups,
)
from analytics.tables.sheet import sheet_for
from analytics.tables.table import Picture, Report, Table, TableRow
from analytics.tables.text import paragraphs, printable

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1a1d20, #e6e8ea); --quiet: light-dark(#495057, #b4bac0); }
body { margin: 2rem auto; padding: 0 1rem; max-width: 75rem; color: var(--ink);
  background: light-dark(#fff, #17181a); font: 15px/1.45 system-ui, 'Segoe UI', Roboto, Arial, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 1.4em 0 .2em; } p { max-width: 46rem; margin: .3em 0; }
.scroll { overflow-x: auto; margin: 1.8rem 0; }
table { border-collapse: collapse; border-top: 1.5px solid var(--ink);
  font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .5em; font-size: 1rem; }
th, td { padding: .16em .8em; text-align: right; vertical-align: bottom; font-weight: 400; }
tr > :first-child { padding-left: 0; } tr > :last-child { padding-right: 0; }
.left { text-align: left; } .center { text-align: center; }
thead th { font-weight: 600; } thead small { display: block; font-size: inherit; white-space: nowrap; }
thead { border-bottom: 1px solid var(--ink); }
thead th[scope=colgroup] span { display: block; border-bottom: 1px solid var(--ink); }
tbody td { white-space: nowrap; } tbody td.left { white-space: normal; }
tbody th[scope=row] { min-width: 15em; padding-right: 1.5em; }
tbody th[scope=rowgroup] { font-weight: 600; padding-top: .6em; }
tfoot { border-top: 1.5px solid var(--ink); font-size: .85rem; }
tfoot td { color: var(--quiet); text-align: left; padding: .12em 0; }
tfoot span { display: block; max-width: 58rem; position: sticky; left: 0; }
tfoot tr:first-child td { padding-top: .5em; } tfoot strong { color: var(--ink); }
sup { line-height: 0; } sup a { color: inherit; } figure { margin: 1.8rem 0; } img { max-width: 100%; height: auto; background: #fff; }
@media print { :root { color-scheme: light; } body { margin: 0; font-size: 10pt; max-width: none; }
  thead { display: table-header-group; } tfoot { display: table-row-group; } tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; } table { font-size: var(--size); line-height: 1.25; } th, td { padding: .16em .4em; }
  tbody th[scope=row] { min-width: 0; } .turned { page: turned; } }
@page { size: A4; margin: 2cm; } @page turned { size: A4 landscape; }
"""


def report_html(report: Report) -> str:
    """The report as a page of its own."""
    title = _text(report.title)
    tables = [_scrolled(table, report, number) for number, table in enumerate(report.tables, 1)]
    parts = [
        f"<h1>{title}</h1>",
        *(_paragraph(heading, text) for heading, text in report.paragraphs),
        *tables,
        *([] if tables else (f"<p>{_note(note)}</p>" for note in notes(None, report))),
        *(_figure(number, picture) for number, picture in enumerate(report.pictures, 1)),
    ]
    body = "\n".join(parts)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(printable(text))


def _paragraph(heading: str, text: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in paragraphs(text))
    return f"<section><h2>{_text(heading)}</h2>{lines}</section>"


def _figure(number: int, picture: Picture) -> str:
    image = b64encode(picture.png).decode()
    return (
        f'<figure><img src="data:image/png;base64,{image}" alt="{_text(picture.alternative)}">'
        f"<figcaption><b>Figure {number}.</b> {_text(picture.title)}</figcaption></figure>"
    )


def _scrolled(table: Table, report: Report, number: int) -> str:
    sheet = sheet_for(table)
    turned = " turned" if sheet.is_landscape else ""
    size = f'style="--size: {sheet.points:g}pt"'
    written = _table(table, report, number)
    return f'<div class="scroll{turned}" tabindex="0" {size}>{written}</div>'


def _table(table: Table, report: Report, number: int) -> str:
    writer = _Writer(table, f"table-{number}")
    label, title = caption(number, table)
    return "\n".join(
        (
            "<table>",
            f"<caption><b>{label}</b> {_text(title)}</caption>",
            f"<thead>{''.join(map(writer.headings, heading_rows(table)))}</thead>",
            *map(writer.group, row_groups(table)),
            f"<tfoot>{writer.foot(notes(table, report))}</tfoot>",
            "</table>",
        )
    )


class _Writer:
    """Writes the parts of one table.

    Attributes:
        table: which.
        prefix: of its ids.
    """

    def __init__(self, table: Table, prefix: str) -> None:
        self.table = table
        self.ids = {
            mark: f"{prefix}-note-{place}" for place, (mark, _) in enumerate(table.footnotes, 1)
        }

    def headings(self, row: Sequence[Heading]) -> str:
        return f"<tr>{''.join(map(self._heading, row))}</tr>\n"

    def _heading(self, heading: Heading) -> str:
        spans = "".join(
            f' {name}="{n}"'
            for name, n in (("colspan", heading.columns), ("rowspan", heading.rows))
            if n > 1
        )
        below = f" <small>{_text(heading.sub)}</small>" if heading.sub else ""
        text = f"{_text(heading.text)}{self._marks(heading.marks)}{below}"
        if heading.is_spanner:
            return f'<th scope="colgroup" class="center"{spans}><span>{text}</span></th>'
        return f'<th scope="col"{_class(heading.align)}{spans}>{text}</th>'

    def group(self, group: RowGroup) -> str:
        rows = "".join(map(self._row, group.rows))
        if not group.heading:
            return f"<tbody>{rows}</tbody>"
        text = _text(group.heading.cells[0].text) + self._marks(group.heading.marks)
        span = len(self.table.columns)
        heading = f'<tr><th scope="rowgroup" class="left" colspan="{span}">{text}</th></tr>'
        return f"<tbody>{heading}\n{rows}</tbody>"

    def _row(self, row: TableRow) -> str:
        indent = f' style="padding-left: {1.2 * row.indent:.1f}em"' if row.indent else ""
        label = _text(row.cells[0].text) + self._marks(row.marks)
        first = f'<th scope="row"{_class(self.table.columns[0].align)}{indent}>{label}</th>'
        others = (
            f"<td{_class(column.align)}>{_text(cell.text)}</td>"
            for cell, column in zip(row.cells[1:], self.table.columns[1:], strict=True)
        )
        return f"<tr>{first}{''.join(others)}</tr>\n"

    def foot(self, lines: Iterable[Note]) -> str:
        span = len(self.table.columns)
        return "".join(
            f'<tr><td colspan="{span}"{self._id(note.mark)}><span>{_note(note)}</span></td></tr>\n'
            for note in lines
        )

    def _id(self, mark: str) -> str:
        return f' id="{self.ids[mark]}"' if mark else ""

    def _marks(self, marks: Sequence[str]) -> str:
        linked = ",".join(
            f'<a href="#{self.ids[mark]}">{_text(mark)}</a>' if mark in self.ids else _text(mark)
            for mark in marks
        )
        return f"<sup>{linked}</sup>" if linked else ""


def _class(align: str) -> str:
    return "" if align == "right" else f' class="{align}"'


def _note(note: Note) -> str:
    mark = f"<sup>{_text(note.mark)}</sup> " if note.mark else ""
    text = f"<strong>{_text(note.text)}</strong>" if note.is_warning else _text(note.text)
    return mark + text
