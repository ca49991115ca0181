"""ROC curves: how well predictions tell subjects apart, with bands and the area in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.curves import band, line, reference, thinned, words
from dashboard.theme import HOVER, LINE, SERIES, figure_layout, inked

Float = npt.NDArray[np.float64]

HEIGHT_PX = 440


@dataclass(frozen=True)
class Roc:
    """One curve.

    Attributes:
        label: of the model.
        area: in words, such as `AUC 0.77 (0.73 to 0.80)`.
        sensitivity: rising from 0 to 1, shape (n,).
        specificity: falling from 1 to 0, shape (n,).
        low: lower end of the sensitivity's 95 % band, shape (n,); None for no band.
        high: upper end.
        threshold: prediction from which on a subject counts as positive, shape (n,); None where
            there is no single one, as in cross-validation.
    """

    label: str
    area: str
    sensitivity: Float
    specificity: Float
    low: Float | None = None
    high: Float | None = None
    threshold: Float | None = None


def roc(curves: Sequence[Roc], *, event: str) -> dict[str, Any]:
    """Draw ROC curves.

    Args:
        curves: at most four.
        event: what is predicted, for the axes.
    """
    if not curves:
        return blank("There is no ROC curve to draw.")
    data = [reference([0, 1], [0, 1])]
    for place, curve in enumerate(curves):
        if curve.low is not None and curve.high is not None:
            data.append(band(1 - curve.specificity, curve.low, curve.high, place))
    data += [_line(curve, place) for place, curve in enumerate(curves)]
    said = [(SERIES[place], f"{one.label}: {one.area}") for place, one in enumerate(curves)]
    base = figure_layout()
    unit = {"range": [0, 1], "dtick": 0.2, "showgrid": True, "tickformat": ".1f"}
    layout = figure_layout(
        height=HEIGHT_PX,
        margin={"l": 52, "r": 14, "t": 12, "b": 48},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis={**base["xaxis"], **unit, "title": {"text": "1 - specificity", "standoff": 8}},
        yaxis={**base["yaxis"], **unit, "title": {"text": f"Sensitivity, {event}", "standoff": 8}},
        annotations=[words([*said, (LINE, "chance")], x=0.98, y=0.04, right=True)],
    )
    return {"data": data, "layout": layout}


def _line(curve: Roc, place: int) -> dict[str, Any]:
    at = thinned(len(curve.sensitivity))
    x, y = 1 - curve.specificity[at], curve.sensitivity[at]
    hover = []
    for false, true, n in zip(x, y, at, strict=True):
        said = f"<b>{curve.label}</b><br>sensitivity {true:.3f}<br>specificity {1 - false:.3f}"
        if curve.threshold is not None and np.isfinite(curve.threshold[n]):
            said += f"<br>from a prediction of {curve.threshold[n]:.3f}"
        hover.append(f"{inked(said)}<extra></extra>")
    return line(x, y, place, hovertemplate=hover)
