"""Problems by severity and code: a link each, which lists these alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.view import View
from data_loader.problems import ANY_PROBLEM, REMEDIES, Severity
from data_loader.rows import Row

_SEVERITIES: tuple[tuple[Severity | None, str], ...] = (
    (None, "All"),
    ("error", "Errors"),
    ("warning", "Warnings"),
)
_ABBREVIATIONS = {"nihss": "NIHSS", "mrs": "mRS", "tici": "TICI", "dwi": "DWI", "ctp": "CTP"}


def problem_chips(rows: Sequence[Row], view: View, *, path: str) -> list[Component]:
    """The links, if there is anything to list; numbers are of the cohort, whatever is listed.

    Args:
        rows: as `Index.problem_counts` gives them.
        view: what the address says.
        path: of the page at hand.
    """
    wanted = view.quality.findings
    if not rows and wanted == ANY_PROBLEM:
        return []
    counted = _count(row for row in rows if wanted.severity in (None, row["severity"]))
    codes = [*counted, *(code for code in wanted.codes if code not in counted)]
    chips = [html.Li(_code_chip(code, counted[code], view, path)) for code in codes]
    if wanted != ANY_PROBLEM:
        everything = path + view.with_quality(findings=ANY_PROBLEM).search
        chips.append(html.Li(dcc.Link("List all", href=everything, className="chip chip-quiet")))
    return [
        _severity_links(rows, view, path),
        html.Ul(chips, className="chips code-chips", **aria(label="Kinds of problem")),
    ]


def _count(rows: Iterable[Row]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row["code"]] += row["problems"]
    return counted


def _severity_links(rows: Sequence[Row], view: View, path: str) -> Component:
    wanted = view.quality.findings
    links = []
    for severity, label in _SEVERITIES:
        n = sum(row["problems"] for row in rows if severity in (None, row["severity"]))
        there = view.with_quality(findings=replace(wanted, severity=severity))
        here = severity == wanted.severity
        words = [label, html.Span(f"{n:,}", className="chip-number"), _listed(here)]
        links.append(dcc.Link(words, href=path + there.search, className="here" if here else ""))
    return html.Div(links, className="switch", role="group", **aria(label="Severity"))


def _code_chip(code: str, n: int, view: View, path: str) -> Component:
    wanted = view.quality.findings
    here = code in wanted.codes
    codes = tuple(c for c in wanted.codes if c != code) if here else (*wanted.codes, code)
    there = view.with_quality(findings=replace(wanted, codes=codes))
    number = html.Span(f"{n:,}", className="chip-number")
    return dcc.Link(
        [code_words(code), number, _listed(here)],
        href=path + there.search,
        className="chip here" if here else "chip",
        title=REMEDIES.get(code, ""),
    )


def _listed(here: bool) -> Component | None:
    return unseen(" (listed)") if here else None


def code_words(code: str) -> str:
    """A code as a reader says it."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in code.split("-"))
