"""Arterial territories: left and right mirrored, and in how many subjects each is involved."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from analytics.territory_tables import whole_percent
from dashboard.figures.blank import blank
from dashboard.figures.mrs_levels import key
from dashboard.territory_filter import Involvement, region_filter
from dashboard.theme import HOVER, LINE, SERIES, figure_layout, inked, tinted
from data_loader.errors import AnalysisError

if TYPE_CHECKING:
    from analytics.territory_summary import RegionSummary, TerritoryGroup, TerritorySummary

Measure = Literal["ml", "percent", "any", "involved", "dominant"]
DEFAULT_MEASURE: Measure = "ml"

TITLES: Mapping[Measure, str] = {
    "ml": "mean infarct volume, ml",
    "percent": "mean share of the infarct, %",
    "any": "subjects with any of the infarct there, %",
    "involved": "subjects with at least 10 % of the infarct there, %",
    "dominant": "subjects of whose infarct it holds most, %",
}

_VALUES: Mapping[Measure, Callable[["RegionSummary"], float | None]] = {
    "ml": lambda found: found.ml.mean,
    "percent": lambda found: found.percent.mean,
    "any": lambda found: found.any.percent,
    "involved": lambda found: found.involved.percent,
    "dominant": lambda found: found.dominant.percent,
}

_STANDS_FOR: Mapping[Measure, Involvement] = {
    "ml": "any",
    "percent": "any",
    "any": "any",
    "involved": "involved",
    "dominant": "dominant",
}
"""Which subjects a bar leads to."""

_NESTED: Mapping[Involvement, tuple[str, float, float]] = {
    "any": ("any", 1.0, 0.28),
    "involved": ("at least 10 %", 0.64, 0.6),
    "dominant": ("most of the infarct", 0.28, 1.0),
}
"""Name, thickness and opacity of the bars within one another."""

_BELOW_PX, _KEY_PX = 46, 20
_FEW, _FEW_PX, _MANY_PX = 8, (26, 14), (17, 11)
"""Bar and gap, for so many rows and groups together and for more."""

_ROOM = 1.3
"""How far the axis goes beyond the longest bar, for the number at its end."""


def measure_of(text: str) -> Measure:
    """What bars show, as an address asks for it.

    Raises:
        AnalysisError: it is none.
    """
    for measure in TITLES:
        if measure == (text or DEFAULT_MEASURE):
            return measure
    raise AnalysisError(f"“{text[:20]}” is nothing that bars show; {', '.join(TITLES)} are.")


def mirrored_territories(summary: "TerritorySummary", measure: Measure) -> dict[str, Any]:
    """Draw a bar a region and group, the patient's left to the left and the right to the right.

    Args:
        summary: of a cohort, one level of the atlas.
        measure: what lengths are.
    """
    if len(summary.groups) > len(SERIES):
        return _too_many(summary)
    rows = _Rows.of(summary)
    shown = _ml if measure == "ml" else whole_percent
    traces = []
    for at, (group, color) in enumerate(zip(summary.groups, SERIES, strict=False)):
        values = _lengths(group, measure)
        trace = rows.bars(group, values, at=at, color=color, stands_for=_STANDS_FOR[measure])
        written = [shown(value) if value else "" for value in values]
        traces.append({**trace, "text": written, "textposition": "outside"})
    return rows.figure(traces, [rows.group_key()])


def involvement_bars(summary: "TerritorySummary") -> dict[str, Any]:
    """Draw in what share of the subjects each region holds any, a tenth or most of the infarct.

    Three bars lie within one another, the patient's left to the left and the right to the right.

    Args:
        summary: of a cohort, one level of the atlas.
    """
    if len(summary.groups) > len(SERIES):
        return _too_many(summary)
    rows = _Rows.of(summary)
    traces = []
    for at, (group, color) in enumerate(zip(summary.groups, SERIES, strict=False)):
        for kind, (_, thickness, opacity) in _NESTED.items():
            values, shade = _lengths(group, kind), tinted(color, opacity)
            bars = rows.bars(group, values, at=at, color=shade, stands_for=kind)
            traces.append({**bars, "width": bars["width"] * thickness})
    nested = [(tinted(SERIES[0], opacity), name) for name, _, opacity in _NESTED.values()]
    return rows.figure(traces, [rows.group_key(), nested])


def _ml(value: float) -> str:
    return f"{value:.1f}"


def _lengths(group: "TerritoryGroup", measure: Measure) -> list[float]:
    return [_VALUES[measure](found) or 0.0 for found in group.regions]


_Key = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Rows:
    """The rows of a mirrored figure: a region without its side each, and in it a slot a group.

    Attributes:
        names: of the regions, without their sides, from top to bottom.
        groups: of the cohort.
    """

    names: tuple[str, ...]
    groups: tuple["TerritoryGroup", ...]

    @classmethod
    def of(cls, summary: "TerritorySummary") -> "_Rows":
        named = dict.fromkeys(found.region.name for found in summary.groups[0].regions)
        return cls(tuple(named), summary.groups)

    @property
    def bar_px(self) -> int:
        return self._sizes[0]

    @property
    def row_px(self) -> int:
        bar, gap = self._sizes
        return bar * len(self.groups) + gap

    @property
    def _sizes(self) -> tuple[int, int]:
        return _FEW_PX if len(self.names) * len(self.groups) <= _FEW else _MANY_PX

    def bars(
        self,
        group: "TerritoryGroup",
        values: Sequence[float],
        *,
        at: int,
        color: str,
        stands_for: Involvement,
    ) -> dict[str, Any]:
        """The bars of one group; one of a region without a side lies across the middle.

        Args:
            group: which.
            values: length of each region's bar.
            at: place of the group in a row.
            color: of the bars.
            stands_for: whom each leads to.
        """
        regions = [found.region for found in group.regions]
        slot = self.bar_px / self.row_px
        shift = (at - (len(self.groups) - 1) / 2) * slot
        pairs = list(zip(values, regions, strict=True))
        return {
            "type": "bar",
            "orientation": "h",
            "name": group.label,
            "x": [-value if region.side == "left" else value for value, region in pairs],
            "base": [0 if region.side else -value / 2 for value, region in pairs],
            "y": [self.names.index(region.name) + shift for region in regions],
            "width": slot * 0.94,
            "marker": {"color": color, "line": {"width": 0}},
            "textangle": 0,
            "cliponaxis": False,
            "customdata": [region_filter(r.label, r.level, stands_for) for r in regions],
            "hovertemplate": [_hover(group, found) for found in group.regions],
        }

    def group_key(self) -> _Key:
        """Colour and name of each group."""
        return [
            (color, f"{group.label} (n = {group.n:,})")
            for group, color in zip(self.groups, SERIES, strict=False)
        ]

    def figure(self, traces: list[dict[str, Any]], keys: Sequence[_Key]) -> dict[str, Any]:
        """Lay the bars out, the keys above them."""
        lengths = [abs(x) for trace in traces for x in trace["x"]]
        most = max(lengths) or 1.0
        shapes, said = _stacked(keys)
        above = _KEY_PX * (len(self.groups) + len(keys) - 1) + 12
        base = figure_layout()
        x = {**_ticks(most), "range": [-most * _ROOM, most * _ROOM], "tickangle": 0}
        ends = {"text": "\N{LEFTWARDS ARROW} left          right \N{RIGHTWARDS ARROW}"}
        middle = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
        layout = figure_layout(
            height=above + _BELOW_PX + self.row_px * len(self.names),
            margin={"l": 36, "r": 12, "t": above, "b": _BELOW_PX},
            barmode="overlay",
            dragmode=False,
            hoverlabel=HOVER,
            hovermode="closest",
            xaxis={**base["xaxis"], "showgrid": True, **x, "title": {**ends, "standoff": 8}},
            yaxis={
                **base["yaxis"],
                "tickvals": list(range(len(self.names))),
                "ticktext": list(self.names),
                "range": [len(self.names) - 0.5, -0.5],
                "showgrid": False,
            },
            shapes=[*shapes, {**middle, "line": {"color": LINE, "width": 1}}],
            annotations=said,
        )
        return {"data": traces, "layout": layout}


def _stacked(keys: Sequence[_Key]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Keys one above the other; of groups, whose names are long, one a line."""
    groups, *others = keys
    lines: list[_Key] = [*([one] for one in groups), *others]
    shapes, said = [], []
    for line, entries in enumerate(lines):
        drawn, words = key(entries, scale="")
        up = (len(lines) - 1 - line) * _KEY_PX
        shapes += [{**one, "y0": one["y0"] + up, "y1": one["y1"] + up} for one in drawn]
        said += [{**one, "yshift": one["yshift"] + up} for one in words]
    return shapes, said


