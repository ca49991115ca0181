"""Rows as text: CSV that no spreadsheet mistakes for formulas, and JSON."""

import csv
import io
import math
import re
from collections.abc import Sequence
from typing import Any

import orjson

Row = dict[str, Any]

_FORMULA = re.compile(r"[=+\-@\t\r]")


class Rows(list[Row]):
    """Rows that know their columns even where there are none of them.

    Attributes:
        columns: names, in order.
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)


def rows_as_csv(rows: Rows) -> str:
    """RFC 4180 text with a header; blanks are empty cells, numbers keep every digit.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_cell, rows.columns))
    writer.writerows([_cell(row[name]) for name in rows.columns] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) and not _is_number(value) else value
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else value


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE) is not None


def rows_as_json(rows: Rows) -> str:
    """A JSON array of objects, a line a row; blanks are null, numbers are not rounded."""
    lines = (orjson.dumps(row).decode() for row in rows)
    return f"[{','.join(f'{chr(10)}{line}' for line in lines)}\n]\n"
