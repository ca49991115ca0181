"""Imputation, validation and what terms add: worked on in the background, kept, and given as files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from analytics.crossed_frame import frame_of, variables_with
from analytics.outcome.coefficient import Coefficient
from analytics.outcome.curves import Curves, curves_at, usual_cut
from analytics.outcome.export import study_report
from analytics.outcome.imputed_model import PooledCoefficient, PooledEstimates
from analytics.outcome.script import study_script
from analytics.outcome.study import Study, StudyPlan, read_study, run_study
from analytics.outcome.study_numbers import study_json
from analytics.outcome.validation import CrossValidation, ValidationPlan
from analytics.tables.formats import render
from dashboard.jobs import Jobs, Work, job_name
from dashboard.outcome_figures import model_curves
from dashboard.outcome_view import OutcomeView
from dashboard.stored_report import report_of, report_parts
from dashboard.view import View
from data_loader.errors import AnalysisError, InsulaError
from data_loader.index import Index
from data_loader.progress import Report as Progress

FOLDS = "folds"
"""What `validate` says where the model is cross-validated."""

NO_VALIDATION = "none"


def study_plan_of(view: View, index: Index) -> StudyPlan:
    """What an address asks for beside the model.

    Raises:
        InsulaError: it can't be read, or doesn't go together.
    """
    said = view.choices
    validates = said.get("validate", FOLDS) != NO_VALIDATION
    model = OutcomeView.parse(view, index).request(index.variables)
    asked = read_study(
        variables_with(index, model["by"]),
        impute=_count(said.get("impute", ""), "imputations", default=0),
        validate=validates,
        add=said.get("add", ""),
        learners=said.get("learners", "") if validates else "",
        **(_division(said) if validates or said.get("add", "").strip() else {}),
        seed=_count(said.get("seed", ""), "a seed", default=1),
        **model,
    )
    if not (asked.imputation or asked.validation or asked.base):
        raise AnalysisError("Nothing is asked for; choose imputation, validation or terms to add.")
    return asked


def study_name(view: View, index: Index, asked: StudyPlan) -> str:
    """The job of a study, the same for all who ask for it."""
    made = index.version, index.meta["built_at"], index.meta["program_version"]
    return job_name("study", index.path, made, view.cohort.query(), sorted(asked.request.items()))


def study_work(view: View, index: Index, asked: StudyPlan) -> Work:
    """What the job does."""
    return partial(_made, view, index, asked)


def study_result(view: View, index: Index, jobs: Jobs) -> dict[str, Any] | None:
    """What was found, if the job of an address is done: `report`, `figures`, `json`, `script`, ...

    Raises:
        InsulaError: the address asks for nothing, or for what doesn't go together.
    """
    found = jobs.result(study_name(view, index, study_plan_of(view, index)))
    return None if found is None else dict(orjson.loads(found))


def pooled_of(view: View, index: Index) -> PooledEstimates | None:
    """Estimates over imputations of the model of an address, once its study is done.

    None where a study adds terms: what it pools is another model.
    """
    try:
        asked = study_plan_of(view, index)
        if asked.imputation is None or asked.base is not None:
            return None
        found = study_result(view, index, Jobs(index.path.parent))
    except InsulaError:
        return None
    return _pooled(found["pooled"]) if found and found.get("pooled") else None


def _pooled(parts: dict[str, Any]) -> PooledEstimates:
    coefficients = tuple(
        PooledCoefficient(**{**one, "coefficient": Coefficient(**one["coefficient"])})
        for one in parts["coefficients"]
    )
    return PooledEstimates(**{**parts, "coefficients": coefficients})


def study_file_of(view: View, index: Index, extension: str, jobs: Jobs) -> bytes:
    """A study as a file.

    Raises:
        InsulaError: it isn't done.
    """
    found = study_result(view, index, jobs)
    if found is None:
        raise AnalysisError("This study isn't done; begin it on the page, and ask again.")
    if extension in ("json", "script"):
        return str(found[extension]).encode()
    return render(report_of(found["report"]), extension)


def _division(said: Mapping[str, str]) -> dict[str, int]:
    """Folds and repeats, which wait in the address until something is validated."""
    return {
        "folds": _count(said.get("folds", ""), "folds", default=ValidationPlan.folds),
        "repeats": _count(said.get("repeats", ""), "repeats", default=ValidationPlan.repeats),
    }


def _count(text: str, what: str, *, default: int) -> int:
    if not text:
        return default
    if not text.isdecimal() or int(text) > 10**6:
        raise AnalysisError(f"{text[:20]!r} can't be read as {what}; a whole number is expected.")
    return int(text)


def _made(view: View, index: Index, asked: StudyPlan, progress: Progress) -> bytes:
    if asked.imputation and asked.imputation.imputations > 100:
        raise AnalysisError("More than 100 imputations aren't made here; use the command line.")
    frame = frame_of(index, view.cohort, asked.plan.names)
    study = run_study(frame, asked, progress=progress)
    report = study_report(study)
    beside = len(study_report(replace(study, imputed=None, validated=None, nested=None)).tables)
    return orjson.dumps(
        {
            "report": report_parts(report),
            "beside": beside,
            "pooled": study.pooled,
            "notes": [one for one in study.warnings if one not in study.model.warnings],
            "figures": list(_figures(study)),
            "json": study_json(study).decode(),
            "script": study_script(study),
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )


def _figures(study: Study) -> Iterator[dict[str, Any]]:
    """Curves of held-out predictions, of all models that were validated in the same folds."""
    if study.validated:
        yield from _curves(study, study.validated.cross, "held out")
    if study.nested:
        # Whether the model is calibrated is seen above.
        yield from list(_curves(study, study.nested.validation, "held out"))[1:]


def _curves(study: Study, cross: CrossValidation, said: str) -> Iterator[dict[str, Any]]:
    endpoint, truth = study.model.plan.endpoint, cross.subjects.truth
    if truth.scale == "linear":
        return
    cut = usual_cut(endpoint, truth)
    found: list[tuple[str, Curves]] = []
    for one in cross.models:
        try:
            found.append((one.name, curves_at(endpoint, truth, one.predicted, cut=cut)))
        except InsulaError:
            continue
    if found:
        for name, figure in model_curves(found):
            yield {"said": f"{name}, {said}.", "figure": figure}
