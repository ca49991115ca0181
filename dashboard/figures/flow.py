"""The shift of the mRS as a flow: a bar of states at each time point, ribbons between them.

Ribbons are filled paths: the part of plotly.js that the pages load has no Sankey diagram.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.mrs_levels import EDGE, LEVELS, MEANINGS, MRS_KEY, key
from dashboard.figures.wrap import wrapped
from dashboard.theme import HOVER, LINE, MRS, UNKNOWN, figure_layout, ink_on, inked, tinted

if TYPE_CHECKING:
    from analytics.outcome.shift import MrsShift

HEIGHT_PX = 520

_COLORS = (*MRS, UNKNOWN)
_STATES = (*(f"mRS {level}" for level in LEVELS), "unknown")
_HALF = 0.018
"""Half the width of a time point's bar, as part of the figure's; time points are 1 apart."""

_GAP = 0.012
"""Between two states, as part of all subjects."""

_OPACITY = 0.42
_STEPS = 24
_LABELLED = 0.028
"""Part of all subjects from which a state has room for its number."""


@dataclass(frozen=True)
class _Ribbon:
    """Subjects who go from one state to another.

    Attributes:
        step: number of the time point that they come from.
        before: their state there.
        after: their state at the next.
        count: how many.
        left: where the ribbon's upper edge leaves the first bar.
        right: where it reaches the second.
    """

    step: int
    before: int
    after: int
    count: int
    left: float
    right: float


def mrs_flow(shift: "MrsShift") -> dict[str, Any]:
    """Draw a shift; the time points stand from left to right."""
    if not shift.n:
        return blank("Nobody in this cohort has an mRS at these time points.")
    counts = np.array(shift.counts)
    tops = _tops(counts, _GAP * shift.n)
    last = len(shift.points) - 1
    half = _HALF * last
    swatches, names = key((*MRS_KEY, (UNKNOWN, "unknown")))
    ribbons = [_draw(ribbon, shift, half) for ribbon in _ribbons(shift, tops)]
    bars = [_bars(shift, tops[:, state], state, half) for state in range(len(_STATES))]
    layout = figure_layout(
        height=HEIGHT_PX,
        margin={"l": 8, "r": 8, "t": 40, "b": 62},
        barmode="overlay",
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        uniformtext={"mode": "hide", "minsize": 9},
        xaxis={"visible": False, "fixedrange": True, "range": [-half, last + half]},
        yaxis={"visible": False, "fixedrange": True, "range": [float((tops + counts).max()), 0]},
        annotations=[*names, *(_heading(shift, place, half) for place in range(last + 1))],
        shapes=swatches,
    )
    return {"data": [*ribbons, *bars], "layout": layout}


def _heading(shift: "MrsShift", place: int, half: float) -> dict[str, Any]:
    """The name of a time point below its bar, kept within the figure at its ends."""
    last = len(shift.points) - 1
    label = wrapped(shift.points[place].label, width=24 if last < 3 else 12, lines=2)
    known = shift.n - shift.counts[place][-1]
    return {
        "text": f"<b>{label}</b><br>{known:,} of {shift.n:,} known",
        "showarrow": False,
        "x": {0: -half, last: last + half}.get(place, place),
        "xanchor": {0: "left", last: "right"}.get(place, "center"),
        "align": {0: "left", last: "right"}.get(place, "center"),
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -6,
    }


def _tops(counts: npt.NDArray[np.int64], gap: float) -> npt.NDArray[np.float64]:
    """Where each state begins at each time point, from above; a state that nobody has takes none."""
    heights = counts + gap * (counts > 0)
    return np.asarray(np.cumsum(heights, axis=1) - heights, dtype=np.float64)


def _ribbons(shift: "MrsShift", tops: npt.NDArray[np.float64]) -> Iterator[_Ribbon]:
    """Ribbons leave and reach each state in the order of the states, so that few cross."""
    for step, flow in enumerate(shift.flows):
        leaving = tops[step][:, None] + np.cumsum(flow.counts, axis=1) - flow.counts
        reaching = tops[step + 1][None, :] + np.cumsum(flow.counts, axis=0) - flow.counts
        for before, after in np.argwhere(flow.counts).tolist():
            count = int(flow.counts[before, after])
            left, right = float(leaving[before, after]), float(reaching[before, after])
            yield _Ribbon(step, before, after, count, left, right)


def _draw(ribbon: _Ribbon, shift: "MrsShift", half: float) -> dict[str, Any]:
    along = np.linspace(0, 1, _STEPS)
    eased = along**2 * (3 - 2 * along)
    edge = ribbon.left + (ribbon.right - ribbon.left) * eased
    start, end = ribbon.step + half, ribbon.step + 1 - half
    x = start + (end - start) * along
    first, second = shift.points[ribbon.step], shift.points[ribbon.step + 1]
    said = (
        f"<b>{ribbon.count:,} of {shift.n:,}</b> ({100 * ribbon.count / shift.n:.1f} %)"
        f"<br>{first.label}: {_said(ribbon.before)}<br>{second.label}: {_said(ribbon.after)}"
    )
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.round([*x, *x[::-1]], 4).tolist(),
        "y": np.round([*edge, *(edge[::-1] + ribbon.count)], 3).tolist(),
        "fill": "toself",
        "fillcolor": tinted(_COLORS[ribbon.before], _OPACITY),
        "line": {"color": tinted(LINE, 0.5), "width": 0.5},
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": inked(said),
    }


def _said(state: int) -> str:
    return f"{_STATES[state]}, {MEANINGS[state]}" if state < len(MEANINGS) else "unknown"


def _bars(
    shift: "MrsShift", tops: npt.NDArray[np.float64], state: int, half: float
) -> dict[str, Any]:
    color, mine = _COLORS[state], [counts[state] for counts in shift.counts]
    return {
        "type": "bar",
        "name": _STATES[state],
        "x": list(range(len(mine))),
        "y": mine,
        "base": tops.tolist(),
        "width": 2 * half,
        "text": [_number(n, shift.n, color) for n in mine],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"size": 12, "color": ink_on(color)},
        "hovertemplate": _hovers(shift, mine, state),
        "marker": {"color": color, "line": EDGE},
    }


def _number(count: int, n: int, color: str) -> str:
    return inked(f"{count:,}", ink_on(color)) if count >= _LABELLED * n else ""


def _hovers(shift: "MrsShift", counts: Sequence[int], state: int) -> list[str]:
    return [
        inked(
            f"<b>{point.label}</b><br>{_said(state)}"
            f"<br>{count:,} of {shift.n:,} ({100 * count / shift.n:.1f} %)"
        )
        + "<extra></extra>"
        for point, count in zip(shift.points, counts, strict=True)
    ]
