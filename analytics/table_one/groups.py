"""The columns of a Table 1: who stands in which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import numpy as np
import pandas as pd

from analytics.table_one.choices import Choices
from analytics.table_one.values import Bool, Float, Int, values_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

OVERALL = "overall"
MOST_COLUMNS = 24


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: level of the grouping variable, levels joined by commas where several are crossed;
            `overall` for the column of all.
        label: as a reader sees it.
        spanner: what it shares with its neighbours; empty where one variable groups.
        n: subjects.
    """

    key: str
    label: str
    spanner: str
    n: int

    @property
    def full_label(self) -> str:
        """The label behind what it shares with its neighbours."""
        return f"{self.spanner}, {self.label}" if self.spanner else self.label


@dataclass(frozen=True)
class Groups:
    """Subjects by column.

    Attributes:
        frame: the subjects, a row each; those of two cohorts stacked.
        columns: without the one of all.
        codes: place of each row's column, shape (rows,), -1 for none.
        once: whether a row counts in the column of all; a subject in two cohorts counts once.
        by: what makes the columns, as a reader sees it; empty for none.
        is_ordered: whether the columns have an order.
        shared: subjects who are in both of two cohorts.
        notes: who is in no column.
    """

    frame: CohortFrame
    columns: tuple[Column, ...]
    codes: Int
    once: Bool
    by: str = ""
    is_ordered: bool = False
    shared: int = 0
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Subjects in any column, each once."""
        return int(self.in_overall.sum())

    @cached_property
    def in_overall(self) -> Bool:
        """Whether a row counts in the column of all, shape (rows,)."""
        return self.once & (self.codes >= 0)

    @cached_property
    def _order(self) -> tuple[Int, Int]:
        order = np.argsort(self.codes, kind="stable")
        return order, np.searchsorted(self.codes[order], np.arange(len(self.columns) + 1))

    def split(self, numbers: Float) -> list[Float]:
        """Known numbers of each column.

        Args:
            numbers: shape (rows,), NaN where blank.
        """
        order, ends = self._order
        parts = np.split(numbers[order], ends[:-1])[1:]
        return [part[~np.isnan(part)] for part in parts]

    def count(self, where: Bool) -> Int:
        """Rows of each column, and of all, for which something holds, shape (columns + 1,)."""
        counts = np.bincount(self.codes[where & (self.codes >= 0)], minlength=len(self.columns))
        return np.append(counts, int((where & self.in_overall).sum()))

    def tally(self, codes: Int, levels: int) -> Int:
        """Rows of each level by column, the last of all, shape (levels, columns + 1).

        Args:
            codes: place of each row's level, shape (rows,), -1 where blank.
            levels: how many there are.
        """
        k = len(self.columns)
        known = (codes >= 0) & (self.codes >= 0)
        cells = np.bincount(codes[known] * k + self.codes[known], minlength=levels * k)
        every = np.bincount(codes[known & self.once], minlength=levels)
        return np.column_stack([cells.reshape(levels, k), every])

    def without_small(self, least: int) -> "Groups":
        """The same without columns of fewer subjects than may be shown.

        Raises:
            AnalysisError: no column is left, or two cohorts share subjects: what is said of both
                would tell what is hidden of their difference.
        """
        if self.shared and least:
            raise AnalysisError(
                "Cohorts that share subjects can't have a minimum cell count: one less the other"
                " would tell what is hidden; choose cohorts that share none."
            )
        kept = [column.n >= least for column in self.columns]
        if all(kept):
            return self
        if not any(kept):
            raise AnalysisError(f"No column has {least} subjects or more; nothing can be shown.")
        small = ", ".join(
            c.full_label for c, keep in zip(self.columns, kept, strict=True) if not keep
        )
        places = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        note = f"Left out, having fewer than {least} subjects: {small}."
        return replace(
            self,
            columns=tuple(compress(self.columns, kept)),
            codes=places[self.codes],
            notes=(*self.notes, note),
        )


def group_by(frame: CohortFrame, choices: Choices) -> Groups:
    """Put the subjects of a cohort into columns by the levels of variables.

    Raises:
        AnalysisError: a variable isn't in the frame, or has no levels or too many.
    """
    rows = len(frame)
    if not rows:
        raise AnalysisError("The cohort has no subjects; widen it.")
    if not choices.by:
        everyone = (Column(OVERALL, "all", "", rows),)
        return Groups(frame, everyone, np.zeros(rows, dtype=np.intp), np.ones(rows, bool))
    codes = np.zeros(rows, dtype=np.intp)
    parts: list[list[tuple[str, str]]] = [[]]
    for name in choices.by:
        found, labels = _levels(frame, name)
        codes = np.where((codes < 0) | (found < 0), -1, codes * len(labels) + found)
        parts = [[*part, label] for part in parts for label in labels]
    counts = np.bincount(codes[codes >= 0], minlength=len(parts))
    occurring = np.flatnonzero(counts)
    if not len(occurring):
        raise AnalysisError(f"No subject has a known {' and '.join(choices.by)}.")
    if len(occurring) > MOST_COLUMNS:
        raise AnalysisError(
            f"{', '.join(choices.by)} would make {len(occurring)} columns; at most"
            f" {MOST_COLUMNS} fit: group by something else, or narrow the cohort."
        )
    places = np.full(len(parts) + 1, -1, dtype=np.intp)
    places[occurring] = np.arange(len(occurring))
    variables = [frame.variables[name] for name in choices.by]
    return Groups(
        frame=frame,
        columns=tuple(_column(parts[place], int(counts[place])) for place in occurring),
        codes=places[codes],
        once=np.ones(rows, bool),
        by=" and ".join(variable.label for variable in variables),
        is_ordered=len(variables) == 1 and variables[0].kind == "ordinal",
        notes=_blank_note(int((codes < 0).sum()), choices),
    )


def _column(parts: Sequence[tuple[str, str]], n: int) -> Column:
    keys, labels = zip(*parts, strict=True)
    return Column(",".join(keys), labels[-1], ", ".join(labels[:-1]), n)


def _levels(frame: CohortFrame, name: str) -> tuple[Int, list[tuple[str, str]]]:
    if name not in frame.variables:
        raise AnalysisError(f"“{name[:60]}” is no variable that can group; it isn't there.")
    values = values_of(frame, name)
    is_score = values.variable.kind in ("ordinal", "count")
    if not (values.is_named or is_score):
        raise AnalysisError(
            f"{values.variable.label} has no levels to group by; choose one that has."
        )
    labels = [(str(level), values.variable.level_label(level)) for level in values.levels]
    return values.codes, labels


def _blank_note(n: int, choices: Choices) -> tuple[str, ...]:
    """Who is in no column; not how many where small counts are hidden."""
    if not n:
        return ()
    who = "Subjects" if choices.minimum_cell else f"{n} subject{'' if n == 1 else 's'}"
    return (f"{who} without a known {' and '.join(choices.by)} in no column.",)


def group_cohorts(first: CohortFrame, second: CohortFrame, *, labels: tuple[str, str]) -> Groups:
    """Put two cohorts of one index side by side; subjects of both stand in both columns.

    Args:
        first: values of the one.
        second: the same variables of the other.
        labels: as a reader sees the two.
    """
    sizes = (len(first), len(second))
    if not all(sizes):
        raise AnalysisError("One of the two cohorts has no subjects; widen it.")
    values = pd.concat([first.values, second.values], ignore_index=True)
    once = ~values.duplicated(["dataset", "subject"]).to_numpy()
    sentences = (first.provenance.sentence, second.provenance.sentence)
    provenance = replace(
        first.provenance,
        sentence=f"Two cohorts: {sentences[0]} {sentences[1]}",
        n=int(once.sum()),
    )
    structural = {
        name: np.concatenate([blank, second.structural[name]])
        for name, blank in first.structural.items()
    }
    return Groups(
        frame=replace(first, values=values, structural=structural, provenance=provenance),
        columns=tuple(
            Column(f"cohort {place}", label, "", n)
            for place, (label, n) in enumerate(zip(labels, sizes, strict=True), start=1)
        ),
        codes=np.repeat(np.arange(2), sizes),
        once=once,
        by="cohort",
        shared=len(values) - int(once.sum()),
    )
