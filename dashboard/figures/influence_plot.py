"""Which subjects move an estimate: a strip of points a term, a click on one opens the patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.blank import blank
from dashboard.figures.curves import reference
from dashboard.figures.wrap import wrapped
from dashboard.theme import HOVER, LINE, figure_layout, inked

_ROW_PX, _ABOVE_PX, _BELOW_PX = 74, 12, 70
_MOST_DRAWN = 300
_NAMED = 3
_STRONG = "#e8590c"
_GOLDEN = 0.6180339887498949
"""Multiples of it fill a strip evenly, the same way every time."""


@dataclass(frozen=True)
class Pull:
    """How subjects move one estimate.

    Attributes:
        term: label of the term.
        subjects: dataset and subject, shape (n,).
        change: of the estimate by the subject, in standard errors, shape (n,).
    """

    term: str
    subjects: Sequence[tuple[str, str]]
    change: npt.NDArray[np.float64]

    @property
    def bound(self) -> float:
        """2 / sqrt(n): Belsley, Kuh & Welsch, Regression Diagnostics, 1980, section 2.1."""
        return 2 / sqrt(len(self.subjects))


def influence_plot(pulls: Sequence[Pull]) -> dict[str, Any]:
    """Draw how subjects move estimates; `customdata` of a point is its dataset and subject.

    Args:
        pulls: one a term. Of each, the points that move most are drawn.
    """
    drawn = [pull for pull in pulls if len(pull.subjects)]
    if not drawn:
        return blank("There is no estimate that a subject could move.")
    data = [reference([0, 0], [-0.5, len(drawn) - 0.5])]
    for row, pull in enumerate(drawn):
        ends = [-pull.bound, -pull.bound, None, pull.bound, pull.bound]
        heights = [row - 0.42, row + 0.42]
        data += [reference(ends, [*heights, None, *heights], dash="dash"), _strip(pull, row)]
    reach = 1.12 * max(max(float(np.abs(pull.change).max()), pull.bound) for pull in drawn)
    base = figure_layout()
    title = "Change of the estimate by one subject, in standard errors; dashed: ±2/√n"
    left_out = max(len(pull.subjects) for pull in drawn) > _MOST_DRAWN
    layout = figure_layout(
        height=_ABOVE_PX + _BELOW_PX + _ROW_PX * len(drawn),
        margin={"l": 36, "r": 14, "t": _ABOVE_PX, "b": _BELOW_PX},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis={
            **base["xaxis"],
            "range": [-reach, reach],
            "showgrid": True,
            "title": {"text": title, "standoff": 8},
        },
        yaxis={
            **base["yaxis"],
            "tickvals": list(range(len(drawn))),
            "ticktext": [wrapped(pull.term, width=30, lines=2) for pull in drawn],
            "range": [len(drawn) - 0.5, -0.5],
            "showgrid": False,
        },
        annotations=[*_names(drawn), _below(left_out=left_out)],
    )
    return {"data": data, "layout": layout}


def _strongest(pull: Pull) -> npt.NDArray[np.intp]:
    return np.argsort(-np.abs(pull.change), kind="stable")[:_MOST_DRAWN]


def _height(rank: int) -> float:
    """Where a point lies in its strip, the strongest in the middle."""
    return 0.62 * ((0.5 + rank * _GOLDEN) % 1 - 0.5)


def _strip(pull: Pull, row: int) -> dict[str, Any]:
    at = _strongest(pull).tolist()
    is_strong = [abs(pull.change[n]) > pull.bound for n in at]
    # Of one text for all points, as there may be thousands.
    hover = inked(
        f"<b>%{{customdata[1]}}</b> (%{{customdata[0]}})<br>{pull.term}: moves the estimate by"
        " %{x:+.2f} standard errors<br>click to open the patient"
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(float(pull.change[n]), 4) for n in at],
        "y": [round(row + _height(rank), 3) for rank in range(len(at))],
        "customdata": [list(pull.subjects[n]) for n in at],
        "hovertemplate": f"{hover}<extra></extra>",
        "marker": {
            "color": [_STRONG if strong else LINE for strong in is_strong],
            "size": [9 if strong else 6 for strong in is_strong],
            "opacity": [0.95 if strong else 0.5 for strong in is_strong],
            "line": {"width": 0},
        },
    }


def _names(pulls: Sequence[Pull]) -> list[dict[str, Any]]:
    """The strongest of each term by name."""
    return [
        {
            "text": pull.subjects[n][1],
            "x": float(pull.change[n]),
            "y": row + _height(rank),
            "showarrow": False,
            "yshift": 11,
            "font": {"size": 10},
        }
        for row, pull in enumerate(pulls)
        for rank, n in enumerate(_strongest(pull)[:_NAMED].tolist())
        if abs(pull.change[n]) > pull.bound
    ]


def _below(*, left_out: bool) -> dict[str, Any]:
    text = "To the right: with the subject the estimate is higher than without."
    if left_out:
        text += f" Of each term, the {_MOST_DRAWN} that move it most."
    at = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0, "yanchor": "top", "yshift": -46}
    return {"text": text, "showarrow": False, "font": {"size": 11}, **at}
