"""Whether terms add to a model: infarct volume, territory or mismatch to what the clinic knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc

from analytics.outcome.brant import wald
from analytics.outcome.coefficient import Fit
from analytics.outcome.design import build_design
from analytics.outcome.firth import FirthFit
from analytics.outcome.fitting import fit_columns, places_of
from analytics.outcome.imputed_model import ImputedModel
from analytics.outcome.influence import Estimate, Measure
from analytics.outcome.learners import RegressionLearner
from analytics.outcome.linear import LinearFit
from analytics.outcome.ordinal import CumulativeFit
from analytics.outcome.performance import discrimination, discrimination_name
from analytics.outcome.plan import Plan
from analytics.outcome.validation import (
    CrossValidation,
    Subjects,
    ValidationPlan,
    cross_validate,
    subjects_of,
)
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.progress import Report


@dataclass(frozen=True)
class AddedTest:
    """Whether the added terms have any effect.

    Attributes:
        name: of the test.
        statistic: chi-squared; F over imputations and by cluster.
        df: estimates tested.
        df2: degrees of freedom of F's denominator; None of chi-squared.
        p: of the statistic.
    """

    name: str
    statistic: float
    df: int
    df2: float | None
    p: float


@dataclass(frozen=True)
class NestedComparison:
    """Two models on the same subjects, one with some terms more.

    Attributes:
        base: the smaller model.
        full: the larger one.
        added: texts of the terms that it has more.
        test: of the added terms, on the subjects that the models are fitted to.
        measure: name of the measure of discrimination, a key of `LABELS`.
        apparent: of base and full on the subjects that they are fitted to, and their difference,
            paired; its interval describes, the test decides (Demler, Pencina and D'Agostino, Stat
            Med 2012; 31: 2577-2587).
        validation: both cross-validated in the same folds, base first.
    """

    base: Plan
    full: Plan
    added: tuple[str, ...]
    test: AddedTest
    measure: str
    apparent: tuple[Estimate, Estimate, Estimate]
    validation: CrossValidation

    @property
    def validated_difference(self) -> Estimate | None:
        """Full less base, on held-out subjects."""
        return self.validation.difference(1, 0, self.measure)

    def sentence(self) -> str:
        """What was done, for the methods."""
        return (
            f"The model with {', '.join(self.added)} was compared with the one without on the same"
            f" {self.validation.subjects.n} subjects by a {self.test.name}; the difference of"
            " discrimination is given with its paired interval, on these subjects and from"
            " cross-validation."
        )


def compare_nested(  # noqa: PLR0913 - two models, how, and with what
    frame: CohortFrame,
    base: Plan,
    full: Plan,
    how: ValidationPlan,
    *,
    imputed: ImputedModel | None = None,
    progress: Report | None = None,
) -> NestedComparison:
    """Compare a model with one that has some terms more.

    Args:
        frame: values of the variables in `full.names`.
        base: the smaller model.
        full: the larger one, alike in all else.
        how: validation; whether blanks are filled within folds.
        imputed: the larger model pooled over imputations, whose joint Wald test then takes the
            place of the likelihood ratio.
        progress: told after each fold; an exception that it raises ends the work.

    Raises:
        AnalysisError: the models aren't nested, or can't be fitted.
    """
    added = _added(base, full)
    if how.imputes != (imputed is not None):
        raise AnalysisError(
            "Nested models are compared on the same subjects: where validation fills blanks, the"
            " test needs the model pooled over imputations, and otherwise it needs none."
        )
    subjects = subjects_of(frame, full, imputes=how.imputes)
    small, large = RegressionLearner(base, "Without"), RegressionLearner(full, "With")
    one, two = (_apparent(subjects, learner, how.seed) for learner in (small, large))
    return NestedComparison(
        base=base,
        full=full,
        added=added,
        test=_pooled_test(imputed, added) if imputed else _test(frame, full, added),
        measure=discrimination_name(full.endpoint.scale),
        apparent=(one.estimate(), two.estimate(), (two - one).estimate()),
        validation=cross_validate(subjects, [small, large], how, progress=progress),
    )


def _added(base: Plan, full: Plan) -> tuple[str, ...]:
    had = [term.text for term in base.terms]
    has = [term.text for term in full.terms]
    added = tuple(text for text in has if text not in had)
    alike = base.endpoint == full.endpoint and base.model == full.model and base.free == full.free
    if not alike or not added or set(had) - set(has):
        raise AnalysisError(
            "Nested models have the same outcome and kind, and the larger one has all terms of the"
            " smaller and at least one more."
        )
    return added


def _apparent(subjects: Subjects, learner: RegressionLearner, seed: int) -> Measure:
    predict = learner.learn(subjects.values, subjects.truth, seed)
    return discrimination(subjects.truth, predict(subjects.values))


def _test(frame: CohortFrame, full: Plan, added: Sequence[str]) -> AddedTest:
    design = build_design(frame, endpoint=full.endpoint, terms=full.terms, cluster=full.cluster)
    new = {column for text in added for column in design.encoder.columns_of(text)}
    old = tuple(n for n in range(len(design.encoder.names)) if n not in new)
    if not new:
        raise AnalysisError("The added terms say nothing that the others don't.")
    large = fit_columns(design, full)
    if isinstance(large, LinearFit) and not full.hc3 and full.cluster is None:
        return _likelihood_ratio(large, fit_columns(design, full, columns=old))
    if isinstance(large, CumulativeFit) and full.cluster is None:
        small = fit_columns(design, full, columns=old)
        _check_converged(large, small)
        return _likelihood_ratio(large, small)
    _check_converged(large)
    return _wald_test(large, sorted(new))


def _check_converged(*fits: Fit) -> None:
    if any(not isinstance(fit, LinearFit) and not fit.converged for fit in fits):
        raise AnalysisError(
            "A model did not converge, so that the two can't be compared: the terms may separate"
            " the outcome; drop one."
        )


def _likelihood_ratio(large: Fit, small: Fit) -> AddedTest:
    df = len(large.estimates) - len(small.estimates)
    chi2 = max(2 * (large.log_likelihood - small.log_likelihood), 0.0)
    return AddedTest("likelihood ratio test", chi2, df, None, float(chdtrc(df, chi2)))


def _wald_test(fit: Fit, columns: Sequence[int]) -> AddedTest:
    places = [place for column in columns for place in places_of(fit, column)]
    found = wald(np.eye(len(fit.estimates))[places], fit.estimates, fit.covariance)
    if found is None:
        raise AnalysisError("The added terms determine each other; drop one.")
    if isinstance(fit, FirthFit) or fit.df is None:
        return AddedTest("Wald test", found.chi2, found.df, None, found.p)
    f = found.chi2 / found.df
    return AddedTest("Wald test (F)", f, found.df, fit.df, float(fdtrc(found.df, fit.df, f)))


def _pooled_test(imputed: ImputedModel, added: Sequence[str]) -> AddedTest:
    found = imputed.test(added)
    name = "joint Wald test pooled over imputations (D1)"
    return AddedTest(name, found.statistic, found.df1, found.df2, found.p)