def _hover(group: "TerritoryGroup", found: "RegionSummary") -> str:
    if not group.n:
        return f"{inked(f'<b>{group.label}</b><br>nobody')}<extra></extra>"
    shares = (found.any, found.involved, found.dominant)
    some, tenth, most = (f"{s.count:,} ({whole_percent(s.percent or 0)} %)" for s in shares)
    lines = (
        f"<b>{found.region.label}</b>, {group.label} (n = {group.n:,})",
        f"mean {found.ml.mean:.1f} ml, {whole_percent(found.percent.mean or 0)} % of the infarct",
        f"any: {some}",
        f"at least 10 %: {tenth}",
        f"most: {most}",
    )
    return f"{inked('<br>'.join(lines))}<extra></extra>"


def _ticks(most: float) -> dict[str, Any]:
    """Ticks on both sides of 0, without signs."""
    step = 10.0 ** math.floor(math.log10(most / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 4)
    ticks = [step * place for place in range(int(most * _ROOM / step) + 1)]
    values = [*(-tick for tick in ticks[:0:-1]), *ticks]
    return {"tickvals": values, "ticktext": [f"{abs(value):g}" for value in values]}


def _too_many(summary: "TerritorySummary") -> dict[str, Any]:
    return blank(
        f"{len(summary.groups)} groups can't be told apart here; choose a variable that has at most"
        f" {len(SERIES)} levels."
    )
