"""`insula table-one`, and the check of a printed one."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import CohortOption, IndexOption, OutOption, cohort_of, open_index, write

table_ones = typer.Typer(help="Table 1: characteristics of a cohort.", add_completion=False)


@table_ones.callback(invoke_without_command=True)
def table_one(  # noqa: PLR0913, PLR0917 - an argument for each option
    context: typer.Context,
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    against: Annotated[
        str | None, typer.Option(metavar="Q", help="A second cohort, beside the first.")
    ] = None,
    names: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="What the columns of two cohorts are called.")
    ] = "",
    by: Annotated[
        str, typer.Option(metavar="VAR[,VAR]", help="Whose levels, crossed, are the columns.")
    ] = "",
    variables: Annotated[
        str, typer.Option(metavar="VAR,...", help="The rows, in order; the paper's by default.")
    ] = "",
    style: Annotated[
        str, typer.Option(metavar="journal|paper", help="How numbers are printed.")
    ] = "journal",
    summary: Annotated[
        list[str] | None,
        typer.Option(metavar="VAR=mean|median|range|count", help="How a row is summarised."),
    ] = None,
    test: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VAR=welch|rank|chi2|fisher|trend|none", help="How a row is compared."
        ),
    ] = None,
    adjust: Annotated[
        str, typer.Option(metavar="none|holm|bh", help="Adjustment of p for its number.")
    ] = "none",
    blanks: Annotated[
        str, typer.Option(metavar="cells|rows|none", help="Where blanks are counted.")
    ] = "cells",
    columns: Annotated[
        str, typer.Option(metavar="COLUMN,...", help="Of overall, difference and smd; or none.")
    ] = "overall,difference,smd",
    ordinal_smd: Annotated[
        str, typer.Option(metavar="levels|ranks", help="From what the SMD of a score is made.")
    ] = "levels",
    minimum_cell: Annotated[
        int, typer.Option(min=0, metavar="N", help="Smaller counts are hidden.")
    ] = 0,
    output: Annotated[
        str, typer.Option("--format", metavar="csv|json|xlsx|docx|tex|html|script")
    ] = "csv",
    out: OutOption = None,
) -> None:
    """Print Table 1 of a cohort, or of two, by one variable or several."""
    if context.invoked_subcommand:
        return
    from analytics.table_one import Choices
    from analytics.table_one.cohorts import cohort_table_one
    from analytics.table_one.export import table_one_file

    choices = Choices.parse(
        {
            "by": by,
            "names": names,
            "rows": variables,
            "style": style,
            "summary": ",".join(summary or ()),
            "tests": ",".join(test or ()),
            "adjust": adjust,
            "blanks": blanks,
            "columns": columns,
            "smd": ordinal_smd,
            "cells": str(minimum_cell),
        }
    )
    opened = open_index(index_dir)
    second = None if against is None else cohort_of(against, opened)
    table = cohort_table_one(opened, cohort_of(cohort, opened), choices, against=second)
    write(table_one_file(table, output), out, output)


@table_ones.command("check")
def check_table_one(
    table: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A printed table.")],
) -> None:
    """List what can't be in a printed Table 1: sums, weighted means, percentages, GRIM."""
    from analytics.table_one.check import check_table

    checked = check_table(table)
    for line in checked.lines():
        typer.echo(line)
    if checked.findings:
        raise typer.Exit(1)
