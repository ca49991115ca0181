"""A Table 1 as computed: unrounded numbers that know how they were made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from analytics.table_one.choices import Choices, Summary
from analytics.table_one.comparison import Comparison
from analytics.table_one.effect import Difference, Smd, largest
from analytics.table_one.groups import OVERALL, Column
from analytics.table_one.summary import Known, Numbers, Share
from data_loader.provenance import Provenance
from data_loader.rows import Row
from data_loader.variables import Variable


@dataclass(frozen=True)
class Level:
    """One level of a variable.

    Attributes:
        code: as in the source.
        label: as a reader sees it.
        shares: of each column, shape (columns,).
        difference: of two columns; None where there are more, or it is hidden.
    """

    code: object
    label: str
    shares: tuple[Share, ...]
    difference: Difference | None = None


@dataclass(frozen=True)
class VariableRow:
    """Everything that is said of one variable.

    Attributes:
        variable: which.
        summary: how it is printed.
        digits: decimals of means and quantiles in print.
        known: of each column, shape (columns,).
        numbers: of each column; None without known values or where hidden, and of levels.
        levels: those that occur; empty where numbers are printed.
        comparison: of the columns; None where none was asked for.
        smds: of every pair of columns; empty where none was asked for.
        difference: of two columns, of numbers.
        is_hidden: whether a count is hidden, and with it what would give it away.
        own_digits: decimals that the values themselves have, three at most.
    """

    variable: Variable
    summary: Summary
    digits: int
    known: tuple[Known, ...]
    numbers: tuple[Numbers | None, ...] = ()
    levels: tuple[Level, ...] = ()
    comparison: Comparison | None = None
    smds: tuple[Smd, ...] = ()
    difference: Difference | None = None
    is_hidden: bool = False
    own_digits: int = 0

    @property
    def smd(self) -> Smd | None:
        """Of two columns; of more, the largest of any pair."""
        return largest(self.smds)


@dataclass(frozen=True)
class TableOne:
    """A Table 1.

    Attributes:
        choices: what was asked for.
        columns: those of the groups, and `overall` last if it was asked for.
        by: what makes the columns, as a reader sees it; empty for none.
        rows: a variable each.
        provenance: which subjects of which data these are.
        shared: subjects who are in both of two cohorts.
        notes: sentences about who is in no column.
        against: the second cohort's query where two are compared; None where none is.
    """

    choices: Choices
    columns: tuple[Column, ...]
    by: str
    rows: tuple[VariableRow, ...]
    provenance: Provenance
    shared: int = 0
    notes: tuple[str, ...] = ()
    against: str | None = field(default=None)

    @property
    def groups(self) -> tuple[Column, ...]:
        """The columns that are compared: without that of all."""
        has_total = len(self.columns) > 1 and self.columns[-1].key == OVERALL
        return self.columns[:-1] if has_total else self.columns

    def long_rows(self) -> Iterator[Row]:
        """One row for each variable, level and column; None where not defined or hidden."""
        for row in self.rows:
            shared = _comparison_keys(row, self.columns)
            if not row.levels:
                for place, column in enumerate(self.columns):
                    numbers = row.numbers[place]
                    value = numbers.as_dict() if numbers else None
                    yield {**_place_keys(row, column, place), "value": value, **shared}
            for level in row.levels:
                for place, column in enumerate(self.columns):
                    share = level.shares[place]
                    keys = _place_keys(row, column, place, level)
                    yield {
                        **keys,
                        "value": _value(share),
                        **shared,
                        **_difference(level.difference),
                    }

    def as_json(self) -> str:
        """JSON of columns, rows and where they come from; numbers are not rounded."""
        columns = [
            {"column": c.key, "label": c.label, "spanner": c.spanner or None, "n": c.n}
            for c in self.columns
        ]
        document = {
            "columns": columns,
            "rows": list(self.long_rows()),
            "minimum_cell": self.choices.minimum_cell,
            "notes": list(self.notes),
            "provenance": self.provenance,
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def is_flag(row: VariableRow) -> bool:
    """Whether a row is printed on one line, as how many have what it names."""
    return row.variable.kind == "binary" and [level.code for level in row.levels] == [0, 1]


def _value(share: Share) -> dict[str, Any] | None:
    return None if share.count is None else share.as_dict()


def _place_keys(row: VariableRow, column: Column, place: int, level: Level | None = None) -> Row:
    known = row.known[place]
    return {
        "variable": row.variable.name,
        "level": level.code if level else None,
        "level_label": level.label if level else None,
        "column": column.key,
        "n": known.n,
        "missing": known.missing,
        "structural": known.structural,
        "summary": row.summary,
        "hidden": row.is_hidden,
    }


def _comparison_keys(row: VariableRow, columns: Sequence[Column]) -> Row:
    comparison = row.comparison or Comparison()
    smd = row.smd or Smd()
    pair = [columns[place].key for place in smd.columns] if smd.value is not None else None
    return {
        "test": comparison.test,
        "statistic": comparison.statistic,
        "df": list(comparison.df) or None,
        "p": comparison.p,
        "p_adjusted": comparison.p_adjusted,
        "no_test_because": comparison.reason,
        "smd": smd.value,
        "smd_low": smd.low,
        "smd_high": smd.high,
        "smd_columns": pair,
        "smd_not_defined_because": smd.reason,
        **_difference(row.difference),
    }


def _difference(difference: Difference | None) -> Row:
    return {
        "difference": difference.value if difference else None,
        "difference_low": difference.low if difference else None,
        "difference_high": difference.high if difference else None,
    }
