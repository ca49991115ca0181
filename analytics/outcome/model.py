"""An outcome model fitted, with everything that a reader needs to judge it."""

from dataclasses import dataclass
from functools import cached_property

from analytics.outcome.brant import Brant, WaldTest, check_proportionality
from analytics.outcome.cautions import cautions_of
from analytics.outcome.coefficient import (
    Coefficient,
    Fit,
    Threshold,
    coefficients_of,
    cut_name,
    intercept_of,
    thresholds_of,
)
from analytics.outcome.collinearity import Inflation, Information, inflation_of, information_of
from analytics.outcome.compare import Comparison, compare_groups
from analytics.outcome.cut_points import CutFits, fit_cuts
from analytics.outcome.design import Design, Excluded, build_design
from analytics.outcome.fitting import (
    discrimination_of,
    fit_columns,
    likelihood_ratio,
    term_tests,
    unadjusted_of,
)
from analytics.outcome.influence import Estimate
from analytics.outcome.linear import LinearFit
from analytics.outcome.ordinal import CumulativeFit
from analytics.outcome.plan import Plan
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance

MOST_CUTS = 9
"""Brant's test and odds ratios by cut are for scales such as the mRS; with the 42 cuts of the
NIHSS most cuts have a handful of subjects on one side."""


@dataclass(frozen=True)
class CutPoint:
    """The odds ratio of one column at one cut.

    Attributes:
        cut: as `0|1`.
        term: name of the column.
        odds_ratio: of being above the cut.
        or_low: lower 95 % Wald limit.
        or_high: upper 95 % Wald limit.
    """

    cut: str
    term: str
    odds_ratio: float
    or_low: float
    or_high: float


@dataclass(frozen=True)
class OutcomeModel:
    """A fitted model; what doesn't apply to its kind is None or empty.

    Attributes:
        plan: what was asked for.
        design: the numbers it was fitted to.
        fit: the fitted model.
        coefficients: adjusted for all terms.
        unadjusted: of each term alone, on the same subjects.
        thresholds: of an ordinal model.
        intercept: of another.
        likelihood_ratio: of all terms against none.
        term_tests: Wald's, of all columns of each term.
        brant: of proportional odds.
        cuts: logistic regressions at every cut of a scale.
        discrimination: AUC of a binary, c of an ordinal model, on the subjects it was fitted to.
        inflation: how far each term is explained by the others.
        information: subjects that count, for each column.
        comparison: of the groups, without adjustment.
        provenance: which subjects of which data these are.
    """

    plan: Plan
    design: Design
    fit: Fit
    coefficients: tuple[Coefficient, ...]
    unadjusted: tuple[Coefficient, ...]
    thresholds: tuple[Threshold, ...]
    intercept: Coefficient | None
    likelihood_ratio: WaldTest | None
    term_tests: tuple[WaldTest, ...]
    brant: Brant | None
    cuts: CutFits | None
    discrimination: Estimate | None
    inflation: tuple[Inflation, ...]
    information: Information | None
    comparison: Comparison | None
    provenance: Provenance

    @property
    def n(self) -> int:
        """Subjects that the model is fitted to."""
        return self.design.n

    @property
    def events(self) -> int | None:
        """How many of them had the event; None where the outcome isn't binary."""
        if self.plan.endpoint.scale != "binary":
            return None
        return int(self.design.response.sum())

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Who of the cohort was left out, by reason."""
        return self.design.excluded

    @property
    def converged(self) -> bool:
        """Whether there are estimates; least squares always have some."""
        return isinstance(self.fit, LinearFit) or self.fit.converged

    @property
    def log_likelihood(self) -> float:
        """At the maximum; penalised with Firth's penalty."""
        return self.fit.log_likelihood

    @cached_property
    def cut_points(self) -> tuple[CutPoint, ...]:
        """Odds ratios at every cut, in the order of cuts and columns."""
        if self.cuts is None or not isinstance(self.fit, CumulativeFit):
            return ()
        levels = self.fit.levels
        return tuple(
            CutPoint(
                cut_name(levels, levels.index(level)), name, *self.cuts.interval(place, column)
            )
            for place, level in enumerate(self.cuts.cuts)
            for column, name in enumerate(self.design.encoder.names)
        )

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that must stand beside the numbers."""
        return cautions_of(self)


def fit_outcome(frame: CohortFrame, plan: Plan) -> OutcomeModel:
    """Fit a model and all that is said about it.

    Args:
        frame: values of the variables in `plan.names`.
        plan: what is asked for.

    Raises:
        AnalysisError: these values can't be modelled that way.
    """
    design = build_design(frame, endpoint=plan.endpoint, terms=plan.terms, cluster=plan.cluster)
    if plan.group and not design.encoder.columns_of(plan.terms[0].text):
        raise AnalysisError(
            f"Every subject used has the same {plan.group.label}, so that there are no groups to"
            " compare; widen the cohort or choose another variable."
        )
    fit = fit_columns(design, plan)
    works = isinstance(fit, LinearFit) or fit.converged
    cuts = _fit_cuts(design, fit) if works else None
    names = design.encoder.names
    return OutcomeModel(
        plan=plan,
        design=design,
        fit=fit,
        coefficients=coefficients_of(fit, design.encoder, profile=True),
        unadjusted=unadjusted_of(design, plan),
        thresholds=thresholds_of(fit),
        intercept=intercept_of(fit),
        likelihood_ratio=likelihood_ratio(fit),
        term_tests=term_tests(fit, design.encoder) if works else (),
        brant=check_proportionality(cuts, names) if cuts else None,
        cuts=cuts,
        discrimination=discrimination_of(design, fit) if works else None,
        inflation=inflation_of(design.matrix, design.encoder),
        information=information_of(design.response, scale=plan.endpoint.scale, columns=len(names)),
        comparison=_compare(frame, plan),
        provenance=frame.provenance,
    )


def _fit_cuts(design: Design, fit: Fit) -> CutFits | None:
    is_scale = isinstance(fit, CumulativeFit) and 2 < len(fit.levels) <= MOST_CUTS + 1
    if not is_scale or not design.encoder.names:
        return None
    try:
        return fit_cuts(design.matrix, design.response, clusters=design.clusters)
    except AnalysisError:
        return None


def _compare(frame: CohortFrame, plan: Plan) -> Comparison | None:
    if plan.group is None or plan.endpoint.minus is not None:
        return None
    try:
        return compare_groups(frame, plan.endpoint.variable.name, by=plan.group.name)
    except AnalysisError:
        # The model stands without it: the outcome is no score, or is known in one group only.
        return None
