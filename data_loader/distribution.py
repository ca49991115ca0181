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
    """

    variable: Variable
    bars: tuple[Bar, ...]
    codes: Codes
    rare_levels: int = 0

    @property
    def is_binned(self) -> bool:
        """Whether the bars are bins of a range rather than levels."""
        return not has_levels(self.variable)

    def expression_between(self, low: float, high: float) -> str | None:
        """The filter that selects every bin whose middle lies in a range, None if there is none.

        Args:
            low: on the variable's axis.
            high: on the variable's axis.
        """
        chosen = [bar for bar in self.bars if _is_within(bar, low, high, self.variable.log_axis)]
        if not chosen or chosen[0].low is None or chosen[-1].high is None:
            return None
        ends = chosen[0].low, chosen[-1].high
        return _interval(*ends, whole=_is_whole(self.variable), last=chosen[-1] is self.bars[-1])

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
        return Scale(variable, bars, codes, rare_levels=rare)
    numbers = found.astype(np.float64)
    low, high = variable.plausible or (-math.inf, math.inf)
    inside = (numbers >= low) & (numbers <= high)
    bars = _bins(variable, numbers[inside])
    codes[known] = np.where(inside, _bin_of(bars, numbers), OUTSIDE_CODE)
    return Scale(variable, bars, codes)


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
        zero = (Bar("0", "<=0"),) if low <= 0 else ()
        return zero + _bins_between(edges, whole=False)
    whole = _is_whole(variable)
    return _bins_between(_linear_edges(low, high, whole=whole), whole=whole)


def _bins_between(edges: Sequence[float], *, whole: bool) -> tuple[Bar, ...]:
    """Bins from each edge to the next; only the last one includes its upper edge."""
    ends = list(pairwise(edges))
    bars = []
    for low, high in ends:
        text = _interval(low, high, whole=whole, last=(low, high) == ends[-1])
        bars.append(Bar(text.replace("..<", " to < ").replace("..", " to "), text, low, high))
    return tuple(bars)


def _interval(low: float, high: float, *, whole: bool, last: bool) -> str:
    if not whole:
        return str(Interval(low, high, high_included=last))
    return f"{low:.15g}" if high - low == 1 else str(Interval(low, high - 1))


def _linear_edges(low: float, high: float, *, whole: bool) -> list[float]:
    """At most 30 bins whose edges are multiples of 1, 2 or 5 times a power of ten."""
    span = (high - low) or max(abs(low), 1.0)
    size = 10.0 ** math.floor(math.log10(span / _MOST_BINS))
    steps = (size * factor for factor in (1, 2, 5, 10, 20))
    step = next(s for s in steps if span / s <= _MOST_BINS - 1 and (not whole or s >= 1))
    first = math.floor(low / step)
    last = math.floor(high / step) + 1 if whole else max(math.ceil(high / step), first + 1)
    return [float(f"{place * step:.10g}") for place in range(first, last + 1)]


def _log_edges(low: float, high: float) -> list[float]:
    series = _R5 if math.log10(high / low) > 3 else _R10
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    edges = [float(f"{number * 10.0**decade:.3g}") for decade in decades for number in series]
    first = max(place for place, edge in enumerate(edges) if edge <= low)
    last = min(place for place, edge in enumerate(edges) if edge >= high and place > first)
    return edges[first : last + 1]


def _is_within(bar: Bar, low: float, high: float, log_axis: bool) -> bool:
    if bar.low is None or bar.high is None:
        return False
    middle = math.sqrt(bar.low * bar.high) if log_axis else (bar.low + bar.high) / 2
    return low <= middle <= high


def _bin_of(bars: Sequence[Bar], numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    edges = np.array([*(bar.low for bar in bars if bar.low is not None), math.inf])
    zeros = len(bars) - len(edges) + 1
    return np.clip(np.searchsorted(edges, numbers, side="right") - 1, -1, len(edges) - 2) + zeros
