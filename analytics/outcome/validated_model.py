"""An outcome model validated: cross-validation, bootstrap, and learners beside it on request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.outcome.curves import Curves, curves_at, usual_cut
from analytics.outcome.importance import Importance, permutation_importance
from analytics.outcome.learners import Learner, RegressionLearner
from analytics.outcome.optimism import BootstrapValidation, bootstrap_optimism
from analytics.outcome.plan import Plan
from analytics.outcome.terms import variables_of
from analytics.outcome.validation import (
    CrossValidation,
    ValidationPlan,
    cross_validate,
    subjects_of,
)
from data_loader.frame import CohortFrame
from data_loader.progress import Report, part_of
from data_loader.provenance import Provenance

if TYPE_CHECKING:
    from analytics.outcome.sklearn_learners import Kind


@dataclass(frozen=True)
class ValidatedModel:
    """What validation says of a model.

    Attributes:
        plan: the model.
        how: it was validated.
        cross: cross-validation; the model comes first, then the learners.
        bootstrap: corrected for optimism; None where no resamples were asked for.
        importance: name of each model to what each variable is worth to it.
        curves: of held-out predictions of the model; None of a linear model.
        provenance: which subjects of which data these are.
    """

    plan: Plan
    how: ValidationPlan
    cross: CrossValidation
    bootstrap: BootstrapValidation | None
    importance: Mapping[str, tuple[Importance, ...]]
    curves: Curves | None
    provenance: Provenance

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that must stand beside the numbers."""
        bootstrap = self.bootstrap.notes if self.bootstrap else ()
        return tuple(dict.fromkeys((*self.cross.notes, *bootstrap)))


def validate_outcome(
    frame: CohortFrame,
    plan: Plan,
    how: ValidationPlan,
    *,
    learners: Sequence["Kind"] = (),
    progress: Report | None = None,
) -> ValidatedModel:
    """Validate a model.

    Args:
        frame: values of the variables in `plan.names`.
        plan: the model.
        how: folds, repeats, resamples, seed, and whether blanks are filled within training sets.
        learners: of scikit-learn, to be compared in the same folds.
        progress: told after each step of the whole; an exception that it raises ends the work.

    Raises:
        AnalysisError: there are too few subjects, or nothing can be learned from them.
    """
    subjects = subjects_of(frame, plan, imputes=how.imputes)
    models: list[Learner] = [RegressionLearner(plan)]
    if learners:
        from analytics.outcome.sklearn_learners import SklearnLearner  # noqa: PLC0415 - a second

        models += [SklearnLearner(kind, models[0].variables) for kind in learners]
    folds, variables = how.folds * how.repeats, len(models[0].variables)
    total = validation_steps(plan, how, learners)
    cross = cross_validate(subjects, models, how, progress=part_of(progress, 0, total))
    bootstrap = None
    if how.resamples:
        told = part_of(progress, folds, total)
        bootstrap = bootstrap_optimism(subjects, models[0], how, progress=told)
    importance = {}
    for place, model in enumerate(models):
        told = part_of(progress, folds + how.resamples + variables * place, total)
        importance[model.name] = permutation_importance(subjects, model, cross.folds, progress=told)
    endpoint, truth = plan.endpoint, subjects.truth
    curves = None
    if truth.scale != "linear":
        predicted = cross.models[0].predicted
        curves = curves_at(endpoint, truth, predicted, cut=usual_cut(endpoint, truth))
    return ValidatedModel(plan, how, cross, bootstrap, importance, curves, frame.provenance)


def validation_steps(plan: Plan, how: ValidationPlan, learners: Sequence["Kind"]) -> int:
    """How many steps `validate_outcome` reports."""
    variables = len(variables_of(plan.terms))
    return how.folds * how.repeats + how.resamples + variables * (1 + len(learners))
