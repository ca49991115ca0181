"""`insula demo`, `index` and `status`: from datasets to an index."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from commands.options import AtlasLabelsOption, AtlasOption, IndexOption, open_index
from data_loader.errors import InsulaError
from data_loader.progress import shown


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


Registration = Literal["affine", "syn", "none"]
"""How images are registered to standard space."""


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
    registration: Annotated[
        Registration,
        typer.Option(
            help="How images are laid on MNI152: affine takes seconds each, syn most of a minute."
        ),
    ] = "affine",
    atlas: AtlasOption = None,
    atlas_labels: AtlasLabelsOption = None,
) -> None:
    """Read and measure datasets into one index; only what changed is measured again."""
    work = _no_work(registration) if no_measure else _work_with(workers, registration)
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
                **work,
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
        f"{f' {built.registered} images registered,' if built.registered else ''}"
        f" {built.problems} problem{'' if built.problems == 1 else 's'}."
    )
    if built.problems:
        typer.echo("`insula show problems` lists them.", err=True)
        raise typer.Exit(1)


def _work_with(workers: int | None, registration: Registration) -> dict[str, Any]:
    """What `build_index` does to images, on that many processes."""
    import os
    from functools import partial

    from analytics.measure import (
        check_images,
        measure_lesions,
        place_masks,
        prepare_workers,
        register_images,
    )

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = workers or cores or 1
    prepare_workers(workers)
    method = "affine" if registration == "none" else registration
    register = partial(register_images, method=method, workers=workers)
    return {
        "measure": partial(measure_lesions, workers=workers),
        "check": partial(check_images, workers=workers),
        "registering": _registering(registration, register),
        "place": partial(place_masks, workers=workers),
    }


def _no_work(registration: Registration) -> dict[str, Any]:
    """What was registered before stays known."""
    return {"measure": None, "registering": _registering(registration, None)}


def _registering(registration: Registration, register: Any) -> Any:
    from analytics.engine import engine
    from data_loader.registering import Registering

    return None if registration == "none" else Registering(engine(registration), register)


def status(index_dir: IndexOption = None) -> None:
    """Say what an index holds, and whether its datasets changed since it was built."""
    from data_loader.cohort import EVERYONE
    from data_loader.scan import changed_since

    opened = open_index(index_dir)
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
