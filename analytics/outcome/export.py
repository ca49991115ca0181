"""An outcome model as a file: what is printed of it, its numbers, or the script that makes it."""

from collections.abc import Sequence

from analytics.outcome.model import OutcomeModel
from analytics.outcome.model_tables import model_tables
from analytics.outcome.numbers import model_json, model_rows
from analytics.outcome.script import model_script
from analytics.outcome.words import methods_paragraph, reporting_items, results_paragraph
from analytics.tables.formats import check_format, render
from analytics.tables.table import Picture, Report


def model_report(model: OutcomeModel, *, pictures: Sequence[Picture] = ()) -> Report:
    """The document of a model: methods, results, tables, and what must stand beside them.

    Args:
        model: the fitted model.
        pictures: figures of it, drawn by whoever asks.
    """
    items = "; ".join(f"{item}: {answer}" for item, answer in reporting_items(model))
    return Report(
        title=f"Outcome model: {model.plan.endpoint.label}",
        paragraphs=(
            ("Methods", methods_paragraph(model)),
            ("Results", results_paragraph(model)),
            ("Reporting items answered", f"{items}."),
        ),
        tables=model_tables(model),
        provenance=model.provenance,
        pictures=pictures,
        warnings=model.warnings,
        numbers=model_rows(model),
    )


def model_file(model: OutcomeModel, extension: str) -> bytes:
    """The model in one of its formats.

    Args:
        model: the fitted model.
        extension: of `RESULT_FORMATS`.

    Raises:
        InsulaError: there is no such format.
    """
    check_format(extension, "an outcome model")
    if extension == "json":
        return model_json(model)
    if extension == "script":
        return model_script(model).encode()
    return render(model_report(model), extension)
