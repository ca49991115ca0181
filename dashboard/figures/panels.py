"""Small figures side by side and in rows, each on axes of its own."""

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panels:
    """A grid of panels, filled row by row.

    Attributes:
        n: how many.
        across: how many stand beside each other.
        row_px: height of a row, its title included.
        top_px: height above the first row.
        bottom_px: height below the last.
        gap_px: height between two rows, for tick labels and the next title.
        beside: width between two panels, as part of the figure's.
    """

    n: int
    across: int
    row_px: int = 190
    top_px: int = 46
    bottom_px: int = 62
    gap_px: int = 76
    beside: float = 0.07

    @property
    def down(self) -> int:
        """Number of rows."""
        return math.ceil(self.n / self.across)

    @property
    def plot_px(self) -> int:
        """Height of all rows and what lies between them."""
        return self.down * self.row_px + (self.down - 1) * self.gap_px

    @property
    def height_px(self) -> int:
        """Height of the figure."""
        return self.top_px + self.plot_px + self.bottom_px

    @property
    def margin(self) -> dict[str, int]:
        """Around the panels."""
        return {"l": 46, "r": 12, "t": self.top_px, "b": self.bottom_px}

    def axes(self, place: int) -> tuple[str, str]:
        """Names of a panel's axes as traces give them, such as `x2` and `y2`."""
        number = "" if place == 0 else str(place + 1)
        return f"x{number}", f"y{number}"

    def layout(self, place: int, x: dict[str, Any], y: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """A panel's axes, laid where it stands."""
        left, bottom, width, height = self._box(place)
        x_name, y_name = self.axes(place)
        return {
            f"xaxis{x_name[1:]}": {**x, "domain": [left, left + width], "anchor": y_name},
            f"yaxis{y_name[1:]}": {**y, "domain": [bottom, bottom + height], "anchor": x_name},
        }

    def title(self, place: int, text: str) -> dict[str, Any]:
        """A title above a panel, as an annotation."""
        left, bottom, _, height = self._box(place)
        at = {"xref": "paper", "yref": "paper", "x": left, "y": bottom + height}
        side = {"xanchor": "left", "yanchor": "bottom", "yshift": 4, "align": "left"}
        return {"text": text, "showarrow": False, "font": {"size": 12}, **at, **side}

    def _box(self, place: int) -> tuple[float, float, float, float]:
        row, column = divmod(place, self.across)
        width = (1 - self.beside * (self.across - 1)) / self.across
        height = self.row_px / self.plot_px
        top = 1 - row * (self.row_px + self.gap_px) / self.plot_px
        # Rounding must not carry a domain over the figure's edge.
        left, bottom = column * (width + self.beside), max(top - height, 0.0)
        return left, bottom, min(width, 1 - left), min(height, 1 - bottom)
