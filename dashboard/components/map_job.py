"""A lesion-symptom map in the making: begun, followed and stopped."""

from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from analytics.symptom_cohort import cohort_symptom_map
from dashboard import ids
from dashboard.jobs import JobState
from dashboard.map_choices import SYMPTOM, MapChoices, read_choices
from dashboard.map_files import LesionMaps, symptom_job
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder
from data_loader.progress import Report

_CLOCK_MS = 700
_SAID = {
    "none": "Not computed yet: every voxel is tested, and the score permuted, in the background.",
    "done": "",
}


def job_panel() -> Component:
    """Lay the panel out; it is hidden unless the address asks for a lesion-symptom map."""
    return html.Div(
        [
            dcc.Interval(id=ids.MAP_CLOCK, interval=_CLOCK_MS, disabled=True),
            dcc.Store(id=ids.MAP_DONE),
            html.P(id=ids.MAP_JOB_SAID, role="status"),
            dmc.ProgressRoot(
                dmc.ProgressSection(id=ids.MAP_PROGRESS, value=0, **{"aria-label": "Permutations"}),
                size="lg",
                className="map-progress",
            ),
            html.Div(
                [
                    html.Button("Compute the map", id=ids.MAP_START, className="step"),
                    html.Button("Cancel", id=ids.MAP_CANCEL, className="quiet-button"),
                ],
                className="map-buttons",
            ),
        ],
        id=ids.MAP_JOB,
        className="map-job",
        hidden=True,
    )


def register_map_job(app: Dash, folder: IndexFolder, maps: LesionMaps) -> None:
    """Begin, follow and stop the job of the address."""

    @app.callback(
        Output(ids.MAP_JOB, "hidden"),
        Output(ids.MAP_JOB_SAID, "children"),
        Output(ids.MAP_PROGRESS, "value"),
        Output(ids.MAP_JOB, "className"),
        Output(ids.MAP_CLOCK, "disabled"),
        Output(ids.MAP_DONE, "data"),
        Input(ids.URL, "search"),
        Input(ids.MAP_CLOCK, "n_intervals"),
        Input(ids.MAP_START, "n_clicks"),
        Input(ids.MAP_CANCEL, "n_clicks"),
        State(ids.MAP_DONE, "data"),
    )
    def follow(
        search: str, _: int | None, start: int | None, cancel: int | None, done: str | None
    ) -> tuple[Any, ...]:
        index = folder.current()
        choices: MapChoices | None
        try:
            choices = read_choices(View.parse(search, index), index)
        except InsulaError:
            choices = None  # the page itself says what can't be read
        if choices is None or choices.kind != SYMPTOM:
            return True, "", 0, "map-job", True, None if done else no_update
        name = symptom_job(index, choices)
        if ctx.triggered_id == ids.MAP_START and start:
            maps.jobs.start(name, partial(_made, index, choices))
        if ctx.triggered_id == ids.MAP_CANCEL and cancel:
            maps.jobs.cancel(name)
        state = maps.jobs.state(name)
        made = name if state.status == "done" else None
        return (
            state.status == "done",
            _said(state),
            100 * state.done / state.total if state.total else 0,
            f"map-job map-job-{state.status}",
            state.status != "running",
            made if made != done else no_update,
        )


def _made(index: Index, choices: MapChoices, report: Report) -> bytes:
    if choices.question is None:
        raise InsulaError("No score was chosen.")
    return cohort_symptom_map(index, choices.cohort, choices.question, report=report).to_bytes()


def _said(state: JobState) -> str:
    if state.status == "running" and state.total:
        return f"{state.done:,} of {state.total:,} permutations."
    if state.status == "running":
        return "Begins, once others that were asked for before are done."
    return state.sentence or _SAID[state.status]
