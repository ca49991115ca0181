"""Repeated cross-validation: how good predictions are for subjects that a model hasn't seen.

Whatever is learned from data - imputation, scaling, knots, levels, coefficients - is learned
again from the subjects of each training set. Discrimination is measured within folds, since
predictions of different folds come from different models; all else on a repeat's predictions
together; and both averaged over repeats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.outcome.design import Excluded, build_design
from analytics.outcome.folds import Folds, draw_folds
from analytics.outcome.imputation import rows_of
from analytics.outcome.influence import Estimate
from analytics.outcome.learners import Learner
from analytics.outcome.performance import Measures, Truth, mean_measures, measure_all
from analytics.outcome.plan import Plan
from analytics.outcome.terms import variables_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.progress import Report

Float = npt.NDArray[np.float64]


MOST_FOLDS, MOST_REPEATS = 20, 200


@dataclass(frozen=True)
class ValidationPlan:
    """How models are validated.

    Attributes:
        folds: of a repeat of cross-validation; 2 to `MOST_FOLDS`.
        repeats: how often subjects are divided anew; 1 to `MOST_REPEATS`.
        resamples: of the bootstrap; 0 for none.
        seed: of the random numbers.
        imputes: whether blanks of terms are filled within training sets; else complete cases are
            used.
    """

    folds: int = 5
    repeats: int = 20
    resamples: int = 200
    seed: int = 1
    imputes: bool = False

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            AnalysisError: there are too few or too many folds or repeats.
        """
        if not (2 <= self.folds <= MOST_FOLDS and 1 <= self.repeats <= MOST_REPEATS):
            raise AnalysisError(
                f"Cross-validation takes 2 to {MOST_FOLDS} folds, repeated 1 to {MOST_REPEATS}"
                f" times, not {self.folds} folds {self.repeats} times."
            )


@dataclass(frozen=True)
class Subjects:
    """Those on whom models are validated.

    Attributes:
        values: a row a subject.
        truth: their outcome.
        excluded: who was left out, by reason.
        notes: sentences about levels that were joined or are rare.
    """

    values: pd.DataFrame
    truth: Truth
    excluded: tuple[Excluded, ...]
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.values)


@dataclass(frozen=True)
class Validated:
    """One model, cross-validated.

    Attributes:
        name: as a table names it.
        predicted: for each repeat what was predicted while held out, shape (repeats, n, width);
            NaN where nothing could be learned.
        repeats: measures of each repeat.
        measures: their means.
        failed: training sets from which nothing could be learned.
    """

    name: str
    predicted: Float
    repeats: tuple[Measures, ...]
    measures: Measures
    failed: int

    def estimates(self) -> Mapping[str, Estimate | None]:
        """Measures with their 95 % intervals."""
        return {name: m.estimate() if m else None for name, m in self.measures.items()}


@dataclass(frozen=True)
class CrossValidation:
    """Models validated in the same folds.

    Attributes:
        subjects: on whom.
        plan: how.
        folds: who was held out when.
        models: in the order in which they were given.
        notes: sentences that must stand beside the numbers.
    """

    subjects: Subjects
    plan: ValidationPlan
    folds: Folds
    models: tuple[Validated, ...]
    notes: tuple[str, ...]

    def difference(self, better: int, worse: int, measure: str) -> Estimate | None:
        """One model's measure less another's, paired by subject; None where it isn't defined."""
        one, other = (self.models[place].measures[measure] for place in (better, worse))
        return (one - other).estimate() if one and other else None

    def sentence(self) -> str:
        """What was done, for the methods."""
        plan = self.plan
        blanks = (
            "blanks of predictors were filled by their mean given the other predictors, without the"
            " outcome; this, scaling, knots and levels"
            if plan.imputes
            else "all their values are known; scaling, knots and levels"
        )
        return (
            f"Models were validated by {plan.folds}-fold cross-validation, stratified on the"
            f" outcome and repeated {plan.repeats} times (seed {plan.seed}), on {self.subjects.n}"
            f" subjects; {blanks} were learned anew in every training set. Discrimination was"
            " measured within folds, calibration and accuracy on all held-out predictions of a"
            " repeat; measures are means over repeats, with 95 % confidence intervals from the"
            " subjects' influence functions, averaged over repeats (LeDell 2015)."
        )


def subjects_of(frame: CohortFrame, plan: Plan, *, imputes: bool) -> Subjects:
    """Find the subjects on whom a plan can be validated.

    Args:
        frame: values of the variables in `plan.names`.
        plan: the model.
        imputes: whether blanks of terms are filled within folds; else complete cases are used.

    Raises:
        AnalysisError: nobody is left, or the outcome has one level.
    """
    excluded: tuple[Excluded, ...] = ()
    if imputes:
        frame, excluded = _without_structural(frame, plan)
    terms = () if imputes else plan.terms
    design = build_design(frame, endpoint=plan.endpoint, terms=terms, cluster=plan.cluster)
    response, notes = design.response, tuple[str, ...]()
    if plan.endpoint.scale == "ordinal":
        response, notes = _joined(design.response, plan)
    levels, counts = np.unique(response, return_counts=True)
    if len(levels) < 2:
        raise AnalysisError(
            f"{plan.endpoint.label} has one level among the {design.n} subjects; nothing can be"
            " validated."
        )
    if plan.endpoint.scale == "binary" and counts.min() < 2:
        raise AnalysisError(
            f"One subject alone has {'no ' if counts[0] < 2 else ''}{plan.endpoint.label};"
            " validation takes at least two with it and two without."
        )
    is_linear = plan.endpoint.scale == "linear"
    truth = Truth(plan.endpoint.scale, response, () if is_linear else tuple(map(float, levels)))
    return Subjects(design.values, truth, (*excluded, *design.excluded), notes)


