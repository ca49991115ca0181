"""Colours and type, said once: for figures here, for pages in `assets/insula.css`.

Figures have a transparent ground; their text and grid take the page's colours from the style
sheet, so that one figure serves light and dark. The colours below stand out on both.
"""

from typing import Any

COHORT = "#0c8599"
"""What belongs to the cohort at hand."""

WHOLE = "rgba(134, 142, 150, 0.35)"
"""What the whole dataset has, behind it."""

MISSING = "#e8590c"
"""Blank values of the cohort."""

LESION = "#e03131"
"""Infarct on an image."""

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

THEME = {"fontFamily": FONT, "primaryColor": "cyan", "defaultRadius": "md"}
"""Of Mantine's components."""


def figure_layout(**more: Any) -> dict[str, Any]:
    """Layout shared by all figures, as a plain dict; `more` is laid over it."""
    axis = {"automargin": True, "zeroline": False, "fixedrange": True, "title": {"standoff": 6}}
    return {
        "font": {"family": FONT, "size": 12},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 36, "r": 8, "t": 6, "b": 26},
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT}},
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "rangemode": "tozero"},
        **more,
    }
