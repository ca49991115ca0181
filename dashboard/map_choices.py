"""Which map an address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.outcome.endpoint import usual_model
from analytics.symptom_cohort import SymptomQuestion, read_question
from dashboard.reports import default_by
from dashboard.view import View
from data_loader.cohort import Cohort
from data_loader.errors import AnalysisError, CohortError
from data_loader.index import Index
from data_loader.variables import Variable

FREQUENCY, DIFFERENCE, SYMPTOM = "frequency", "difference", "symptom"

KINDS = (
    (FREQUENCY, "Lesion frequency"),
    (DIFFERENCE, "Difference of two groups"),
    (SYMPTOM, "Lesion and a score"),
)
"""The maps there are, as a reader says it; the first goes without saying."""

LEAST: Mapping[str, str] = {FREQUENCY: "1", DIFFERENCE: "5"}
"""Fewest lesions with which a voxel is shown, unless the address says so."""

COVARIATES = "log1p(volume_ml)"
"""Of a linear model unless the address says so; `NO_COVARIATES` for none."""

NO_COVARIATES = "none"

KEYS = (
    *("map_kind", "map_least", "map_score", "map_method", "map_terms", "map_tested"),
    *("map_permutations", "map_seed", "map_shown", "by", "against"),
)
"""Keys of the address that choose a map."""

_SCORES = ("mrs_3_months", "mrs_discharge", "nihss_discharge", "nihss_24h", "nihss_admission")
_MOST_LEAST = 100_000


@dataclass(frozen=True)
class MapChoices:
    """A map of a cohort.

    Attributes:
        kind: one of `KINDS`.
        cohort: which subjects.
        least: fewest lesions with which a voxel is shown; of frequencies and differences.
        by: variable that makes two groups of a difference.
        against: a second cohort in their place; None for none.
        question: of a lesion-symptom map; None for the others.
        shows_all: whether a lesion-symptom map shows all voxels that were tested.
    """

    kind: str
    cohort: Cohort
    least: int = 1
    by: str = ""
    against: Cohort | None = None
    question: SymptomQuestion | None = None
    shows_all: bool = False


def read_choices(view: View, index: Index) -> MapChoices:
    """Read an address.

    Raises:
        InsulaError: a part of it can't be read.
    """
    kind = kind_of(view)
    if kind == SYMPTOM:
        shown = _one_of(view, "map_shown", ("significant", "tested"))
        return MapChoices(
            kind, view.cohort, question=_question(view, index), shows_all=shown == "tested"
        )
    least = _least(view.choices.get("map_least", LEAST[kind]))
    if kind == FREQUENCY:
        return MapChoices(kind, view.cohort, least)
    by = view.choices.get("by", default_by(index))
    return MapChoices(kind, view.cohort, least, by=by, against=_against(view, index))


def kind_of(view: View) -> str:
    """Which of `KINDS` an address asks for.

    Raises:
        AnalysisError: none of them.
    """
    return _one_of(view, "map_kind", [kind for kind, _ in KINDS])


def default_score(variables: Mapping[str, Variable]) -> str:
    """The score that is mapped unless the address says so; empty where there is none."""
    ordinal = (name for name, variable in variables.items() if usual_model(variable) == "ordinal")
    return next((name for name in _SCORES if name in variables), next(ordinal, ""))


def _one_of(view: View, key: str, known: "list[str] | tuple[str, ...]") -> str:
    text = view.choices.get(key, known[0])
    if text not in known:
        raise AnalysisError(f"“{text[:60]}” is no map here; {', '.join(known)} are.")
    return text


def _least(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= _MOST_LEAST):
        raise AnalysisError(
            f"“{text[:20]}” is no minimum of lesions: a whole number from 1 on is expected."
        )
    return int(text)


def _against(view: View, index: Index) -> Cohort | None:
    query = view.choices.get("against")
    if not query:
        return None
    against, notices = Cohort.parse(query, index.variables)
    if notices:
        raise CohortError(" ".join(notices))
    return against


def _question(view: View, index: Index) -> SymptomQuestion:
    choices = view.choices
    score = choices.get("map_score", default_score(index.variables))
    if not score:
        raise AnalysisError("This index has no score to be mapped.")
    method = choices.get("map_method", "")
    terms = choices.get("map_terms", COVARIATES) if method == "linear" else ""
    return read_question(
        index.variables,
        score=score,
        method=method,
        covariates="" if terms == NO_COVARIATES else terms,
        least=choices.get("map_tested", ""),
        permutations=choices.get("map_permutations", ""),
        seed=choices.get("map_seed", ""),
    )
