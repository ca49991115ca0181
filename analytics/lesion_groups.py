"""Two groups of subjects whose lesions are held against each other at every voxel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.lesion_map import DifferenceMap, difference_map, lesions_of
from data_loader.errors import AnalysisError
from data_loader.variables import Variable

if TYPE_CHECKING:
    from data_loader.cohort import Cohort
    from data_loader.index import Index
    from data_loader.standard_index import CohortRuns


@dataclass(frozen=True)
class LesionGroups:
    """Lesions of two groups.

    Attributes:
        names: of the groups, as in a sentence.
        lesions: of each.
        shared: subjects who are in both.
    """

    names: tuple[str, str]
    lesions: "tuple[CohortRuns, CohortRuns]"
    shared: int = 0

    def difference(self, *, least: int) -> DifferenceMap:
        """The first group less the second, where both together have so many lesions.

        Raises:
            AnalysisError: nobody in a group has a lesion map in standard space.
        """
        return difference_map(*self.lesions, least=least)


def groups_by(index: "Index", cohort: "Cohort", by: str) -> LesionGroups:
    """Part a cohort by a variable that has two values in it.

    Of a flag, those who have it come first; else the order is that of the dictionary.

    Args:
        index: where the values come from.
        cohort: which subjects.
        by: name of the variable.

    Raises:
        AnalysisError: there is no such variable, or it hasn't two values among the subjects whose
            lesion is known in standard space.
    """
    if by not in index.variables:
        raise AnalysisError(f"“{by[:60]}” is no variable of this index.")
    variable, lesions = index.variables[by], index.lesion_runs(cohort)
    places = np.searchsorted(np.flatnonzero(index.members(cohort)), lesions.subjects)
    values = np.array([row[by] for row in index.subjects(cohort, columns=[by])], dtype=object)
    placed = values[places]
    codes = _ordered(variable, {value for value in placed if value is not None})
    if len(codes) != 2:
        raise AnalysisError(_not_two(variable, codes))
    first, second = codes
    return LesionGroups(
        names=(_name(variable, first), _name(variable, second)),
        lesions=(lesions_of(lesions, placed == first), lesions_of(lesions, placed == second)),
    )


def groups_against(index: "Index", cohort: "Cohort", against: "Cohort") -> LesionGroups:
    """Hold a cohort against a second one, with which it may share subjects."""
    first, second = index.lesion_runs(cohort), index.lesion_runs(against)
    return LesionGroups(
        names=("this cohort", "the second"),
        lesions=(first, second),
        shared=len(np.intersect1d(first.subjects, second.subjects)),
    )


def _ordered(variable: Variable, codes: Iterable[object]) -> list[object]:
    if variable.kind == "binary":
        return sorted(codes, key=str, reverse=True)
    order = list(variable.levels)
    return sorted(codes, key=lambda c: (order.index(str(c)) if str(c) in order else 999, str(c)))


def _name(variable: Variable, code: object) -> str:
    shown = variable.level_label(code)
    return shown if variable.is_text else f"{variable.label} {shown}"


def _not_two(variable: Variable, codes: list[object]) -> str:
    found = f"{len(codes)} values" if len(codes) > 1 else "one value" if codes else "no known value"
    return (
        f"{variable.label} has {found} among these subjects, where a difference needs two: choose"
        " another variable, narrow the cohort to two of its values, or name a second cohort."
    )
