"""The columns of a Table 1: who stands in which."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import numpy as np

from analytics.table_one.values import Bool, Float, Int
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

OVERALL = "overall"


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
        return f"{self.spanner}: {self.label}" if self.spanner else self.label


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

    def without_strangers(self) -> "Groups":
        """The same without the rows of no column: what only they have is no level of the table."""
        inside = self.codes >= 0
        if inside.all():
            return self
        frame = replace(
            self.frame,
            values=self.frame.values[inside].reset_index(drop=True),
            structural={name: blank[inside] for name, blank in self.frame.structural.items()},
        )
        return replace(
            self,
            frame=frame,
            codes=self.codes[inside],
            once=self.once[inside],
        )

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
