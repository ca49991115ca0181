"""Calibration: what was observed against what was predicted, with the predictions below.

A smooth curve and tenths of the predictions with their intervals, as TRIPOD+AI asks (item 12e).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.curves import band, line, reference, words
from dashboard.theme import COHORT, HOVER, LINE, figure_layout, inked

Float = npt.NDArray[np.float64]

HEIGHT_PX = 500
_BINS = 50
_EVENT = "#e8590c"


@dataclass(frozen=True)
class PredictedGroup:
    """Subjects with predictions next to each other.

    Attributes:
        n: how many.
        predicted: mean prediction.
        observed: share with the event.
        low: lower end of its 95 % interval.
        high: upper end.
    """

    n: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """Observed against predicted.

    Attributes:
        predicted: where the smooth curve is drawn, rising, shape (k,).
        observed: the smooth curve, shape (k,).
        groups: such as tenths of the predictions.
        predictions: of all subjects, shape (n,).
        events: who had the event, shape (n,).
        low: lower end of the curve's 95 % band, shape (k,); None for no band.
        high: upper end.
    """

    predicted: Float
    observed: Float
    groups: Sequence[PredictedGroup]
    predictions: Float
    events: npt.NDArray[np.bool_]
    low: Float | None = None
    high: Float | None = None


def calibration(found: Calibration, *, event: str, said: Sequence[str] = ()) -> dict[str, Any]:
    """Draw calibration.

    Args:
        found: what is drawn.
        event: what is predicted, for the axes.
        said: numbers in words, such as `slope 0.96 (0.85 to 1.07)`.
    """
    if not len(found.predictions):
        return blank("There are no predictions to draw.")
    data = [reference([0, 1], [0, 1])]
    if found.low is not None and found.high is not None:
        data.append(band(found.predicted, found.low, found.high, 0))
    data += [line(found.predicted, found.observed, 0, hoverinfo="skip"), _groups(found)]
    data += _histogram(found)
    base = figure_layout()
    unit = {"range": [0, 1], "dtick": 0.2, "showgrid": True, "tickformat": ".1f"}
    key = [
        ("", f"{inked('○', COHORT)} tenths of the predictions"),
        (COHORT, "smoothed"),
        (LINE, "ideal"),
    ]
    layout = figure_layout(
        height=HEIGHT_PX,
        margin={"l": 52, "r": 14, "t": 12, "b": 48},
        barmode="relative",
        bargap=0.1,
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis={
            **base["xaxis"],
            **unit,
            "anchor": "y2",
            "title": {"text": f"Predicted probability, {event}", "standoff": 8},
        },
        yaxis={
            **base["yaxis"],
            **unit,
            "domain": [0.24, 1],
            "title": {"text": "Observed share", "standoff": 8},
        },
        yaxis2={**base["yaxis"], "domain": [0, 0.17], "showticklabels": False, "showgrid": False},
        annotations=[
            words([("", one) for one in said], x=0.02, y=0.98),
            words(key, x=0.98, y=0.27, right=True),
            _sides(),
        ],
    )
    return {"data": data, "layout": layout}


def _groups(found: Calibration) -> dict[str, Any]:
    groups = found.groups
    hover = [
        inked(
            f"<b>{one.n:,} subjects</b><br>predicted {one.predicted:.3f}"
            f"<br>observed {one.observed:.3f} ({one.low:.3f} to {one.high:.3f})"
        )
        + "<extra></extra>"
        for one in groups
    ]
    error = {"type": "data", "symmetric": False, "color": COHORT, "thickness": 1.4, "width": 0}
    error |= {
        "array": [one.high - one.observed for one in groups],
        "arrayminus": [one.observed - one.low for one in groups],
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [one.predicted for one in groups],
        "y": [one.observed for one in groups],
        "error_y": error,
        "marker": {"color": COHORT, "size": 9, "symbol": "circle-open", "line": {"width": 2}},
        "hovertemplate": hover,
    }


def _histogram(found: Calibration) -> list[dict[str, Any]]:
    """Predictions of those with the event upwards, of those without downwards."""
    edges = np.linspace(0, 1, _BINS + 1)
    bars = []
    for is_event, color, name in ((True, _EVENT, "with"), (False, LINE, "without")):
        counts, _ = np.histogram(found.predictions[found.events == is_event], bins=edges)
        hover = [
            inked(f"{low:.2f} to {high:.2f}: {count:,} {name} the event") + "<extra></extra>"
            for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        ]
        bars.append(
            {
                "type": "bar",
                "x": ((edges[:-1] + edges[1:]) / 2).round(4).tolist(),
                "y": (counts if is_event else -counts).tolist(),
                "yaxis": "y2",
                "marker": {"color": color, "line": {"width": 0}},
                "hovertemplate": hover,
            }
        )
    return bars


def _sides() -> dict[str, Any]:
    text = f"{inked('■', _EVENT)} with the event {inked('■', LINE)} without"
    at = {"xref": "paper", "yref": "paper", "x": 0.98, "y": 0.175}
    return {"text": text, "showarrow": False, "xanchor": "right", "yanchor": "bottom", **at}
