"""Estimates of a model, one by one, with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, sqrt

from analytics.outcome.effect import Z95
from analytics.outcome.encoding import Encoder, Predictor
from analytics.outcome.firth import FirthFit
from analytics.outcome.linear import LinearFit
from analytics.outcome.ordinal import CumulativeFit

Fit = CumulativeFit | FirthFit | LinearFit


@dataclass(frozen=True)
class Coefficient:
    """An estimate of one column; None where a number doesn't exist.

    Attributes:
        term: name of the column: `age`, `sex[M]`; of a freed term with its cut: `age@0|1`.
        label: as a table names it.
        estimate: log odds ratio, or slope of a linear model.
        se: its standard error.
        ci_low: lower 95 % Wald limit.
        ci_high: upper 95 % Wald limit.
        p: two-sided: Wald's z; Student's t of a linear model and by cluster; the penalised
            likelihood ratio with Firth's penalty.
        odds_ratio: exponential of the estimate; None in a linear model.
        or_low: lower 95 % Wald limit.
        or_high: upper 95 % Wald limit.
        or_profile_low: lower 95 % limit of the profile likelihood; None with clusters.
        or_profile_high: upper 95 % limit of the profile likelihood.
    """

    term: str
    label: str
    estimate: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    odds_ratio: float | None = None
    or_low: float | None = None
    or_high: float | None = None
    or_profile_low: float | None = None
    or_profile_high: float | None = None

    @property
    def reversed(self) -> "Coefficient":
        """Read the other way: the odds ratio of a lower value of the outcome."""

        def inverse(value: float | None) -> float | None:
            return 1 / value if value else None

        def negative(value: float | None) -> float | None:
            return None if value is None else -value

        return replace(
            self,
            estimate=negative(self.estimate),
            ci_low=negative(self.ci_high),
            ci_high=negative(self.ci_low),
            odds_ratio=inverse(self.odds_ratio),
            or_low=inverse(self.or_high),
            or_high=inverse(self.or_low),
            or_profile_low=inverse(self.or_profile_high),
            or_profile_high=inverse(self.or_profile_low),
        )


@dataclass(frozen=True)
class Threshold:
    """The intercept of a cut.

    Attributes:
        level: the cut, as `0|1`: up to 0 against from 1 on.
        estimate: log odds of being at or below it where every column is 0.
        se: its standard error; None where the fit has none.
    """

    level: str
    estimate: float
    se: float | None


def cut_name(levels: Sequence[float], cut: int) -> str:
    """A cut by the levels on its two sides: `0|1`."""
    return f"{levels[cut]:g}|{levels[cut + 1]:g}"


def coefficients_of(fit: Fit, encoder: Encoder, *, profile: bool) -> tuple[Coefficient, ...]:
    """The estimates of a fit, in the order of the columns.

    Args:
        fit: the fitted model.
        encoder: names its columns.
        profile: whether limits of the profile likelihood are wanted.
    """
    if isinstance(fit, LinearFit):
        return _linear(fit, encoder)
    if isinstance(fit, FirthFit):
        return _firth(fit, encoder)
    return tuple(
        _cumulative(fit, place, named, column=column, profile=profile)
        for column, predictor in enumerate(encoder.predictors)
        for place, named in _places(fit, column, predictor)
    )


def thresholds_of(fit: Fit) -> tuple[Threshold, ...]:
    """Intercepts of the cuts of an ordinal model."""
    if not isinstance(fit, CumulativeFit) or len(fit.levels) == 2:
        return ()
    return tuple(
        Threshold(
            cut_name(fit.levels, cut),
            float(fit.estimates[fit.threshold(cut)]),
            sqrt(fit.covariance[fit.threshold(cut), fit.threshold(cut)]) if fit.converged else None,
        )
        for cut in range(fit.likelihood.cuts)
    )


def intercept_of(fit: Fit) -> Coefficient | None:
    """The intercept of a binary or linear model."""
    named = Coefficient("intercept", "Intercept")
    if isinstance(fit, CumulativeFit):
        if len(fit.levels) > 2 or not fit.converged:
            return None
        place, sign, factor = fit.threshold(0), -1, fit.reach
    else:
        place, sign, factor = len(fit.estimates) - 1, 1, Z95
    if isinstance(fit, LinearFit):
        factor = fit.t
    se = sqrt(fit.covariance[place, place])
    found = _wald(named, sign * float(fit.estimates[place]), se, factor=factor)
    return replace(found, odds_ratio=None, or_low=None, or_high=None)


def _places(fit: CumulativeFit, column: int, predictor: Predictor) -> list[tuple[int, Predictor]]:
    if column in fit.common:
        return [(fit.place(column), predictor)]
    names = [cut_name(fit.levels, cut) for cut in range(fit.likelihood.cuts)]
    return [
        (
            fit.place(column, cut),
            replace(predictor, name=f"{predictor.name}@{name}", label=f"{predictor.label}, {name}"),
        )
        for cut, name in enumerate(names)
    ]


def _cumulative(
    fit: CumulativeFit, place: int, predictor: Predictor, *, column: int, profile: bool
) -> Coefficient:
    named = Coefficient(predictor.name, predictor.label)
    if column in fit.runaway:
        return named
    estimate = float(fit.estimates[place])
    if not fit.converged:
        return replace(named, estimate=estimate, odds_ratio=_exp(estimate))
    se = sqrt(fit.covariance[place, place])
    found = replace(_wald(named, estimate, se, factor=fit.reach), p=fit.p_value(place))
    if not profile or fit.clusters is not None:
        return found
    low, high = fit.profile_limits(place, z=Z95)
    return replace(found, or_profile_low=_exp(low), or_profile_high=_exp(high))


def _firth(fit: FirthFit, encoder: Encoder) -> tuple[Coefficient, ...]:
    found = []
    for place, predictor in enumerate(encoder.predictors):
        estimate, se = float(fit.estimates[place]), sqrt(fit.covariance[place, place])
        named = Coefficient(predictor.name, predictor.label)
        if not fit.converged:
            found.append(replace(named, estimate=estimate, odds_ratio=_exp(estimate)))
            continue
        low, high = fit.profile_limits(place)
        one = replace(_wald(named, estimate, se, factor=Z95), p=fit.p_value(place))
        found.append(replace(one, or_profile_low=_exp(low), or_profile_high=_exp(high)))
    return tuple(found)


def _linear(fit: LinearFit, encoder: Encoder) -> tuple[Coefficient, ...]:
    p = fit.p_values()
    found = []
    for place, predictor in enumerate(encoder.predictors):
        estimate, se = float(fit.estimates[place]), sqrt(fit.covariance[place, place])
        named = Coefficient(predictor.name, predictor.label)
        wald = _wald(named, estimate, se, factor=fit.t)
        found.append(
            replace(wald, p=_known(float(p[place])), odds_ratio=None, or_low=None, or_high=None)
        )
    return tuple(found)


def _wald(named: Coefficient, estimate: float, se: float, *, factor: float) -> Coefficient:
    low, high = estimate - factor * se, estimate + factor * se
    return replace(
        named,
        estimate=estimate,
        se=se,
        ci_low=low,
        ci_high=high,
        odds_ratio=_exp(estimate),
        or_low=_exp(low),
        or_high=_exp(high),
    )


def _exp(value: float | None) -> float | None:
    """Exponential; None where it is no number that could be printed."""
    return exp(value) if value is not None and isfinite(value) and abs(value) < 700 else None


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
