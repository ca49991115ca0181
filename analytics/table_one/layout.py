"""A Table 1 as a table to be printed: rows under the dictionary's headings, footnotes marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analytics.table_one import footnotes
from analytics.table_one.effect import Difference
from analytics.table_one.result import Level, TableOne, VariableRow, is_flag
from analytics.table_one.summary import Known
from analytics.table_one.wording import (
    HIDDEN,
    NOTHING,
    SUMMARY_NAMES,
    inside,
    interval,
    numbers_text,
    p_value,
    share_text,
)
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow


def printed_table(table: TableOne) -> Table:
    """Lay a Table 1 out for print."""
    layout = _Layout(table)
    columns = layout.columns()  # headings first, so that their footnotes come first
    rows = tuple(layout.rows())
    unmarked = tuple(("", sentence) for sentence in footnotes.general_notes(table))
    return Table(
        title=f"Characteristics by {inside(table.by)}" if table.by else "Characteristics",
        columns=columns,
        rows=rows,
        footnotes=(*layout.marked(), *unmarked),
    )


@dataclass(frozen=True)
class _Layout:
    """A table being laid out.

    Attributes:
        table: which.
        marks: sentence to its mark, in the order in which they were met.
    """

    table: TableOne
    marks: dict[str, str] = field(default_factory=dict)

    def marked(self) -> tuple[tuple[str, str], ...]:
        """Marks and their sentences."""
        return tuple((mark, sentence) for sentence, mark in self.marks.items())

    def mark(self, sentence: str) -> str:
        """The mark of a sentence: a to z, then aa and so on."""
        if sentence not in self.marks:
            n = len(self.marks)
            before = chr(ord("a") + n // 26 - 1) if n >= 26 else ""
            self.marks[sentence] = before + chr(ord("a") + n % 26)
        return self.marks[sentence]

    @property
    def has_difference(self) -> bool:
        return any(
            row.difference or any(level.difference for level in row.levels)
            for row in self.table.rows
        )

    @property
    def has_p(self) -> bool:
        return any(row.comparison for row in self.table.rows)

    @property
    def has_smd(self) -> bool:
        return any(row.smds for row in self.table.rows)

    @property
    def adjusted_by(self) -> str:
        return footnotes.ADJUSTMENTS[self.table.choices.adjust] if self.has_p else ""

    def columns(self) -> tuple[Column, ...]:
        """Headings, with their footnotes."""
        found = [Column("characteristic", "Characteristic", align="left")]
        found += [Column(c.key, c.label, f"n = {c.n:,}", c.spanner) for c in self.table.columns]
        if self.has_difference:
            mark = self.mark(footnotes.difference_note(self.table))
            found.append(Column("difference", "Difference", "95 % CI", marks=(mark,)))
        if self.has_p:
            found.append(Column("p", "p"))
        if self.adjusted_by:
            found.append(Column("p_adjusted", "p adjusted", self.adjusted_by))
        if self.has_smd:
            mark = self.mark(footnotes.smd_note(self.table))
            sub = "95 % CI" if len(self.table.groups) == 2 else "largest"
            found.append(Column("smd", "SMD", sub, marks=(mark,)))
        return tuple(found)

    def rows(self) -> Iterator[TableRow]:
        """All rows; a heading wherever the group of variables changes."""
        heading = ""
        for row in self.table.rows:
            if row.variable.group != heading:
                heading = row.variable.group
                yield self._row(heading, [], is_heading=True)
            yield from self._variable(row)

    def _row(
        self,
        label: str,
        cells: Sequence[Cell],
        *,
        is_heading: bool = False,
        indent: int = 0,
        marks: tuple[str, ...] = (),
    ) -> TableRow:
        width = len(self.table.columns) + self.has_difference + self.has_p
        width += bool(self.adjusted_by) + self.has_smd
        filled = [*cells, *[EMPTY] * (width - len(cells))]
        return TableRow((Cell(label), *filled), is_heading, indent, marks)

    def _variable(self, row: VariableRow) -> Iterator[TableRow]:
        marks = tuple(self.mark(note) for note in footnotes.row_notes(row, self.table))
        cells, label = self._summary(row), f"{row.variable.heading}, {self._summary_name(row)}"
        difference = row.difference
        if is_flag(row):
            flag = row.levels[1]
            difference = flag.difference
            if row.variable.levels:
                label = f"{row.variable.label}: {flag.label}, {self._summary_name(row)}"
        indent = 1 if row.variable.group else 0
        effects = self._effects(row, difference)
        own = self._row(label, [*cells, *effects], indent=indent, marks=marks)
        yield replace(own, key=row.variable.name)
        if not is_flag(row):
            for level in row.levels:
                shares = self._shares(row, level, of_known=False)
                after = [_difference(level.difference, 1)] if self.has_difference else []
                yield self._row(level.label, [*shares, *after], indent=indent + 1)
        if self.table.choices.blanks == "rows":
            yield from self._blanks(row, indent + 1)

    def _summary_name(self, row: VariableRow) -> str:
        if row.summary == "count" and self.table.choices.style == "paper":
            return "%"
        return SUMMARY_NAMES[row.summary]

    def _summary(self, row: VariableRow) -> list[Cell]:
        """The cells of a variable's own line."""
        if is_flag(row):
            return self._shares(row, row.levels[1], of_known=True)
        if row.levels:
            return [Cell(f"n = {k.n:,}") if self._says_n(k) else EMPTY for k in row.known]
        cells = []
        for numbers, known in zip(row.numbers, row.known, strict=True):
            if numbers is None:
                cells.append(Cell(NOTHING if known.n == 0 else HIDDEN))
                continue
            text = numbers_text(numbers, row.summary, row.digits)
            cells.append(Cell(f"{text} (n = {known.n:,})" if self._says_n(known) else text))
        return cells

    def _says_n(self, known: Known) -> bool:
        """Whether a cell says of how many values it is: where some of the column are blank."""
        is_asked = self.table.choices.blanks == "cells" and known.n is not None
        return is_asked and bool(known.missing or known.structural)

    def _shares(self, row: VariableRow, level: Level, *, of_known: bool) -> list[Cell]:
        percent_only = self.table.choices.style == "paper"
        return [
            Cell(
                share_text(
                    share,
                    known,
                    percent_only=percent_only,
                    of_known=of_known and self._says_n(known),
                ),
                value=share.percent if percent_only and not of_known else None,
                digits=1,
            )
            for share, known in zip(level.shares, row.known, strict=True)
        ]

    def _effects(self, row: VariableRow, difference: Difference | None) -> list[Cell]:
        """The cells behind the columns of the groups, on a variable's own line."""
        digits = 1 if row.levels else row.digits
        cells = [_difference(difference, digits)] if self.has_difference else []
        p = row.comparison.p if row.comparison else None
        if self.has_p:
            cells.append(_p_value(p))
        if self.adjusted_by:
            cells.append(_p_value(row.comparison.p_adjusted if row.comparison else None))
        if self.has_smd:
            cells.append(_smd(row))
        return cells

    def _blanks(self, row: VariableRow, indent: int) -> Iterator[TableRow]:
        for label, counts in (
            ("Missing", [known.missing for known in row.known]),
            ("Not applicable", [known.structural for known in row.known]),
        ):
            if any(count != 0 for count in counts):
                yield self._row(label, [_count(count) for count in counts], indent=indent)


def _count(count: int | None) -> Cell:
    return Cell(HIDDEN) if count is None else Cell(f"{count:,}", count, 0)


def _p_value(p: float | None) -> Cell:
    return Cell(p_value(p), p, 3) if p is not None else Cell(NOTHING)


def _difference(difference: Difference | None, digits: int) -> Cell:
    if difference is None:
        return EMPTY
    return Cell(interval(difference.value, difference.low, difference.high, digits))


def _smd(row: VariableRow) -> Cell:
    smd = row.smd
    if smd is None:
        return EMPTY
    if smd.value is None:
        return Cell(HIDDEN if row.is_hidden else "not defined")
    return Cell(interval(smd.value, smd.low, smd.high, 2))
