"""One row of a Table 1: summaries of a variable, its test and its effects."""

from dataclasses import dataclass, replace

import numpy as np

from analytics.table_one.choices import Choices, Summary, Test
from analytics.table_one.comparison import (
    Comparison,
    compare_levels,
    compare_numbers,
    compare_trend,
)
from analytics.table_one.effect import (
    Difference,
    Smd,
    difference_of_locations,
    difference_of_means,
    difference_of_shares,
    smd_pairs,
    smd_pairs_of_levels,
)
from analytics.table_one.groups import Groups
from analytics.table_one.result import Level, VariableRow
from analytics.table_one.summary import Known, shares_of, summarise_numbers
from analytics.table_one.values import Float, Int, Values
from data_loader.errors import AnalysisError

MOST_LEVELS = 100
"""A variable of more distinct values is no list of levels."""

_MOST_DIGITS = 3


@dataclass(frozen=True)
class RowBuilder:
    """Makes the rows of one table.

    Attributes:
        groups: who stands in which column.
        choices: what to show.
    """

    groups: Groups
    choices: Choices

    @property
    def has_overall(self) -> bool:
        """Whether there is a column of all; one column alone is that."""
        return self.choices.overall and len(self.groups.columns) > 1

    @property
    def _shown(self) -> int:
        return len(self.groups.columns) + self.has_overall

    def row(self, values: Values) -> VariableRow:
        """Summarise and compare one variable.

        Raises:
            AnalysisError: the summary or the test asked for can't be made of it.
        """
        summary = self.choices.summary_of(values.variable)
        row = VariableRow(
            values.variable,
            summary,
            _digits(values, self.choices),
            self._known(values),
            own_digits=_own_digits(values),
        )
        row = (
            self._with_levels(row, values)
            if summary == "count"
            else self._with_numbers(row, values)
        )
        if len(self.groups.columns) < 2:
            return row
        test = self.choices.test_of(values.variable)
        smds = self._smds(values) if self.choices.smd else ()
        return replace(row, comparison=self._compare(values, summary, test), smds=smds)

    def _known(self, values: Values) -> tuple[Known, ...]:
        counts = (
            self.groups.count(values.known),
            self.groups.count(~values.known & ~values.structural),
            self.groups.count(~values.known & values.structural),
        )
        return tuple(Known(*map(int, column)) for column in zip(*counts, strict=True))[
            : self._shown
        ]

    def _with_numbers(self, row: VariableRow, values: Values) -> VariableRow:
        samples = self._samples(values)
        columns = [*samples, values.numbers[values.known & self.groups.in_overall]]
        row = replace(row, numbers=tuple(map(summarise_numbers, columns[: self._shown])))
        if not self._has_difference:
            return row
        difference = difference_of_means if row.summary == "mean" else difference_of_locations
        return replace(row, difference=difference(samples[0], samples[1]))

    def _with_levels(self, row: VariableRow, values: Values) -> VariableRow:
        table = self._table(values)[:, : self._shown]
        known = table.sum(axis=0)
        levels = tuple(
            Level(
                code=code,
                label=values.variable.level_label(code),
                shares=shares_of(counts, known),
                difference=self._difference_of_shares(counts, known),
            )
            for code, counts in zip(values.levels, table, strict=True)
        )
        return replace(row, levels=levels)

    @property
    def _has_difference(self) -> bool:
        two = len(self.groups.columns) == 2 and not self.groups.shared
        return self.choices.difference and two

    def _difference_of_shares(self, counts: Int, known: Int) -> Difference | None:
        if not self._has_difference:
            return None
        return difference_of_shares(
            (int(counts[0]), int(counts[1])), (int(known[0]), int(known[1]))
        )

    def _samples(self, values: Values) -> list[Float]:
        return self.groups.split(values.numbers)

    def _table(self, values: Values) -> Int:
        """Subjects by level and column, the last of all, shape (levels, columns + 1)."""
        if len(values.levels) > MOST_LEVELS:
            raise AnalysisError(
                f"{values.variable.label} has {len(values.levels)} values, which are too many"
                " levels to count; leave it out, or choose another summary and test."
            )
        return self.groups.tally(values.codes, len(values.levels))

    def _compare(self, values: Values, summary: Summary, chosen: Test | None) -> Comparison | None:
        if chosen == "none":
            return None
        if self.groups.shared:
            return Comparison(reason="the two cohorts share subjects")
        test = self._checked(values, chosen) or _usual_test(values, summary)
        if test in ("welch", "rank"):
            return compare_numbers(self._samples(values), test)
        table = self._table(values)[:, :-1]
        if test == "trend":
            scores = values.levels if not values.variable.is_text else range(len(table))
            return compare_trend(table, [float(str(score)) for score in scores])
        c = self.choices
        return compare_levels(table, test, replicates=c.replicates, seed=c.seed)

    def _checked(self, values: Values, test: Test | None) -> Test | None:
        """The test chosen, unless it was chosen for all and can't be made of this variable.

        Raises:
            AnalysisError: it was chosen for this variable and can't be made of it.
        """
        if test is None:
            return None
        variable, is_ordered = values.variable, values.variable.kind != "categorical"
        orderless = test in ("rank", "trend") and not is_ordered and len(values.levels) != 2
        no_levels = test in ("chi2", "fisher", "trend") and not (
            values.is_named or variable.kind in ("ordinal", "count")
        )
        no_trend = (
            test == "trend"
            and len(self.groups.columns) > 2
            and (len(values.levels) > 2 or not self.groups.is_ordered)
        )
        if not ((test == "welch" and values.is_named) or orderless or no_levels or no_trend):
            return test
        if variable.name not in self.choices.tests:
            return None
        raise AnalysisError(f"{variable.label} can't be compared by {test}; {_why(test)}.")

    def _smds(self, values: Values) -> tuple[Smd, ...]:
        is_ordinal = values.variable.kind == "ordinal"
        by_ranks = is_ordinal and self.choices.ordinal_smd == "ranks"
        if by_ranks or not (values.is_named or is_ordinal):
            smds = smd_pairs(self._samples(values), of_ranks=by_ranks)
        else:
            signed = values.variable.kind == "binary"
            smds = smd_pairs_of_levels(self._table(values)[:, :-1], signed=signed)
        if self.groups.shared:  # no interval of independent columns holds
            return tuple(replace(smd, low=None, high=None, by_chance=None) for smd in smds)
        return smds


