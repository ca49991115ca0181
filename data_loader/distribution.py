"""How a variable is spread: one bar a level, or one a bin, with the blanks beside them.

A `Scale` is laid once over all subjects of an index version; every cohort is then counted by
its codes, so that a page of charts costs one SQL statement, however many there are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from data_loader.cohort import Filter, Interval
from data_loader.scan import natural_key
from data_loader.variables import Variable

MISSING_CODE, STRUCTURAL_CODE, OUTSIDE_CODE = -1, -2, -3
"""Codes of subjects in no bar: value missing, can't exist, or implausible and left out."""

MOST_LEVELS = 12
_MOST_BINS = 30
_R5 = (1.0, 1.6, 2.5, 4.0, 6.3)
_R10 = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)
"""Renard's preferred numbers (ISO 3): steps of equal ratio that can be read."""

Codes = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Bar:
    """One bar of a chart.

    Attributes:
        label: as on the axis.
        expression: the filter that selects it, as in a query.
        low: where its bin begins; None for a level.
        high: where its bin ends (not included); None for a level.
    """

    label: str
    expression: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Scale:
    """The bars of a variable, and which of them each subject of the index is in.

    Attributes:
        variable: what is counted.
        bars: in order; bins lie edge to edge.
        codes: a subject's bar, in the order of the index, or one of the codes of no bar.
        rare_levels: how many levels have no bar.
        numbers: a subject's value, NaN where it is blank; None for codes that are text or names.
    """

    variable: Variable
    bars: tuple[Bar, ...]
    codes: Codes
    rare_levels: int = 0
    numbers: npt.NDArray[np.float64] | None = None

    @property
    def is_binned(self) -> bool:
        """Whether the bars are bins of a range rather than levels."""
        return not has_levels(self.variable)

    def place(self, value: float) -> float:
        """Where a value lies on the axis: bins of equal ratio are laid by its logarithm."""
        return math.log10(value) if self.variable.log_axis and value > 0 else value

    def extent(self, bar: int) -> tuple[float, float]:
        """From where to where a bar lies on the axis; levels are one apart."""
        low, high = self.bars[bar].low, self.bars[bar].high
        if low is not None and high is not None:
            return self.place(low), self.place(high)
        if not self.is_binned:
            return bar - 0.5, bar + 0.5
        # Zero stands a bin before the first bin of a log axis.
        first, end = self.extent(1)
        return first - 2 * (end - first), 2 * first - end

    def expression_between(self, start: float, end: float) -> str | None:
        """The filter that selects the bars whose middle lies in a stretch of the axis.

        Returns:
            None if there is no such bar.
        """
        middles = (sum(self.extent(bar)) / 2 for bar in range(len(self.bars)))
        chosen = [bar for bar, at in zip(self.bars, middles, strict=True) if start <= at <= end]
        binned = [bar for bar in chosen if bar.low is not None]
        parts = [bar.expression for bar in chosen if bar.low is None]
        if binned:
            low, high = binned[0].low or 0.0, binned[-1].high or 0.0
            last = binned[-1] is self.bars[-1]
            parts.append(_interval(self.variable, low, high, last=last))
        return ",".join(parts) or None

    def summary(self, members: npt.NDArray[np.bool_]) -> "Summary | None":
        """Median and quartiles (type 7) of the known values of a cohort; None for levels."""
        if self.numbers is None:
            return None
        chosen = self.numbers[members]
        known = chosen[~np.isnan(chosen)]
        if known.size == 0:
            return None
        q1, median, q3 = np.quantile(known, (0.25, 0.5, 0.75)).tolist()
        return Summary(median, q1, q3)

    def count(self, members: npt.NDArray[np.bool_] | None = None) -> "Counts":
        """Count subjects, all of them or the members of a cohort.

        Args:
            members: one flag a subject, in the order of the index.
        """
        codes = self.codes if members is None else self.codes[members]
        counted = np.bincount(codes + 3, minlength=len(self.bars) + 3)
        outside, not_applicable, missing, *bars = counted.tolist()
        return Counts(tuple(bars), missing, not_applicable, outside)


@dataclass(frozen=True)
class Summary:
    """Middle and spread of known values, implausible ones included."""

    median: float
    q1: float
    q3: float


@dataclass(frozen=True)
class Counts:
    """Subjects by bar.

    Attributes:
        bars: one number a bar.
        missing: whose value is not known.
        not_applicable: whose value can't exist.
        outside: whose value is outside the plausible range, or a level without a bar.
    """

    bars: tuple[int, ...]
    missing: int
    not_applicable: int
    outside: int

    @property
    def known(self) -> int:
        """Subjects with a value."""
        return sum(self.bars) + self.outside


