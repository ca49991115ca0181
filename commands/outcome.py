"""`insula outcome`: a model of an outcome."""

from typing import Annotated

import typer

from commands.options import CohortOption, IndexOption, OutOption, cohort_of, open_index, write


def outcome(  # noqa: PLR0913, PLR0917 - an argument for each option
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    variable: Annotated[
        str,
        typer.Option("--outcome", metavar="VAR", help="What is explained; or VAR-VAR, a change."),
    ] = "mrs_3_months",
    model: Annotated[
        str | None,
        typer.Option(metavar="ordinal|partial|good|excellent|death|binary|linear"),
    ] = None,
    terms: Annotated[
        str,
        typer.Option(metavar="TERM,...", help="age, age/10, log1p(x), rcs(x,4), levels(x), a*b."),
    ] = "",
    by: Annotated[
        str | None, typer.Option(metavar="VAR", help="Groups to compare; the first term.")
    ] = None,
    free: Annotated[
        str, typer.Option(metavar="TERM,...", help="Terms with an odds ratio at every cut.")
    ] = "",
    cluster: Annotated[
        str | None, typer.Option(metavar="VAR", help="Whose codes are clusters, such as center.")
    ] = None,
    firth: Annotated[bool, typer.Option("--firth", help="Firth's penalty.")] = False,
    hc3: Annotated[bool, typer.Option("--hc3", help="HC3 errors of a linear model.")] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-post-treatment", metavar="VAR", help="A term though known only afterwards."
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--format", metavar="json|csv|xlsx|docx|tex|html|script")
    ] = "json",
    out: OutOption = None,
) -> None:
    """Fit a model of an outcome and print it."""
    from analytics.outcome.export import model_file
    from analytics.outcome.model import fit_outcome
    from analytics.outcome.plan import read_plan

    opened = open_index(index_dir)
    plan = read_plan(
        opened.variables,
        outcome=variable,
        model=model,
        terms=terms,
        by=by,
        free=free,
        cluster=cluster,
        firth=firth,
        hc3=hc3,
        allow=",".join(allow or ()),
    )
    fitted = fit_outcome(opened.frame(cohort_of(cohort, opened), plan.names), plan)
    write(model_file(fitted, output), out, output)
