"""Which subjects move an estimate: how it changes when one is left out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.outcome.coefficient import cut_name
from analytics.outcome.firth import FirthFit
from analytics.outcome.linear import LinearFit
from analytics.outcome.model import OutcomeModel
from analytics.outcome.ordinal import CumulativeFit
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Influence:
    """How subjects move one estimate.

    Attributes:
        term: name of the coefficient.
        subjects: `dataset/subject`, those that move it most first, shape (n,).
        change: estimate of all less that without the subject, shape (n,); NaN, and first, where
            there is none without the subject.
        standard: the same in standard errors of the estimate, shape (n,).
        method: how it was computed.
    """

    term: str
    subjects: tuple[str, ...]
    change: Float
    standard: Float
    method: str


def influence_on(model: OutcomeModel, term: str) -> Influence:
    """How each subject moves the estimate of a coefficient.

    Exact in a linear model; else one Newton step from the estimates of all, without the subject
    (Pregibon, Ann Stat 1981;9:705).

    Args:
        model: a fitted model.
        term: name of a coefficient, such as `age` or `sex[M]`.

    Raises:
        AnalysisError: there is no such coefficient, or the model didn't converge.
    """
    names = [coefficient.term for coefficient in model.coefficients]
    if term not in names:
        raise AnalysisError(f"{term!r} is no coefficient of the model ({', '.join(names)}).")
    if not model.converged:
        raise AnalysisError("The model did not converge, so that nobody moves its estimates.")
    fit, place = model.fit, names.index(term)
    if isinstance(fit, LinearFit):
        change, method = fit.changes[:, place], "exact"
    elif isinstance(fit, FirthFit):
        change, method = fit.changes(place), "one step, Firth's penalty held"
    else:
        change, method = fit.changes(_place(fit, model, term)), "one Newton step"
    order = np.argsort(-np.abs(np.where(np.isnan(change), np.inf, change)), kind="stable")
    return Influence(
        term=term,
        subjects=tuple(model.design.subjects[n] for n in order),
        change=change[order],
        standard=change[order] / float(model.coefficients[place].se or np.nan),
        method=method,
    )


def _place(fit: CumulativeFit, model: OutcomeModel, term: str) -> int:
    name, _, cut = term.partition("@")
    column = model.design.encoder.names.index(name)
    if not cut:
        return fit.place(column)
    cuts = [cut_name(fit.levels, place) for place in range(fit.likelihood.cuts)]
    return fit.place(column, cuts.index(cut))
