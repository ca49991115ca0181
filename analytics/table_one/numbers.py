"""The unrounded numbers of a Table 1 as a table, a row a variable, level and column, for Excel."""

from analytics.table_one.result import TableOne
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow
from data_loader.rows import Row

_TEXT = ("variable", "level_label", "column")
_COUNTS = ("n", "missing", "structural", "count")
_NUMBERS = ("percent", "mean", "sd", "median", "q1", "q3", "min", "max")
_COMPARISON = ("test", "statistic", "p", "p_adjusted", "smd", "smd_low", "smd_high")
_DIFFERENCE = ("difference", "difference_low", "difference_high")
_KEYS = (*_TEXT, *_COUNTS, *_NUMBERS, *_COMPARISON, *_DIFFERENCE)
_HEADINGS = {"level_label": "level", "structural": "not applicable"}
_DIGITS = 4


def numbers_table(table: TableOne) -> Table:
    """Lay the numbers out; where all cells of a column are empty, it is left out."""
    rows = [row | (row["value"] or {}) for row in table.long_rows()]
    keys = [key for key in _KEYS if any(row.get(key) is not None for row in rows)]
    return Table(
        title="Numbers behind it, not rounded",
        columns=tuple(_column(key) for key in keys),
        rows=tuple(TableRow(tuple(_cell(row, key) for key in keys)) for row in rows),
    )


def _column(key: str) -> Column:
    heading = _HEADINGS.get(key, key.replace("_", " "))
    return Column(key, heading, align="left" if key in (*_TEXT, "test") else "right")


def _cell(row: Row, key: str) -> Cell:
    value = row.get(key)
    if value is None:
        return EMPTY
    if isinstance(value, float):
        return Cell(f"{value:.{_DIGITS}f}", value, _DIGITS)
    return Cell(str(value), value, 0) if isinstance(value, int) else Cell(str(value))
