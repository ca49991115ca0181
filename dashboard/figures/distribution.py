"""The chart of one variable: the whole dataset behind, the cohort before it, blanks beside.

Bins and ordered levels stand; names of categories lie, so that they can be read. Every bar carries
the filter that selects it as `customdata`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.theme import COHORT, MISSING, WHOLE, figure_layout
from data_loader.cohort import MISSING as MISSING_WORD
from data_loader.cohort import NOT_APPLICABLE, Filter
from data_loader.distribution import Counts, Scale

HEIGHT_PX = 170
_COLORS = (WHOLE, COHORT)
_SHORTENED = 22
_BESIDE = 0.16
"""Part of the width that a bar of blanks takes, so that its name fits."""


@dataclass(frozen=True)
class Row:
    """One bar: its name, the filter that selects it, and how many subjects it stands for."""

    label: str
    expression: str
    whole: int
    cohort: int
    is_blank: bool = False


def rows(scale: Scale, *, whole: Counts, cohort: Counts) -> list[Row]:
    """The bars of a chart in order, those of blanks last.

    Args:
        scale: the bars.
        whole: subjects of the index by bar.
        cohort: subjects of the cohort by bar.
    """
    found = [
        Row(bar.label, bar.expression, n_whole, n_cohort)
        for bar, n_whole, n_cohort in zip(scale.bars, whole.bars, cohort.bars, strict=True)
    ]
    if whole.missing:
        found.append(Row("missing", MISSING_WORD, whole.missing, cohort.missing, is_blank=True))
    if whole.not_applicable:
        counts = whole.not_applicable, cohort.not_applicable
        found.append(Row("not applicable", NOT_APPLICABLE, *counts, is_blank=True))
    return found


def distribution(
    scale: Scale, bars: Sequence[Row], *, n: tuple[int, int], chosen: Filter | None, as_share: bool
) -> dict[str, Any]:
    """Draw a variable's bars.

    Args:
        scale: the variable's scale.
        bars: as `rows` gives them.
        n: subjects of the index, and of the cohort.
        chosen: the filter on this variable; its ranges are shaded.
        as_share: lengths are percentages of the index and of the cohort rather than counts.
    """
    per = tuple(100 / max(count, 1) if as_share else 1 for count in n)
    drawn = _Drawn(
        lengths=(
            [row.whole * per[0] for row in bars],
            [row.cohort * per[1] for row in bars],
        ),
        hover=[_hover(row, n, scale.variable.unit) for row in bars],
        as_share=as_share,
        most=100 if as_share else n[0],
    )
    if lies(scale):
        return _lying(bars, drawn)
    return _standing(scale, bars, drawn, chosen=chosen)


@dataclass(frozen=True)
class _Drawn:
    """Lengths of the bars, the whole's and the cohort's, and what they say under the pointer."""

    lengths: tuple[list[float], list[float]]
    hover: list[str]
    as_share: bool
    most: float


def lies(scale: Scale) -> bool:
    """Whether the bars lie, as those of categories do; they are clicked, not brushed."""
    return scale.variable.kind in ("binary", "categorical")


def _hover(row: Row, n: tuple[int, int], unit: str | None) -> str:
    name = f"{row.label} {unit}" if unit and not row.is_blank else row.label
    shares = [
        100 * count / max(of, 1) for count, of in zip((row.whole, row.cohort), n, strict=True)
    ]
    return (
        f"<b>{name}</b><br>cohort {row.cohort:,} ({shares[1]:.1f} %)"
        f"<br>all {row.whole:,} ({shares[0]:.1f} %)<extra></extra>"
    )


def _lying(bars: Sequence[Row], drawn: _Drawn) -> dict[str, Any]:
    places = list(range(len(bars)))
    data = [
        _trace(bars, drawn.hover, color, x=lengths, y=places, orientation="h", width=width)
        for lengths, color, width in zip(drawn.lengths, _COLORS, (0.8, 0.46), strict=True)
    ]
    base = figure_layout()
    names = [_shortened(row.label) for row in bars]
    layout = figure_layout(
        height=max(HEIGHT_PX, 34 + 22 * len(bars)),
        barmode="overlay",
        dragmode=False,
        xaxis={
            **base["xaxis"],
            "showgrid": True,
            "rangemode": "tozero",
            "ticksuffix": " %" * drawn.as_share,
        },
        yaxis={
            **base["yaxis"],
            "tickvals": places,
            "ticktext": names,
            "range": [len(bars) - 0.5, -0.5],
            "showgrid": False,
        },
    )
    return {"data": data, "layout": layout}


def _standing(
    scale: Scale, bars: Sequence[Row], drawn: _Drawn, *, chosen: Filter | None
) -> dict[str, Any]:
    """Bars side by side; those of blanks stand apart, as high as their share of all subjects."""
    extents = [scale.extent(place) for place in range(len(scale.bars))]
    k = len(extents)
    at = {
        "x": [(low + high) / 2 for low, high in extents],
        "width": [0.94 * (high - low) for low, high in extents],
    }
    beside: dict[str, Any] = {"x": [row.label.replace("not applicable", "n/a") for row in bars[k:]]}
    beside |= {"xaxis": "x2", "yaxis": "y2", "width": 0.7}
    data = []
    for lengths, color, blank in zip(drawn.lengths, _COLORS, (WHOLE, MISSING), strict=True):
        data.append(_trace(bars[:k], drawn.hover[:k], color, y=lengths[:k], **at))
        data.append(_trace(bars[k:], drawn.hover[k:], blank, y=lengths[k:], **beside))
    # The blanks have no axis of their own: their number stands above them.
    data[1] |= {"text": [f"{row.cohort:,}" for row in bars[k:]], "textposition": "outside"}
    base = figure_layout()
    ends = [extents[0][0], extents[-1][1]] if extents else [0, 1]
    width = _BESIDE * len(bars[k:])
    layout = figure_layout(
        height=HEIGHT_PX,
        barmode="overlay",
        dragmode="select",
        selectdirection="h",
        shapes=_shades(scale, chosen, ends),
        xaxis={
            **base["xaxis"],
            **_ticks(scale),
            "range": ends,
            "domain": [0, 1 - width - 0.06 * bool(width)],
        },
        xaxis2={
            **base["xaxis"],
            "domain": [1 - width, 1],
            "type": "category",
            "anchor": "y2",
            "tickangle": 0,
            "tickfont": {"size": 10},
        },
        yaxis={**base["yaxis"], "ticksuffix": " %" * drawn.as_share, "nticks": 4},
        yaxis2={"range": [0, drawn.most], "visible": False, "fixedrange": True, "anchor": "x2"},
    )
    return {"data": data, "layout": layout}


def _trace(bars: Sequence[Row], hover: Sequence[str], color: str, **where: Any) -> dict[str, Any]:
    return {
        "type": "bar",
        "customdata": [row.expression for row in bars],
        "hovertemplate": list(hover),
        "marker": {"color": color, "line": {"width": 0}},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        **where,
    }


def _ticks(scale: Scale) -> dict[str, Any]:
    if not scale.is_binned:
        labels = [_shortened(bar.label) for bar in scale.bars]
        return {"tickvals": list(range(len(labels))), "ticktext": labels}
    if not scale.variable.log_axis:
        return {"nticks": 8}
    low = scale.extent(len(scale.bars) - 1)[0]
    edges = [bar.low for bar in scale.bars if bar.low]
    decades = range(math.ceil(math.log10(edges[0])), math.floor(low) + 1) if edges else range(0)
    values = [float(decade) for decade in decades]
    zero = [sum(scale.extent(0)) / 2] if scale.bars and scale.bars[0].low is None else []
    names = ["0"] * len(zero) + [f"{10.0**value:g}" for value in values]
    return {"tickvals": [*zero, *values], "ticktext": names}


def _shades(scale: Scale, chosen: Filter | None, ends: Sequence[float]) -> list[dict[str, Any]]:
    """A shade behind each range of the filter, cut to the axis."""
    shades = []
    for interval in chosen.intervals if chosen else ():
        low = ends[0] if interval.low is None else scale.place(interval.low)
        high = ends[1] if interval.high is None else scale.place(interval.high)
        if scale.variable.kind in ("ordinal", "count") and interval.high is not None:
            high += scale.is_binned * interval.high_included
        x0, x1 = (min(max(end, ends[0]), ends[1]) for end in (low, high))
        box = {"type": "rect", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y0": 0, "y1": 1}
        shades.append({**box, "fillcolor": COHORT, "opacity": 0.12, "line": {"width": 0}})
    return shades


def _shortened(label: str) -> str:
    return label if len(label) <= _SHORTENED else f"{label[: _SHORTENED - 1]}…"
