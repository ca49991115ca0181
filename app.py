"""Insula: explore stroke imaging cohorts. The command line, and `create_app` for WSGI servers.

The only module that composes: it hands the index to the dashboard, and gathers the commands.
Heavy modules are imported inside the commands that need them, so that `--help` waits for none.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.atlas import atlases
from commands.datasets import demo, index, status
from commands.maps import lesion_map, symptom_map
from commands.options import IndexOption, folder_of, open_index
from commands.outcome import outcome
from commands.profile import profiles
from commands.rows import show
from commands.table_one import table_ones
from commands.territories import territories
from data_loader.errors import InsulaError

if TYPE_CHECKING:
    from flask import Flask

cli = typer.Typer(
    name="insula",
    help="Explore stroke imaging cohorts: index them, look at them, get numbers out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (demo, index, show, status, outcome, territories, lesion_map, symptom_map):
    cli.command()(command)
for noun, commands in (("atlas", atlases), ("table-one", table_ones), ("profile", profiles)):
    cli.add_typer(commands, name=noun)


@cli.command()
def serve(
    index_dir: IndexOption = None,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Serving processes.")] = 1,
) -> None:
    """Open the dashboard."""
    from dashboard.server import serve as run

    folder = folder_of(index_dir)
    open_index(folder)
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

    folder = IndexFolder(folder_of(Path(index_dir) if index_dir else None))
    server: Flask = create_dash(folder).server
    return server


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
