"""Validate: imputation, held-out predictions, and what terms add, made in the background."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from dash.development.base_component import Component

from analytics.outcome.study import LEARNERS
from analytics.outcome.validation import ValidationPlan
from analytics.tables.formats import RESULT_FORMATS
from dashboard import ids
from dashboard.aria import aria
from dashboard.components.outcome_model import model_section
from dashboard.components.outcome_parts import (
    choice_links,
    drawn,
    refusal,
    section_tables,
    warning,
)
from dashboard.downloads import file_links
from dashboard.jobs import Jobs, JobState
from dashboard.outcome_report import STUDY
from dashboard.outcome_study import (
    FOLDS,
    NO_VALIDATION,
    pooled_of,
    study_name,
    study_plan_of,
    study_result,
    study_work,
)
from dashboard.outcome_view import page_sentence
from dashboard.stored_report import report_of
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder

_CLOCK_MS = 700
_IMPUTE = (("0", "Complete cases"), ("5", "5"), ("20", "20"), ("50", "50"))
_LEARNERS = (("none", "None"), (",".join(LEARNERS), "Penalised, boosting, forest"))


def validate_panel() -> list[Component]:
    """Lay the section out; its parts are filled by callbacks."""
    buttons = [
        html.Button("Begin", id=ids.STUDY_START, className="step"),
        html.Button("Cancel", id=ids.STUDY_CANCEL, className="quiet-button"),
    ]
    progress = dmc.ProgressRoot(
        dmc.ProgressSection(id=ids.STUDY_PROGRESS, value=0, **aria(label="Validation")), size="lg"
    )
    return [
        html.Div(id=ids.STUDY_CHOICES, className="study-choices"),
        dcc.Interval(id=ids.STUDY_CLOCK, interval=_CLOCK_MS, disabled=True),
        dcc.Store(id=ids.STUDY_DONE),
        html.P(id=ids.STUDY_SAID, role="status", className="help"),
        html.Div(
            [html.Div(progress), html.Div(buttons, className="study-buttons")], id=ids.STUDY_JOB
        ),
        html.Div(id=ids.STUDY_RESULT, className="outcome-part"),
    ]


def study_choices(view: View) -> list[Component]:
    """What is asked for, as links of the address."""
    folds = view.choices.get("folds", str(ValidationPlan.folds))
    repeats = view.choices.get("repeats", str(ValidationPlan.repeats))
    how = f"{repeats} x {folds} folds, {ValidationPlan.resamples} resamples"
    validate = ((FOLDS, how), (NO_VALIDATION, "No"))
    return [
        choice_links("Imputations", _IMPUTE, key="impute", view=view, default="0"),
        choice_links("Validate", validate, key="validate", view=view, default=FOLDS),
        choice_links("Beside it", _LEARNERS, key="learners", view=view, default="none"),
    ]


def register_validate(app: Dash, folder: IndexFolder) -> None:
    """Begin, follow and stop the job of the address, and show what it found."""
    jobs = Jobs(folder.path)

    @app.callback(Output(ids.STUDY_CHOICES, "children"), Input(ids.URL, "search"))
    def lay(search: str) -> list[Component]:
        return study_choices(View.parse(search, folder.current()))

    @app.callback(
        Output(ids.STUDY_SAID, "children"),
        Output(ids.STUDY_PROGRESS, "value"),
        Output(ids.STUDY_JOB, "className"),
        Output(ids.STUDY_CLOCK, "disabled"),
        Output(ids.STUDY_DONE, "data"),
        Input(ids.URL, "search"),
        Input(ids.STUDY_CLOCK, "n_intervals"),
        Input(ids.STUDY_START, "n_clicks"),
        Input(ids.STUDY_CANCEL, "n_clicks"),
        State(ids.STUDY_DONE, "data"),
    )
    def follow(
        search: str, _: int | None, start: int | None, cancel: int | None, done: str | None
    ) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        try:
            asked = study_plan_of(view, index)
        except InsulaError as error:
            return page_sentence(error), 0, "study-none", True, None
        name = study_name(view, index, asked)
        if ctx.triggered_id == ids.STUDY_START and start:
            jobs.start(name, study_work(view, index, asked))
        if ctx.triggered_id == ids.STUDY_CANCEL and cancel:
            jobs.cancel(name)
        state = jobs.state(name)
        made = name if state.status == "done" else None
        return (
            _said(state),
            100 * state.done / state.total if state.total else 0,
            f"study-{state.status}",
            state.status != "running",
            made if made != done else no_update,
        )

    @app.callback(
        Output(ids.STUDY_RESULT, "children"),
        Input(ids.STUDY_DONE, "data"),
        State(ids.URL, "search"),
    )
    def show(done: str | None, search: str) -> list[Component]:
        if not done:
            return []
        index = folder.current()
        view = View.parse(search, index)
        if pooled_of(view, index):
            # Estimates over imputations stand beside those of the complete cases.
            set_props(ids.OUTCOME_MODEL, {"children": model_section(view, index)})
        return _shown(view, index, jobs)


def _said(state: JobState) -> str:
    if state.status == "running" and state.total:
        return f"{state.done:,} of {state.total:,} steps."
    if state.status == "running":
        return "Begins, once others that were asked for before are done."
    if state.status == "failed":
        return page_sentence(state.sentence)
    if state.status == "done":
        return ""
    return (
        "Not computed yet. It runs in the background: you can go on, close the page, and come back"
        " to this address."
    )


def _shown(view: View, index: Index, jobs: Jobs) -> list[Component]:
    try:
        found = study_result(view, index, jobs)
    except InsulaError as error:
        return [refusal(error)]
    if found is None:
        return []
    report = report_of(found["report"])
    tables = section_tables("study", report.tables[found["beside"] :], report.provenance)
    figures = [drawn(one["figure"], said=one["said"]) for one in found["figures"]]
    links = [html.Span("As files:"), *file_links(STUDY, view, RESULT_FORMATS)]
    paragraphs = [
        html.P([html.Strong(f"{heading}. "), text], className="prose")
        for heading, text in report.paragraphs[:2]
    ]
    return [
        html.Div(links, className="links"),
        *(warning(one) for one in found["notes"]),
        html.Div(figures, className="outcome-curves"),
        html.Div([html.Div(one) for one in tables], className="outcome-tables"),
        *paragraphs,
    ]