def lay_scale(
    variable: Variable, values: npt.NDArray[Any], structural: npt.NDArray[np.bool_]
) -> Scale:
    """Choose the bars of a variable and put every subject in one.

    Args:
        variable: what is counted.
        values: one a subject; blanks are masked or None.
        structural: whether each blank is structural.
    """
    known = ~np.ma.getmaskarray(values)
    codes = np.where(structural & ~known, STRUCTURAL_CODE, MISSING_CODE).astype(np.int16)
    found = np.ma.getdata(values)[known]
    if has_levels(variable):
        levels, rare = _levels(variable, found)
        place = {code: bar for bar, code in enumerate(levels)}
        placed = (place.get(_code(value), OUTSIDE_CODE) for value in found.tolist())
        codes[known] = np.fromiter(placed, dtype=np.int16, count=len(found))
        bars = tuple(_level_bar(variable, code) for code in levels)
        is_number = variable.kind == "ordinal" and not variable.is_text
        return Scale(variable, bars, codes, rare, _with_blanks(found, known) if is_number else None)
    numbers = found.astype(np.float64)
    low, high = variable.plausible or (-math.inf, math.inf)
    inside = (numbers >= low) & (numbers <= high)
    bars = _bins(variable, numbers[inside])
    codes[known] = np.where(inside, _bin_of(bars, numbers), OUTSIDE_CODE)
    return Scale(variable, bars, codes, numbers=_with_blanks(numbers, known))


def _with_blanks(found: npt.NDArray[Any], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    numbers = np.full(known.shape, np.nan)
    numbers[known] = found
    return numbers


def has_levels(variable: Variable) -> bool:
    """Whether a variable is drawn as a bar a level; few ordered numbers count as levels too."""
    if variable.is_discrete or variable.kind != "ordinal" or variable.plausible is None:
        return variable.is_discrete
    return variable.plausible[1] - variable.plausible[0] < MOST_LEVELS


def _levels(variable: Variable, values: npt.NDArray[Any]) -> tuple[list[str], int]:
    """The levels that get a bar, in order, and how many others occur."""
    if variable.levels:
        return list(variable.levels), 0
    if variable.kind == "binary":
        return ["0", "1"], 0
    if variable.plausible:
        low, high = variable.plausible
        return [str(level) for level in range(int(low), int(high) + 1)], 0
    common = [_code(value) for value, _ in Counter(values.tolist()).most_common()]
    return sorted(common[:MOST_LEVELS], key=natural_key), len(common[MOST_LEVELS:])


def _code(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _level_bar(variable: Variable, code: str) -> Bar:
    return Bar(variable.level_label(code), Filter(variable, codes=(code,)).expression)


def _is_whole(variable: Variable) -> bool:
    return variable.kind in ("ordinal", "count")


def _bins(variable: Variable, numbers: npt.NDArray[np.float64]) -> tuple[Bar, ...]:
    if numbers.size == 0:
        return ()
    low, high = float(numbers.min()), float(numbers.max())
    if variable.log_axis and high > 0:
        edges = _log_edges(float(numbers[numbers > 0].min()), high)
        # Zero has no place on a log axis: it is a level of its own before the bins.
        is_floor = variable.plausible is not None and variable.plausible[0] == 0
        zero = (Bar("0", "0" if is_floor else "<=0"),) if low <= 0 else ()
        return zero + _bins_between(variable, edges)
    return _bins_between(variable, _linear_edges(low, high, whole=_is_whole(variable)))


def _bins_between(variable: Variable, edges: Sequence[float]) -> tuple[Bar, ...]:
    """Bins from each edge to the next; only the last one includes its upper edge."""
    bars = []
    for low, high in pairwise(edges):
        text = _interval(variable, low, high, last=high == edges[-1])
        bars.append(Bar(text.replace("..<", " to < ").replace("..", " to "), text, low, high))
    return tuple(bars)


def _interval(variable: Variable, low: float, high: float, *, last: bool) -> str:
    """The filter that selects a bin, without the implausible values that its end may reach over."""
    floor, ceiling = variable.plausible or (-math.inf, math.inf)
    low = max(low, floor)
    if not _is_whole(variable):
        return str(Interval(low, min(high, ceiling), high_included=last))
    top = min(high - 1, ceiling)
    return f"{low:.15g}" if low == top else str(Interval(low, top))


def _linear_edges(low: float, high: float, *, whole: bool) -> list[float]:
    """At most 30 bins whose edges are multiples of 1, 2 or 5 times a power of ten."""
    span = (high - low) or max(abs(low), 1.0)
    size = 10.0 ** math.floor(math.log10(span / _MOST_BINS))
    size = max(size, 1.0) if whole else size
    step = next(s for f in (1, 2, 5, 10, 20) if span / (s := size * f) <= _MOST_BINS - 1)

    def edge(place: int) -> float:
        return float(f"{place * step:.15g}")

    first = math.floor(low / step)
    last = math.floor(high / step) + 1 if whole else max(math.ceil(high / step), first + 1)
    # Rounding may leave the outermost values a hair outside.
    first, last = first - (edge(first) > low), last + (edge(last) < high)
    return [edge(place) for place in range(first, last + 1)]


def _log_edges(low: float, high: float) -> list[float]:
    series = _R5 if math.log10(high / low) > 3 else _R10
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    edges = [float(f"{number * 10.0**decade:.3g}") for decade in decades for number in series]
    first = max(place for place, edge in enumerate(edges) if edge <= low)
    last = min(place for place, edge in enumerate(edges) if edge >= high and place > first)
    return edges[first : last + 1]


def _bin_of(bars: Sequence[Bar], numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    edges = np.array([*(bar.low for bar in bars if bar.low is not None), math.inf])
    zeros = len(bars) - len(edges) + 1
    return np.clip(np.searchsorted(edges, numbers, side="right") - 1, -1, len(edges) - 2) + zeros
