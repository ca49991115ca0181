"""Learners of scikit-learn as a comparison, each a pipeline that learns from its fold alone.

They get the variables of a plan as they are recorded, filled as for the regression models;
numbers are scaled, categories become indicators. An ordered outcome is learned as classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from analytics.outcome.fold_imputation import learn_imputer
from analytics.outcome.folds import draw_folds
from analytics.outcome.learners import Predict
from analytics.outcome.performance import Truth
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]

Kind = Literal["penalised", "boosting", "forest"]
KINDS: tuple[Kind, ...] = get_args(Kind)

NAMES: Mapping[Kind, str] = {
    "penalised": "Penalised regression",
    "boosting": "Gradient boosting",
    "forest": "Random forest",
}
_SETTINGS: Mapping[Kind, Mapping[str, Any]] = {
    "boosting": {
        "learning_rate": 0.05,
        "max_iter": 100,
        "max_leaf_nodes": 8,
        "l2_regularization": 1.0,
        "early_stopping": False,
    },
    # Leaves of ten keep the shares of a leaf, which are its probabilities, off 0 and 1.
    "forest": {"n_estimators": 300, "min_samples_leaf": 10, "n_jobs": 1},
}
_STRENGTHS: Float = np.logspace(-3, 2, 6)
_MOST_THREADS = 1
"""They wait for one another longer than they work: a training set is small."""


@dataclass(frozen=True)
class SklearnLearner:
    """A learner of scikit-learn.

    Attributes:
        kind: penalised: ridge, whose strength five folds of the training set choose; boosting:
            histogram gradient boosting, 100 trees of 8 leaves; forest: 300 trees.
        variables: the predictors.
    """

    kind: Kind
    variables: tuple[Variable, ...]

    @property
    def name(self) -> str:
        """As a table names it."""
        return NAMES[self.kind]

    def learn(self, values: pd.DataFrame, truth: Truth, seed: int) -> Predict:
        """Fit; see `Learner`."""
        imputer = learn_imputer(self.variables, values)
        model = make_pipeline(self._columns(), self._estimator(truth, seed))
        filled = imputer.complete(values)
        with threadpool_limits(_MOST_THREADS):
            if self.kind == "penalised" and truth.levels:
                matrix = model[:-1].fit_transform(filled)
                model[-1].set_params(C=_best_strength(matrix, truth, seed))
            model.fit(filled, truth.response)

        def predict(others: pd.DataFrame) -> Float:
            with threadpool_limits(_MOST_THREADS):
                return _predicted(model, imputer.complete(others), truth)

        return predict

    def _columns(self) -> Any:
        numbers = [variable.name for variable in self.variables if not variable.is_discrete]
        categories = [variable.name for variable in self.variables if variable.is_discrete]
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        return make_column_transformer((StandardScaler(), numbers), (one_hot, categories))

    def _estimator(self, truth: Truth, seed: int) -> Any:
        settings = {**_SETTINGS.get(self.kind, {}), "random_state": seed}
        match self.kind:
            case "boosting":
                is_linear = truth.scale == "linear"
                kind = (
                    HistGradientBoostingRegressor if is_linear else HistGradientBoostingClassifier
                )
                return kind(**settings)
            case "forest":
                is_linear = truth.scale == "linear"
                return (RandomForestRegressor if is_linear else RandomForestClassifier)(**settings)
        if truth.scale == "linear":
            return RidgeCV(alphas=1 / _STRENGTHS)
        return LogisticRegression(max_iter=5000)


def _predicted(model: Pipeline, values: pd.DataFrame, truth: Truth) -> Float:
    if truth.scale == "linear":
        return np.asarray(model.predict(values), dtype=float)[:, None]
    # A level that a training set lacks has no chance.
    is_level = model.classes_[:, None] == np.array(truth.levels)
    chances = model.predict_proba(values) @ is_level
    return np.asarray(np.cumsum(chances[:, :0:-1], axis=1)[:, ::-1], dtype=float)


def _best_strength(matrix: Float, truth: Truth, seed: int) -> float:
    """The inverse penalty with the best log-likelihood in five folds of a training set."""
    (inner,) = draw_folds(truth.response, is_linear=False, repeats=1, seed=seed).held_out
    gained = np.zeros(len(_STRENGTHS))
    for fold in range(inner.max() + 1):
        rest, out = inner != fold, inner == fold
        model = LogisticRegression(max_iter=5000, warm_start=True)
        for place, strength in enumerate(_STRENGTHS):
            model.set_params(C=strength).fit(matrix[rest], truth.response[rest])
            is_found = truth.response[out, None] == model.classes_
            chance = (model.predict_proba(matrix[out]) * is_found).sum(axis=1)
            gained[place] += np.log(np.maximum(chance, 1e-6)).sum()
    return float(_STRENGTHS[gained.argmax()])
