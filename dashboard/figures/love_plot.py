"""A love plot: standardised mean differences by size, the line at 0.1, what chance alone gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dashboard.figures.blank import blank
from dashboard.figures.wrap import wrapped
from dashboard.theme import COHORT, HOVER, LINE, figure_layout, inked

if TYPE_CHECKING:
    from analytics.table_one.alike import Balance

_ALIKE = 0.1
_ROW_PX, _AROUND_PX = 22, 88
_LINES = 2
_TITLE = "Standardised mean difference, without sign"
_INTERVAL = ", with its 95 % interval"
_BY_CHANCE = "<br>| what it stays below in 95 of 100 draws from one population"


def love_plot(found: Sequence["Balance"]) -> dict[str, Any]:
    """Draw the sizes of the differences, the largest on top.

    A filled point lies at 0.1 or above. Each point bears the name of its variable as `customdata`.

    Args:
        found: largest first, as `alike.balances` gives them.
    """
    if not found:
        return blank("There is no standardised difference to draw.")
    chance = [one for one in found if one.by_chance is not None]
    reach = max([2 * _ALIKE, *(max(one.size, one.by_chance or 0) for one in found)])
    line = {"type": "line", "x0": _ALIKE, "x1": _ALIKE, "y0": 0, "y1": 1, "yref": "paper"}
    layout = figure_layout(
        height=_AROUND_PX + _ROW_PX * len(found),
        shapes=[{**line, "line": {"color": LINE, "width": 1, "dash": "dash"}}],
    )
    has_interval = any(one.low is not None for one in found)
    title = _TITLE + _INTERVAL * has_interval + _BY_CHANCE * bool(chance)
    layout["xaxis"] |= {"title": {"text": title}}
    layout["xaxis"] |= {"range": [-0.02 * reach, 1.08 * reach]}
    layout["yaxis"] |= {
        "tickvals": list(range(len(found))),
        "ticktext": [wrapped(one.variable.label, width=28, lines=_LINES) for one in found],
        "range": [len(found) - 0.5, -0.5],
        "rangemode": "normal",
    }
    return {"data": [_ticks(found), _points(found)], "layout": layout}


def _ticks(found: Sequence["Balance"]) -> dict[str, Any]:
    """What chance alone gives."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [one.by_chance for one in found],
        "y": list(range(len(found))),
        "marker": {"symbol": "line-ns", "size": 11, "line": {"color": LINE, "width": 2}},
        "hoverinfo": "skip",
    }


def _points(found: Sequence["Balance"]) -> dict[str, Any]:
    sizes = [one.size for one in found]
    ends = [_ends(one) for one in found]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": sizes,
        "y": list(range(len(found))),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - size for size, (_, high) in zip(sizes, ends, strict=True)],
            "arrayminus": [size - low for size, (low, _) in zip(sizes, ends, strict=True)],
            "color": COHORT,
            "thickness": 1,
            "width": 0,
        },
        "marker": {
            "size": 9,
            "symbol": ["circle" if size >= _ALIKE else "circle-open" for size in sizes],
            "color": COHORT,
            "line": {"color": COHORT, "width": 2},
        },
        "customdata": [one.variable.name for one in found],
        "text": [inked(_said(one)) for one in found],
        "hovertemplate": "%{text}<extra></extra>",
        "hoverlabel": HOVER,
    }


def _ends(one: "Balance") -> tuple[float, float]:
    """The interval without its sign; the point itself where it has none."""
    if one.low is None or one.high is None:
        return one.size, one.size
    low, high = sorted((abs(one.low), abs(one.high)))
    return (0.0 if one.low <= 0 <= one.high else low), high


def _said(one: "Balance") -> str:
    first, second = one.columns
    interval = f" ({one.low:.2f} to {one.high:.2f})" if one.low is not None else ""
    chance = f"<br>by chance below {one.by_chance:.2f}" if one.by_chance is not None else ""
    return f"<b>{one.variable.label}</b><br>{first} minus {second}: {one.smd:.3f}{interval}{chance}"
