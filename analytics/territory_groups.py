"""The groups by which territories are compared: levels of a variable, or good and poor outcome."""

import numpy as np

from analytics.outcome.endpoint import is_mrs, parse_endpoint
from analytics.outcome.groups import Group, Groups, split_groups
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

_CUT = (("0..2", "0\N{EN DASH}2", 1.0), ("3..6", "3\N{EN DASH}6", 0.0))
"""Of an mRS: code in a query, label, and what `Endpoint.read` says of a good outcome."""


def territory_groups(frame: CohortFrame, by: str | None) -> Groups:
    """Split a cohort; an mRS into good outcome (0 to 2) and the rest.

    Args:
        frame: holds the values of `by`.
        by: name of the variable; None for everyone as one group.

    Raises:
        AnalysisError: the variable has no levels or too many, or is known of nobody.
    """
    if by is None or not is_mrs(frame.variables[by]):
        groups = split_groups(frame, by)
    else:
        groups = _split_at_two(frame, by)
    if groups.variable is not None and len(frame) and not groups.groups:
        raise AnalysisError(f"{groups.variable.label} is known of nobody in this cohort.")
    return groups


def _split_at_two(frame: CohortFrame, by: str) -> Groups:
    variable = frame.variables[by]
    is_good = parse_endpoint(by, frame.variables, model="good").read(frame.values)
    each = [
        Group(code, f"{variable.label} {label}", np.asarray(is_good == value))
        for code, label, value in _CUT
    ]
    notes = [f"Nobody is in: {group.label}." for group in each if not group.members.any()]
    if unknown := int(np.isnan(is_good).sum()):
        notes.insert(0, f"In no group: {unknown:,} whose {variable.label} is not known.")
    return Groups(variable, tuple(group for group in each if group.members.any()), tuple(notes))
