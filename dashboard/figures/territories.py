"""Arterial territories: left and right mirrored, and in how many subjects each is involved."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from dashboard.figures.blank import blank
from dashboard.figures.mrs_levels import key
from dashboard.theme import HOVER, LINE, SERIES, figure_layout, inked

if TYPE_CHECKING:
    from analytics.territory_summary import RegionSummary, TerritoryGroup, TerritorySummary

Measure = Literal["ml", "percent", "involved", "dominant"]

TITLES: Mapping[Measure, str] = {
    "ml": "mean infarct volume, ml",
    "percent": "mean share of the infarct, %",
    "involved": "subjects with at least 10 % of the infarct there, %",
    "dominant": "subjects of whose infarct it holds most, %",
}

_VALUES: Mapping[Measure, Callable[["RegionSummary"], float | None]] = {
    "ml": lambda found: found.ml.mean,
    "percent": lambda found: found.percent.mean,
    "involved": lambda found: found.involved.percent,
    "dominant": lambda found: found.dominant.percent,
}

_BAR_PX, _GAP_PX, _ABOVE_PX, _BELOW_PX = 17, 12, 40, 52
_ROOM = 1.25
"""How far the axis goes beyond the longest bar, for the number at its end."""


def mirrored_territories(summary: "TerritorySummary", measure: Measure) -> dict[str, Any]:
    """Draw a bar a region and group, the patient's left to the left and the right to the right.

    Args:
        summary: of a cohort, one level of the atlas.
        measure: what lengths are.
    """
    if len(summary.groups) > len(SERIES):
        return _too_many(summary)
    names = _names(summary)
    lengths = [_VALUES[measure](found) or 0.0 for g in summary.groups for found in g.regions]
    most = max(lengths) or 1.0
    groups = [
        _mirrored(group, names, measure=measure, color=color)
        for group, color in zip(summary.groups, SERIES, strict=False)
    ]
    axis = {**_ticks(most), "range": [-most * _ROOM, most * _ROOM]}
    title = {"text": f"← left    {TITLES[measure]}    right →", "standoff": 8}
    figure = _figure(summary, groups, names=names, x={**axis, "title": title})
    middle = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    figure["layout"]["shapes"].append({**middle, "line": {"color": LINE, "width": 1}})
    return figure


def involvement_dots(summary: "TerritorySummary") -> dict[str, Any]:
    """Draw in what share of the subjects each region holds any, a tenth or most of the infarct.

    Args:
        summary: of a cohort, one level of the atlas.
    """
    if len(summary.groups) > len(SERIES):
        return _too_many(summary)
    names = [found.region.label for found in summary.groups[0].regions]
    dots = [
        trace
        for at, (group, color) in enumerate(zip(summary.groups, SERIES, strict=False))
        for trace in _dots(group, color=color, shift=_shift(at, len(summary.groups)))
    ]
    most = max(found.any.percent or 0 for g in summary.groups for found in g.regions) or 1.0
    title = {"text": "subjects with  ○ any   ● at least 10 %   ◆ most of the infarct there, %"}
    axis = {"title": {**title, "standoff": 8}, "range": [-0.02 * most, 1.05 * most]}
    return _figure(summary, dots, names=names, x=axis)


def _names(summary: "TerritorySummary") -> list[str]:
    """Regions without their side, in their order."""
    return list(dict.fromkeys(found.region.name for found in summary.groups[0].regions))


def _mirrored(
    group: "TerritoryGroup", names: Sequence[str], *, measure: Measure, color: str
) -> dict[str, Any]:
    """The bars of one group; one of a region without a side lies across the middle."""
    values = [_VALUES[measure](found) or 0.0 for found in group.regions]
    sides = [found.region.side for found in group.regions]
    lengths = [-v if side == "left" else v for v, side in zip(values, sides, strict=True)]
    digits = 1 if measure == "ml" else 0
    return {
        "type": "bar",
        "orientation": "h",
        "name": group.label,
        "x": lengths,
        "base": [0 if side else -value / 2 for value, side in zip(values, sides, strict=True)],
        "y": [names.index(found.region.name) for found in group.regions],
        "marker": {"color": color, "line": {"width": 0}},
        "text": [f"{value:.{digits}f}" if value else "" for value in values],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "customdata": [found.region.label for found in group.regions],
        "hovertemplate": [_hover(group, found) for found in group.regions],
    }


def _dots(group: "TerritoryGroup", *, color: str, shift: float) -> list[dict[str, Any]]:
    at = [place + shift for place in range(len(group.regions))]
    kinds = (
        ([found.any.percent for found in group.regions], "circle-open", 9),
        ([found.involved.percent for found in group.regions], "circle", 9),
        ([found.dominant.percent for found in group.regions], "diamond", 7),
    )
    edge = {"color": color, "width": 2}
    dots = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": group.label,
            "x": values,
            "y": at,
            "marker": {"color": color, "symbol": symbol, "size": size, "line": edge},
            "cliponaxis": False,
            "customdata": [found.region.label for found in group.regions],
            "hovertemplate": [_hover(group, found) for found in group.regions],
        }
        for values, symbol, size in kinds
    ]
    lines = [
        x for found in group.regions for x in (found.dominant.percent, found.any.percent, None)
    ]
    places = [y for place in at for y in (place, place, None)]
    joined = {"type": "scatter", "mode": "lines", "x": lines, "y": places, "hoverinfo": "skip"}
    return [{**joined, "line": {"color": color, "width": 1}}, *dots]


def _shift(at: int, groups: int) -> float:
    return (at - (groups - 1) / 2) * 0.8 / groups


def _hover(group: "TerritoryGroup", found: "RegionSummary") -> str:
    if not group.n:
        return f"{inked(f'<b>{group.label}</b><br>nobody')}<extra></extra>"
    lines = (
        f"<b>{found.region.label}</b>, {group.label} (n = {group.n:,})",
        f"mean {found.ml.mean:.1f} ml, {found.percent.mean:.0f} % of the infarct",
        f"any: {found.any.count:,} ({found.any.percent:.0f} %)",
        f"at least 10 %: {found.involved.count:,} ({found.involved.percent:.0f} %)",
        f"most: {found.dominant.count:,} ({found.dominant.percent:.0f} %)",
    )
    return f"{inked('<br>'.join(lines))}<extra></extra>"


def _ticks(most: float) -> dict[str, Any]:
    """Ticks on both sides of 0, without signs."""
    step = 10.0 ** math.floor(math.log10(most / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 4)
    ticks = [step * place for place in range(int(most * _ROOM / step) + 1)]
    values = [*(-tick for tick in ticks[:0:-1]), *ticks]
    return {"tickvals": values, "ticktext": [f"{abs(value):g}" for value in values]}


def _figure(
    summary: "TerritorySummary",
    traces: list[dict[str, Any]],
    *,
    names: Sequence[str],
    x: dict[str, Any],
) -> dict[str, Any]:
    row_px = _BAR_PX * len(summary.groups) + _GAP_PX
    entries = [
        (color, f"{group.label} (n = {group.n:,})")
        for group, color in zip(summary.groups, SERIES, strict=False)
    ]
    shapes, said = key(entries, scale="")
    base = figure_layout()
    layout = figure_layout(
        height=_ABOVE_PX + _BELOW_PX + row_px * len(names),
        margin={"l": 36, "r": 12, "t": _ABOVE_PX, "b": _BELOW_PX},
        barmode="group",
        bargap=_GAP_PX / row_px,
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis={**base["xaxis"], "showgrid": True, **x},
        yaxis={
            **base["yaxis"],
            "tickvals": list(range(len(names))),
            "ticktext": list(names),
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
        },
        shapes=shapes,
        annotations=said,
    )
    return {"data": traces, "layout": layout}


def _too_many(summary: "TerritorySummary") -> dict[str, Any]:
    return blank(
        f"{len(summary.groups)} groups can't be told apart here; choose a variable that has at most"
        f" {len(SERIES)} levels."
    )
