"""What one cell of a printed table says: a mean, a median, a count, a percentage, of how many."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.table_one.possible import Rounded

NUMBER = r"[-\u2212+]?\d[\d,]*(?:\.\d+)?"
_OF = rf"(?:\s*\(\s*n\s*=\s*(?P<of>{NUMBER})\s*\))?"
_MEAN = re.compile(rf"(?P<mean>{NUMBER})\s*(?:(?:±|\+/?-)\s*(?P<sd>{NUMBER}))?{_OF}", re.IGNORECASE)
_MEAN_IN_BRACKETS = re.compile(
    rf"(?P<mean>{NUMBER})\s*\(\s*(?P<sd>{NUMBER})\s*\){_OF}", re.IGNORECASE
)
_MEDIAN = re.compile(
    rf"(?P<median>{NUMBER})\s*[\[(]\s*(?P<q1>{NUMBER})\s*(?:-|\u2013|to|,|;)\s*"
    rf"(?P<q3>{NUMBER})\s*[\])]{_OF}",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?P<count>{NUMBER})(?:\s*/\s*(?P<of>{NUMBER}))?"
    rf"(?:\s*\(\s*(?P<percent>{NUMBER})\s*%?\s*\))?"
)
_PERCENT = re.compile(rf"(?P<percent>{NUMBER})\s*%?{_OF}", re.IGNORECASE)
_KNOWN = re.compile(rf"n\s*=\s*(?P<of>{NUMBER})", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """What one cell says; None where it doesn't.

    Attributes:
        n: known values, as the cell itself or a row of missing ones says.
        count: subjects with the level.
        percent: of them.
        mean: of the values.
        sd: beside it.
        quantiles: first quartile, median, third; empty for none.
    """

    n: int | None = None
    count: int | None = None
    percent: Rounded | None = None
    mean: Rounded | None = None
    sd: Rounded | None = None
    quantiles: tuple[Rounded, ...] = ()


def read_cell(text: str, statistic: str, *, has_level: bool) -> Cell:
    """What a cell says.

    Args:
        text: as printed.
        statistic: what its row is said to have, such as `mean ± SD`; empty where nothing is.
        has_level: whether the row is of a level.
    """
    if known := _KNOWN.fullmatch(text):
        return Cell(n=whole(known["of"]))
    for pattern in _patterns(text, statistic, has_level=has_level):
        if found := pattern.fullmatch(text):
            return _read(found.groupdict())
    return Cell()


_SAID = {
    "mea": [_MEAN, _MEAN_IN_BRACKETS],
    "med": [_MEDIAN],
    "min": [],
    "%": [_PERCENT, _COUNT],
    "n": [_COUNT],
    "n (": [_COUNT],
}
"""What a cell may be, by how the statistic that is said to be in it begins."""


def _patterns(text: str, statistic: str, *, has_level: bool) -> list[re.Pattern[str]]:
    """What a cell may be, by what is said of it or else by its looks."""
    if statistic[:3] in _SAID:
        return _SAID[statistic[:3]]
    if re.fullmatch(NUMBER, text):  # of a level it is a percentage, else it may be anything
        return [_PERCENT] if has_level else []
    if re.fullmatch(rf"\d+\.\d+\s*\({NUMBER}\)", text) or re.search("±|\\+/?-", text):
        return [_MEAN, _MEAN_IN_BRACKETS]
    return [_MEDIAN, _PERCENT, _COUNT]


def _read(told: Mapping[str, str | None]) -> Cell:
    percent, mean, sd = (_rounded(told.get(name)) for name in ("percent", "mean", "sd"))
    count, of = told.get("count"), told.get("of")
    quantiles = [_rounded(told.get(name)) for name in ("q1", "median", "q3")]
    return Cell(
        n=whole(of) if of else None,
        count=whole(count) if count else None,
        percent=percent,
        mean=mean,
        sd=sd,
        quantiles=tuple(one for one in quantiles if one),
    )


def _plain(text: str) -> str:
    return text.replace(",", "").replace("\u2212", "-")


def whole(text: str) -> int | None:
    """A printed whole number; None where it is another."""
    number = float(_plain(text))
    return int(number) if number.is_integer() else None


def _rounded(text: str | None) -> Rounded | None:
    if text is None:
        return None
    plain = _plain(text)
    return Rounded(float(plain), len(plain.partition(".")[2]))
