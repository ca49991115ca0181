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

MRS = ("#4575b4", "#91bfdb", "#d9eef5", "#fee090", "#fc8d59", "#d73027", "#495057")
"""mRS 0 to 6: blue to red after ColorBrewer's RdYlBu, and dark for the dead. Any two stay apart by
18 units of CIELAB for readers who don't see red, green or blue (Machado et al., IEEE TVCG 2009)."""

UNKNOWN = "#adb5bd"
"""An mRS that nobody knows."""

SERIES = (COHORT, "#e8590c", "#7950f2", "#868e96")
"""Models or estimates side by side."""

LINE = "#868e96"
"""Lines to hold against: no effect, the ideal, a cut."""

INK = "#212529"

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

HOVER = {"bgcolor": "#ffffff", "bordercolor": LINE, "align": "left", "font": {"family": FONT}}
"""The label under the pointer; its text is `inked`."""

THEME = {"fontFamily": FONT, "primaryColor": "cyan", "defaultRadius": "md"}
"""Of Mantine's components."""


def ink_on(color: str) -> str:
    """Dark or white, whichever reads better on a colour given as `#rrggbb`: WCAG 2, contrast."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    luminance = sum(
        part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)
    )
    return INK if luminance > 0.21 else "#ffffff"


def inked(text: str, color: str = INK) -> str:
    """Text that keeps its colour where the style sheet gives all others the page's."""
    return f'<span style="color:{color}">{text}</span>'


def tinted(color: str, opacity: float) -> str:
    """A colour given as `#rrggbb`, let through."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


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
