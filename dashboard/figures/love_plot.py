"""A love plot: standardised mean differences by size, with the line at 0.1."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dashboard.figures.blank import blank
from dashboard.figures.wrap import wrapped
from dashboard.theme import COHORT, HOVER, LINE, figure_layout

if TYPE_CHECKING:
    from analytics.table_one.alike import Balance

_ALIKE = 0.1
_ROW_PX, _AROUND_PX = 22, 70


def love_plot(found: Sequence["Balance"]) -> dict[str, Any]:
    """Draw the sizes of the differences, the largest on top.

    Args:
        found: largest first, as `alike.balances` gives them.
    """
    if not found:
        return blank("There is no standardised difference to draw.")
    sizes = [one.size for one in found]
    labels = [wrapped(one.variable.label, width=28, lines=2) for one in found]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": sizes,
        "y": list(range(len(found))),
        "marker": {
            "size": 9,
            "color": [COHORT if size >= _ALIKE else "rgba(0,0,0,0)" for size in sizes],
            "line": {"color": COHORT, "width": 2},
        },
        "customdata": [f"{one.smd:.3f}" for one in found],
        "text": [one.variable.label for one in found],
        "hovertemplate": "%{text}: SMD %{customdata}<extra></extra>",
        "hoverlabel": HOVER,
    }
    line = {"type": "line", "x0": _ALIKE, "x1": _ALIKE, "y0": 0, "y1": 1, "yref": "paper"}
    layout = figure_layout(
        height=_AROUND_PX + _ROW_PX * len(found),
        shapes=[{**line, "line": {"color": LINE, "width": 1, "dash": "dash"}}],
    )
    layout["xaxis"] |= {"title": {"text": "Standardised mean difference, without sign"}}
    layout["xaxis"] |= {"range": [0, max(*sizes, 2 * _ALIKE) * 1.06]}
    layout["yaxis"] |= {
        "tickvals": list(range(len(found))),
        "ticktext": labels,
        "range": [len(found) - 0.5, -0.5],
        "rangemode": "normal",
    }
    return {"data": [points], "layout": layout}
