"""How complete variables are: known, missing and structurally blank values, counted by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_loader.blanks import Clause, structural
from data_loader.cohort import Cohort
from data_loader.rows import Row
from data_loader.schema import quoted
from data_loader.variables import Variable


@dataclass(frozen=True)
class Completeness:
    """How complete the variables of one group of subjects are.

    Attributes:
        group: variable name to the group's value; empty for one group of all.
        n: subjects.
        known: variable name to the number of known values.
        structural: variable name to the number of blanks that can't have a value.
    """

    group: Mapping[str, object]
    n: int
    known: Mapping[str, int]
    structural: Mapping[str, int]

    def missing(self, name: str) -> int:
        """Number of values that exist and are not known."""
        return self.n - self.known[name] - self.structural[name]


def completeness_counts(
    cohort: Cohort, variables: Mapping[str, Variable], by: Sequence[str]
) -> Clause:
    """The statement that counts, a row a group, for `read_completeness`.

    Args:
        cohort: which subjects.
        variables: of the index, all of which are counted.
        by: names of the variables whose values make the groups.
    """
    groups = [quoted(name) for name in by]
    counted: list[str] = []
    parameters: list[object] = []
    for place, (name, variable) in enumerate(variables.items()):
        blank, values = structural(variable, variables)
        column = quoted(name)
        counted += [
            f"count({column}) AS k{place}",
            f"count(*) FILTER (WHERE {column} IS NULL AND {blank}) AS s{place}",
        ]
        parameters += values
    where, bound = cohort.where()
    keys = ", ".join([*groups, "count(*) AS n", *counted])
    grouped = f" GROUP BY {', '.join(groups)} ORDER BY {', '.join(groups)}" if groups else ""
    sql = f"SELECT {keys} FROM subjects WHERE {where}{grouped}"  # noqa: S608
    return sql, (*parameters, *bound)


def read_completeness(
    row: Row, variables: Mapping[str, Variable], by: Sequence[str]
) -> Completeness:
    """What one row of that statement says."""
    return Completeness(
        group={name: row[name] for name in by},
        n=row["n"],
        known={name: row[f"k{place}"] for place, name in enumerate(variables)},
        structural={name: row[f"s{place}"] for place, name in enumerate(variables)},
    )
