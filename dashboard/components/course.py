"""A patient's course, from before the stroke to three months after it, on one line."""

from collections.abc import Mapping
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.record import Entry
from dashboard.theme import MRS, ink_on


@dataclass(frozen=True)
class Moment:
    """One station of the course.

    Attributes:
        label: as a reader says it.
        after: durations that add up to its time after arrival; none where it has no clock time.
        scores: row to the variable that was scored then.
    """

    label: str
    after: str | None
    scores: Mapping[str, str]


_MOMENTS = (
    Moment("Before", None, {"mRS": "mrs_premorbid"}),
    Moment("Onset", "onset_to_door_min", {}),
    Moment("Arrival", "", {"NIHSS": "nihss_admission", "mRS": "mrs_admission"}),
    Moment("Imaging", "door_to_imaging_min", {}),
    Moment("Groin puncture", "door_to_groin_min", {}),
    Moment("First series", "door_to_first_series_min", {}),
    Moment("Recanalisation", "door_to_recanalization_min", {"TICI": "tici"}),
    Moment("24 h", None, {"NIHSS": "nihss_24h", "mRS": "mrs_24h"}),
    Moment("Discharge", None, {"NIHSS": "nihss_discharge", "mRS": "mrs_discharge"}),
    Moment("3 months", None, {"mRS": "mrs_3_months"}),
)
_MOST = {"NIHSS": 42, "mRS": 6}


def course(entries: Mapping[str, Entry]) -> Component | None:
    """The stations that the index has variables for; None if there are none.

    Args:
        entries: of the record, by variable.
    """
    moments = [moment for moment in _MOMENTS if _is_kept(moment, entries)]
    if not any(moment.scores.values() for moment in moments):
        return None
    scores = [
        score
        for score in ("NIHSS", "mRS", "TICI")
        if any(m.scores.get(score) in entries for m in moments)
    ]
    timed = any(m.after for m in moments)
    rows = [_time_row(moments, entries)] if timed else []
    rows += [_score_row(score, moments, entries) for score in scores]
    head = html.Tr(
        [html.Td(), *(html.Th(html.Span(m.label), scope="col") for m in moments)],
        className="stations",
    )
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="course")
    said = "NIHSS 0 to 42, mRS 0 (no symptoms) to 6 (dead)"
    said += "; times in minutes from arrival." if timed else "."
    parts = [html.Header(html.H2("Course")), table, html.P(said, className="help")]
    return html.Section(parts, className="panel")


def _is_kept(moment: Moment, entries: Mapping[str, Entry]) -> bool:
    return moment.after in entries or any(name in entries for name in moment.scores.values())


def _time_row(moments: list[Moment], entries: Mapping[str, Entry]) -> Component:
    cells = [html.Td(_time(moment, entries)) for moment in moments]
    return html.Tr([html.Th("min", scope="row"), *cells], className="times")


def _time(moment: Moment, entries: Mapping[str, Entry]) -> Component | str | None:
    if moment.after is None:
        return None
    if moment.after == "":
        return "0"
    entry = entries.get(moment.after)
    if entry is None:
        return None
    if not isinstance(entry.value, int | float):
        return _blank(entry)
    sign = "−" if moment.label == "Onset" else "+"  # noqa: RUF001 - a minus
    return f"{sign}{entry.value:,.0f}"


def _score_row(score: str, moments: list[Moment], entries: Mapping[str, Entry]) -> Component:
    cells = []
    for moment in moments:
        entry = entries.get(moment.scores.get(score, ""))
        cells.append(html.Td(_score(score, entry) if entry else None))
    return html.Tr([html.Th(score, scope="row"), *cells])


def _score(score: str, entry: Entry) -> Component:
    if entry.blank:
        return _blank(entry)
    shown = entry.variable.shown(entry.value)
    if score not in _MOST or not isinstance(entry.value, int):
        return html.Span(shown, className="score")
    if score == "mRS":
        level = min(max(entry.value, 0), 6)
        color = {"background": MRS[level], "color": ink_on(MRS[level])}
        return html.Span(shown, className="score mrs", style=color)
    height = f"{100 * min(max(entry.value, 0), 42) / 42:.0f}%"
    bar = html.Span(html.Span(style={"width": height}), className="meter", **aria(hidden="true"))
    return html.Span([shown, bar], className="score nihss")


def _blank(entry: Entry) -> Component:
    if entry.blank == "missing":
        return html.Span(
            [html.Span("?", **aria(hidden="true")), unseen("missing")],
            className="blank-missing",
            title="missing",
        )
    return html.Span([html.Span("–", **aria(hidden="true")), unseen("does not apply")])  # noqa: RUF001 - a dash
