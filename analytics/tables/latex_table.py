"""One table in LaTeX: a float where it fits on a page, a `longtable` where it doesn't."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.tables.latex_text import tex
from analytics.tables.layout import Heading, heading_rows
from analytics.tables.sheet import Sheet
from analytics.tables.table import Table, TableRow
from analytics.tables.text import width, wrapped

_MOST_ROWS = {False: 40, True: 24}
"""Of a table that stays on one page, upright and turned."""

_LETTER = {"left": "l", "right": "r", "center": "c"}
_RAGGED = {"left": r"\raggedright", "right": r"\raggedleft", "center": r"\centering"}


def latex_table(table: Table, sheet: Sheet, number: int, *, below: str) -> str:
    """The table with its caption and, in the same environment, what stands below it."""
    rows = _Rows(table, sheet)
    is_long = len(table.rows) > _MOST_ROWS[sheet.is_landscape]
    lines = _long(rows, number, below) if is_long else _float(rows, number, below)
    if sheet.is_landscape:
        lines = [r"\begin{landscape}", *lines, r"\end{landscape}"]
    return "\n".join(lines)


def _float(rows: "_Rows", number: int, below: str) -> list[str]:
    total = sum(rows.sheet.columns_cm)
    to = r"\linewidth" if rows.sheet.is_full else f"{total:.2f}cm"
    return [
        r"\begin{table}[!htbp]",
        rows.size,
        rf"\caption{{{tex(rows.table.title)}}}\label{{tab:{number}}}",
        rf"\begin{{tabular*}}{{{to}}}{{{rows.columns()}}}",
        r"\toprule",
        *rows.head(),
        r"\midrule",
        *rows.body(),
        r"\bottomrule",
        r"\end{tabular*}",
        below,
        r"\end{table}",
    ]


def _long(rows: "_Rows", number: int, below: str) -> list[str]:
    head = list(rows.head())
    n = len(rows.table.columns)
    return [
        r"\begingroup",
        rf"{rows.size}\setlength{{\LTcapwidth}}{{\linewidth}}",
        "" if rows.sheet.is_full else r"\setlength{\LTright}{\fill}",
        rf"\begin{{longtable}}{{{rows.columns()}}}",
        rf"\caption{{{tex(rows.table.title)}}}\label{{tab:{number}}}\\",
        r"\toprule",
        *head,
        r"\midrule",
        r"\endfirsthead",
        r"\caption[]{(continued)}\\",
        r"\toprule",
        *head,
        r"\midrule",
        r"\endhead",
        rf"\midrule\multicolumn{{{n}}}{{@{{}}r@{{}}}}{{\textit{{continued}}}}\\",
        r"\endfoot",
        r"\bottomrule",
        r"\endlastfoot",
        *rows.body(),
        r"\end{longtable}",
        r"\endgroup",
        below,
    ]


@dataclass(frozen=True)
class _Rows:
    """Writes the rows of one table.

    Attributes:
        table: which.
        sheet: it stands on.
    """

    table: Table
    sheet: Sheet

    @property
    def size(self) -> str:
        points = self.sheet.points
        return rf"\fontsize{{{points:g}}}{{{1.2 * points:.1f}}}\selectfont"

    def columns(self) -> str:
        """What `tabular` asks for: how each column is aligned, a width where words are broken."""
        each = "".join(map(self._column, range(len(self.table.columns))))
        return rf"@{{\extracolsep{{\fill}}}}{each}@{{}}"

    def _column(self, place: int) -> str:
        align, room = self.table.columns[place].align, self.sheet.text_cm(place)
        if self.table.columns[place].spanner:  # else the last one would take what its heading needs
            return rf"w{{{_LETTER[align]}}}{{{room:.2f}cm}}"
        if not self._is_broken(place):
            return _LETTER[align]
        return rf">{{{_RAGGED[align]}\arraybackslash}}p{{{room:.2f}cm}}"

    def _is_broken(self, place: int) -> bool:
        """Whether a column has words to break; a sheet has room for numbers on one line."""
        if self.table.columns[place].align != "left":
            return False
        cells = (row.cells[place].text for row in self.table.rows if not row.is_heading)
        return max(map(width, cells), default=0.0) > self.sheet.text_em(place)

    def head(self) -> Iterator[str]:
        """The heading rows; above a heading that reaches over two, the upper is empty."""
        rows = heading_rows(self.table)
        for upper in rows[:-1]:
            yield " & ".join(map(self._spanner, upper)) + r" \\"
            yield "".join(
                rf"\cmidrule(lr){{{one.first + 1}-{one.first + one.columns}}}"
                for one in upper
                if one.is_spanner
            )
        lower = {one.first: one for row in rows for one in row if not one.is_spanner}
        yield " & ".join(self._heading(lower[first]) for first in sorted(lower)) + r" \\"

    def _spanner(self, heading: Heading) -> str:
        if not heading.is_spanner:
            return ""
        below = range(heading.first, heading.first + heading.columns)
        lines = wrapped(heading.text, sum(map(self.sheet.text_em, below)))
        text = _stacked([rf"\textbf{{{tex(line)}}}" for line in lines], "c")
        return rf"\multicolumn{{{heading.columns}}}{{c}}{{{text}}}"

    def _heading(self, heading: Heading) -> str:
        lines = wrapped(heading.text, self.sheet.text_em(heading.first))
        bold = [rf"\textbf{{{tex(line)}}}" for line in (*lines, heading.sub) if line] or [""]
        bold[len(lines) - 1] += _marks(heading.marks)
        return _stacked(bold, _LETTER[heading.align])

    def body(self) -> Iterator[str]:
        """The rows; a heading stays with the row below it."""
        for place, row in enumerate(self.table.rows):
            label = tex(row.cells[0].text)
            if row.is_heading:
                n = len(self.table.columns)
                space = r"\addlinespace[3pt]" if place else ""
                text = rf"\textbf{{{label}}}{_marks(row.marks)}"
                yield rf"{space}\multicolumn{{{n}}}{{@{{}}l@{{}}}}{{{text}}} \\*"
            else:
                cells = [self._indent(row) + label + _marks(row.marks)]
                cells += [tex(cell.text) for cell in row.cells[1:]]
                yield " & ".join(cells) + r" \\"

    def _indent(self, row: TableRow) -> str:
        if not row.indent:
            return ""
        by = f"{row.indent}em"
        return rf"\leftskip={by} " if self._is_broken(0) else rf"\hspace*{{{by}}}"


def _stacked(lines: Sequence[str], letter: str) -> str:
    if len(lines) == 1:
        return lines[0]
    written = r"\\".join(lines)
    return rf"\begin{{tabular}}[b]{{@{{}}{letter}@{{}}}}{written}\end{{tabular}}"


def _marks(marks: Sequence[str]) -> str:
    return rf"\textsuperscript{{{tex(','.join(marks))}}}" if marks else ""
