"""`insula profile`: how a dataset's files are read."""

from pathlib import Path
from typing import Annotated

import typer

profiles = typer.Typer(help="Profiles: how a dataset's files are read.", no_args_is_help=True)


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
