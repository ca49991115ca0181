"""An outcome model fitted to every completed frame, and pooled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.outcome.coefficient import Coefficient, Fit, Threshold, coefficients_of, cut_name
from analytics.outcome.design import Design, Excluded, build_design, independent_columns
from analytics.outcome.encoding import Encoder
from analytics.outcome.fitting import discrimination_of, fit_columns, only_columns, places_of
from analytics.outcome.imputation import Imputation
from analytics.outcome.influence import Estimate
from analytics.outcome.linear import LinearFit
from analytics.outcome.ordinal import CumulativeFit
from analytics.outcome.plan import Plan
from analytics.outcome.rubin import JointTest, Pooled, joint_test, pool
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PooledCoefficient:
    """One estimate with what missing values cost it.

    Attributes:
        coefficient: the estimate; limits and p from t with `df` degrees of freedom.
        df: Barnard and Rubin's.
        missing_information: fraction of the information that is missing.
        efficiency: variance of endless imputations over that of these.
    """

    coefficient: Coefficient
    df: float
    missing_information: float
    efficiency: float


@dataclass(frozen=True)
class PooledEstimates:
    """What stands beside the estimates of the complete cases.

    Attributes:
        imputations: how many were pooled.
        n: subjects in each.
        coefficients: adjusted for all terms.
    """

    imputations: int
    n: int
    coefficients: tuple[PooledCoefficient, ...]

    @property
    def by_term(self) -> dict[str, PooledCoefficient]:
        """Name of a column to its estimate."""
        return {one.coefficient.term: one for one in self.coefficients}

    @property
    def reversed(self) -> "PooledEstimates":
        """The same of a lower outcome."""
        turned = (replace(one, coefficient=one.coefficient.reversed) for one in self.coefficients)
        return replace(self, coefficients=tuple(turned))


@dataclass(frozen=True)
class ImputedModel:
    """A model pooled over imputations; what doesn't apply to its kind is None or empty.

    Attributes:
        plan: what was asked for.
        imputation: the completed frames.
        n: subjects that the model is fitted to.
        excluded: who of the cohort was left out, by reason.
        encoder: terms to columns, the same for every imputation.
        fits: one an imputation.
        complete_df: residual degrees of freedom, had nothing been missing.
        coefficients: adjusted for all terms.
        unadjusted: of each term alone, on the same subjects.
        thresholds: of an ordinal model.
        intercept: of another.
        discrimination: AUC or c on the subjects that it was fitted to, pooled likewise.
        notes: sentences that must stand beside the numbers.
        provenance: which subjects of which data these are.
    """

    plan: Plan
    imputation: Imputation
    n: int
    excluded: tuple[Excluded, ...]
    encoder: Encoder
    fits: tuple[Fit, ...]
    complete_df: float
    coefficients: tuple[PooledCoefficient, ...]
    unadjusted: tuple[PooledCoefficient, ...]
    thresholds: tuple[Threshold, ...]
    intercept: PooledCoefficient | None
    discrimination: Estimate | None
    notes: tuple[str, ...]
    provenance: Provenance

    @property
    def estimates(self) -> PooledEstimates:
        """The adjusted estimates alone."""
        return PooledEstimates(len(self.fits), self.n, self.coefficients)

    def test(self, terms: Iterable[str]) -> JointTest:
        """Whether all estimates of some terms, named by their texts, are zero (D1).

        Raises:
            AnalysisError: none of them has an estimate.
        """
        columns = [column for text in terms for column in self.encoder.columns_of(text)]
        return joint_test(
            [fit.estimates for fit in self.fits],
            [fit.covariance for fit in self.fits],
            complete_df=self.complete_df,
            places=[place for column in columns for place in places_of(self.fits[0], column)],
        )


def fit_imputed(imputation: Imputation, plan: Plan) -> ImputedModel:
    """Fit a plan to every completed frame and pool.

    Knots and levels are learned once, from all frames together, so that a column means the same
    in each.

    Args:
        imputation: from `impute`, with the endpoint and terms of the plan.
        plan: the model.

    Raises:
        AnalysisError: these values can't be modelled that way, or the model doesn't converge in
            some imputation.
    """
    designs, excluded = _designs(imputation, plan)
    encoder = designs[0].encoder
    every = tuple(range(len(encoder.predictors)))
    fits, pooled = _pool(designs, plan, every)
    return ImputedModel(
        plan=plan,
        imputation=imputation,
        n=designs[0].n,
        excluded=(*imputation.excluded, *excluded),
        encoder=encoder,
        fits=tuple(fits),
        complete_df=_complete_df(designs[0], fits[0]),
        coefficients=_coefficients(fits[0], encoder, pooled),
        unadjusted=_unadjusted(designs, plan),
        thresholds=_thresholds(fits[0], pooled),
        intercept=_intercept(fits[0], pooled),
        discrimination=_discrimination(designs, fits),
        notes=(*imputation.notes, *designs[0].notes),
        provenance=imputation.frames[0].provenance,
    )


def _designs(imputation: Imputation, plan: Plan) -> tuple[list[Design], list[Excluded]]:
    """A design an imputation, with the same columns."""
    frames = imputation.frames
    stacked = build_design(
        _stacked(frames), endpoint=plan.endpoint, terms=plan.terms, cluster=plan.cluster
    )
    of_frame = stacked.values.index.to_numpy() // len(frames[0])
    kept = set(range(len(stacked.encoder.names)))
    notes = list(stacked.notes)
    for number in range(len(frames)):
        places, sentences = independent_columns(
            stacked.matrix[of_frame == number], stacked.encoder.names
        )
        kept &= set(places)
        notes += [sentence for sentence in sentences if sentence not in notes]
    columns = sorted(kept)
    encoder = only_columns(stacked.encoder, columns)
    designs = []
    for number in range(len(frames)):
        at = of_frame == number
        designs.append(
            replace(
                stacked,
                response=stacked.response[at],
                encoder=encoder,
                matrix=stacked.matrix[np.ix_(at, columns)],
                values=stacked.values[at],
                clusters=None if stacked.clusters is None else stacked.clusters[at],
                notes=tuple(notes),
            )
        )
    excluded = [Excluded(one.reason, one.n // len(frames)) for one in stacked.excluded]
    return designs, excluded


def _stacked(frames: Sequence[CohortFrame]) -> CohortFrame:
    return replace(
        frames[0],
        values=pd.concat([frame.values for frame in frames], ignore_index=True),
        structural={
            name: np.tile(is_structural, len(frames))
            for name, is_structural in frames[0].structural.items()
        },
    )


def _pool(
    designs: Sequence[Design], plan: Plan, columns: tuple[int, ...]
) -> tuple[list[Fit], Pooled]:
    fits = [fit_columns(design, plan, columns=columns) for design in designs]
    lost = [fit for fit in fits if not isinstance(fit, LinearFit) and not fit.converged]
    if lost:
        raise AnalysisError(
            f"The model did not converge in {len(lost)} of {len(fits)} imputations, so that nothing"
            " can be pooled: the terms may separate the outcome; drop one, or ask for Firth's"
            " penalty."
        )
    found = pool(
        [fit.estimates for fit in fits],
        [fit.covariance for fit in fits],
        complete_df=_complete_df(designs[0], fits[0]),
    )
    return fits, found


def _complete_df(design: Design, fit: Fit) -> float:
    if isinstance(fit, LinearFit):
        return fit.df
    if design.clusters is not None:
        return len(set(design.clusters)) - 1
    return design.n - len(fit.estimates)


def _coefficients(fit: Fit, encoder: Encoder, pooled: Pooled) -> tuple[PooledCoefficient, ...]:
    # One fit names the estimates; their numbers are the pooled ones.
    named = coefficients_of(fit, encoder, profile=False)
    places = [place for column in range(len(encoder.names)) for place in places_of(fit, column)]
    is_linear = isinstance(fit, LinearFit)
    return tuple(
        _pooled_at(pooled, place, Coefficient(one.term, one.label), has_odds=not is_linear)
        for one, place in zip(named, places, strict=True)
    )


def _pooled_at(
    pooled: Pooled, place: int, named: Coefficient, *, has_odds: bool, sign: int = 1
) -> PooledCoefficient:
    estimate = sign * float(pooled.estimate[place])
    low, high = sorted(sign * float(at[place]) for at in (pooled.ci_low, pooled.ci_high))
    found = replace(
        named,
        estimate=estimate,
        se=float(pooled.se[place]),
        ci_low=low,
        ci_high=high,
        p=float(pooled.p[place]),
    )
    if has_odds:
        found = replace(found, odds_ratio=_exp(estimate), or_low=_exp(low), or_high=_exp(high))
    return PooledCoefficient(
        found,
        df=float(pooled.df[place]),
        missing_information=float(pooled.missing_information[place]),
        efficiency=float(pooled.efficiency[place]),
    )


def _exp(value: float) -> float | None:
    return exp(value) if abs(value) < 700 else None


def _unadjusted(designs: Sequence[Design], plan: Plan) -> tuple[PooledCoefficient, ...]:
    """Each term alone; products have no estimate of their own."""
    found: list[PooledCoefficient] = []
    for term in designs[0].encoder.terms:
        columns = designs[0].encoder.columns_of(term.text)
        if len(term.parts) == 1 and columns:
            fits, pooled = _pool(designs, plan, columns)
            found += _coefficients(fits[0], only_columns(designs[0].encoder, columns), pooled)
    return tuple(found)


def _thresholds(fit: Fit, pooled: Pooled) -> tuple[Threshold, ...]:
    if not isinstance(fit, CumulativeFit) or len(fit.levels) == 2:
        return ()
    places = [fit.threshold(cut) for cut in range(fit.likelihood.cuts)]
    return tuple(
        Threshold(cut_name(fit.levels, cut), float(pooled.estimate[at]), float(pooled.se[at]))
        for cut, at in enumerate(places)
    )


def _intercept(fit: Fit, pooled: Pooled) -> PooledCoefficient | None:
    named = Coefficient("intercept", "Intercept")
    if not isinstance(fit, CumulativeFit):
        return _pooled_at(pooled, len(pooled.estimate) - 1, named, has_odds=False)
    if len(fit.levels) > 2:
        return None
    # The threshold is of the lower level.
    return _pooled_at(pooled, fit.threshold(0), named, has_odds=False, sign=-1)


def _discrimination(designs: Sequence[Design], fits: Sequence[Fit]) -> Estimate | None:
    each = [discrimination_of(design, fit) for design, fit in zip(designs, fits, strict=True)]
    known = [one for one in each if one is not None]
    if len(known) < len(each):
        return None
    found = pool(
        np.array([[one.value] for one in known]),
        np.array([[[one.se**2]] for one in known]),
        complete_df=designs[0].n - 1,
    )
    low, high = max(float(found.ci_low[0]), 0.0), min(float(found.ci_high[0]), 1.0)
    return Estimate(float(found.estimate[0]), float(found.se[0]), low, high)
