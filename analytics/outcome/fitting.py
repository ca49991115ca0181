"""From a design to a fit, and the tests that follow from it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, expit

from analytics.outcome.brant import WaldTest, wald
from analytics.outcome.coefficient import Coefficient, Fit, coefficients_of
from analytics.outcome.design import Design
from analytics.outcome.discrimination import auc, concordance
from analytics.outcome.encoding import Encoder
from analytics.outcome.firth import fit_firth
from analytics.outcome.influence import Estimate
from analytics.outcome.linear import LinearFit, fit_linear
from analytics.outcome.ordinal import CumulativeFit, fit_cumulative
from analytics.outcome.plan import Plan
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


def fit_columns(design: Design, plan: Plan, *, columns: tuple[int, ...] | None = None) -> Fit:
    """Fit what a plan asks for.

    Args:
        design: outcome and terms as numbers.
        plan: how they are modelled.
        columns: places of the columns to use; all by default.

    Raises:
        AnalysisError: these numbers can't be modelled that way.
    """
    columns = tuple(range(design.matrix.shape[1])) if columns is None else columns
    matrix = design.matrix[:, list(columns)]
    if plan.endpoint.scale == "linear":
        return fit_linear(matrix, design.response, hc3=plan.hc3, clusters=design.clusters)
    freed = {place for text in plan.free for place in design.encoder.columns_of(text)}
    free = [n for n, column in enumerate(columns) if column in freed]
    if plan.firth:
        # It finds what no model can have: one level, too few subjects.
        fit_cumulative(matrix, design.response)
        return fit_firth(matrix, design.response)
    return fit_cumulative(matrix, design.response, free=free, clusters=design.clusters)


def unadjusted_of(design: Design, plan: Plan) -> tuple[Coefficient, ...]:
    """Estimates of each term alone, on the same subjects; products have none."""
    found: list[Coefficient] = []
    for term in design.encoder.terms:
        columns = design.encoder.columns_of(term.text)
        if len(term.parts) > 1 or not columns:
            continue
        fit = fit_columns(design, plan, columns=columns)
        found += coefficients_of(fit, only_columns(design.encoder, columns), profile=False)
    return tuple(found)


def likelihood_ratio(fit: Fit) -> WaldTest | None:
    """All terms against none; None where likelihoods can't be compared."""
    if not isinstance(fit, CumulativeFit) or not fit.converged or fit.clusters is not None:
        return None
    df = fit.likelihood.size - fit.likelihood.cuts
    chi2 = max(2 * (fit.log_likelihood - fit.log_likelihood_null), 0.0)
    return WaldTest("", chi2, df, float(chdtrc(df, chi2))) if df else None


def term_tests(fit: Fit, encoder: Encoder) -> tuple[WaldTest, ...]:
    """Wald's test of all estimates of each term; none by cluster, where it would be too small."""
    if isinstance(fit, CumulativeFit | LinearFit) and _is_clustered(fit):
        return ()
    tests = []
    for text in dict.fromkeys(predictor.term for predictor in encoder.predictors):
        places = [p for column in encoder.columns_of(text) for p in places_of(fit, column)]
        contrasts = np.eye(len(fit.estimates))[places]
        test = wald(contrasts, fit.estimates, fit.covariance, term=text)
        tests += [test] if test else []
    return tuple(tests)


def discrimination_of(design: Design, fit: Fit) -> Estimate | None:
    """AUC or c on the subjects that the model was fitted to; None of a linear model."""
    if isinstance(fit, LinearFit):
        return None
    score = ranking_of(fit, design.matrix)
    try:
        if design.endpoint.scale == "binary":
            return auc(design.response == 1, score).estimate()
        return concordance(design.response, score).estimate()
    except AnalysisError:
        return None


def _is_clustered(fit: CumulativeFit | LinearFit) -> bool:
    return fit.errors == "cluster" if isinstance(fit, LinearFit) else fit.clusters is not None


def ranking_of(fit: Fit, matrix: Float) -> Float:
    """A number for each row of a design that is higher where a higher outcome is likelier."""
    if isinstance(fit, LinearFit):
        return np.asarray(matrix @ fit.estimates[:-1] + fit.estimates[-1])
    if isinstance(fit, CumulativeFit) and fit.free:
        # With estimates that differ between cuts there is no single predictor: the mean level.
        return np.asarray(expit(-fit.cumulative(matrix)).sum(axis=1))
    return fit.linear_predictor(matrix)


def only_columns(encoder: Encoder, columns: Sequence[int]) -> Encoder:
    """An encoder of some of its columns, by their places."""
    kept = encoder.kept or tuple(range(len(encoder.predictors)))
    return replace(encoder, kept=tuple(kept[column] for column in columns))


def places_of(fit: Fit, column: int) -> list[int]:
    """Places of a column's estimates: one, or one a cut where it is freed."""
    if isinstance(fit, CumulativeFit) and column in fit.free:
        return [fit.place(column, cut) for cut in range(fit.likelihood.cuts)]
    return [fit.place(column) if isinstance(fit, CumulativeFit) else column]