def _usual_test(values: Values, summary: Summary) -> Test | None:
    """By kind; of numbers, the one that goes with their summary. None for χ² or the exact test."""
    if values.variable.kind == "ordinal":
        return "rank"
    if values.is_named or summary == "count":
        return None
    return "welch" if summary == "mean" else "rank"


def _why(test: Test) -> str:
    return {
        "welch": "it needs numbers",
        "rank": "it needs an order",
        "chi2": "it needs levels",
        "fisher": "it needs levels",
        "trend": "it needs two columns and levels in order, or columns in order and two levels",
        "none": "",
    }[test]


def _digits(values: Values, choices: Choices) -> int:
    """Decimals that suit the spread of the values; one in the paper's style."""
    known = values.numbers[values.known] if not values.is_named else np.empty(0)
    if choices.style == "paper" or len(known) < 2:
        return 1
    spread = float(known.std())
    if values.variable.kind == "duration" and spread >= 10:
        return 0
    return 1 if spread >= 1 or spread == 0 else 2 if spread >= 0.1 else 3


def _own_digits(values: Values) -> int:
    """Decimals that the values have: quantiles are interpolated to more."""
    known = values.numbers[values.known]
    for digits in range(_MOST_DIGITS):
        scaled = known * 10.0**digits
        if np.allclose(scaled, np.round(scaled), rtol=0, atol=1e-6):
            return digits
    return _MOST_DIGITS
