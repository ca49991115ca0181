"""The territories of a cohort as a file: what is printed, the numbers, or the script."""

from dataclasses import replace

from analytics.tables.formats import check_format, render
from analytics.tables.table import Report
from analytics.territory_notes import warnings
from analytics.territory_numbers import territory_json, territory_rows
from analytics.territory_script import territory_script
from analytics.territory_summary import TerritorySummary
from analytics.territory_tables import territory_table, territory_tables
from analytics.territory_words import methods_paragraph, results_paragraph


def territory_report(summary: TerritorySummary) -> Report:
    """The document: methods, results, tables, and what must stand beside them."""
    return Report(
        title="Arterial territories",
        paragraphs=(
            ("Methods", methods_paragraph(summary)),
            ("Results", results_paragraph(summary)),
        ),
        tables=territory_tables(summary),
        provenance=summary.provenance,
        warnings=warnings(summary),
        numbers=territory_rows(summary),
    )


def territory_file(summary: TerritorySummary, extension: str) -> bytes:
    """The territories in one of their formats.

    Args:
        summary: of a cohort.
        extension: of `RESULT_FORMATS`.

    Raises:
        InsulaError: there is no such format.
    """
    check_format(extension, "territories")
    if extension == "json":
        return territory_json(summary)
    if extension == "script":
        return territory_script(summary).encode()
    report = territory_report(summary)
    if extension == "csv":  # one rectangle, which has no edge
        report = replace(report, tables=(territory_table(summary),))
    return render(report, extension)
