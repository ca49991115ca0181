"""`insula show`: rows of an index."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from commands.options import CohortOption, IndexOption, cohort_of, open_index


class What(StrEnum):
    """Tables that `insula show` prints."""

    SUBJECTS = "subjects"
    IMAGES = "images"
    LESIONS = "lesions"
    TERRITORIES = "territories"
    PERFUSION = "perfusion"
    REGISTRATIONS = "registrations"
    PROBLEMS = "problems"
    VARIABLES = "variables"


class Format(StrEnum):
    """How `insula show` prints them."""

    CSV = "csv"
    JSON = "json"


def show(
    what: Annotated[What, typer.Argument(help="Which table.")],
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.CSV,
) -> None:
    """Print rows to stdout."""
    from data_loader.rows import rows_as_csv, rows_as_json

    opened = open_index(index_dir)
    rows = {
        What.SUBJECTS: opened.subjects,
        What.IMAGES: opened.images,
        What.LESIONS: opened.lesions,
        What.TERRITORIES: opened.territories,
        What.PERFUSION: opened.perfusion,
        What.REGISTRATIONS: opened.registrations,
        What.PROBLEMS: opened.problems,
        What.VARIABLES: opened.variable_rows,
    }[what](cohort_of(cohort, opened))
    as_text = rows_as_json if output is Format.JSON else rows_as_csv
    sys.stdout.write(as_text(rows))
