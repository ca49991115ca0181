"""One subject's values, each beside what is usual: the reference range and the cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.image_files import only
from dashboard.view import variables_by_group
from data_loader.cohort import Cohort
from data_loader.distribution import Scale
from data_loader.index import Index
from data_loader.rows import Row
from data_loader.variables import Variable

_FEWEST = 2
"""Known values with which one can be compared."""

Blank = Literal["missing", "does not apply"]


@dataclass(frozen=True)
class Standing:
    """How a value stands in a cohort.

    Attributes:
        n: subjects whose value is known.
        percentile: mid-rank: percent below, and half of those who are equal; None for names.
        equal: percent who have the same value.
    """

    n: int
    percentile: float | None
    equal: float


@dataclass(frozen=True)
class Entry:
    """One line of a clinical record.

    Attributes:
        variable: what it is.
        value: as the index has it; None if blank.
        blank: which kind of blank; None if the value is known.
        outside: where the value lies of the reference range, if outside.
        implausible: whether it is listed as a value that can hardly be.
        at_least: whether the source gives the value as a bound.
        standing: in the cohort; None if blank, or if the cohort has no value.
    """

    variable: Variable
    value: object
    blank: Blank | None = None
    outside: Literal["below", "above"] | None = None
    implausible: bool = False
    at_least: bool = False
    standing: Standing | None = None

    @property
    def text(self) -> str:
        """The value as a reader sees it, with its unit."""
        unit = f" {self.variable.unit}" if self.variable.unit else ""
        bound = " or more" if self.at_least else ""
        return f"{self.variable.shown(self.value)}{unit}{bound}"


def read_record(
    index: Index, cohort: Cohort, row: Row, problems: Sequence[Row]
) -> dict[str, list[Entry]]:
    """A subject's entries under the headings of the dictionary.

    Args:
        index: the index.
        cohort: with which the subject is compared.
        row: of the subject, from `Index.subject`.
        problems: those about the subject.
    """
    one = only(row["dataset"], row["subject"])
    (blanks,) = index.completeness(one)
    place = int(np.flatnonzero(index.members(one))[0])
    members = index.members(cohort)
    doubted = {p["variable"] for p in problems if p["code"] == "value-implausible"}

    def entry(variable: Variable) -> Entry:
        name, value = variable.name, row[variable.name]
        if value is None:
            structural = bool(blanks.structural[name])
            return Entry(variable, None, "does not apply" if structural else "missing")
        return Entry(
            variable,
            value,
            outside=_outside(variable, value),
            implausible=name in doubted,
            at_least=name == "age" and row.get("age_top_coded") == 1,
            standing=standing(index.scale(name), members, place),
        )

    groups = variables_by_group(index)
    return {group: [entry(variable) for variable in groups[group]] for group in groups}


def _outside(variable: Variable, value: object) -> Literal["below", "above"] | None:
    if variable.reference is None or not isinstance(value, int | float):
        return None
    low, high = variable.reference
    return "below" if value < low else "above" if value > high else None


def standing(scale: Scale, members: np.ndarray, place: int) -> Standing | None:
    """How one subject's known value stands among those of a cohort.

    Args:
        scale: of the variable.
        members: one flag a subject, in the order of the index.
        place: of the subject in that order.
    """
    if scale.numbers is None:
        codes = scale.codes[members]
        known = codes[codes >= 0]
        if known.size < _FEWEST or scale.codes[place] < 0:
            return None
        return Standing(known.size, None, 100 * float(np.mean(known == scale.codes[place])))
    numbers = scale.numbers[members]
    known_numbers = numbers[~np.isnan(numbers)]
    if known_numbers.size < _FEWEST:
        return None
    below = float(np.mean(known_numbers < scale.numbers[place]))
    equal = float(np.mean(known_numbers == scale.numbers[place]))
    return Standing(known_numbers.size, 100 * (below + equal / 2), 100 * equal)


@dataclass(frozen=True)
class Position:
    """Where a subject stands in the order of its cohort.

    Attributes:
        place: counted from 1; None if it isn't in the cohort.
        n: subjects in the cohort.
        before: the one before it.
        after: the one after it.
    """

    place: int | None
    n: int
    before: Row | None
    after: Row | None


def position(index: Index, cohort: Cohort, dataset: str, subject: str) -> Position:
    """Find a subject's place in the cohort, and its neighbours there."""
    members = index.members(cohort)
    at = int(np.flatnonzero(index.members(only(dataset, subject)))[0])
    before, after = index.neighbours(cohort, dataset, subject)
    place = int(members[: at + 1].sum()) if members[at] else None
    return Position(place, int(members.sum()), before, after)
