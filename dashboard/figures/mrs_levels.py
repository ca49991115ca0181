"""What the figures of an mRS share: its levels from left to right, and the key to their colours."""

from collections.abc import Sequence
from typing import Any

from dashboard.theme import LINE, MRS

LEVELS = tuple(str(level) for level in range(len(MRS)))

MEANINGS = (
    "no symptoms",
    "no significant disability",
    "slight disability",
    "moderate disability",
    "moderately severe disability",
    "severe disability",
    "dead",
)
"""Van Swieten et al., Stroke 1988;19:604."""

EDGE = {"color": LINE, "width": 0.5}
"""Around every cell, so that pale and dark ones stand out on any ground."""

_UP_PX, _SWATCH_PX, _LETTER_PX = 12, 12, 7.0


def key(
    entries: Sequence[tuple[str, str]], *, scale: str = "mRS"
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The key above a figure, on one line: plotly's own breaks into columns beside long names.

    Args:
        entries: colour and name of each level.
        scale: what stands before them.

    Returns:
        Shapes and annotations of the layout.
    """
    shapes, said = [], [_said(f"<b>{scale}</b>", 0)] if scale else []
    at = len(scale) * _LETTER_PX + 22 * bool(scale)
    for color, name in entries:
        shapes.append(_swatch(color, at))
        said.append(_said(name, at + _SWATCH_PX + 5))
        at += _SWATCH_PX + 5 + len(name) * _LETTER_PX + 18
    return shapes, said


def _swatch(color: str, left: float) -> dict[str, Any]:
    pixels = {"xref": "paper", "xsizemode": "pixel", "yref": "paper", "ysizemode": "pixel"}
    at = {"xanchor": 0, "x0": left, "x1": left + _SWATCH_PX}
    at |= {"yanchor": 1, "y0": _UP_PX, "y1": _UP_PX + _SWATCH_PX}
    return {"type": "rect", "fillcolor": color, "line": EDGE, **pixels, **at}


def _said(text: str, left: float) -> dict[str, Any]:
    across = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": left}
    up = {"yref": "paper", "y": 1, "yanchor": "middle", "yshift": _UP_PX + _SWATCH_PX / 2}
    return {"text": text, "showarrow": False, "font": {"size": 12}, **across, **up}


def key_name(level: int) -> str:
    """A level as the key names it: its ends in words."""
    ends = {0: "0 no symptoms", len(MRS) - 1: f"{len(MRS) - 1} dead"}
    return ends.get(level, str(level))


MRS_KEY = tuple((color, key_name(level)) for level, color in enumerate(MRS))
"""Entries of the key to an mRS."""
