"""Decision curves: net benefit of acting by a model, for all and for none.

Vickers & Elkin, Med Decis Making 2006;26:565.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.curves import band, line, reference, words
from dashboard.theme import HOVER, LINE, SERIES, figure_layout, inked

Float = npt.NDArray[np.float64]

HEIGHT_PX = 400
_BELOW = 0.25
"""How far below no benefit is drawn, as part of the highest benefit."""


@dataclass(frozen=True)
class Benefit:
    """Net benefit of one model.

    Attributes:
        label: of the model.
        value: at each threshold, shape (n,).
        low: lower end of its 95 % band, shape (n,); None for no band.
        high: upper end.
    """

    label: str
    value: Float
    low: Float | None = None
    high: Float | None = None


def decision_curve(
    models: Sequence[Benefit], *, threshold: Float, treat_all: Float, event: str
) -> dict[str, Any]:
    """Draw decision curves.

    Args:
        models: at most four.
        threshold: probability from which on one would act, shape (n,).
        treat_all: net benefit of acting for everybody, shape (n,).
        event: what would be acted upon, for the axis.
    """
    if not models or not len(threshold):
        return blank("There is no decision curve to draw.")
    top = max(float(np.nanmax(one.value)) for one in models)
    top = 1.1 * max(top, float(np.nanmax(treat_all)), 0.01)
    at = 100 * threshold
    ends = [float(at.min()), float(at.max())]
    data = [
        reference(ends, [0, 0], dash="dot"),
        reference(at.tolist(), treat_all.tolist(), dash="dash"),
    ]
    for place, one in enumerate(models):
        if one.low is not None and one.high is not None:
            data.append(band(at, one.low, one.high, place))
    data += [_line(one, at, treat_all, place) for place, one in enumerate(models)]
    said = [(SERIES[place], one.label) for place, one in enumerate(models)]
    others = [
        ("", f"{inked('- -', LINE)} act for all"),
        ("", f"{inked('·····', LINE)} act for none"),
    ]
    base = figure_layout()
    layout = figure_layout(
        height=HEIGHT_PX,
        margin={"l": 56, "r": 14, "t": 12, "b": 48},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis={
            **base["xaxis"],
            "range": ends,
            "ticksuffix": " %",
            "title": {"text": f"Threshold probability, {event}", "standoff": 8},
        },
        yaxis={
            **base["yaxis"],
            "range": [-_BELOW * top, top],
            "title": {"text": "Net benefit, true positives per subject", "standoff": 8},
        },
        annotations=[words([*said, *others], x=0.98, y=0.98, right=True)],
    )
    return {"data": data, "layout": layout}


def _line(one: Benefit, at: Float, treat_all: Float, place: int) -> dict[str, Any]:
    hover = [
        inked(
            f"<b>{one.label}</b><br>threshold {percent:.0f} %<br>net benefit {value:.3f}"
            f"<br>acting for all {everyone:.3f}, for none 0"
        )
        + "<extra></extra>"
        for percent, value, everyone in zip(at, one.value, treat_all, strict=True)
    ]
    return line(at, one.value, place, hovertemplate=hover)
