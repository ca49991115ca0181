"""Odds ratios at every cut of an ordinal outcome beside the common one: are they alike?

A panel a term. Where the points stray from the band by more than their intervals allow, odds are
not proportional.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.figures.blank import blank
from dashboard.figures.effect_axis import EffectAxis, effect_text
from dashboard.figures.panels import Panels
from dashboard.figures.wrap import wrapped
from dashboard.theme import COHORT, HOVER, LINE, figure_layout, inked, tinted

if TYPE_CHECKING:
    from analytics.outcome.effect import Effect

_ACROSS = 3
_POINT = "#e8590c"


@dataclass(frozen=True)
class CutEffects:
    """Odds ratios of one term.

    Attributes:
        label: of the term.
        common: odds ratio that the model holds alike at all cuts; None where the term is freed.
        at_cuts: odds ratio at each cut, in the order of the cuts.
    """

    label: str
    common: "Effect | None"
    at_cuts: tuple["Effect", ...]


def cut_point_plot(
    terms: Sequence[CutEffects], *, cuts: Sequence[str], outcome: str
) -> dict[str, Any]:
    """Draw the odds ratios.

    Args:
        terms: in the order of the panels.
        cuts: as the axis names them, such as `0|1`.
        outcome: what is cut, for the axis.
    """
    drawn = [term for term in terms if any(one.value is not None for one in term.at_cuts)]
    if not drawn:
        return blank("There is no odds ratio at any cut to draw.")
    panels = Panels(len(drawn), across=min(_ACROSS, max(len(drawn), 2)))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for place, term in enumerate(drawn):
        effects = (*term.at_cuts, *([term.common] if term.common else []))
        scale = EffectAxis.of(effects, is_ratio=True)
        is_lowest, is_first = place + panels.across >= len(drawn), place % panels.across == 0
        x = _cut_axis(
            cuts, f"{inked('●', _POINT)} at each cut<br>of {outcome}" if is_lowest else ""
        )
        axes |= panels.layout(place, x, scale.layout("Odds ratio" if is_first else ""))
        x_name, y_name = panels.axes(place)
        on = {"xaxis": x_name, "yaxis": y_name}
        traces += [trace | on for trace in _traces(term, cuts, scale)]
    layout = figure_layout(
        height=panels.height_px,
        margin=panels.margin,
        dragmode=False,
        hoverlabel=HOVER,
        hovermode="closest",
        annotations=[panels.title(place, _title(term)) for place, term in enumerate(drawn)],
        **axes,
    )
    return {"data": traces, "layout": layout}


def _title(term: CutEffects) -> str:
    label = f"<b>{wrapped(term.label, width=40, lines=1)}</b>"
    if term.common is None:
        return f"{label}<br>freed: no common odds ratio"
    return f"{label}<br>{inked('▬', COHORT)} common {effect_text(term.common, is_ratio=True)}"


def _cut_axis(cuts: Sequence[str], title: str) -> dict[str, Any]:
    axis = {**figure_layout()["xaxis"], "title": {"text": title, "standoff": 6}}
    places = list(range(len(cuts)))
    return {**axis, "tickvals": places, "ticktext": list(cuts), "range": [-0.5, len(cuts) - 0.5]}


def _traces(term: CutEffects, cuts: Sequence[str], scale: EffectAxis) -> list[dict[str, Any]]:
    ends = [-0.5, len(cuts) - 0.5]
    null = _line(ends, scale.null, {"color": LINE, "width": 1, "dash": "dot"})
    return [null, *_common(term, ends, scale), _points(term, cuts, scale)]


def _line(ends: list[float], at: float, style: dict[str, Any]) -> dict[str, Any]:
    line = {"x": ends, "y": [at, at], "line": style, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", **line}


def _common(term: CutEffects, ends: list[float], scale: EffectAxis) -> list[dict[str, Any]]:
    one = term.common
    if one is None or one.value is None:
        return []
    line = _line(ends, one.value, {"color": COHORT, "width": 2})
    if one.ci_low is None or one.ci_high is None:
        return [line]
    low, high = scale.clipped(one.ci_low), scale.clipped(one.ci_high)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [*ends, *ends[::-1]],
        "y": [low, low, high, high],
        "fill": "toself",
        "fillcolor": tinted(COHORT, 0.18),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [band, line]


def _points(term: CutEffects, cuts: Sequence[str], scale: EffectAxis) -> dict[str, Any]:
    known = [(at, one) for at, one in enumerate(term.at_cuts) if one.value is not None]
    values = [one.value or 0.0 for _, one in known]
    lows = [
        scale.clipped(v if one.ci_low is None else one.ci_low)
        for v, (_, one) in zip(values, known, strict=True)
    ]
    highs = [
        scale.clipped(v if one.ci_high is None else one.ci_high)
        for v, (_, one) in zip(values, known, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [at for at, _ in known],
        "y": values,
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(highs, values, strict=True)],
            "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
            "color": _POINT,
            "thickness": 1.6,
            "width": 0,
        },
        "marker": {"color": _POINT, "size": 8},
        "hovertemplate": [_hover(term, cuts[at], one) for at, one in known],
    }


def _hover(term: CutEffects, cut: str, effect: "Effect") -> str:
    said = f"<b>{term.label}</b><br>cut {cut}: {effect_text(effect, is_ratio=True)}"
    if term.common:
        said += f"<br>common: {effect_text(term.common, is_ratio=True)}"
    return f"{inked(said)}<extra></extra>"
