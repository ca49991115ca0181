"""Numbers of the Outcome page, computed once for all its parts and files."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from analytics.crossed_frame import frame_of, variables_with
from analytics.outcome.compare import Comparison, compare_groups
from analytics.outcome.describe import MrsDistribution, describe_mrs
from analytics.outcome.model import OutcomeModel, fit_outcome
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.shift import MrsShift, describe_shift, mrs_points
from dashboard.outcome_view import OutcomeView
from dashboard.view import View
from data_loader.cohort import Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index

_KEPT = 24
"""Fitted models that are kept: those between which a reader goes to and fro."""


def distribution_of(view: View, index: Index) -> MrsDistribution:
    """The mRS by group.

    Raises:
        InsulaError: there is none, or the cohort can't be split that way.
    """
    asked = OutcomeView.parse(view, index)
    by = asked.group(index.variables)
    if asked.bars not in index.variables:
        raise AnalysisError("This index has no mRS, so that there is none to describe.")
    names = dict.fromkeys((asked.bars, *([by] if by else [])))
    return describe_mrs(frame_of(index, view.cohort, tuple(names)), asked.bars, by=by)


def shift_of(view: View, index: Index) -> MrsShift:
    """The mRS from each time point to the next.

    Raises:
        InsulaError: there are fewer than two time points.
    """
    points = mrs_points(index.variables)
    return describe_shift(index.frame(view.cohort, points), points)


def comparison_of(view: View, index: Index) -> Comparison:
    """The outcome compared between groups, without adjustment.

    Raises:
        InsulaError: the outcome is no score, or there are no groups.
    """
    asked = OutcomeView.parse(view, index)
    by, outcome = asked.group(index.variables), asked.endpoint
    if by is None:
        raise AnalysisError("Everyone is one group; choose groups to compare.")
    if outcome not in index.variables:
        raise AnalysisError("Groups are compared on a score such as the mRS, not on a change.")
    frame = frame_of(index, view.cohort, (outcome, by))
    return compare_groups(frame, outcome, by=by, weights=asked.weight_set())


def plan_of(view: View, index: Index) -> Plan:
    """The model that an address asks for.

    Raises:
        InsulaError: it can't be read, or doesn't go together.
    """
    asked = OutcomeView.parse(view, index)
    return asked.plan(variables_with(index, asked.by))


def model_of(view: View, index: Index) -> OutcomeModel:
    """The model that an address asks for, fitted; kept for who asks for the same again.

    Raises:
        InsulaError: these values can't be modelled that way.
    """
    request = tuple(sorted(plan_of(view, index).request.items()))
    return _fitted(index, view.cohort.query(), request)


def report_model(view: View, index: Index) -> OutcomeModel:
    """The same with the comparison as the page has it, for files.

    Raises:
        InsulaError: these values can't be modelled that way.
    """
    model = model_of(view, index)
    if model.comparison is None:
        return model
    return replace(model, comparison=comparison_of(view, index))


@lru_cache(maxsize=_KEPT)
def _fitted(index: Index, cohort: str, request: tuple[tuple[str, str | bool], ...]) -> OutcomeModel:
    """An index is told apart by its version: each is an object of its own."""
    asked: dict[str, Any] = dict(request)
    plan = read_plan(variables_with(index, asked.get("by")), **asked)
    members, _ = Cohort.parse(cohort, index.variables)
    return fit_outcome(frame_of(index, members, plan.names), plan)
