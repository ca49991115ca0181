"""Every combination of the levels of several variables that occurs: who is in which, and its name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.table_one.groups import Column
from analytics.table_one.values import Int, values_of
from analytics.table_one.wording import inside, joined, sentence_case
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import Variable


@dataclass(frozen=True)
class Levels:
    """The levels of one variable.

    Attributes:
        variable: whose they are.
        codes: place of each row's level, shape (rows,), -1 where blank.
        keys: of each level, as in a cohort's query.
        labels: of each level, as a reader sees it below the variable's name.
        names: of each level, as a reader sees it alone: not `yes`, nor `3`.
    """

    variable: Variable
    codes: Int
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Crossing:
    """The combinations that any row has, the levels of the last variable running fastest.

    Attributes:
        columns: one a combination.
        keys: of each combination, its level of each variable.
        codes: place of each row's combination, shape (rows,), -1 where a variable is blank.
        by: the variables, as a reader sees them.
    """

    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    codes: Int
    by: str


def levels_of(frame: CohortFrame, name: str) -> Levels:
    """The levels of a variable of a frame, in order.

    Raises:
        AnalysisError: the variable isn't in the frame, or has no levels.
    """
    if name not in frame.variables:
        raise AnalysisError(f"“{name[:60]}” is no variable that can group; it isn't there.")
    values = values_of(frame, name)
    variable = values.variable
    is_score = variable.kind in ("ordinal", "count")
    if not (values.is_named or is_score):
        raise AnalysisError(f"{variable.label} has no levels to group by; choose one that has.")
    labels = tuple(variable.level_label(level) for level in values.levels)
    says_itself = variable.is_text or variable.levels
    return Levels(
        variable=variable,
        codes=values.codes,
        keys=tuple(str(level) for level in values.levels),
        labels=labels,
        names=labels if says_itself else tuple(f"{variable.label} {label}" for label in labels),
    )


def cross(levels: Sequence[Levels]) -> Crossing:
    """Cross the levels of one variable or several.

    Args:
        levels: of each variable, of the same rows.
    """
    codes = np.zeros(len(levels[0].codes), dtype=np.intp)
    for each in levels:
        codes = np.where((codes < 0) | (each.codes < 0), -1, codes * len(each.keys) + each.codes)
    shape = tuple(len(each.keys) for each in levels)
    occurring, inverse = np.unique(codes[codes >= 0], return_inverse=True)
    counts = np.bincount(inverse, minlength=len(occurring))
    at = np.array(np.unravel_index(occurring, shape)).T
    places = np.full(len(codes), -1, dtype=np.intp)
    places[codes >= 0] = inverse
    return Crossing(
        columns=tuple(_column(levels, cell, int(n)) for cell, n in zip(at, counts, strict=True)),
        keys=tuple(_keys(levels, cell) for cell in at),
        codes=places,
        by=sentence_case(joined([inside(each.variable.label) for each in levels])),
    )


def _keys(levels: Sequence[Levels], cell: Int) -> tuple[str, ...]:
    return tuple(each.keys[place] for each, place in zip(levels, cell, strict=True))


def _column(levels: Sequence[Levels], cell: Int, n: int) -> Column:
    key = ",".join(_keys(levels, cell))
    names = [each.names[place] for each, place in zip(levels, cell, strict=True)]
    if len(levels) > 1:
        return Column(key, names[-1], ", ".join(names[:-1]), n)
    label = levels[0].labels[cell[0]]
    return Column(key, label, "" if names[0] == label else levels[0].variable.label, n)
