"""`insula territories`."""

from typing import Annotated

import typer

from commands.options import CohortOption, IndexOption, OutOption, cohort_of, open_index, write


def territories(  # noqa: PLR0913, PLR0917 - an argument for each option
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="VAR[,VAR]", help="Whose levels, crossed, are compared; an mRS is cut at 2."
        ),
    ] = "",
    level: Annotated[
        str, typer.Option(metavar="1|2", help="Parts of territories, or whole ones (default).")
    ] = "",
    output: Annotated[
        str, typer.Option("--format", metavar="csv|json|xlsx|docx|tex|html|script")
    ] = "csv",
    out: OutOption = None,
) -> None:
    """Print in which arterial territories a cohort's infarcts lie, and how groups differ."""
    from analytics.territory_cohort import cohort_territories
    from analytics.territory_report import territory_file

    opened = open_index(index_dir)
    found = cohort_territories(opened, cohort_of(cohort, opened), by=by, level=level)
    write(territory_file(found, output), out, output)
