"""Subjects by dataset, split and centre, and by what there is of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.count_bar import count_cell
from dashboard.subject_groups import MOST_VALUES, Group, SubjectGroups, narrowed
from dashboard.view import View
from data_loader.cohort import MISSING, NOT_APPLICABLE, Cohort
from data_loader.index import Index

_CENTER = "center"


@dataclass(frozen=True)
class _Column:
    """What is counted of each row's group, and how a cohort is narrowed to it."""

    label: str
    count: Callable[[Group], int]
    narrow: Callable[[Cohort], Cohort]
    over: str = ""


def subject_counts(index: Index, view: View, groups: SubjectGroups) -> list[Component]:
    """A row a dataset and split, a column a centre; every count leads to its subjects.

    Args:
        index: where they are.
        view: what the address says.
        groups: the cohort's subjects.
    """
    everyone = Group({}, "All subjects", groups.gather({}))
    rows = [*_nested(groups.divide(("dataset", "split"))), (0, everyone)]
    columns = _columns(index, groups, everyone)
    body = [
        html.Tr(
            [
                html.Th(group.label, scope="row", className=f"depth-{depth}"),
                *_cells(index, view, group, columns, everyone.n),
            ],
            className="" if group.fixed else "total",
        )
        for depth, group in rows
    ]
    head = _head(_names(index, [group for _, group in rows]), columns)
    table = html.Table([head, html.Tbody(body)], className="table counted subject-counts")
    return [html.Div(table, className="scroll"), html.P(_caption(groups), className="caption")]


def _nested(groups: Iterable[Group], depth: int = 0) -> Iterator[tuple[int, Group]]:
    for group in groups:
        yield depth, group
        yield from _nested(group.inner, depth + 1)


def _columns(index: Index, groups: SubjectGroups, everyone: Group) -> list[_Column]:
    def with_values(label: str, fixed: Mapping[str, object], over: str = "") -> _Column:
        return _Column(
            label,
            lambda group: groups.count({**group.fixed, **fixed}),
            lambda cohort: narrowed(cohort, fixed, index.variables),
            over,
        )

    centers = [] if _too_many(groups) else groups.values(_CENTER, {})
    known = [value for value in centers if value is not None]
    by_center = [with_values(groups.label(_CENTER, v), {_CENTER: v}, "Centre") for v in known]
    return [
        *by_center,
        *(_blank_columns(index, everyone) if known else ()),
        with_values("all", {}),
        *(
            with_values(group.label, group.fixed, "Clinical record and infarct mask")
            for group in groups.divide_by_record()
        ),
    ]


def _blank_columns(index: Index, everyone: Group) -> list[_Column]:
    """Subjects whose centre is missing, and those of datasets that don't collect it."""

    def of_kind(label: str, blank: str, count: Callable[[Group], int]) -> _Column:
        def narrow(cohort: Cohort) -> Cohort:
            return cohort.with_filter(_CENTER, blank, index.variables)

        return _Column(label, count, narrow, "Centre")

    columns = (
        of_kind("missing", MISSING, lambda group: group.blanks.missing(_CENTER)),
        of_kind("not collected", NOT_APPLICABLE, lambda group: group.blanks.structural[_CENTER]),
    )
    return [column for column in columns if column.count(everyone)]


def _too_many(groups: SubjectGroups) -> bool:
    return len(groups.values(_CENTER, {})) > MOST_VALUES


def _names(index: Index, rows: Iterable[Group]) -> str:
    """The variables by which the rows are told apart."""
    names = dict.fromkeys(list(group.fixed)[-1] for group in rows if group.fixed)
    return ", ".join(index.variables[name].label for name in names)


def _head(names: str, columns: list[_Column]) -> Component:
    spans = [(over, len(list(each))) for over, each in groupby(column.over for column in columns)]
    over = [html.Th(text, colSpan=n, scope="colgroup") if text else html.Td() for text, n in spans]
    labels = [html.Th(column.label, scope="col") for column in columns]
    rows = [html.Tr([html.Td(), *over])] if len(spans) > 1 else []
    corner = html.Th(names, scope="col") if names else html.Td()
    return html.Thead([*rows, html.Tr([corner, *labels])])


def _cells(
    index: Index, view: View, group: Group, columns: Iterable[_Column], whole: int
) -> Iterator[Component]:
    inside = narrowed(view.cohort, group.fixed, index.variables)
    for column in columns:
        n = column.count(group)
        there = view.with_cohort(column.narrow(inside))
        yield count_cell(n, whole, dcc.Link(f"{n:,}", href=f"/cohort{there.search}"))


def _caption(groups: SubjectGroups) -> str:
    sentence = "Each number leads to its subjects; a bar is their share of all."
    if _too_many(groups):
        sentence += f" Centres are not told apart: there are more than {MOST_VALUES}."
    return sentence
