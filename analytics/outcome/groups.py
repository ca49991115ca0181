"""A cohort split into groups by the levels of one variable, which may be several crossed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.crossed_variable import conditions_of, or_label
from analytics.outcome.encoding import codes_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.scan import natural_key
from data_loader.variables import Variable

MOST_GROUPS = 12
"""More can't be told apart in a figure, nor compared with any sense."""


@dataclass(frozen=True)
class Group:
    """Subjects who share a level.

    Attributes:
        code: the level, as in the source.
        label: as a reader sees it.
        members: whether each subject of the cohort is in it, shape (n,).
        conditions: what a cohort's query says of them: variable and code.
    """

    code: str
    label: str
    members: npt.NDArray[np.bool_]
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Groups:
    """A cohort's groups.

    Attributes:
        variable: what splits the cohort; None where everyone is one group.
        groups: those that anybody is in, in the order of the levels, the reference first.
        notes: sentences about who is in no group.
    """

    variable: Variable | None
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()


def split_groups(frame: CohortFrame, by: str | None, *, reference: str | None = None) -> Groups:
    """Split a cohort.

    Args:
        frame: holds the values of `by`.
        by: name of the variable; None for everyone as one group.
        reference: code of the group that the others are held against; by default the first.

    Raises:
        AnalysisError: the variable has no levels or too many, or nobody is in the reference.
    """
    if by is None:
        return Groups(None, (Group("", "all", np.ones(len(frame), dtype=bool)),))
    variable = frame.variables[by]
    codes = codes_of(frame.values[by])
    present = {code for code in codes if code is not None}
    _check(variable, present, reference)
    order = _order(variable, present)
    if reference is not None:
        order = [reference, *(code for code in order if code != reference)]
    groups = tuple(
        Group(
            code=code,
            label=_label(variable, code),
            members=np.asarray(codes == code),
            conditions=conditions_of(variable, code),
        )
        for code in order
    )
    blank = frame.values[by].isna().to_numpy()
    return Groups(variable, groups, _notes(variable, present, blank, frame.structural[by]))


def _check(variable: Variable, present: set[str], reference: str | None) -> None:
    if variable.kind in ("continuous", "duration") and not variable.levels:
        raise AnalysisError(
            f"{variable.label} is a measure, not a group; choose a variable that has levels."
        )
    if len(present) > MOST_GROUPS:
        raise AnalysisError(
            f"{variable.label} splits this cohort into {len(present)} groups;"
            f" choose a variable that has at most {MOST_GROUPS} levels."
        )
    if reference is not None and reference not in present:
        known = ", ".join(_order(variable, present)) or "none"
        raise AnalysisError(
            f"Nobody in this cohort has {variable.label} {reference!r}, so that it can't be the"
            f" reference; its levels here are: {known}."
        )


def _order(variable: Variable, present: set[str]) -> list[str]:
    listed = [code for code in variable.levels if code in present]
    return listed + sorted(present.difference(listed), key=natural_key)


def _label(variable: Variable, code: str) -> str:
    """A level that says what it is about even where it stands alone."""
    label = variable.level_label(code)
    if variable.kind == "categorical":
        return label
    return (
        f"{variable.label}: {label}" if variable.kind == "binary" else f"{variable.label} {label}"
    )


def _notes(
    variable: Variable,
    present: set[str],
    blank: npt.NDArray[np.bool_],
    structural: npt.NDArray[np.bool_],
) -> tuple[str, ...]:
    missing, inapplicable = int((blank & ~structural).sum()), int((blank & structural).sum())
    said = []
    if missing:
        said.append(f"In no group: {missing:,} whose {or_label(variable)} is missing.")
    if inapplicable:
        said.append(f"In no group: {inapplicable:,} to whom {or_label(variable)} does not apply.")
    empty = [_label(variable, code) for code in variable.levels if code not in present]
    if empty and present:
        said.append(f"Nobody is in: {', '.join(empty)}.")
    return tuple(said)