def cross_validate(
    subjects: Subjects,
    learners: Sequence[Learner],
    plan: ValidationPlan,
    *,
    progress: Report | None = None,
) -> CrossValidation:
    """Validate models in the same folds.

    Args:
        subjects: on whom.
        learners: the models.
        plan: how many folds and repeats, with which seed.
        progress: told after each fold; an exception that it raises ends the work.

    Raises:
        AnalysisError: there are too few subjects, or a model can't be learned from any training
            set.
    """
    folds = draw_folds(
        subjects.truth.response,
        is_linear=subjects.truth.scale == "linear",
        count=plan.folds,
        repeats=plan.repeats,
        seed=plan.seed,
    )
    shape = (len(learners), folds.repeats, subjects.n, subjects.truth.width)
    predicted = np.full(shape, np.nan)
    reasons: list[list[str]] = [[] for _ in learners]
    seeds = np.random.SeedSequence(folds.seed).generate_state(folds.repeats * folds.count)
    for done, (repeat, fold) in enumerate(np.ndindex(folds.repeats, folds.count)):
        is_out = folds.held_out[repeat] == fold
        out, rest = np.flatnonzero(is_out), np.flatnonzero(~is_out)
        values, truth = subjects.values.iloc[rest], subjects.truth.of(rest)
        for place, learner in enumerate(learners):
            try:
                predict = learner.learn(values, truth, int(seeds[done]))
            except AnalysisError as error:
                reasons[place].append(str(error))
                continue
            predicted[place, repeat, out] = predict(subjects.values.iloc[out])
        if progress:
            progress(done + 1, folds.repeats * folds.count)
    models = tuple(
        _validated(learner.name, subjects.truth, folds, predicted[place], reasons[place])
        for place, learner in enumerate(learners)
    )
    return CrossValidation(subjects, plan, folds, models, _notes(subjects, folds, models, reasons))


def _validated(
    name: str, truth: Truth, folds: Folds, predicted: Float, reasons: Sequence[str]
) -> Validated:
    repeats = tuple(
        measure_all(truth, of_repeat, strata=held_out)
        for of_repeat, held_out in zip(predicted, folds.held_out, strict=True)
        if not np.isnan(of_repeat).all()
    )
    if not repeats:
        raise AnalysisError(f"{name} can't be validated: {reasons[0]}")
    return Validated(name, predicted, repeats, mean_measures(repeats), len(reasons))


def _notes(
    subjects: Subjects,
    folds: Folds,
    models: Sequence[Validated],
    reasons: Sequence[Sequence[str]],
) -> tuple[str, ...]:
    notes = list(subjects.notes)
    for level in subjects.truth.levels:
        count = int((subjects.truth.response == level).sum())
        if count < folds.count:
            notes.append(
                f"Level {level:g} of the outcome has {count} subjects, fewer than there are folds:"
                " some folds hold none of them."
            )
    total = folds.repeats * folds.count
    notes += [
        f"{model.name}: nothing was learned in {model.failed} of {total} training sets, whose"
        f" held-out subjects have no prediction ({of_model[0].rstrip('.')})."
        for model, of_model in zip(models, reasons, strict=True)
        if of_model
    ]
    return tuple(notes)


def _without_structural(frame: CohortFrame, plan: Plan) -> tuple[CohortFrame, tuple[Excluded, ...]]:
    kept = np.ones(len(frame), dtype=bool)
    excluded = []
    for variable in variables_of(plan.terms):
        out = kept & frame.structural[variable.name]
        if out.any():
            excluded.append(Excluded(f"{variable.label} doesn't apply", int(out.sum())))
            kept &= ~out
    return rows_of(frame, kept), tuple(excluded)


def _joined(response: Float, plan: Plan) -> tuple[Float, tuple[str, ...]]:
    """Join levels that one subject has with their neighbour, since they can't be held out."""
    notes: list[str] = []
    while True:
        levels, counts = np.unique(response, return_counts=True)
        lone = np.flatnonzero(counts == 1)
        if not lone.size or len(levels) == 2:
            return response, tuple(notes)
        place = int(lone[0])
        other = place - 1 if place else 1
        response = np.where(response == levels[place], levels[other], response)
        alone, joined = (plan.endpoint.level_label(levels[at]) for at in (place, other))
        notes.append(
            f"{plan.endpoint.label} {alone} has one subject, who can't be held out and learned"
            f" from; it is joined with {joined} for validation."
        )
