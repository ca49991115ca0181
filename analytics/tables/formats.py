"""The files that a report becomes, by the ending of their names."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.tables.table import Report
from data_loader.errors import InsulaError


@dataclass(frozen=True)
class FileFormat:
    """A kind of file.

    Attributes:
        extension: of its name, without the dot.
        name: as a link says it.
        media_type: for HTTP.
        render: makes it of a report.
    """

    extension: str
    name: str
    media_type: str
    render: Callable[[Report], bytes]


# The libraries are loaded with the first file of their kind.


def _docx(report: Report) -> bytes:
    from analytics.tables.word import report_docx  # noqa: PLC0415 - its library

    return report_docx(report)


def _xlsx(report: Report) -> bytes:
    from analytics.tables.excel import report_xlsx  # noqa: PLC0415 - its library

    return report_xlsx(report)


def _tex(report: Report) -> bytes:
    from analytics.tables.latex import report_tex  # noqa: PLC0415 - its library

    return report_tex(report).encode()


def _html(report: Report) -> bytes:
    from analytics.tables.html import report_html  # noqa: PLC0415 - its library

    return report_html(report).encode()


def _csv(report: Report) -> bytes:
    from analytics.tables.delimited import report_csv  # noqa: PLC0415 - its library

    return report_csv(report).encode()


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMATS = {
    one.extension: one
    for one in (
        FileFormat("docx", "Word", f"{_OFFICE}.wordprocessingml.document", _docx),
        FileFormat("tex", "LaTeX", "application/x-tex", _tex),
        FileFormat("xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", _xlsx),
        FileFormat("html", "HTML", "text/html", _html),
        FileFormat("csv", "CSV", "text/csv", _csv),
    )
}
"""By extension, in the order in which links offer them."""

RESULT_FORMATS = (*FORMATS, "json", "script")
"""What a result can be had as: a report, its unrounded numbers, the script that makes it."""


def check_format(extension: str, result: str) -> None:
    """Refuse what no result can be had as.

    Args:
        extension: asked for.
        result: as a sentence calls it, with its article.

    Raises:
        InsulaError: it is none of `RESULT_FORMATS`.
    """
    if extension not in RESULT_FORMATS:
        known = ", ".join(RESULT_FORMATS)
        raise InsulaError(f"“{extension[:20]}” is no format of {result}; {known} are.")


def render(report: Report, extension: str) -> bytes:
    """The report as a file.

    Args:
        report: what to write.
        extension: of `FORMATS`.

    Raises:
        KeyError: there is no such format.
    """
    return FORMATS[extension].render(report)
