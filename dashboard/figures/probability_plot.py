"""Predicted probability of each level of an ordinal outcome along one term, others held.

Two views of the same numbers: a panel a level, with the band of its interval, and all levels
stacked to 100 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.mrs_levels import EDGE, LEVELS, key, key_name
from dashboard.figures.panels import Panels
from dashboard.theme import COHORT, HOVER, LINE, MRS, figure_layout, ink_on, inked, tinted

Float = npt.NDArray[np.float64]

_ACROSS = 7
_HEIGHT_PX = 330


@dataclass(frozen=True)
class Probabilities:
    """Predicted probabilities.

    Attributes:
        term: what is varied, with its unit.
        x: its values, or names of its levels.
        levels: of the outcome, in order.
        value: probability of each level at each x, shape (x, levels).
        low: lower end of the 95 % band, shape (x, levels).
        high: upper end.
        held: at what the other terms are held, in a sentence; empty for none.
    """

    term: str
    x: Sequence[float] | Sequence[str]
    levels: Sequence[str]
    value: Float
    low: Float
    high: Float
    held: str = ""

    @property
    def has_names(self) -> bool:
        """Whether x are names rather than numbers."""
        return any(isinstance(one, str) for one in self.x)


def probability_panels(found: Probabilities, *, outcome: str) -> dict[str, Any]:
    """Draw a panel a level, with its band.

    Args:
        found: what is drawn.
        outcome: whose levels these are.
    """
    if not len(found.x):
        return blank("There are no predictions to draw.")
    panels = Panels(len(found.levels), across=min(_ACROSS, len(found.levels)), beside=0.02)
    y = {**_percent_axis(min(100.0, float(np.max(found.high)) * 105)), "nticks": 5}
    axes: dict[str, Any] = {}
    traces: list[dict[str, Any]] = []
    for place in range(len(found.levels)):
        is_first = place % panels.across == 0
        axes |= panels.layout(
            place, _x_axis(found, nticks=5), {**y, "showticklabels": is_first, "matches": "y"}
        )
        x_name, y_name = panels.axes(place)
        on = {"xaxis": x_name, "yaxis": y_name}
        traces += [trace | on for trace in _curve(found, place)]
    titles = [panels.title(n, _title(found, n)) for n in range(len(found.levels))]
    layout = figure_layout(
        height=panels.height_px + 12,
        margin={**panels.margin, "b": panels.bottom_px + 12, "t": 30},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        annotations=[*titles, _below(found)],
        **axes,
    )
    layout["yaxis"] = {**y, **_titled(outcome), "domain": layout["yaxis"]["domain"]}
    return {"data": traces, "layout": layout}


def probability_stack(found: Probabilities, *, outcome: str) -> dict[str, Any]:
    """Draw all levels on each other, to 100 %; they have no bands.

    Args:
        found: what is drawn.
        outcome: whose levels these are.
    """
    if not len(found.x):
        return blank("There are no predictions to draw.")
    places = range(len(found.levels))
    entries = [(_color(found, place), _named(found, place)) for place in places]
    swatches, names = key(entries, scale="mRS" if set(found.levels) <= set(LEVELS) else "")
    layout = figure_layout(
        height=_HEIGHT_PX,
        margin={"l": 46, "r": 12, "t": 40, "b": 56},
        barmode="stack",
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        uniformtext={"mode": "hide", "minsize": 9},
        xaxis=_x_axis(found, nticks=8),
        yaxis={**_percent_axis(100), **_titled(outcome)},
        annotations=[*names, _below(found)],
        shapes=swatches,
    )
    return {"data": [_layer(found, place) for place in places], "layout": layout}


def mean_curve(found: Probabilities, *, outcome: str) -> dict[str, Any]:
    """Draw the mean that a linear model predicts, with its band; its one level is the mean.

    Args:
        found: what is drawn, means in place of probabilities.
        outcome: whose mean it is.
    """
    if not len(found.x):
        return blank("There are no predictions to draw.")
    hover = [
        f"{inked(f'<b>{found.term}: {x}</b><br>{value:.2f} ({low:.2f} to {high:.2f})')}<extra></extra>"
        for x, value, low, high in zip(
            _shown(found), found.value[:, 0], found.low[:, 0], found.high[:, 0], strict=True
        )
    ]
    layout = figure_layout(
        height=_HEIGHT_PX,
        margin={"l": 46, "r": 12, "t": 12, "b": 56},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis=_x_axis(found, nticks=8),
        yaxis={
            **figure_layout()["yaxis"],
            "rangemode": "normal",
            "title": {"text": f"Mean {outcome}", "standoff": 6},
        },
        annotations=[_below(found)],
    )
    drawn = _banded(found, (found.value[:, 0], found.low[:, 0], found.high[:, 0]), hover)
    return {"data": drawn, "layout": layout}


def _percent_axis(top: float) -> dict[str, Any]:
    return {**figure_layout()["yaxis"], "range": [0, top], "ticksuffix": " %"}


def _titled(outcome: str) -> dict[str, Any]:
    return {"title": {"text": f"{outcome},<br>probability", "standoff": 6}}


def _title(found: Probabilities, place: int) -> str:
    return f"{inked('■', _color(found, place))} <b>{_named(found, place)}</b>"


def _color(found: Probabilities, place: int) -> str:
    """That of the mRS; another scale takes as many of them, from the first to the last."""
    if found.levels[place] in LEVELS:
        return MRS[int(found.levels[place])]
    return MRS[round(place * (len(MRS) - 1) / max(len(found.levels) - 1, 1))]


def _named(found: Probabilities, place: int) -> str:
    level = found.levels[place]
    return key_name(int(level)) if level in LEVELS else level


def _x_axis(found: Probabilities, *, nticks: int) -> dict[str, Any]:
    axis = figure_layout()["xaxis"]
    if found.has_names:
        return {**axis, "type": "category", "range": [-0.5, len(found.x) - 0.5]}
    numbers = [float(one) for one in found.x]
    return {**axis, "range": [min(numbers), max(numbers)], "nticks": nticks}


def _below(found: Probabilities) -> dict[str, Any]:
    text = found.term + (f"<br>{inked(found.held, LINE)}" if found.held else "")
    at = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0, "yanchor": "top", "yshift": -20}
    return {"text": text, "showarrow": False, "font": {"size": 13}, **at}


def _shown(found: Probabilities) -> list[str]:
    return [one if isinstance(one, str) else f"{one:.4g}" for one in found.x]


def _hovers(found: Probabilities, place: int) -> list[str]:
    return [
        inked(
            f"<b>{found.term}: {x}</b><br>{_named(found, place)}: {100 * value:.1f} %"
            f" ({100 * low:.1f} to {100 * high:.1f} %)"
        )
        + "<extra></extra>"
        for x, value, low, high in zip(
            _shown(found),
            found.value[:, place],
            found.low[:, place],
            found.high[:, place],
            strict=True,
        )
    ]


def _curve(found: Probabilities, place: int) -> list[dict[str, Any]]:
    """A level's line in its band; points with their intervals where x are names."""
    value, low, high = (100 * part[:, place] for part in (found.value, found.low, found.high))
    return _banded(found, (value, low, high), _hovers(found, place))


