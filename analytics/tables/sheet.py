"""How a table fits on paper: upright or turned, how large its type, how wide its columns."""

import math
from dataclasses import dataclass

from analytics.tables.table import Table, TableRow
from analytics.tables.text import longest_word, width

MARGIN_CM = 2.0
"""On all four sides."""

GAP_CM = 0.2
"""Between two columns."""

_CM_PER_POINT = 2.54 / 72
_SLACK_CM = 0.01
A4 = (21.0, 29.7)
_A3 = (29.7, 42.0)
_MOST_LABEL_EM = 21.0
_MOST_TEXT_EM = 15.0
_MOST_HEADING_EM = 9.0
_MOST_SPANNER_EM = 16.0
"""Beyond these, words are broken into lines: in the first column, in others, in headings, and in
headings over several columns."""

_MARK_EM = 0.5
_INDENT_EM = 0.9
_FULL = 0.65
"""A table that takes this part of the width is stretched to all of it."""

_AIR = 1.3
"""By this much a smaller one is stretched."""


@dataclass(frozen=True)
class Sheet:
    """A page and the table on it.

    Attributes:
        width_cm: of the paper.
        height_cm: of the paper.
        points: size of the type.
        columns_cm: width of each column, the gap included.
    """

    width_cm: float
    height_cm: float
    points: float
    columns_cm: tuple[float, ...]

    @property
    def is_landscape(self) -> bool:
        """Whether the paper is turned."""
        return self.width_cm > self.height_cm

    @property
    def is_full(self) -> bool:
        """Whether the table takes all of the width between the margins."""
        return sum(self.columns_cm) > self.width_cm - 2 * MARGIN_CM - _SLACK_CM

    def text_cm(self, place: int) -> float:
        """Room for the text of a column."""
        return self.columns_cm[place] - GAP_CM

    def text_em(self, place: int) -> float:
        """The same in em."""
        return self.text_cm(place) / (self.points * _CM_PER_POINT)


_SHEETS = ((A4, 9.0), (A4, 8.0), (A4[::-1], 9.0), (A4[::-1], 8.0), (_A3[::-1], 8.0))
_LEAST_POINTS = 1.0


def sheet_for(table: Table) -> Sheet:
    """The smallest sheet on which numbers stand on one line; A3 in smaller type at the worst."""
    columns = [_column_em(table, place) for place in range(len(table.columns))]
    em = sum(least for least, _ in columns)
    for paper, points in _SHEETS:
        room = paper[0] - 2 * MARGIN_CM
        fitting = (room - GAP_CM * len(columns)) / (em * _CM_PER_POINT)
        if points <= fitting:
            break
    points = max(min(points, math.floor(2 * fitting) / 2), _LEAST_POINTS)
    needed, wished = (
        [pair[which] * points * _CM_PER_POINT + GAP_CM for pair in columns] for which in (0, 1)
    )
    return Sheet(*paper, points, _spread(needed, wished, room))


def _spread(needed: list[float], wished: list[float], room: float) -> tuple[float, ...]:
    """Give the room that is left to who wishes for it, then to all."""
    lacking = sum(wished) - sum(needed)
    part = max(0.0, min(1.0, (room - sum(needed)) / lacking)) if lacking > 0 else 0.0
    widths = [least + part * (wish - least) for least, wish in zip(needed, wished, strict=True)]
    total = sum(widths)
    stretch = room / total if total > _FULL * room else _AIR
    return tuple(one * stretch for one in widths)


def _column_em(table: Table, place: int) -> tuple[float, float]:
    """The least width of a column and the one in which no cell is broken, in em."""
    cells = [
        (row.cells[place].text, _beside(row) if place == 0 else 0.0)
        for row in table.rows
        if not row.is_heading
    ]
    head = _heading_em(table, place)
    wish = max([head, *(width(text) + beside for text, beside in cells)])
    if table.columns[place].align != "left":
        return wish, wish
    word = max([head, *(longest_word(text) + beside for text, beside in cells)])
    return min(wish, max(word, _MOST_LABEL_EM if place == 0 else _MOST_TEXT_EM)), wish


def _beside(row: TableRow) -> float:
    return row.indent * _INDENT_EM + len(row.marks) * _MARK_EM


def _heading_em(table: Table, place: int) -> float:
    """A heading may be broken between words, what stands below it not."""
    column = table.columns[place]
    neighbours = sum(other.spanner == column.spanner for other in table.columns)
    over = max(longest_word(column.spanner), min(width(column.spanner), _MOST_SPANNER_EM))
    spanner = over / neighbours
    line = max(longest_word(column.heading), min(width(column.heading), _MOST_HEADING_EM))
    return max(line + len(column.marks) * _MARK_EM, width(column.sub), spanner)
