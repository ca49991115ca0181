"""Variables and values of an index of which some are several, crossed: `split,center`."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from analytics.crossed_variable import CrossedVariable, cross_variables, with_crossed
from analytics.table_one.choices import names
from analytics.table_one.crossing import cross, levels_of
from data_loader.cohort import EVERYONE, Cohort
from data_loader.frame import CohortFrame
from data_loader.index import Index
from data_loader.variables import Variable


def variables_with(index: Index, by: str | None) -> Mapping[str, Variable]:
    """The variables of an index, with the one that crosses several where `by` joins some.

    Its levels are those of the whole index, so that every cohort has them in the same order.

    Args:
        index: whose variables.
        by: a name, or several joined by commas.

    Raises:
        AnalysisError: one of them has no levels.
    """
    found = index.variables
    several = names(by or "")
    if len(several) < 2 or not all(name in found for name in several):
        return found
    return {**found, ",".join(several): _crossed(index, several)}


def frame_of(index: Index, cohort: Cohort, wanted: Sequence[str]) -> CohortFrame:
    """`Index.frame` of variables of which some may be several, crossed.

    Args:
        index: where the values come from.
        cohort: which subjects.
        wanted: names, those that are crossed joined by commas.

    Raises:
        AnalysisError: one that is to be crossed has no levels.
        KeyError: a name is no variable of this index.
    """
    frame = index.frame(cohort, list(dict.fromkeys(n for one in wanted for n in names(one))))
    for one in wanted:
        several = names(one)
        if len(several) > 1:
            levels = [levels_of(frame, name) for name in several]
            frame = with_crossed(frame, levels, _crossed(index, several))
    return frame


@lru_cache(maxsize=16)
def _crossed(index: Index, several: tuple[str, ...]) -> CrossedVariable:
    """An index is told apart by its version: each is an object of its own."""
    frame = index.frame(EVERYONE, several)
    levels = [levels_of(frame, name) for name in several]
    return cross_variables(levels, cross(levels))
