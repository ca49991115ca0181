"""Models as validation takes them: learn from some subjects, predict for others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from analytics.outcome.coefficient import Fit
from analytics.outcome.design import independent_columns
from analytics.outcome.encoding import Encoder, learn_encoder
from analytics.outcome.firth import fit_firth
from analytics.outcome.fold_imputation import learn_imputer
from analytics.outcome.linear import LinearFit, fit_linear
from analytics.outcome.ordinal import CumulativeFit, fit_cumulative
from analytics.outcome.performance import Truth
from analytics.outcome.plan import Plan
from analytics.outcome.terms import variables_of
from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]

Predict = Callable[[pd.DataFrame], Float]
"""Rows of values to predictions, shape (n, width of the truth)."""


class Learner(Protocol):
    """What is validated."""

    @property
    def name(self) -> str:
        """As a table names it."""

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What it predicts from."""

    def learn(self, values: pd.DataFrame, truth: Truth, seed: int) -> Predict:
        """Learn from subjects, blanks among their predictors filled by what they teach.

        Args:
            values: a row a subject.
            truth: their outcome; every level occurs.
            seed: of whatever is random.

        Raises:
            AnalysisError: nothing can be learned from them.
        """


@dataclass(frozen=True)
class RegressionLearner:
    """The regression model of a plan, fitted anew: knots and levels too are learned again.

    Attributes:
        plan: the model.
        name: as a table names it.
    """

    plan: Plan
    name: str = "Regression"

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Those of the terms."""
        return variables_of(self.plan.terms)

    def learn(self, values: pd.DataFrame, truth: Truth, seed: int) -> Predict:
        """Fit; see `Learner`."""
        imputer = learn_imputer(self.variables, values)
        filled = imputer.complete(values)
        encoder = learn_encoder(self.plan.terms, filled)
        matrix = encoder.matrix(filled)
        encoder = replace(encoder, kept=independent_columns(matrix, encoder.names)[0])
        fit = self._fit(encoder, filled, truth.response)

        def predict(others: pd.DataFrame) -> Float:
            # A level that nobody had counts as the reference.
            return predicted_by(fit, np.nan_to_num(encoder.matrix(imputer.complete(others))))

        return predict

    def _fit(self, encoder: Encoder, values: pd.DataFrame, response: Float) -> Fit:
        matrix = encoder.matrix(values)
        if not np.isfinite(matrix).all():
            raise AnalysisError("A term isn't defined for every subject used.")
        if self.plan.endpoint.scale == "linear":
            return fit_linear(matrix, response)
        if self.plan.firth:
            return fit_firth(matrix, response)
        free = [place for text in self.plan.free for place in encoder.columns_of(text)]
        fit = fit_cumulative(matrix, response, free=free)
        if not fit.converged:
            raise AnalysisError("The terms separate the outcome, so that there are no estimates.")
        return fit


def predicted_by(fit: Fit, matrix: Float) -> Float:
    """What a fit predicts for rows of its design: chances of being above each cut, or numbers."""
    if isinstance(fit, CumulativeFit):
        return np.asarray(expit(-fit.cumulative(matrix)))
    number = matrix @ fit.estimates[:-1] + fit.estimates[-1]
    return np.asarray(number if isinstance(fit, LinearFit) else expit(number))[:, None]
