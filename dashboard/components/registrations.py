"""How masks came to standard space: a list, failed ones first, and one at a time to be looked at."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.components.pager import page_within
from dashboard.components.subject_table import patient_href
from dashboard.overlays import has_overlay, overlay_href
from dashboard.view import View
from data_loader.index import Index
from data_loader.rows import Row

PER_PAGE = 20
"""Of the list, around the one that is looked at."""

_ORDER = ("failed", "registered", "given", "unavailable")
_WORDS = {
    "failed": "failed",
    "registered": "registered",
    "given": "own transform",
    "unavailable": "unavailable",
}
_COLUMNS = ("Subject", "Status", "Dice", "Determinant", "Brain, ml", "Reason")


def registrations(index: Index, view: View, *, path: str) -> list[Component]:
    """The registrations of the cohort, with the picture of the one that the address names.

    Args:
        index: where they are.
        view: what the address says.
        path: of the page at hand.
    """
    every = index.registrations(view.cohort)
    rows = _ordered(row for row in every if row["status"] != "given" or row["matrix"])
    said = html.P(_said(rows, in_mni=len(every) - len(rows)), className="caption")
    if not rows:
        return [said]
    place = page_within(view.quality.overlay, n=len(rows), per_page=1)

    def at(other: int) -> str:
        return path + view.with_quality(overlay=other).search

    shown = rows[place - 1]
    links = [
        dcc.Link([word, unseen(" registration")], href=at(other))
        for word, other in (("Before", place - 1), ("Next", place + 1))
        if 1 <= other <= len(rows)
    ]
    where = f"{place:,} of {len(rows):,}"
    nav = html.Nav([where, *links], className="pages", **aria(label="Registrations"))
    first = (place - 1) // PER_PAGE * PER_PAGE
    table = _table(rows[first : first + PER_PAGE], first, place, at)
    return [said, html.Div([_figure(shown, view, nav), table], className="registrations")]


def _ordered(rows: Iterable[Row]) -> list[Row]:
    """Failed ones first, then the least sure; as in the index where nothing says which."""
    return sorted(rows, key=lambda row: (_ORDER.index(row["status"]), row["dice"] or 0.0))


def _said(rows: Sequence[Row], *, in_mni: int) -> str:
    if not rows and not in_mni:
        return "No infarct mask of these subjects was measured."
    counts = Counter(row["status"] for row in rows)
    parts = [
        f"{counts['registered']:,} registered" if counts["registered"] else "",
        f"{counts['given']:,} by the dataset's own transform" if counts["given"] else "",
        f"{counts['failed']:,} failed" if counts["failed"] else "",
        f"{counts['unavailable']:,} without a way there" if counts["unavailable"] else "",
        f"{in_mni:,} given in MNI152" if in_mni else "",
    ]
    return (
        f"How infarct masks came to MNI152: {', '.join(filter(None, parts))}. A failed one has no"
        " territory. A registration is relied on where the brains overlap by a Dice of 0.90, the"
        " determinant, over the ratio of the brains' volumes, lies from 0.7 to 1.4, and the brain"
        " has 900 to 2,000 ml. The dataset's own transforms are taken unless they can't be:"
        " look them over."
    )


def _figure(row: Row, view: View, nav: Component) -> Component:
    name = row["subject"]
    link = dcc.Link(name, href=patient_href(row["dataset"], name, view.search))
    words: list[str | Component] = [
        html.Strong(link),
        f" {_WORDS[row['status']]}",
        *_engine(row),
    ]
    if row["reason"]:
        words.append(html.P(f"Territory unavailable: {row['reason']}", className="reason"))
    if has_overlay(row):
        picture: Component = html.Img(src=overlay_href(row), alt=_alt(row))
        legend: Component | None = html.P(_legend(row), className="help")
    else:
        picture, legend = html.P("There is no picture of this one.", className="none"), None
    return html.Figure([nav, picture, html.Figcaption([*words, legend])])


def _engine(row: Row) -> list[str]:
    if row["status"] == "given" or not row["engine"]:
        return []
    dice, determinant, brain_ml = _numbers(row)
    numbers = [
        f"Dice {dice}" if dice else "",
        f"determinant {determinant}" if determinant else "",
        f"brain {brain_ml} ml" if brain_ml else "",
    ]
    return [f": {'; '.join(filter(None, [row['engine'], *numbers]))}"]


def _numbers(row: Row) -> tuple[str, str, str]:
    dice, determinant, brain_ml = row["dice"], row["determinant"], row["brain_ml"]
    return (
        "" if dice is None else f"{dice:.3f}",
        "" if determinant is None else f"{determinant:.2f}",
        "" if brain_ml is None else f"{brain_ml:,.0f}",
    )


def _is_laid(row: Row) -> bool:
    """Whether its picture shows it in MNI152."""
    return bool(row["matrix"])


def _legend(row: Row) -> list[Component | str]:
    template = html.Span("template", className="outline-template")
    brain = html.Span("brain found in the image", className="outline-brain")
    both = [template, " and ", brain] if _is_laid(row) else [brain]
    return ["Outlined: ", *both, ". The patient's right is on the left."]


def _alt(row: Row) -> str:
    if not _is_laid(row):
        return f"Slices of the image of {row['subject']}, with what was taken for its brain."
    return (
        f"Six slices of {row['subject']} laid on MNI152, with the outlines of its brain and of the"
        " template's."
    )


def _table(rows: Sequence[Row], first: int, place: int, at: Callable[[int], str]) -> Component:
    head = html.Thead(html.Tr([html.Th(heading, scope="col") for heading in _COLUMNS]))
    body = [
        _line(row, at(number), here=number == place)
        for number, row in enumerate(rows, start=first + 1)
    ]
    table = html.Table([head, html.Tbody(body)], className="table")
    label = aria(label="List of registrations")
    return html.Div(table, className="scroll", tabIndex="0", role="region", **label)


def _line(row: Row, href: str, *, here: bool) -> Component:
    numbers = [html.Td(text) for text in _numbers(row)]
    words = [row["subject"], unseen(" (shown)") if here else None]
    return html.Tr(
        [
            html.Th(dcc.Link(words, href=href), scope="row"),
            html.Td(_WORDS[row["status"]], className="text"),
            *numbers,
            html.Td(row["reason"] or "", className="text"),
        ],
        className="here" if here else "",
    )
