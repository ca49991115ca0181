"""Sentences that must stand beside a model's numbers wherever they go."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.outcome.coefficient import Fit, cut_name
from analytics.outcome.collinearity import Inflation, Information
from analytics.outcome.cut_points import CutFits
from analytics.outcome.design import Design
from analytics.outcome.endpoint import is_mrs
from analytics.outcome.firth import FirthFit
from analytics.outcome.leakage import leakage_sentence
from analytics.outcome.linear import LinearFit
from analytics.outcome.ordinal import FLAT, CumulativeFit
from analytics.outcome.plan import Plan

if TYPE_CHECKING:
    from analytics.outcome.model import OutcomeModel

FEW_EVENTS = 10.0
"""For each column: Peduzzi et al., J Clin Epidemiol 1996;49:1373."""

FEW_CLUSTERS = 40
"""Below, the sandwich is too small: Cameron & Miller, J Human Resources 2015;50:317."""

HIGH_INFLATION = 5.0


def cautions_of(model: "OutcomeModel") -> tuple[str, ...]:
    """What a reader must know before believing the numbers."""
    plan, design, fit = model.plan, model.design, model.fit
    return (
        *([leakage_sentence(plan.late, plan.endpoint)] if plan.late else []),
        *_of_convergence(design, fit, plan),
        *_of_levels(design, fit),
        *design.notes,
        *_of_size(plan, fit, model.information),
        *_of_clusters(design),
        *_of_inflation(model.inflation),
        *_of_cuts(design, fit, model.cuts, has_brant=model.brant is not None),
    )


def _of_convergence(design: Design, fit: Fit, plan: Plan) -> Iterator[str]:
    if isinstance(fit, LinearFit) or fit.converged:
        return
    if isinstance(fit, CumulativeFit) and fit.runaway:
        names = ", ".join(design.encoder.names[place] for place in fit.runaway)
        remedy = (
            "ask for Firth's penalty (--firth), or drop the term"
            if plan.endpoint.scale == "binary"
            else "drop the term, join levels of it, or choose a dichotomy with Firth's penalty"
        )
        yield (
            f"{names} part{'s' if len(fit.runaway) == 1 else ''} the levels of the outcome"
            f" (separation), so that no finite estimate exists and none is tested; {remedy}."
        )
        return
    yield (
        f"The fit did not converge: the largest component of the gradient is {fit.gradient:.1g},"
        f" where {FLAT:g} is asked. No interval and no p-value is shown; drop or rescale terms."
    )


def _of_levels(design: Design, fit: Fit) -> Iterator[str]:
    variable = design.endpoint.variable
    if not isinstance(fit, CumulativeFit) or design.endpoint.scale != "ordinal":
        return
    declared = range(7) if is_mrs(variable) else range(len(variable.levels) * variable.is_text)
    empty = [level for level in declared if float(level) not in fit.levels]
    if empty:
        names = ", ".join(design.endpoint.level_label(level) for level in empty)
        yield (
            f"No subject used has {variable.label} {names}; the model leaves"
            f" {'that level' if len(empty) == 1 else 'those levels'} out."
        )


def _of_size(plan: Plan, fit: Fit, information: Information | None) -> Iterator[str]:
    if information is None or information.value >= FEW_EVENTS:
        return
    offer = ""
    if plan.endpoint.scale == "binary" and not isinstance(fit, FirthFit):
        offer = " Firth's penalty (--firth) lessens the bias."
    yield (
        f"For each estimated column there are {information.value:.1f} ({information.basis}), where"
        f" at least {FEW_EVENTS:g} are asked: estimates are likely too far from zero.{offer}"
    )


def _of_clusters(design: Design) -> Iterator[str]:
    if design.clusters is None:
        return
    found = len(np.unique(design.clusters.astype(str)))
    if found < FEW_CLUSTERS:
        yield (
            f"{found} clusters are too few for cluster-robust errors, which come out too small"
            f" below some {FEW_CLUSTERS}; with few centres, take the centre as a term."
        )


def _of_inflation(inflation: Sequence[Inflation]) -> Iterator[str]:
    # Products and splines say the same as their own parts by construction.
    high = [one for one in inflation if one.per_column > HIGH_INFLATION and ":" not in one.term]
    if high:
        names = ", ".join(f"{one.term} ({one.per_column:.1f})" for one in high)
        yield f"Terms that the others largely explain (variance inflation above 5): {names}."


def _of_cuts(design: Design, fit: Fit, cuts: CutFits | None, *, has_brant: bool) -> Iterator[str]:
    if not isinstance(fit, CumulativeFit):
        return
    if cuts is not None and cuts.unfitted:
        names = ", ".join(cut_name(fit.levels, fit.levels.index(low)) for low in cuts.unfitted)
        yield (
            f"At {names} the terms part the outcome; for Brant's test and the odds ratios by cut"
            " the levels on both sides count as one."
        )
    if cuts is not None and not has_brant and len(cuts.cuts) > 1:
        yield (
            "Brant's test can't be computed: at some cut there are too few subjects for its"
            " covariance."
        )
    if fit.free and fit.converged:
        crossed = int((np.diff(fit.cumulative(design.matrix), axis=1) <= 0).any(axis=1).sum())
        if crossed:
            yield (
                f"For {crossed} subjects the freed terms make a level's probability negative; free"
                " fewer terms."
            )
