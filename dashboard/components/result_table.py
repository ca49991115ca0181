"""A result on a page: the table that its exports print, with links to what is behind a row."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from analytics.tables.layout import Heading, Note, RowGroup, heading_rows, notes, row_groups
from analytics.tables.table import Report, Table, TableRow
from dashboard.aria import aria, data

_Shown = list[Component | str]


def result_table(
    report: Report,
    table: Table,
    *,
    links: Mapping[str, str] | None = None,
    cells: Mapping[tuple[str, str], str] | None = None,
    within: str = "",
) -> Component:
    """Draw one of a report's tables, its notes below; its headings stay in sight.

    Args:
        report: that it belongs to.
        table: which.
        links: key of a row to where its first cell leads, within the dashboard.
        cells: keys of a row and a column to where the cell leads.
        within: name of the section that says once, for all its tables, what must stand beside
            them and where they come from; under the table stand its own notes only.
    """
    drawing = _Drawing(report, table, links or {}, cells or {}, within)
    heads = [html.Tr([drawing.heading(one) for one in row]) for row in heading_rows(table)]
    bodies = [drawing.group(group) for group in row_groups(table)]
    drawn = html.Table(
        [html.Caption(table.title), html.Thead(heads), *bodies], className="result-table"
    )
    # Tables of two sections may bear one title; regions are told apart by their names.
    name = f"{table.title}, {within}" if within else table.title
    region = html.Div(
        drawn, className="result-scroll", tabIndex="0", role="region", **aria(label=name)
    )
    return html.Div([region, drawing.notes()])


class _Drawing:
    """Draws the parts of one table.

    Attributes:
        report: that the table belongs to.
        table: which.
        links: key of a row to where its first cell leads.
        cells: keys of a row and a column to where the cell leads.
        within: name of the section that it stands in, if that says what is common to its tables.
    """

    def __init__(
        self,
        report: Report,
        table: Table,
        links: Mapping[str, str],
        cells: Mapping[tuple[str, str], str],
        within: str,
    ) -> None:
        self.report, self.table, self.within = report, table, within
        self.links, self.cells = links, cells
        number = [one is table for one in report.tables].index(True) + 1
        section = f"{within}-" if within else ""
        self._ids = {
            mark: f"{section}table-{number}-note-{place}"
            for place, (mark, _) in enumerate(table.footnotes, 1)
            if mark
        }

    def heading(self, heading: Heading) -> Component:
        shown: _Shown = [heading.text, *self._marks(heading.marks)]
        if heading.sub:
            shown.append(html.Small(heading.sub))
        if not heading.text:
            return html.Td(colSpan=str(heading.columns), rowSpan=str(heading.rows))
        return html.Th(
            html.Span(shown) if heading.is_spanner else shown,
            scope="colgroup" if heading.is_spanner else "col",
            colSpan=str(heading.columns),
            rowSpan=str(heading.rows),
            className=heading.align,
        )

    def group(self, group: RowGroup) -> Component:
        rows = [self._row(row) for row in group.rows]
        if group.heading:
            span = str(len(self.table.columns))
            over = html.Th(self._label(group.heading), colSpan=span, scope="rowgroup")
            rows.insert(0, html.Tr(over, className="result-group"))
        return html.Tbody(rows)

    def _row(self, row: TableRow) -> Component:
        first, *others = self.table.columns
        indent = {"paddingLeft": f"{1.2 * row.indent:.1f}em"} if row.indent else None
        label = html.Th(self._label(row), scope="row", className=first.align, style=indent)
        cells = [
            html.Td(
                _linked(cell.text, self.cells.get((row.key, column.key))), className=column.align
            )
            for cell, column in zip(row.cells[1:], others, strict=True)
        ]
        return html.Tr([label, *cells], **(data(row=row.key) if row.key else {}))

    def _label(self, row: TableRow) -> _Shown:
        return [_linked(row.cells[0].text, self.links.get(row.key)), *self._marks(row.marks)]

    def _marks(self, marks: Sequence[str]) -> _Shown:
        """Each leads to its note, which a pointer shows at once."""
        sentences = dict(self.table.footnotes)
        return [
            html.Sup(
                html.A(
                    mark,
                    href=f"#{self._ids[mark]}",
                    title=sentences[mark],
                    **aria(label=f"Note {mark}"),
                )
            )
            for mark in marks
            if mark in self._ids
        ]

    def notes(self) -> Component:
        """Warnings, footnotes, where the numbers come from."""
        own = [Note(sentence, mark) for mark, sentence in self.table.footnotes]
        said = own if self.within else notes(self.table, self.report)
        return html.Div([self._note(note) for note in said], className="result-notes")

    def _note(self, note: Note) -> Component:
        if note.mark:
            return html.P([html.Sup(note.mark), " ", note.text], id=self._ids[note.mark])
        return html.P(note.text, className="result-warning" if note.is_warning else "")


def _linked(text: str, href: str | None) -> Component | str:
    return dcc.Link(text, href=href) if href else text
