"""One cell of a clinical file → a typed value, or what is wrong with it."""

import math
import re
from collections.abc import Callable, Mapping

from data_loader.variables import Variable

Value = str | int | float | None

_TOP_CODED = re.compile(r"(?:>=?\s*)?(\d+(?:\.\d+)?)\s*\+|>=?\s*(\d+(?:\.\d+)?)")
_CLOCK = re.compile(
    r"(-?)(?:(\d{1,3}) days?,? |1900-01-(\d\d) )?(\d{1,4}):([0-5]?\d):([0-5]?\d(?:\.\d+)?)"
)
"""Also with days in front, as Python prints a duration or Excel one of a day and more."""

_DICOM_AGE = re.compile(r"(\d{3})([DWMY])")
_AGES_A_YEAR = {"D": 365.25, "W": 365.25 / 7, "M": 12.0, "Y": 1.0}
_TICI = re.compile(r"m?TICI[ -]?", re.IGNORECASE)
_YES_NO = {"yes": "1", "no": "0", "true": "1", "false": "0", "y": "1", "n": "0"}


def is_top_coded(text: str) -> bool:
    """Whether a cell gives a lower bound, such as `89+`, for the value."""
    return _TOP_CODED.fullmatch(text) is not None


def read_value(variable: Variable, column: str, text: str) -> tuple[Value, str, str]:
    """Read one cell that isn't blank.

    Args:
        variable: what the column holds.
        column: its header, for the sentence.
        text: the cell, without surrounding blanks.

    Returns:
        The value (None if it can't be read), and the problem code and sentence of what is wrong
        with it (both empty if nothing is).
    """
    value = _PARSERS[variable.kind](variable, text)
    if value is None:
        wanted = (
            "text" if variable.is_text else "a duration" if variable.unit == "min" else "a number"
        )
        return None, "value-unreadable", f"{column} is {text[:80]!r}, where {wanted} is expected."
    if _is_implausible(variable, value):
        return value, "value-implausible", f"{column} is {text[:80]}, {_expected(variable)}."
    return value, "", ""


def _is_implausible(variable: Variable, value: Value) -> bool:
    if isinstance(value, str) or variable.kind in ("binary", "categorical"):
        known = variable.levels or ({"0": "", "1": ""} if variable.kind == "binary" else {})
        return bool(known) and str(value) not in known
    low, high = variable.plausible or (-math.inf, math.inf)
    return value is not None and not low <= value <= high


def _expected(variable: Variable) -> str:
    if variable.plausible and not variable.levels:
        low, high = variable.plausible
        unit = f" {variable.unit}" if variable.unit else ""
        return f"outside {low:g} to {high:g}{unit}"
    return f"not one of {', '.join(variable.levels or ('0', '1'))}"


def _number(_: Variable, text: str) -> float | None:
    bound = _TOP_CODED.fullmatch(text)
    try:
        value = float((bound.group(1) or bound.group(2)) if bound else text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _integer(variable: Variable, text: str) -> int | None:
    value = None if is_top_coded(text) else _number(variable, text)
    return int(value) if value is not None and value.is_integer() and abs(value) < 2**62 else None


def _flag(variable: Variable, text: str) -> int | None:
    return _integer(variable, _YES_NO.get(text.casefold(), text))


def _code(variable: Variable, text: str) -> Value:
    if not variable.is_text:
        return _integer(variable, text)
    for code, meaning in variable.levels.items():
        if text.casefold() in (code.casefold(), meaning.casefold()):
            return code
    return text


def _ordinal(variable: Variable, text: str) -> Value:
    if not variable.is_text:
        return _integer(variable, text)
    if variable.name == "tici":
        text = _TICI.sub("", text, count=1)
    whole = _integer(variable, text)
    return _code(variable, text if whole is None else str(whole))


def _minutes(variable: Variable, text: str) -> float | None:
    """Minutes from `hh:mm:ss` with or without fractions.

    A bare number is minutes already, or below 1 the part of a day that Excel makes of a time.
    """
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        number = None if is_top_coded(text) else _number(variable, text)
        return number if number is None or abs(number) >= 1 else round(number * 1440, 6)
    sign, days, date, hours, minutes, seconds = clock.groups()
    whole = int(days or date or 0) * 1440 + int(hours) * 60 + int(minutes)
    value = whole + float(seconds) / 60
    return -value if sign else value


def _real(variable: Variable, text: str) -> float | None:
    if variable.name != "age":
        return None if is_top_coded(text) else _number(variable, text)
    age = _DICOM_AGE.fullmatch(text)
    return int(age[1]) / _AGES_A_YEAR[age[2]] if age else _number(variable, text)


_PARSERS: Mapping[str, Callable[[Variable, str], Value]] = {
    "continuous": _real,
    "duration": _minutes,
    "count": _integer,
    "ordinal": _ordinal,
    "binary": _flag,
    "categorical": _code,
}
