"""Lesion-symptom maps of an index's cohorts: what is asked for, read, and the map of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import numpy.typing as npt

from analytics.outcome.encoding import learn_encoder
from analytics.outcome.endpoint import Endpoint, parse_endpoint
from analytics.outcome.terms import Term, parse_terms, variables_of
from analytics.symptom_map import (
    Floats,
    Method,
    Symptom,
    SymptomMap,
    SymptomPlan,
    map_symptom,
    unheard,
)
from data_loader.errors import AnalysisError
from data_loader.progress import Report
from data_loader.variables import Variable

if TYPE_CHECKING:
    from data_loader.cohort import Cohort
    from data_loader.frame import CohortFrame
    from data_loader.index import Index

METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True)
class SymptomQuestion:
    """What of a cohort is mapped, and how.

    Attributes:
        score: a variable, or the change between two.
        terms: covariates, of the linear model only.
        plan: how.
    """

    score: Endpoint
    terms: tuple[Term, ...]
    plan: SymptomPlan

    @property
    def text(self) -> str:
        """All of it in one line, the same for the same question."""
        return repr((self.score.text, [term.text for term in self.terms], self.plan))


def read_question(  # noqa: PLR0913 - an argument for each option
    variables: Mapping[str, Variable],
    *,
    score: str,
    method: str = "",
    covariates: str = "",
    least: str = "",
    permutations: str = "",
    seed: str = "",
) -> SymptomQuestion:
    """Read what is asked for; a blank text is the usual.

    Args:
        variables: those of the index, by name.
        score: name of a variable, or of two as in `nihss_24h-nihss_admission`.
        method: one of `METHODS`.
        covariates: terms as a model of an outcome has them, such as `age,log1p(volume_ml)`.
        least: lesions that a voxel must have.
        permutations: how many.
        seed: of their draw.

    Raises:
        AnalysisError: a part can't be read.
    """
    usual = SymptomPlan()
    wanted = next((known for known in METHODS if known == (method or usual.method)), None)
    if wanted is None:
        raise AnalysisError(f"“{method[:60]}” is no method; {' and '.join(METHODS)} are.")
    question = SymptomQuestion(
        score=parse_endpoint(score, variables),
        terms=parse_terms(covariates, variables),
        plan=SymptomPlan(
            method=wanted,
            least=_whole("minimum of lesions", least) if least else None,
            permutations=_whole("number of permutations", permutations or usual.permutations),
            seed=_whole("seed", seed or usual.seed),
        ),
    )
    named = {variable.name for variable in question.score.variables[:1]}
    if again := next((v for v in variables_of(question.terms) if v.name in named), None):
        raise AnalysisError(f"{again.label} is the score; it can't be a covariate of its own map.")
    return question


def _whole(name: str, text: object) -> int:
    try:
        return int(str(text))
    except ValueError:
        raise AnalysisError(f"“{str(text)[:20]}” is no {name}: a whole number is.") from None


def cohort_symptom_map(
    index: "Index", cohort: "Cohort", question: SymptomQuestion, *, report: Report = unheard
) -> SymptomMap:
    """Map a score of a cohort.

    Args:
        index: where lesions and values come from.
        cohort: which subjects.
        question: what is mapped.
        report: told of permutations; what it raises ends the work.

    Raises:
        AnalysisError: it can't be mapped of these values.
    """
    lesions = index.lesion_runs(cohort)
    names = [v.name for v in (*question.score.variables, *variables_of(question.terms))]
    frame = index.frame(cohort, names)
    places = np.searchsorted(np.flatnonzero(index.members(cohort)), lesions.subjects)
    symptom = Symptom(
        name=question.score.label,
        values=question.score.read(frame.values)[places],
        covariates=_covariates(frame, question, places),
    )
    return map_symptom(lesions, symptom, plan=question.plan, report=report)


def _covariates(
    frame: "CohortFrame", question: SymptomQuestion, places: npt.NDArray[np.intp]
) -> dict[str, Floats]:
    """Label to values; what is learned of levels and knots is learned of those with a score."""
    if not question.terms:
        return {}
    values = frame.values.iloc[places]
    columns = [variable.name for variable in variables_of(question.terms)]
    known = values[columns].notna().all(axis=1).to_numpy() & np.isfinite(
        question.score.read(values)
    )
    if not known.any():
        raise AnalysisError(
            f"{question.score.label} and all covariates are known of no subject whose lesion is in"
            " standard space."
        )
    encoder = learn_encoder(question.terms, values[known])
    labels = [predictor.label for predictor in encoder.predictors]
    return dict(zip(labels, encoder.matrix(values).T, strict=True))
