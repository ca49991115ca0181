"""One variable of a frame as numbers and as levels."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.table_one.choices import is_named
from data_loader.frame import CohortFrame
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Values:
    """Values of one variable.

    Attributes:
        variable: what they are of.
        column: shape (n,), as in `CohortFrame.values`.
        structural: shape (n,), whether a blank can't have a value.
    """

    variable: Variable
    column: npt.NDArray[Any]
    structural: Bool

    @cached_property
    def known(self) -> Bool:
        """Whether each value is known, shape (n,)."""
        if self.variable.is_text:
            return np.asarray(pd.notna(self.column), bool)
        return np.asarray(~np.isnan(self.column.astype(float)))

    @cached_property
    def numbers(self) -> Float:
        """Shape (n,), NaN where blank; of text, the place of the level."""
        if not self.variable.is_text:
            return self.column.astype(float)
        return np.where(self.codes < 0, np.nan, self.codes.astype(float))

    @cached_property
    def _levels(self) -> tuple[tuple[object, ...], Int]:
        if self.variable.is_text:
            return _text_levels(self.variable, self.column)
        known = self.numbers[self.known]
        found = np.unique(known)
        if self.variable.kind == "binary":  # what no one has is worth a line
            found = np.union1d(found, (0.0, 1.0))
        codes = np.full(len(self.column), -1, dtype=np.intp)
        codes[self.known] = np.searchsorted(found, known)
        return tuple(int(v) if v.is_integer() else float(v) for v in found), codes

    @property
    def levels(self) -> tuple[object, ...]:
        """Codes that occur, in order; of a flag, both."""
        return self._levels[0]

    @property
    def codes(self) -> Int:
        """Place of each value among the levels, shape (n,), -1 where blank."""
        return self._levels[1]

    @property
    def is_named(self) -> bool:
        """Whether values are levels that no mean can be taken of."""
        return is_named(self.variable)


def values_of(frame: CohortFrame, name: str) -> Values:
    """The values of one variable of a frame."""
    column = frame.values[name].to_numpy()
    return Values(frame.variables[name], column, frame.structural[name])


def _text_levels(variable: Variable, column: npt.NDArray[Any]) -> tuple[tuple[object, ...], Int]:
    """Levels in the order of the dictionary, others after them by alphabet."""
    places, found = pd.factorize(column, use_na_sentinel=True)
    order = {code: place for place, code in enumerate(variable.levels)}
    ranked = sorted(range(len(found)), key=lambda i: (order.get(found[i], len(order)), found[i]))
    rank = np.empty(len(found) + 1, dtype=np.intp)
    rank[ranked] = np.arange(len(found))
    rank[-1] = -1  # the sentinel of a blank
    return tuple(found[i] for i in ranked), rank[places]
