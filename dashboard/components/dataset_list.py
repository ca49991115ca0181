"""The datasets of the index, and how each was read."""

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.subject_groups import SubjectGroups, narrowed
from dashboard.view import View
from data_loader.index import Dataset, Index

_HEAD = (
    ("Dataset", "text"),
    ("Subjects", ""),
    ("Profile", "text"),
    ("Licence", "text"),
    ("Folder", "text"),
)
"""Heading and class of each column."""


def dataset_list(index: Index, view: View, groups: SubjectGroups) -> list[Component]:
    """A row a dataset.

    Args:
        index: where they are.
        view: what the address says.
        groups: the cohort's subjects.
    """
    table = html.Table(
        [
            html.Thead(
                html.Tr([html.Th(text, scope="col", className=kind) for text, kind in _HEAD])
            ),
            html.Tbody([_row(dataset, index, view, groups) for dataset in index.datasets]),
        ],
        className="table counted dataset-list",
    )
    caption = html.P(
        "A profile says which file is which image, and which column which variable.",
        className="caption",
    )
    return [html.Div(table, className="scroll"), caption]


def _row(dataset: Dataset, index: Index, view: View, groups: SubjectGroups) -> Component:
    made_up = html.Span("synthetic", className="severity severity-warning")
    return html.Tr(
        [
            html.Th(
                [dataset.title, made_up if dataset.synthetic else None, html.Small(dataset.name)],
                scope="row",
            ),
            html.Td(_subjects({"dataset": dataset.name}, index, view, groups)),
            html.Td(dataset.profile, className="text"),
            html.Td(dataset.license or "not stated", className="text"),
            html.Td(str(dataset.root), className="text folder"),
        ]
    )


def _subjects(
    fixed: Mapping[str, object], index: Index, view: View, groups: SubjectGroups
) -> Component | str:
    n = groups.count(fixed)
    there = view.with_cohort(narrowed(view.cohort, fixed, index.variables))
    return dcc.Link(f"{n:,}", href=f"/cohort{there.search}") if n else "0"
