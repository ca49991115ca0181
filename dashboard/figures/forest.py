"""A forest plot: effects with their intervals, numbers beside them, estimates side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.figures.blank import blank
from dashboard.figures.effect_axis import EffectAxis, effect_text
from dashboard.figures.wrap import wrapped
from dashboard.theme import COHORT, HOVER, LINE, figure_layout, inked, tinted

if TYPE_CHECKING:
    from analytics.outcome.effect import Effect

_STYLES = (
    {"color": COHORT, "symbol": "square", "size": 9},
    {"color": LINE, "symbol": "circle-open", "size": 8, "line": {"width": 2}},
    {"color": "#e8590c", "symbol": "diamond", "size": 9},
)
_MARKS = {"square": "■", "circle-open": "○", "diamond": "◆"}
_ROW_PX, _ABOVE_PX, _BELOW_PX = 34, 46, 72
_COUNT_PX, _LETTER_PX = 56, 6.7


@dataclass(frozen=True)
class ForestRow:
    """One row.

    Attributes:
        label: such as a term.
        effects: one a kind of estimate; None for none. A row without any is a heading.
        n: subjects behind them; None where it is the same all over.
    """

    label: str
    effects: tuple["Effect | None", ...] = ()
    n: int | None = None


def forest(
    rows: Sequence[ForestRow],
    *,
    kinds: Sequence[str],
    title: str,
    reading: tuple[str, str] = ("", ""),
    is_ratio: bool = True,
) -> dict[str, Any]:
    """Draw a forest plot.

    Args:
        rows: from top to bottom.
        kinds: what each effect of a row is, such as `Adjusted` and `Unadjusted`; three at most.
        title: of the axis.
        reading: what an effect to the left of the line means, and one to its right.
        is_ratio: whether effects are ratios, held against 1 on a logarithmic axis.
    """
    effects = [effect for row in rows for effect in row.effects if effect is not None]
    if not any(effect.value is not None for effect in effects):
        return blank("There is no estimate to draw.")
    axis = EffectAxis.of(effects, is_ratio=is_ratio)
    base = figure_layout()
    columns = _columns(rows, kinds, is_ratio=is_ratio)
    beside = sum(column.width_px for column in columns)
    layout = figure_layout(
        height=_ABOVE_PX + _BELOW_PX + _ROW_PX * len(rows),
        margin={"l": 36, "r": beside + 8, "t": _ABOVE_PX, "b": _BELOW_PX},
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        xaxis=axis.layout(title),
        yaxis={
            **base["yaxis"],
            "tickvals": list(range(len(rows))),
            "ticktext": [_label(row) for row in rows],
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
        },
        annotations=[*_printed(columns), *_readings(reading)],
        shapes=[_shade(row, beside) for row in range(1, len(rows), 2)],
    )
    null = {
        "type": "scatter",
        "mode": "lines",
        "x": [axis.null] * 2,
        "y": [-0.5, len(rows) - 0.5],
        "line": {"color": LINE, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }
    drawn = [
        trace
        for place, kind in enumerate(kinds)
        for trace in _estimates(rows, place, kind, kinds=len(kinds), axis=axis)
    ]
    return {"data": [null, *drawn], "layout": layout}


def _label(row: ForestRow) -> str:
    label = wrapped(row.label, width=34, lines=2)
    return label if row.effects else f"<b>{label}</b>"


def _estimates(
    rows: Sequence[ForestRow], place: int, kind: str, *, kinds: int, axis: EffectAxis
) -> list[dict[str, Any]]:
    """Points with their intervals, and arrows where an interval leaves the figure."""
    style = _STYLES[place]
    shift = (place - (kinds - 1) / 2) * 0.3
    x, y, low, high, hover = [], [], [], [], []
    arrows: list[tuple[float, float, str]] = []
    for at, row in enumerate(rows):
        effect = row.effects[place] if place < len(row.effects) else None
        if effect is None or effect.value is None:
            continue
        start = effect.value if effect.ci_low is None else effect.ci_low
        end = effect.value if effect.ci_high is None else effect.ci_high
        x.append(effect.value)
        y.append(at + shift)
        low.append(effect.value - axis.clipped(start))
        high.append(axis.clipped(end) - effect.value)
        said = f"<b>{row.label}</b><br>{kind}: {effect_text(effect, is_ratio=axis.is_ratio)}"
        hover.append(f"{inked(said)}<extra></extra>")
        arrows += [(axis.low, at + shift, "triangle-left")] * (start < axis.low)
        arrows += [(axis.high, at + shift, "triangle-right")] * (end > axis.high)
    error = {"type": "data", "array": high, "arrayminus": low, "symmetric": False}
    points = {
        "type": "scatter",
        "mode": "markers",
        "name": kind,
        "x": x,
        "y": y,
        "error_x": {**error, "color": style["color"], "thickness": 1.6, "width": 0},
        "marker": style,
        "hovertemplate": hover,
    }
    beyond = {
        "type": "scatter",
        "mode": "markers",
        "x": [arrow[0] for arrow in arrows],
        "y": [arrow[1] for arrow in arrows],
        "marker": {"symbol": [arrow[2] for arrow in arrows], "color": style["color"], "size": 8},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    return [points, beyond] if arrows else [points]


@dataclass(frozen=True)
class _Column:
    """A column of text to the right of the figure.

    Attributes:
        heading: what stands above it.
        texts: one a row.
        width_px: of the widest.
    """

    heading: str
    texts: tuple[str, ...]
    width_px: float


def _columns(rows: Sequence[ForestRow], kinds: Sequence[str], *, is_ratio: bool) -> list[_Column]:
    columns = []
    if any(row.n is not None for row in rows):
        texts = tuple("" if row.n is None else f"{row.n:,}" for row in rows)
        columns.append(_Column("<b>n</b>", texts, _COUNT_PX))
    for place, (kind, style) in enumerate(zip(kinds, _STYLES, strict=False)):
        effects = [row.effects[place] if place < len(row.effects) else None for row in rows]
        texts = tuple(effect_text(effect, is_ratio=is_ratio) for effect in effects)
        mark = inked(_MARKS[str(style["symbol"])], str(style["color"]))
        letters = max(map(len, (*texts, f"{kind}    ")))
        columns.append(_Column(f"{mark} <b>{kind}</b>", texts, letters * _LETTER_PX + 20))
    return columns


def _printed(columns: Sequence[_Column]) -> list[dict[str, Any]]:
    """The columns as annotations, set flush right."""
    said, right = [], 0.0
    for column in columns:
        right += column.width_px
        beside = {"showarrow": False, "xref": "paper", "x": 1, "xanchor": "right", "xshift": right}
        head = {"text": column.heading, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 6}
        said.append(beside | head)
        said += [beside | {"text": text, "y": at} for at, text in enumerate(column.texts) if text]
    return said


def _shade(row: int, beside: float) -> dict[str, Any]:
    """A faint ground under every second row, to lead the eye from the name to the numbers."""
    box = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": tinted(LINE, 0.09)}
    wide = {"xref": "paper", "xsizemode": "pixel", "xanchor": 1, "x0": -4000, "x1": beside + 8}
    return {**box, **wide, "yref": "y", "y0": row - 0.5, "y1": row + 0.5}


def _readings(reading: tuple[str, str]) -> list[dict[str, Any]]:
    left, right = reading
    below = {"showarrow": False, "xref": "paper", "yref": "paper", "y": 0, "yanchor": "top"}
    said = [(f"← {left}", 0, "left")] * bool(left) + [(f"{right} →", 1, "right")] * bool(right)
    return [
        {**below, "text": text, "x": x, "xanchor": anchor, "yshift": -46, "font": {"size": 11}}
        for text, x, anchor in said
    ]
