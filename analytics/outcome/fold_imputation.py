"""Blanks of predictors filled by what other subjects teach, as one would for a new patient.

Learned from the subjects that a model is trained on, without their outcome, and applied to those
held out: of a new patient nothing can be imputed from an outcome that isn't there yet (Sisk et
al., Stat Methods Med Res 2023; 32: 1461-1477). Categories get the commonest code; numbers then
their mean given all other predictors, were all of them normal. Nothing is random, so that a
prediction is one number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

_ROUNDS = 5
_RIDGE = 1e-3


@dataclass(frozen=True)
class FoldImputer:
    """What was learned of the predictors.

    Attributes:
        numbers: variables that are numbers.
        codes: name of a categorical variable to the codes that occur, the commonest first.
        scale: of each number, its mean, SD, least and largest value, shape (4, numbers).
        mean: of scaled numbers and indicators of codes, shape (columns,).
        covariance: of the same, shape (columns, columns).
    """

    numbers: tuple[Variable, ...]
    codes: Mapping[str, tuple[Any, ...]]
    scale: Float
    mean: Float
    covariance: Float

    def complete(self, values: pd.DataFrame) -> pd.DataFrame:
        """Fill the blanks of the predictors; others stay."""
        names = [variable.name for variable in self.numbers]
        if not values[[*names, *self.codes]].isna().to_numpy().any():
            return values
        filled = values.assign(
            **{
                name: values[name].where(values[name].notna(), c[0])
                for name, c in self.codes.items()
            }
        )
        columns, _ = _expected(
            _columns(values, self.numbers, self.codes, self.scale), self.mean, self.covariance
        )
        centre, spread, least, most = self.scale
        for place, variable in enumerate(self.numbers):
            number = columns[:, place] * spread[place] + centre[place]
            number = np.round(number) if variable.kind in ("ordinal", "count") else number
            number = np.clip(number, least[place], most[place])
            filled[variable.name] = values[variable.name].fillna(pd.Series(number, values.index))
        return filled


def learn_imputer(variables: Sequence[Variable], values: pd.DataFrame) -> FoldImputer:
    """Learn from the subjects that a model is trained on.

    Args:
        variables: the predictors.
        values: their values, blanks among them.

    Raises:
        AnalysisError: nothing is known of a predictor.
    """
    for variable in variables:
        if values[variable.name].isna().all():
            raise AnalysisError(f"{variable.label} is known in no subject to learn from.")
    numbers = tuple(variable for variable in variables if not variable.is_discrete)
    codes = {v.name: _commonest_first(values[v.name]) for v in variables if v.is_discrete}
    raw = values[[variable.name for variable in numbers]].to_numpy(float)
    spread = np.nanstd(raw, axis=0)
    scale = np.stack(
        [
            np.nanmean(raw, axis=0),
            np.where(spread > 0, spread, 1.0),
            np.nanmin(raw, axis=0),
            np.nanmax(raw, axis=0),
        ]
    )
    mean, covariance = _normal(_columns(values, numbers, codes, scale))
    return FoldImputer(numbers, codes, scale, mean, covariance)


def _commonest_first(column: "pd.Series[Any]") -> tuple[Any, ...]:
    counts = column.value_counts()
    # By code where counts tie, so that it doesn't hang on the order of the rows.
    return tuple(sorted(counts.index, key=lambda code: (-counts[code], str(code))))


def _columns(
    values: pd.DataFrame,
    numbers: Sequence[Variable],
    codes: Mapping[str, tuple[Any, ...]],
    scale: Float,
) -> Float:
    """Scaled numbers, NaN where blank; an indicator of each code but the commonest."""
    raw = values[[variable.name for variable in numbers]].to_numpy(float)
    shown = [(values[name] == code).to_numpy(float) for name, c in codes.items() for code in c[1:]]
    return np.column_stack([(raw - scale[0]) / scale[1], *shown])


def _normal(columns: Float) -> tuple[Float, Float]:
    """Mean and covariance by some rounds of EM (Dempster, Laird and Rubin 1977)."""
    mean = np.nanmean(columns, axis=0)
    covariance = np.diag(np.nanvar(columns, axis=0) + _RIDGE)
    for _ in range(_ROUNDS):
        filled, left = _expected(columns, mean, covariance)
        mean = filled.mean(axis=0)
        away = filled - mean
        covariance = (away.T @ away + left) / len(columns)
        covariance[np.diag_indices_from(covariance)] += _RIDGE
    return mean, covariance


def _expected(columns: Float, mean: Float, covariance: Float) -> tuple[Float, Float]:
    """Fill NaN by its mean given the rest of the row.

    Returns:
        The columns filled, and the covariance that the filled have left, summed over rows.
    """
    filled, left = columns.copy(), np.zeros_like(covariance)
    blank = np.isnan(columns)
    patterns, of_row = np.unique(blank, axis=0, return_inverse=True)
    for place, pattern in enumerate(patterns):
        rows = np.flatnonzero(of_row.ravel() == place)
        gone, there = np.flatnonzero(pattern), np.flatnonzero(~pattern)
        if not gone.size:
            continue
        across = covariance[np.ix_(there, gone)]
        slopes = np.linalg.solve(covariance[np.ix_(there, there)], across)
        filled[np.ix_(rows, gone)] = (
            mean[gone] + (columns[np.ix_(rows, there)] - mean[there]) @ slopes
        )
        left[np.ix_(gone, gone)] += len(rows) * (covariance[np.ix_(gone, gone)] - across.T @ slopes)
    return filled, left
