"""Files that a page links to: rows of the cohort in the address as CSV, results as reports."""

from collections.abc import Callable, Iterable

from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, abort, request

from analytics.tables.formats import FORMATS
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder
from data_loader.rows import rows_as_csv

SUBJECTS = "/download/subjects.csv"
PROBLEMS = "/download/problems.csv"

Make = Callable[[Index, View, str], bytes]
"""Makes the file of an extension of what an address asks for."""

_PLAIN = {
    "json": ("JSON", "application/json"),
    "script": ("Python script", "text/x-python"),
    "svg": ("SVG", "image/svg+xml"),
    "pdf": ("PDF", "application/pdf"),
    "png": ("PNG", "image/png"),
    "nii.gz": ("NIfTI", "application/gzip"),
}
_KINDS = {one.extension: (one.name, one.media_type) for one in FORMATS.values()} | _PLAIN
"""Extension in an address to the name that a link bears and the media type."""

_ENDINGS = {"script": "py"}
"""Of names of files, where it isn't the extension."""


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the routes of rows; of the view, only which problems are listed is heeded."""

    @server.get(SUBJECTS)
    def subjects() -> Response:
        index = folder.current()
        text = rows_as_csv(index.subjects(view_of_request(index).cohort))
        return _attachment(text.encode(), "subjects", "csv")

    @server.get(PROBLEMS)
    def problems() -> Response:
        index = folder.current()
        view = view_of_request(index)
        rows = index.problems(view.cohort, view.quality.findings)
        return _attachment(rows_as_csv(rows).encode(), "problems", "csv")


def register_files(
    server: Flask, folder: IndexFolder, name: str, extensions: Iterable[str], make: Make
) -> None:
    """Add `/download/NAME.EXTENSION?QUERY`.

    An address that can't be read in whole is refused with a sentence, as on the command line: the
    file would be about other subjects than the ones asked for.

    Args:
        server: that answers.
        folder: of the index.
        name: of the files.
        extensions: that there are.
        make: makes one of them.
    """
    known = frozenset(extensions)

    def download(extension: str) -> Response:
        if extension not in known:
            abort(404)
        index = folder.current()
        view = view_of_request(index)
        if view.notices:
            return _refusal(" ".join(view.notices))
        try:
            content = make(index, view, extension)
        except InsulaError as error:
            return _refusal(str(error))
        return _attachment(content, name, extension)

    server.add_url_rule(f"/download/{name}.<extension>", f"download-{name}", download)


def file_links(name: str, view: View, extensions: Iterable[str]) -> list[Component]:
    """A link to each file of a name, for what a view asks for."""
    return [
        html.A(
            _KINDS[extension][0],
            href=f"/download/{name}.{extension}{view.search}",
            download=_file_name(name, extension),
        )
        for extension in extensions
    ]


def view_of_request(index: Index) -> View:
    """What the query of the request at hand asks for."""
    return View.parse(request.query_string.decode("ascii", "replace"), index)


def _file_name(name: str, extension: str) -> str:
    return f"{name}.{_ENDINGS.get(extension, extension)}"


def _attachment(content: bytes, name: str, extension: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename={_file_name(name, extension)}",
        "Cache-Control": "no-store",
    }
    return Response(content, mimetype=_KINDS[extension][1], headers=headers)


def _refusal(sentence: str) -> Response:
    return Response(f"{sentence}\n", status=400, mimetype="text/plain")
