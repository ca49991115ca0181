"""Several variables crossed into one, for whatever takes one variable: `split,center`.

Its codes are the levels of its parts joined by commas, as the columns of a Table 1 have them, and
its levels are named as those columns are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analytics.table_one.crossing import Crossing, Levels, cross
from analytics.table_one.wording import joined
from data_loader.frame import CohortFrame
from data_loader.variables import Timepoint, Variable

_TIMES: tuple[Timepoint, ...] = ("design", "baseline", "outcome")


@dataclass(frozen=True)
class CrossedVariable(Variable):
    """Every combination of the levels of several variables.

    Attributes:
        parts: the variables that are crossed.
        cells: of each code, its level of each part.
    """

    parts: tuple[Variable, ...] = ()
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parts_of(variable: Variable) -> tuple[Variable, ...]:
    """The variables that are crossed; one that isn't crossed is its own part."""
    return variable.parts if isinstance(variable, CrossedVariable) else (variable,)


def conditions_of(variable: Variable, code: str) -> tuple[tuple[str, str], ...]:
    """What a cohort's query says of those who have a code: variable and code of each part."""
    if not isinstance(variable, CrossedVariable):
        return ((variable.name, code),)
    cell = variable.cells[code]
    return tuple((part.name, key) for part, key in zip(variable.parts, cell, strict=True))


def or_label(variable: Variable) -> str:
    """Its label where any of its parts may be meant."""
    return joined([part.label for part in parts_of(variable)], "or")


def with_crossed(
    frame: CohortFrame, levels: Sequence[Levels], variable: CrossedVariable | None = None
) -> CohortFrame:
    """A frame with the variable that crosses others as its last.

    Args:
        frame: the subjects.
        levels: of the variables that are crossed, of these subjects.
        variable: what crosses them; by default with the combinations that occur.
    """
    crossing = cross(levels)
    variable = variable or cross_variables(levels, crossing)
    codes = np.array([*(column.key for column in crossing.columns), None], dtype=object)
    column = pd.Series(codes[crossing.codes], index=frame.values.index, dtype=object)
    structural = [frame.structural[part.name] for part in variable.parts]
    return replace(
        frame,
        values=frame.values.assign(**{variable.name: column}),
        structural={**frame.structural, variable.name: np.any(structural, axis=0)},
        variables={**frame.variables, variable.name: variable},
    )


def cross_variables(levels: Sequence[Levels], crossing: Crossing) -> CrossedVariable:
    """The variable that crosses others.

    Args:
        levels: of the others.
        crossing: of the same; its combinations are the levels of the new one.
    """
    parts = tuple(each.variable for each in levels)
    codes = [column.key for column in crossing.columns]
    return CrossedVariable(
        name=",".join(part.name for part in parts),
        label=crossing.by,
        kind="categorical",
        timepoint=max((part.timepoint for part in parts), key=_TIMES.index),
        group=parts[0].group,
        levels={column.key: column.full_label for column in crossing.columns},
        parts=parts,
        cells=dict(zip(codes, crossing.keys, strict=True)),
    )
