"""Overview: what is in the index, for the cohort of the address."""

from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from dashboard import downloads, ids
from dashboard.components.completeness import completeness_matrix
from dashboard.components.dataset_list import dataset_list
from dashboard.components.image_counts import image_counts
from dashboard.components.key_figures import index_version, key_figures
from dashboard.components.problem_counts import problem_counts
from dashboard.components.subject_counts import subject_counts
from dashboard.freshness import freshness_of
from dashboard.subject_groups import SubjectGroups
from dashboard.view import View
from data_loader.index import IndexFolder

PATH = "/"
NAME = "Overview"

_COMPLETENESS = (
    "How much is known of each variable. The percentage is of subjects who can have a value; beside"
    " it stands how many values are missing, and hatched how many can't exist, because the dataset"
    " doesn't collect them or they don't apply. Numbers lead to their subjects."
)


def layout(path: str) -> Component:
    """Lay out the page; its parts are filled by callbacks."""
    csv = html.A("Download CSV", id=ids.PROBLEMS_LINK, href="", download="")
    return html.Div(
        [
            html.H1(NAME, className="sr-only"),
            html.Div(
                [
                    html.P(id=ids.SCOPE, className="help"),
                    html.P(
                        [html.Span(id=ids.INDEX_VERSION), " ", html.Span(id=ids.INDEX_FRESHNESS)],
                        className="dimmed index-state",
                    ),
                ],
                className="toolbar",
            ),
            html.Dl(id=ids.KEY_FIGURES, className="key-figures"),
            html.Div(
                [
                    _panel("Subjects", ids.SUBJECT_COUNTS),
                    _panel(
                        "Completeness", ids.COMPLETENESS, html.P(_COMPLETENESS, className="lead")
                    ),
                    _panel("Images", ids.IMAGE_COUNTS),
                    _panel("Problems", ids.PROBLEM_COUNTS, header=csv),
                    _panel("Datasets", ids.DATASETS),
                ],
                className="overview",
            ),
        ],
        className="page",
    )


def _panel(
    heading: str, part: str, lead: Component | None = None, header: Component | None = None
) -> Component:
    """A section with an anchor of its own."""
    return html.Section(
        [html.Header([html.H2(heading), header]), lead, html.Div(id=part)],
        id=ids.anchor(part)[1:],
        className=f"panel panel-{heading.lower()}",
    )


def register(app: Dash, folder: IndexFolder) -> None:
    """Add the page's callbacks: one for what the cohort is, one for whether it is still true."""
    freshness = freshness_of(folder)

    @app.callback(
        Output(ids.SCOPE, "children"),
        Output(ids.INDEX_VERSION, "children"),
        Output(ids.KEY_FIGURES, "children"),
        Output(ids.SUBJECT_COUNTS, "children"),
        Output(ids.COMPLETENESS, "children"),
        Output(ids.IMAGE_COUNTS, "children"),
        Output(ids.PROBLEM_COUNTS, "children"),
        Output(ids.PROBLEMS_LINK, "href"),
        Output(ids.DATASETS, "children"),
        Input(ids.URL, "search"),
    )
    def describe(search: str) -> tuple[str | list[Component], ...]:
        index = folder.current()
        view = View.parse(search, index)
        groups = SubjectGroups(index, view.cohort)
        images, problems = index.image_counts(view.cohort), index.problem_counts(view.cohort)
        query = view.cohort.query()
        return (
            _scope(view),
            index_version(index),
            key_figures(index, view, groups, images=images, problems=problems),
            subject_counts(index, view, groups),
            completeness_matrix(index, view, groups),
            image_counts(images, groups),
            problem_counts(problems, index, view),
            f"{downloads.PROBLEMS}?{query}" if query else downloads.PROBLEMS,
            dataset_list(index, view, groups),
        )

    @app.callback(Output(ids.INDEX_FRESHNESS, "children"), Input(ids.CLOCK, "n_intervals"))
    def look_again(_: int | None) -> str:
        return freshness.sentence() or "The files have not changed since."


def _scope(view: View) -> str:
    if view.cohort.is_everyone:
        return "Everything that the index holds. Every number with a link leads to its subjects."
    return (
        "Numbers on this page are of the cohort in the address, not of everyone:"
        f" {view.cohort.sentence()}"
    )
