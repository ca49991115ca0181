"""What each filter of a cohort takes away, in the order in which they stand."""

from dataclasses import dataclass

from data_loader.blanks import Clause
from data_loader.cohort import SUBJECT, Cohort
from data_loader.lesion_filter import LESION_AT, LESION_IN, NOT_PLACED
from data_loader.rows import Row
from data_loader.schema import quoted

_IS_UNKNOWN = {SUBJECT: "FALSE", LESION_AT: NOT_PLACED, LESION_IN: NOT_PLACED}
"""SQL that a subject can't be told by a filter, for those that are on no variable."""


@dataclass(frozen=True)
class Step:
    """What one filter does to those that the filters before it left.

    Attributes:
        name: of the variable, or another key of a cohort's query.
        phrase: what is asked, as a reader says it.
        before: subjects before it.
        after: subjects that it leaves.
        unknown: of those it takes, how many have no value.
    """

    name: str
    phrase: str
    before: int
    after: int
    unknown: int


def attrition_counts(cohort: Cohort) -> Clause:
    """The statement that counts all steps at once, in one row, for `read_attrition`."""
    counted = ["count(*) AS n0"]
    parameters: list[object] = []
    so_far: list[str] = []
    bound: list[object] = []
    for place, (name, _, (sql, values)) in enumerate(cohort.steps, start=1):
        before = " AND ".join(so_far) or "TRUE"
        unknown = _IS_UNKNOWN.get(name, f"{quoted(name)} IS NULL")
        counted.append(f"count(*) FILTER (WHERE {before} AND NOT {sql} AND {unknown}) AS m{place}")
        parameters += [*bound, *values]
        so_far.append(sql)
        bound += values
        counted.append(f"count(*) FILTER (WHERE {' AND '.join(so_far)}) AS n{place}")
        parameters += bound
    return f"SELECT {', '.join(counted)} FROM subjects", tuple(parameters)  # noqa: S608


def read_attrition(row: Row, cohort: Cohort) -> list[Step]:
    """What the row of that statement says."""
    return [
        Step(name, phrase, row[f"n{p - 1}"], row[f"n{p}"], row[f"m{p}"])
        for p, (name, phrase, _) in enumerate(cohort.steps, start=1)
    ]
