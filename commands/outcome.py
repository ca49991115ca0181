"""`insula outcome`: a model of an outcome."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CohortOption, IndexOption, OutOption, cohort_of, open_index, write
from data_loader.errors import InsulaError

if TYPE_CHECKING:
    from analytics.outcome.study import Study


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
        str | None,
        typer.Option(
            metavar="VAR[,VAR]", help="Whose levels, crossed, are groups; the first term."
        ),
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
    impute: Annotated[
        int,
        typer.Option(metavar="M", help="Multiple imputation, M times, pooled by Rubin's rules."),
    ] = 0,
    validate: Annotated[
        bool,
        typer.Option("--validate", help="Cross-validation and bootstrap optimism."),
    ] = False,
    folds: Annotated[int, typer.Option(metavar="K", help="Of a repeat: 2 to 20.")] = 5,
    repeats: Annotated[
        int, typer.Option(metavar="R", help="How often subjects are divided anew: 1 to 200.")
    ] = 20,
    add: Annotated[
        str, typer.Option(metavar="TERM,...", help="More terms; what they add is tested.")
    ] = "",
    learners: Annotated[
        str,
        typer.Option(metavar="penalised,boosting,forest", help="Validated in the same folds."),
    ] = "",
    seed: Annotated[int, typer.Option(metavar="N", help="Of random numbers.")] = 1,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Writes the model's figures there: SVG, PDF and PNG."),
    ] = None,
    output: Annotated[
        str, typer.Option("--format", metavar="json|csv|xlsx|docx|tex|html|script")
    ] = "json",
    out: OutOption = None,
) -> None:
    """Fit a model of an outcome and print it."""
    from analytics.crossed_frame import frame_of, variables_with
    from analytics.outcome.export import study_file
    from analytics.outcome.study import read_study, run_study
    from analytics.table_one.choices import names
    from analytics.tables.formats import check_format
    from data_loader.progress import shown

    check_format(output, "an outcome model")
    opened = open_index(index_dir)
    by = ",".join(names(by or ""))
    asked = read_study(
        variables_with(opened, by),
        outcome=variable,
        model=model,
        terms=terms,
        by=by,
        free=free,
        cluster=cluster,
        firth=firth,
        hc3=hc3,
        allow=",".join(allow or ()),
        impute=impute,
        validate=validate,
        add=add,
        learners=learners,
        seed=seed,
        folds=folds,
        repeats=repeats,
    )
    frame = frame_of(opened, cohort_of(cohort, opened), asked.plan.names)
    with shown("steps") as progress:
        study = run_study(frame, asked, progress=progress)
    if figures:
        _draw(study, figures)
    write(study_file(study, output), out, output)


def _draw(study: "Study", folder: Path) -> None:
    """Write every figure of a study's model into a folder, which is made."""
    from dashboard.figure_files import FIGURE_FORMATS, figure_files
    from dashboard.printed_figures import model_figures

    found = dict(model_figures(study.model, study.pooled))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for extension in FIGURE_FORMATS:
            drawn = figure_files(list(found.values()), extension)
            for name, content in zip(found, drawn, strict=True):
                (folder / f"{name}.{extension}").write_bytes(content)
    except OSError as error:
        raise InsulaError(f"{folder} can't be written: {error.strerror}.") from None
