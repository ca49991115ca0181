"""One sentence on a cohort's problems, and a way to its subjects."""

from collections.abc import Sequence

from dash import dcc
from dash.development.base_component import Component

from dashboard.view import View
from data_loader.cohort import SUBJECT
from data_loader.index import Index
from data_loader.problems import ANY_PROBLEM, ProblemFilter
from data_loader.rows import Row

_MOST_LISTED = 200
"""Subjects that still fit in an address."""

_Words = list[str | Component]


def problem_summary(rows: Sequence[Row], index: Index, view: View, *, path: str) -> _Words:
    """Say how many problems there are, and of how many subjects.

    Args:
        rows: as `Index.problem_counts` gives them.
        index: where they are.
        view: what the address says.
        path: of the page at hand.
    """
    everyone = view.cohort.is_everyone
    if not rows:
        whom = "" if everyone else " that concerns these subjects"
        return [f"No problem was found{whom}. This is what is looked for:"]
    errors, warnings = (number_of(rows, ProblemFilter(severity=s)) for s in ("error", "warning"))
    labels = _concerned(rows, ANY_PROBLEM)
    sentence = (
        f"{_counted(errors, 'error')}, after which something could not be used, and"
        f" {_counted(warnings, 'warning')}, after which it was, in {len(labels):,} of"
        f" {index.count(view.cohort):,} subjects."
    )
    outside = "" if everyone else " Problems of files that belong to no subject are left out."
    return [sentence, outside, *_narrowing(rows, index, view, path)]


def number_of(rows: Sequence[Row], wanted: ProblemFilter) -> int:
    """How many problems are asked for, of those that were counted."""
    return sum(row["problems"] for row in rows if wanted.takes(row["code"], row["severity"]))


def _concerned(rows: Sequence[Row], wanted: ProblemFilter) -> list[str]:
    """Labels of the subjects whose problems are asked for."""
    taken = (row["labels"] for row in rows if wanted.takes(row["code"], row["severity"]))
    return list(dict.fromkeys(label for labels in taken for label in labels))


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _narrowing(rows: Sequence[Row], index: Index, view: View, path: str) -> _Words:
    """A link that makes a cohort of those whose problems are listed, unless it is one already."""
    labels = _concerned(rows, view.quality.findings)
    if not 0 < len(labels) <= _MOST_LISTED or set(labels) == set(view.cohort.subjects):
        return []
    there = view.with_cohort(view.cohort.with_filter(SUBJECT, ",".join(labels), index.variables))
    whose = "whose problem is listed" if len(labels) == 1 else "whose problems are listed"
    link = f"Only the {_counted(len(labels), 'subject')} {whose}"
    return [" ", dcc.Link(link, href=path + there.search)]
