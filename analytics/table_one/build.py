"""Compute a Table 1: who stands in which column, then a row for each variable."""

from dataclasses import replace

from analytics.table_one.choices import ALL, Choices
from analytics.table_one.comparison import Comparison, adjusted
from analytics.table_one.grouping import group_by, group_cohorts
from analytics.table_one.groups import OVERALL, Column, Groups
from analytics.table_one.result import TableOne
from analytics.table_one.row import RowBuilder
from analytics.table_one.suppression import suppress
from analytics.table_one.values import values_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

NO_CHOICES = Choices()


def table_one(frame: CohortFrame, choices: Choices = NO_CHOICES) -> TableOne:
    """Compute a Table 1 of a cohort.

    Args:
        frame: values of the rows' and the grouping variables, of `Index.frame` or `as_frame`.
        choices: what to show.

    Raises:
        AnalysisError: a choice can't be made of these values.
    """
    return _table(group_by(frame, choices), choices)


def table_one_of_two(
    first: CohortFrame,
    second: CohortFrame,
    choices: Choices = NO_CHOICES,
    *,
    labels: tuple[str, str],
) -> TableOne:
    """Compute a Table 1 of two cohorts side by side, which may share subjects.

    Args:
        first: values of the one.
        second: the same variables of the other.
        choices: what to show; `by` must be empty.
        labels: of the two columns.

    Raises:
        AnalysisError: a choice can't be made of these values.
    """
    if choices.by:
        raise AnalysisError("Two cohorts are columns themselves: leave out what groups them.")
    groups = group_cohorts(first, second, labels=labels)
    return replace(_table(groups, choices), against=second.provenance.query)


def _table(groups: Groups, choices: Choices) -> TableOne:
    groups = groups.without_small(choices.minimum_cell).without_strangers()
    frame = groups.frame
    names = choices.variables
    if names is None:
        names = tuple(name for name in frame.variables if name not in choices.by)
    if unknown := [name for name in names if name not in frame.variables]:
        raise AnalysisError(f"“{unknown[0][:60]}” is no variable here; choose others as rows.")
    if unused := {*choices.summaries, *choices.tests} - {ALL, *names}:
        raise AnalysisError(f"“{min(unused)[:60]}” is no row; nothing can be chosen for it.")
    builder = RowBuilder(groups, choices)
    rows = [builder.row(values_of(frame, name)) for name in dict.fromkeys(names)]
    overall = (Column(OVERALL, "all", "", groups.n),) if builder.has_overall else ()
    table = TableOne(
        choices=choices,
        columns=(*groups.columns, *overall),
        by=groups.by,
        rows=tuple(rows),
        provenance=replace(frame.provenance, n=groups.n),
        shared=groups.shared,
        notes=groups.notes,
    )
    # An adjusted p is made of all others: those that are hidden take no part.
    return _adjusted(suppress(table) if choices.minimum_cell else table)


def _adjusted(table: TableOne) -> TableOne:
    tested = adjusted([row.comparison or Comparison() for row in table.rows], table.choices.adjust)
    rows = (
        replace(row, comparison=comparison if row.comparison else None)
        for row, comparison in zip(table.rows, tested, strict=True)
    )
    return replace(table, rows=tuple(rows))
