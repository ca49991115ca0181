"""What several commands share: their options, and opening what the options name."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_loader.errors import IndexUnavailable, InsulaError

if TYPE_CHECKING:
    from data_loader.cohort import Cohort
    from data_loader.index import Index

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


def folder_of(index_dir: Path | None) -> Path:
    """The folder that is named, or that of the index built last."""
    from data_loader.folders import last_folder

    folder = index_dir or last_folder()
    if folder is None:
        raise IndexUnavailable("No index was built yet; make one with `insula index DATASET`.")
    return folder


def open_index(index_dir: Path | None) -> "Index":
    """The current version of the index in the folder that is named, or built last."""
    from data_loader.index import IndexFolder

    return IndexFolder(folder_of(index_dir)).current()


def cohort_of(query: str, index: "Index") -> "Cohort":
    """The cohort that a query asks for, all of it understood."""
    from data_loader.cohort import Cohort

    chosen, notices = Cohort.parse(query, index.variables)
    if notices:
        # A number about another cohort than the one asked for would be a wrong number.
        raise InsulaError(" ".join(notices))
    return chosen


def write(content: bytes, out: Path | None, extension: str) -> None:
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
