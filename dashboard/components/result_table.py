"""A result table on a page: what every export of it has, drawn as HTML."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from analytics.tables.layout import Heading, Note, RowGroup, heading_rows, notes, row_groups
from analytics.tables.table import Report, Table, TableRow


def result_table(report: Report, table: Table) -> Component:
    """Draw one of a report's tables, its notes below.

    Args:
        report: that it belongs to.
        table: which.
    """
    rows = heading_rows(table)
    heads = [html.Tr([_heading(heading) for heading in row]) for row in rows]
    bodies = [_group(table, group) for group in row_groups(table)]
    drawn = html.Table(
        [html.Caption(table.title), html.Thead(heads), *bodies], className="result-table"
    )
    return html.Div(
        [
            html.Div(drawn, className="result-scroll", tabIndex="0"),
            html.Div([_note(note) for note in notes(table, report)], className="result-notes"),
        ]
    )


def _heading(heading: Heading) -> Component:
    parts: list[str | Component] = [heading.text, *_marks(heading.marks)]
    if heading.sub:
        parts += [html.Br(), html.Span(heading.sub, className="dimmed")]
    return html.Th(
        parts,
        scope="colgroup" if heading.is_spanner else "col",
        colSpan=str(heading.columns),
        rowSpan=str(heading.rows),
        className=heading.align,
    )


def _group(table: Table, group: RowGroup) -> Component:
    rows = [_row(table, row) for row in group.rows]
    if group.heading:
        text = group.heading.cells[0].text
        over = html.Th([text, *_marks(group.heading.marks)], colSpan=str(len(table.columns)))
        rows.insert(0, html.Tr(over, className="result-group"))
    return html.Tbody(rows)


def _row(table: Table, row: TableRow) -> Component:
    first, *others = row.cells
    label = html.Th(
        [first.text, *_marks(row.marks)], scope="row", style={"paddingLeft": f"{row.indent}.4em"}
    )
    columns = table.columns[1:]
    cells = [
        html.Td(cell.text, className=column.align)
        for cell, column in zip(others, columns, strict=True)
    ]
    return html.Tr([label, *cells])


def _marks(marks: Sequence[str]) -> list[Component]:
    return [html.Sup(",".join(marks))] if marks else []


def _note(note: Note) -> Component:
    mark = [html.Sup(note.mark)] if note.mark else []
    return html.P([*mark, note.text], className="result-warning" if note.is_warning else "")
