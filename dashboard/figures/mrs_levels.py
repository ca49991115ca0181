"""What the figures of an mRS share: its levels from left to right, and the key to their colours."""

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


def key(scale: str = "mRS") -> dict[str, Any]:
    """The key above a figure; traces come into it in their order.

    Args:
        scale: what stands before the levels.
    """
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.01,
        "yanchor": "bottom",
        "title": {"text": f"{scale}  ", "side": "left"},
        "traceorder": "normal",
        "itemclick": False,
        "itemdoubleclick": False,
        "itemwidth": 30,
        "bgcolor": "rgba(0,0,0,0)",
    }


def key_name(level: int) -> str:
    """A level as the key names it: its ends in words."""
    ends = {0: "0 no symptoms", len(MRS) - 1: f"{len(MRS) - 1} dead"}
    return ends.get(level, str(level))
