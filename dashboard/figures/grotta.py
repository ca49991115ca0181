"""Grotta bars: how an mRS is spread in each group, with lines that join the cut-points.

One lying bar a group, 100 % long, mRS 0 to 6 from left to right: the NINDS rt-PA investigators, N
Engl J Med 1995;333:1581. Who has no mRS is counted beside the bar, outside of its percentages.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dashboard.figures.blank import blank
from dashboard.figures.mrs_levels import EDGE, MEANINGS, MRS_KEY, key, key_name
from dashboard.figures.wrap import wrapped
from dashboard.theme import HOVER, LINE, MRS, figure_layout, ink_on, inked

if TYPE_CHECKING:
    from analytics.outcome.describe import GroupScores

_THICK = 0.58
"""Part of its row that a bar takes; the lines run through the rest."""

_ROW_PX, _ABOVE_PX, _BELOW_PX, _BESIDE_PX = 76, 32, 46, 96
_COUNT_FROM, _PERCENT_FROM = 1.6, 3.4
"""Percentages from which a cell has room for its number, and for both."""


def grotta(groups: Sequence["GroupScores"], *, outcome: str) -> dict[str, Any]:
    """Draw Grotta bars.

    Args:
        groups: from top to bottom.
        outcome: what the mRS is called, for the axis.
    """
    if not any(group.n for group in groups):
        return blank(f"{outcome} is unknown in everyone here.")
    rows = range(len(groups))
    lacking = any(group.missing or group.not_applicable for group in groups)
    swatches, names = key(MRS_KEY)
    base = figure_layout()
    layout = figure_layout(
        height=_ABOVE_PX + _BELOW_PX + _ROW_PX * len(groups),
        margin={"l": 36, "r": _BESIDE_PX if lacking else 30, "t": _ABOVE_PX, "b": _BELOW_PX},
        barmode="stack",
        dragmode=False,
        hoverlabel=HOVER,
        uniformtext={"mode": "hide", "minsize": 9},
        xaxis={
            **base["xaxis"],
            "range": [0, 100],
            "ticksuffix": " %",
            "title": {"text": f"{outcome}, share of those in whom it is known", "standoff": 8},
        },
        yaxis={
            **base["yaxis"],
            "tickvals": list(rows),
            "ticktext": [_name(group) for group in groups],
            "range": [len(groups) - 0.5, -0.5],
            "showgrid": False,
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
        },
        annotations=[*names, *(_lacking(one, row) for row, one in enumerate(groups) if lacking)],
        shapes=swatches,
    )
    bars = [_bars(groups, level) for level in range(len(MRS))]
    return {"data": [*bars, _joints(groups)], "layout": layout}


def _name(group: "GroupScores") -> str:
    label = f"<b>{wrapped(group.label, width=30, lines=2)}</b>" if group.label else ""
    return f"{label}<br>n = {group.n:,}"


def _bars(groups: Sequence["GroupScores"], level: int) -> dict[str, Any]:
    color = MRS[level]
    return {
        "type": "bar",
        "orientation": "h",
        "name": key_name(level),
        "y": list(range(len(groups))),
        "x": [group.percents[level] for group in groups],
        "width": _THICK,
        "text": [_cell(group, level) for group in groups],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"size": 12, "color": ink_on(color)},
        "hovertemplate": [_hover(group, level) for group in groups],
        "marker": {"color": color, "line": EDGE},
    }


def _cell(group: "GroupScores", level: int) -> str:
    count, percent = group.counts[level], group.percents[level]
    if percent < _COUNT_FROM:
        return ""
    both = f"<b>{count:,}</b><br>{percent:.0f} %"
    return inked(both if percent >= _PERCENT_FROM else f"<b>{count:,}</b>", ink_on(MRS[level]))


def _hover(group: "GroupScores", level: int) -> str:
    said = (
        f"<b>{group.label}</b><br>mRS {level}, {MEANINGS[level]}"
        f"<br>{group.counts[level]:,} of {group.n:,} ({group.percents[level]:.1f} %)"
    )
    if level < len(group.cut_points):
        said += f"<br>mRS 0 to {level}: {group.cut_points[level]:.1f} %"
    return f"{inked(said)}<extra></extra>"


def _joints(groups: Sequence["GroupScores"]) -> dict[str, Any]:
    """Lines from each cut-point to that of the next group whose mRS is known."""
    known = [(row, group) for row, group in enumerate(groups) if group.n]
    x: list[float | None] = []
    y: list[float | None] = []
    for (above, first), (below, second) in pairwise(known):
        for start, end in zip(first.cut_points, second.cut_points, strict=True):
            x += [start, end, None]
            y += [above + _THICK / 2, below - _THICK / 2, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": LINE, "width": 1.2},
        "hoverinfo": "skip",
    }


def _lacking(group: "GroupScores", row: int) -> dict[str, Any]:
    """How many have no mRS, beside the bar."""
    all_of_them = group.n + group.missing + group.not_applicable + group.implausible
    said = [f"{group.missing:,} of {all_of_them:,}<br>missing"]
    if group.not_applicable:
        said.append(f"{group.not_applicable:,} not<br>collected")
    return {
        "text": "<br>".join(said),
        "showarrow": False,
        "align": "left",
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 10,
        "y": row,
        "font": {"size": 11},
    }
