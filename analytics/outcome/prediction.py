"""Predicted probability of every level along one variable, the others held at stated values."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from analytics.outcome.effect import Z95
from analytics.outcome.encoding import codes_of
from analytics.outcome.firth import FirthFit
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.outcome.ordinal import CumulativeFit
from analytics.outcome.terms import has_levels, variables_of
from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]

NOT_FOR_CARE = "For research, not for care: a description of this cohort, not of a patient."
"""Stands beside every predicted number."""

_POINTS = 61
_SPAN = (0.01, 0.99)


@dataclass(frozen=True)
class Bands:
    """Predictions at some points, with their 95 % limits.

    Attributes:
        levels: labels of the outcome's levels; of a binary or linear model its label alone.
        value: probabilities, or means of a linear model, shape (k, levels).
        low: lower limits: by the delta method on the log odds, of a linear model on the mean.
        high: upper limits.
        impossible: points at which freed terms make a level's probability negative; no number is
            given there.
    """

    levels: tuple[str, ...]
    value: Float
    low: Float
    high: Float
    impossible: int = 0


@dataclass(frozen=True)
class Prediction:
    """What a model predicts along one variable.

    Attributes:
        variable: along which one goes.
        at: its values, or the codes of its levels, shape (k,).
        bands: predictions there.
        held: headings of the other variables, and the values at which they are held.
    """

    variable: Variable
    at: npt.NDArray[np.object_] | Float
    bands: Bands
    held: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """At what the other terms are held."""
        if not self.held:
            return NOT_FOR_CARE
        others = ", ".join(f"{label} {value}" for label, value in self.held.items())
        return f"Others held at {others}. {NOT_FOR_CARE}"


def predict_along(model: OutcomeModel, name: str) -> Prediction:
    """Predict along a variable.

    Numbers run from the 1st to the 99th percentile of the subjects used; the other variables are
    held at their median, or at their most frequent level.

    Args:
        model: a fitted model.
        name: of a variable among its terms.

    Raises:
        AnalysisError: the variable is none of the model's, or the model didn't converge.
    """
    encoder = model.design.encoder
    variables = {variable.name: variable for variable in variables_of(encoder.terms)}
    if name not in variables:
        raise AnalysisError(f"{name!r} is none of the model's variables ({', '.join(variables)}).")
    if not model.converged:
        raise AnalysisError("The model did not converge, so that it predicts nothing.")
    used = model.design.values
    at = _grid(variables[name], used)
    held = {other: _typical(one, used) for other, one in variables.items() if other != name}
    table = pd.DataFrame({name: at} | {other: [value] * len(at) for other, value in held.items()})
    return Prediction(
        variable=variables[name],
        at=at,
        bands=_predict(model, encoder.matrix(table)),
        held={variables[n].heading: variables[n].shown(_code(v)) for n, v in held.items()},
    )


def _grid(variable: Variable, used: pd.DataFrame) -> npt.NDArray[np.object_] | Float:
    column = used[variable.name]
    if has_levels(variable):
        counted = set(codes_of(column))
        listed = [code for code in variable.levels if code in counted]
        codes = listed + sorted(counted - set(listed))
        return np.array([_as_stored(variable, code) for code in codes], dtype=object)
    numbers = column.to_numpy(float)
    known: Float = np.unique(numbers)
    if len(known) <= 10:
        return known
    low, high = np.quantile(numbers, _SPAN).tolist()
    return np.linspace(low, high, _POINTS)


def _as_stored(variable: Variable, code: str) -> object:
    return code if variable.is_text else float(code)


def _typical(variable: Variable, used: pd.DataFrame) -> object:
    column = used[variable.name]
    if has_levels(variable) or variable.kind == "binary":
        return column.mode().iloc[0]
    return float(column.median())


def _code(value: object) -> object:
    """A code as its dictionary has it: 1 for the stored 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _predict(model: OutcomeModel, matrix: Float) -> Bands:
    fit, endpoint = model.fit, model.plan.endpoint
    if isinstance(fit, LinearFit):
        rows = np.column_stack([matrix, np.ones(len(matrix))])
        mean = (rows @ fit.estimates)[:, None]
        half = fit.t * np.sqrt(np.einsum("ij,jk,ik->i", rows, fit.covariance, rows))[:, None]
        return Bands((endpoint.label,), mean, mean - half, mean + half)
    if isinstance(fit, FirthFit):
        rows = np.column_stack([matrix, np.ones(len(matrix))])
        chance = expit(rows @ fit.estimates)
        slope = rows * (chance * (1 - chance))[:, None]
        return _banded((endpoint.label,), chance[:, None], slope[:, None, :], fit.covariance)
    value, slopes = probabilities(fit, matrix)
    if endpoint.scale == "binary":
        return _banded((endpoint.label,), value[:, 1:], slopes[:, 1:], fit.covariance)
    labels = tuple(endpoint.level_label(level) for level in fit.levels)
    return _banded(labels, value, slopes, fit.covariance)


def probabilities(fit: CumulativeFit, matrix: Float) -> tuple[Float, Float]:
    """Probability of every level, and its derivative by the parameters.

    Args:
        fit: a fitted cumulative logit model.
        matrix: rows of the design, shape (k, columns).

    Returns:
        Shapes (k, levels) and (k, levels, m).
    """
    below = expit(fit.cumulative(matrix))
    density = below * (1 - below)
    slopes = np.zeros((len(matrix), len(fit.levels) - 1, fit.likelihood.size))
    p = len(fit.common)
    slopes[:, :, :p] = -matrix[:, None, list(fit.common)] * density[:, :, None]
    own = np.column_stack([np.ones(len(matrix)), -matrix[:, list(fit.free)]])
    for cut in range(fit.likelihood.cuts):
        slopes[:, cut, fit.likelihood.block(cut)] = own * density[:, cut, None]
    return np.diff(below, axis=1, prepend=0, append=1), np.diff(slopes, axis=1, prepend=0, append=0)


def _banded(levels: tuple[str, ...], value: Float, slopes: Float, covariance: Float) -> Bands:
    """Bands by the delta method on the log odds, so that they stay between 0 and 1."""
    impossible = np.asarray((value <= 0).any(axis=1))
    shown = np.where(impossible[:, None], np.nan, value)
    variance = np.einsum("klm,mn,kln->kl", slopes, covariance, slopes)
    half = Z95 * np.sqrt(variance) / (shown * (1 - shown))
    low, high = expit(logit(shown) - half), expit(logit(shown) + half)
    return Bands(levels, shown, low, high, int(impossible.sum()))
