"""The completeness matrix: how much is known of each variable, in each group of subjects.

A blank is missing where a value exists and is not known; it is structural where there can't be
one, because the dataset doesn't collect it or it doesn't apply to the subject. Shares are of those
who can have a value; both kinds of blank are shown, and lead to their subjects.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.share import share
from dashboard.subject_groups import Group, SubjectGroups, narrowed
from dashboard.view import View, variables_by_group
from data_loader.cohort import MISSING, NOT_APPLICABLE, Cohort
from data_loader.index import Index
from data_loader.variables import Variable

_ALWAYS_KNOWN = ("dataset", "has_clinical", "has_mask")
_SHADES = ((90, "90 to 99 %"), (75, "75 to 89 %"), (50, "50 to 74 %"), (1, "below 50 %"))


@dataclass(frozen=True)
class _Column:
    """A group of subjects, the cohort that it is, and the groups that it lies in."""

    group: Group
    cohort: Cohort
    within: str = ""
    begins: bool = False


def completeness_matrix(index: Index, view: View, groups: SubjectGroups) -> list[Component]:
    """A row a variable under the headings of the dictionary, a column a group of subjects.

    Args:
        index: where they are.
        view: what the address says.
        groups: the cohort's subjects.
    """
    if not groups.count({}):
        return [html.P("There is nobody in this cohort.", className="caption")]
    columns = _columns(index, view, groups)
    bodies = [
        _body(heading, variables, columns, view, index)
        for heading, variables in variables_by_group(index).items()
    ]
    table = html.Table([_head(columns, view), *filter(None, bodies)], className="matrix")
    scroll = html.Div(
        table,
        className="scroll matrix-scroll",
        tabIndex="0",
        role="region",
        **aria(label="Completeness matrix"),
    )
    return [_legend(), scroll]


def _columns(index: Index, view: View, groups: SubjectGroups) -> list[_Column]:
    everyone = Group({}, "All subjects", groups.gather({}))
    by_design = _nested(index, view, groups.divide())
    by_record = [
        _Column(group, narrowed(view.cohort, group.fixed, index.variables), begins=not place)
        for place, group in enumerate(groups.divide_by_record())
    ]
    return [_Column(everyone, view.cohort), *by_design, *by_record]


def _nested(
    index: Index, view: View, groups: Iterable[Group], within: str = ""
) -> Iterator[_Column]:
    for group in groups:
        cohort = narrowed(view.cohort, group.fixed, index.variables)
        yield _Column(group, cohort, within, begins=not within)
        inside = f"{within}, {group.label}" if within else group.label
        yield from _nested(index, view, group.inner, inside)


def _head(columns: list[_Column], view: View) -> Component:
    return html.Thead(
        html.Tr([html.Th("Variable", scope="col"), *(_heading(column, view) for column in columns)])
    )


def _heading(column: _Column, view: View) -> Component:
    within = f"{column.within}, " if column.within else ""
    link = dcc.Link(
        [html.Small(within), html.Span(column.group.label)],
        href=f"/cohort{view.with_cohort(column.cohort).search}",
    )
    n = html.Small(f"n = {column.group.n:,}")
    return html.Th([link, n], scope="col", className="begins" if column.begins else "")


def _body(
    heading: str, variables: list[Variable], columns: list[_Column], view: View, index: Index
) -> Component | None:
    rows = [
        html.Tr(
            [
                html.Th(variable.heading, scope="row", title=variable.note or ""),
                *(_cell(variable, column, view, index) for column in columns),
            ]
        )
        for variable in variables
        if variable.name not in _ALWAYS_KNOWN
    ]
    title = html.Th(html.Span(heading), colSpan=len(columns) + 1, scope="rowgroup")
    return html.Tbody([html.Tr(title, className="heading"), *rows]) if rows else None


def _cell(variable: Variable, column: _Column, view: View, index: Index) -> Component:
    blanks, name = column.group.blanks, variable.name
    known, none, missing = blanks.known[name], blanks.structural[name], blanks.missing(name)
    why = _why_none(variable, column, index)
    shown: list[Component | str] = []
    if none:
        there = _href(view, index, column, variable, NOT_APPLICABLE)
        shown.append(dcc.Link([f"{none:,}", unseen(f" {why} ")], href=there, className="none"))
    if missing:
        there = _href(view, index, column, variable, MISSING)
        number = html.Small([f"{missing:,}", unseen(" missing")])
        shown.append(dcc.Link([share(known, known + missing), number], href=there))
    elif known:
        shown.append(share(known, known))
    return html.Td(
        shown,
        className=f"{_shade(known, known + missing)}{' begins' if column.begins else ''}",
        title=_title(known, missing, none, why),
    )


def _href(view: View, index: Index, column: _Column, variable: Variable, blank: str) -> str:
    cohort = column.cohort.with_filter(variable.name, blank, index.variables)
    return f"/cohort{view.with_cohort(cohort).search}"


def _why_none(variable: Variable, column: _Column, index: Index) -> str:
    """What is said of structural blanks."""
    elsewhere = bool(variable.datasets) and len(variable.datasets) < len(index.datasets)
    here = column.group.fixed.get("dataset")
    if elsewhere and here is not None:
        return "does not apply" if here in variable.datasets else "not collected"
    if not elsewhere:
        return "does not apply"
    return "not collected or does not apply" if variable.applies_when else "not collected"


def _title(known: int, missing: int, none: int, why: str) -> str:
    parts = [f"{known:,} of {known + missing:,} known"] if known or missing else []
    parts += [f"{missing:,} missing"] if missing else []
    parts += [f"{why}: {none:,}"] if none else []
    return "; ".join(parts)


def _shade(known: int, applicable: int) -> str:
    if not applicable:
        return "known-never"
    if known in (0, applicable):
        return "known-all" if known else "known-none"
    percent = round(100 * known / applicable)
    return next(f"known-{low}" for low, _ in _SHADES if percent >= low or low == 1)


def _legend() -> Component:
    shades = [("all", "all"), *_SHADES, ("none", "none"), ("never", "no value possible")]
    keys = [
        html.Li([html.Span(className=f"key known-{shade}", **aria(hidden="true")), text])
        for shade, text in shades
    ]
    return html.Ul(keys, className="legend", **aria(label="Share known, by colour"))
