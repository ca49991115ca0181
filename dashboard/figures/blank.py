"""A figure of nothing: it says in one sentence why there is nothing to draw."""

from typing import Any

from dashboard.theme import figure_layout

HEIGHT_PX = 120


def blank(sentence: str) -> dict[str, Any]:
    """Draw the sentence where the figure would stand."""
    hidden = {"visible": False, "fixedrange": True}
    said = {"text": sentence, "showarrow": False, "font": {"size": 14}}
    layout = figure_layout(
        height=HEIGHT_PX,
        xaxis=hidden,
        yaxis=hidden,
        annotations=[{**said, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}],
    )
    return {"data": [], "layout": layout}
