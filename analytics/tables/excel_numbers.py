"""Which cells Excel has as numbers, and the format in which a number looks as printed."""

import math
import re
from numbers import Real

from analytics.tables.table import Cell

_PRINTED = re.compile(
    r"(?P<bound>[<>≤≥]\s?)?"
    r"(?P<number>[-\u2212]?[0-9][0-9,]*(?:\.(?P<decimals>[0-9]+))?)"
    r"(?P<unit>[^0-9\"]{0,12})"
)


def number_format(cell: Cell) -> str | None:
    """The format in which Excel shows a cell's value as its text; None if it can't.

    That is a text of one number: `0.84`, `1,204`, `48.4 %`, `3 ml`, or a bound such as `<0.001`.
    """
    value, printed = cell.value, _PRINTED.fullmatch(cell.text.strip())
    if printed is None or not isinstance(value, Real) or not math.isfinite(value):
        return None
    if printed["bound"]:
        return f'"{printed[0]}"'
    number, unit = printed["number"], printed["unit"]
    decimals = len(printed["decimals"] or "")
    shown = float(number.replace("\u2212", "-").replace(",", ""))
    digits = decimals if cell.digits is None else cell.digits
    pattern = ("#,##0" if "," in number else "0") + ("." + "0" * digits if digits else "")
    slack = 0.500001 * 10**-decimals
    if abs(shown - value) <= slack:
        return pattern + (f'"{unit}"' if unit else "")
    if unit.strip() == "%" and abs(shown - 100 * value) <= slack:
        return pattern + unit
    return None
