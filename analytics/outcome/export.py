"""An outcome model as a file: what is printed of it, its numbers, or the script that makes it."""

from collections.abc import Sequence

from analytics.outcome.model import OutcomeModel
from analytics.outcome.model_tables import model_tables
from analytics.outcome.pooled_table import pooled_tables
from analytics.outcome.script import study_script
from analytics.outcome.study import Study
from analytics.outcome.study_numbers import study_json, study_rows
from analytics.outcome.study_words import study_items, study_methods, study_results
from analytics.outcome.validation_tables import nested_table, validation_tables
from analytics.tables.formats import check_format, render
from analytics.tables.table import Picture, Report, Table


def model_report(model: OutcomeModel, *, pictures: Sequence[Picture] = ()) -> Report:
    """The document of a model alone; see `study_report`."""
    return study_report(Study(model), pictures=pictures)


def study_report(study: Study, *, pictures: Sequence[Picture] = ()) -> Report:
    """The document of a study: methods, results, tables, and what must stand beside them.

    Args:
        study: the fitted model and what was asked for beside it.
        pictures: figures of it, drawn by whoever asks.
    """
    items = "; ".join(f"{item}: {answer}" for item, answer in study_items(study))
    model = study.model
    return Report(
        title=f"Outcome model: {model.plan.endpoint.label}",
        paragraphs=(
            ("Methods", study_methods(study)),
            ("Results", study_results(study)),
            ("Reporting items answered", f"{items}."),
        ),
        tables=(*model_tables(model, study.pooled), *_beside(study)),
        provenance=model.provenance,
        pictures=pictures,
        warnings=study.warnings,
        numbers=study_rows(study),
    )


def _beside(study: Study) -> tuple[Table, ...]:
    return (
        *(pooled_tables(study.imputed) if study.imputed else ()),
        *(validation_tables(study.validated) if study.validated else ()),
        *([nested_table(study.nested)] if study.nested else []),
    )


def model_file(model: OutcomeModel, extension: str) -> bytes:
    """A model alone in one of its formats; see `study_file`."""
    return study_file(Study(model), extension)


def study_file(study: Study, extension: str) -> bytes:
    """The study in one of its formats.

    Args:
        study: the fitted model and what was asked for beside it.
        extension: of `RESULT_FORMATS`.

    Raises:
        InsulaError: there is no such format.
    """
    check_format(extension, "an outcome model")
    if extension == "json":
        return study_json(study)
    if extension == "script":
        return study_script(study).encode()
    return render(study_report(study), extension)
