"""What figures of several curves share: their colours, bands, and a key that says their numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.theme import LINE, SERIES, inked, tinted

Float = npt.NDArray[np.float64]

_MOST_POINTS = 400


def line(x: Float, y: Float, place: int, **more: Any) -> dict[str, Any]:
    """A curve, in the colour of its place."""
    style = {"color": SERIES[place % len(SERIES)], "width": 2.5}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.round(x, 5).tolist(),
        "y": np.round(y, 5).tolist(),
        "line": style,
        **more,
    }


def band(x: Float, low: Float, high: Float, place: int) -> dict[str, Any]:
    """The band of a curve's interval."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.round([*x, *x[::-1]], 5).tolist(),
        "y": np.round([*low, *high[::-1]], 5).tolist(),
        "fill": "toself",
        "fillcolor": tinted(SERIES[place % len(SERIES)], 0.16),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def reference(
    x: Sequence[float | None], y: Sequence[float | None], *, dash: str = "dot"
) -> dict[str, Any]:
    """A line to hold a curve against."""
    style = {"color": LINE, "width": 1.5, "dash": dash}
    drawn = {"x": list(x), "y": list(y), "line": style, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", **drawn}


def thinned(n: int) -> npt.NDArray[np.intp]:
    """Places of at most some hundred of a curve's points, its ends among them."""
    return np.unique(np.linspace(0, n - 1, min(n, _MOST_POINTS)).round()).astype(np.intp)


def words(
    lines: Sequence[tuple[str, str]], *, x: float, y: float, right: bool = False
) -> dict[str, Any]:
    """Lines of text within a figure, each with the mark of the curve that it is about.

    Args:
        lines: colour of the mark, empty for none, and text.
        x: where, as part of the figure.
        y: where, as part of the figure.
        right: whether `x` is the right end; else it is the left.
    """
    said = [f"{inked('▬', color)} {text}" if color else text for color, text in lines]
    return {
        "text": "<br>".join(said),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": "right" if right else "left",
        "yanchor": "bottom" if y < 0.5 else "top",
        "align": "left",
        "font": {"size": 12},
    }
