"""Permutation importance: what predictions lose when one variable is shuffled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.outcome.folds import Folds
from analytics.outcome.learners import Learner, Predict
from analytics.outcome.performance import discrimination
from analytics.outcome.validation import Subjects
from data_loader.progress import Report
from data_loader.variables import Variable


@dataclass(frozen=True)
class Importance:
    """What one variable is worth to a model (Breiman, Machine Learning 2001; 45: 5-32).

    Attributes:
        variable: which was shuffled among the held-out subjects of a fold.
        loss: mean over permutations of the AUC, c or R² of held-out predictions that is lost.
        sd: standard deviation over permutations.
    """

    variable: Variable
    loss: float
    sd: float


def permutation_importance(
    subjects: Subjects,
    learner: Learner,
    folds: Folds,
    *,
    permutations: int = 10,
    progress: Report | None = None,
) -> tuple[Importance, ...]:
    """Shuffle each variable among held-out subjects, in the first repeat of the folds.

    Args:
        subjects: on whom.
        learner: the model.
        folds: who is held out when.
        permutations: how often each variable is shuffled.
        progress: told after each variable; an exception that it raises ends the work.

    Returns:
        The variable that is worth most first.

    Raises:
        AnalysisError: nothing can be learned in a fold.
    """
    held_out, random = folds.held_out[0], np.random.default_rng(folds.seed)
    learned: list[Predict] = []
    for fold in range(folds.count):
        rest = np.flatnonzero(held_out != fold)
        of_rest = subjects.truth.of(rest)
        learned.append(learner.learn(subjects.values.iloc[rest], of_rest, folds.seed + fold))

    def measured(values: pd.DataFrame) -> float:
        predicted = np.empty((subjects.n, subjects.truth.width))
        for fold, predict in enumerate(learned):
            out = np.flatnonzero(held_out == fold)
            predicted[out] = predict(values.iloc[out])
        return discrimination(subjects.truth, predicted, held_out).value

    whole, found = measured(subjects.values), []
    for done, variable in enumerate(learner.variables):
        lost = []
        for _ in range(permutations):
            # Within folds, so that what is shuffled in was held out too.
            order = np.lexsort([random.random(subjects.n), held_out])
            places = np.empty(subjects.n, dtype=np.intp)
            places[np.argsort(held_out, kind="stable")] = order
            column = subjects.values[variable.name]
            shuffled = column.iloc[places].set_axis(column.index)
            lost.append(whole - measured(subjects.values.assign(**{variable.name: shuffled})))
        found.append(Importance(variable, float(np.mean(lost)), float(np.std(lost))))
        if progress:
            progress(done + 1, len(learner.variables))
    return tuple(sorted(found, key=lambda one: -one.loss))
