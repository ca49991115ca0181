"""The groups by which territories are compared: levels of variables, of an mRS good and poor outcome."""

from collections.abc import Sequence

import numpy as np

from analytics.crossed_variable import with_crossed
from analytics.outcome.endpoint import is_mrs, parse_endpoint
from analytics.outcome.groups import Group, Groups, split_groups
from analytics.table_one.crossing import Levels, levels_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

_CUT = (("0..2", "0\N{EN DASH}2", 1.0), ("3..6", "3\N{EN DASH}6", 0.0))
"""Of an mRS: code in a query, label, and what `Endpoint.read` says of a good outcome."""


def territory_groups(frame: CohortFrame, by: Sequence[str]) -> Groups:
    """Split a cohort; an mRS into good outcome (0 to 2) and the rest.

    Args:
        frame: holds the values of `by`.
        by: names of the variables, whose levels are crossed; none for everyone as one group.

    Raises:
        AnalysisError: a variable has no levels or too many, or is known of nobody.
    """
    if len(by) > 1:
        levels = [_cut(frame, n) if is_mrs(frame.variables[n]) else levels_of(frame, n) for n in by]
        groups = split_groups(with_crossed(frame, levels), ",".join(by))
    elif by and is_mrs(frame.variables[by[0]]):
        groups = _split_at_two(frame, by[0])
    else:
        groups = split_groups(frame, by[0] if by else None)
    if groups.variable is not None and len(frame) and not groups.groups:
        raise AnalysisError(f"{groups.variable.label} is known of nobody in this cohort.")
    return groups


def _split_at_two(frame: CohortFrame, by: str) -> Groups:
    cut = _cut(frame, by)
    each = [
        Group(code, name, np.asarray(cut.codes == at), conditions=((by, code),))
        for at, (code, name) in enumerate(zip(cut.keys, cut.names, strict=True))
    ]
    notes = [f"Nobody is in: {group.label}." for group in each if not group.members.any()]
    if unknown := int((cut.codes < 0).sum()):
        notes.insert(0, f"In no group: {unknown:,} whose {cut.variable.label} is not known.")
    groups = tuple(group for group in each if group.members.any())
    return Groups(cut.variable, groups, tuple(notes))


def _cut(frame: CohortFrame, name: str) -> Levels:
    variable = frame.variables[name]
    is_good = parse_endpoint(name, frame.variables, model="good").read(frame.values)
    codes = np.full(len(frame), -1, dtype=np.intp)
    for at, (_, _, value) in enumerate(_CUT):
        codes[is_good == value] = at
    labels = tuple(label for _, label, _ in _CUT)
    return Levels(
        variable=variable,
        codes=codes,
        keys=tuple(code for code, _, _ in _CUT),
        labels=labels,
        names=tuple(f"{variable.label} {label}" for label in labels),
    )
