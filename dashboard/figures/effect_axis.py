"""An axis of effects: ratios on a logarithmic one, differences on a plain one, and their text."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.theme import figure_layout

if TYPE_CHECKING:
    from analytics.outcome.effect import Effect

_FURTHEST = 4.0
"""How far beyond the outermost estimate an interval is drawn, as a factor."""

_NARROW = 2.5
"""Ratio of an axis' ends below which 1, 2 and 5 leave it with too few marks."""

_MINUS = "\u2212"

NOT_DEFINED = "not defined"


@dataclass(frozen=True)
class EffectAxis:
    """From where to where effects are drawn.

    Attributes:
        low: in the effects' own unit.
        high: in the effects' own unit.
        is_ratio: whether they are ratios, which lie on a logarithmic axis.
    """

    low: float
    high: float
    is_ratio: bool

    @classmethod
    def of(cls, effects: Iterable["Effect"], *, is_ratio: bool) -> "EffectAxis":
        """Hold all estimates, and their intervals as far as these don't dwarf them."""
        known = [effect for effect in effects if effect.value is not None]
        centre = 1.0 if is_ratio else 0.0
        values = [centre, *(effect.value for effect in known if effect.value is not None)]
        ends = [
            end for one in known for end in (one.ci_low, one.ci_high) if end is not None
        ] + values
        if not is_ratio:
            pad = 0.06 * (max(ends) - min(ends) or 1)
            return cls(min(ends) - pad, max(ends) + pad, is_ratio)
        low = max(min(ends), min(values) / _FURTHEST)
        high = min(max(ends), max(values) * _FURTHEST)
        pad = max((high / low) ** 0.06, 1.0001)
        return cls(low / pad, high * pad, is_ratio)

    @property
    def null(self) -> float:
        """No effect."""
        return 1.0 if self.is_ratio else 0.0

    def layout(self, title: str) -> dict[str, Any]:
        """As plotly takes it."""
        axis = {
            **figure_layout()["xaxis"],
            "showgrid": True,
            "tickangle": 0,
            "title": {"text": title, "standoff": 8},
        }
        if not self.is_ratio:
            return {**axis, "range": [self.low, self.high], "nticks": 8}
        ticks = self.ticks()
        return {
            **axis,
            "type": "log",
            "range": [math.log10(self.low), math.log10(self.high)],
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
        }

    def ticks(self) -> list[float]:
        """Marks of a logarithmic axis: round numbers, and 1 among them."""
        if self.high / self.low < _NARROW:
            return self._even_ticks()
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in (
            (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
            (1, 1.5, 2, 3, 5, 7),
            (1, 2, 5),
        ):
            marks = [step * 10.0**decade for decade in decades for step in steps]
            shown = [float(f"{mark:.4g}") for mark in marks if self.low <= mark <= self.high]
            if len(shown) <= 8:
                return shown
        return [10.0**decade for decade in decades if self.low <= 10.0**decade <= self.high]

    def _even_ticks(self) -> list[float]:
        """Marks at even steps, counted from 1: over so short a stretch a logarithm is straight."""
        rough = (self.high - self.low) / 5
        decade = 10.0 ** math.floor(math.log10(rough))
        step = decade * next(nice for nice in (1, 2, 5, 10) if nice * decade >= rough)
        first, last = math.ceil((self.low - 1) / step), math.floor((self.high - 1) / step)
        return [round(1 + place * step, 10) for place in range(first, last + 1)]

    def clipped(self, value: float) -> float:
        """A value, or the end of the axis beyond which it lies."""
        return min(max(value, self.low), self.high)


def effect_text(effect: "Effect | None", *, is_ratio: bool) -> str:
    """An effect as a journal prints it, such as `1.66 (1.21 to 2.28)`."""
    if effect is None:
        return ""
    if effect.value is None:
        return NOT_DEFINED
    ends = [end for end in (effect.ci_low, effect.ci_high) if end is not None]
    written = _ratios if is_ratio else _differences
    value, *interval = (text.replace("-", _MINUS) for text in written([effect.value, *ends]))
    return f"{value} ({' to '.join(interval)})" if len(interval) == 2 else value


def _ratios(numbers: list[float]) -> list[str]:
    """Two decimals, or so many more that an effect per millilitre isn't `1.00 (1.00 to 1.00)`."""
    furthest = max(abs(math.log(number)) for number in numbers)
    near_one = 2 if furthest >= 0.05 else 3 if furthest >= 0.005 else 4
    return [
        f"{number:.1g}" if number < 0.01 else f"{number:,.{_decimals(number, near_one)}f}"
        for number in numbers
    ]


def _decimals(number: float, near_one: int) -> int:
    return near_one if number < 10 else max(near_one - (1 if number < 100 else 2), 0)


def _differences(numbers: list[float]) -> list[str]:
    largest = max(map(abs, numbers))
    digits = 2 if largest >= 1 or not largest else min(6, 1 - math.floor(math.log10(largest)))
    return [f"{number:z.{digits}f}" for number in numbers]