def _banded(
    found: Probabilities, bands: tuple[Float, Float, Float], hover: list[str]
) -> list[dict[str, Any]]:
    x, (value, low, high) = list(found.x), bands
    point = {"type": "scatter", "x": x, "y": value.tolist(), "hovertemplate": hover}
    if found.has_names:
        error = {"array": (high - value).tolist(), "arrayminus": (value - low).tolist()}
        error |= {"type": "data", "symmetric": False, "color": COHORT, "width": 0}
        return [
            {**point, "mode": "markers", "marker": {"color": COHORT, "size": 9}, "error_y": error}
        ]
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *x[::-1]],
        "y": [*low.tolist(), *high[::-1].tolist()],
        "fill": "toself",
        "fillcolor": tinted(COHORT, 0.22),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [band, {**point, "mode": "lines", "line": {"color": COHORT, "width": 2.5}}]


def _layer(found: Probabilities, place: int) -> dict[str, Any]:
    color, value = _color(found, place), 100 * found.value[:, place]
    layer: dict[str, Any] = {
        "name": _named(found, place),
        "x": list(found.x),
        "y": value.tolist(),
        "hovertemplate": _hovers(found, place),
    }
    if found.has_names:
        texts = [inked(f"{one:.0f} %", ink_on(color)) if one > 3 else "" for one in value]
        text = {"text": texts, "textposition": "inside", "insidetextanchor": "middle"}
        bar = {
            "type": "bar",
            "width": 0.6,
            "textangle": 0,
            "marker": {"color": color, "line": EDGE},
        }
        return layer | text | bar
    area = {"type": "scatter", "mode": "lines", "stackgroup": "all", "fillcolor": color}
    return layer | area | {"line": {"color": LINE, "width": 0.5}}
