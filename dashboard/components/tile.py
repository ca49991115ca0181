"""A subject at a glance: the slice with most infarct, its label and a few words."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.aria import aria, data, unseen
from dashboard.components.subject_table import patient_href
from data_loader.index import Index
from data_loader.rows import Row


def infarct_tile(
    row: Row, words: str, *, search: str, bars: Sequence[int] = (), mark: Component | None = None
) -> Component:
    """Lay out one tile, a link to the patient.

    Args:
        row: `dataset`, `subject` and `has_mask`.
        words: below the label.
        search: of the page's address.
        bars: which bar of each chart the subject is in.
        mark: what lies over the picture's corner, if anything.
    """
    # One element: a page has hundreds, and every component costs the browser.
    said = f"{row['subject']}\n{words}"
    source = f"/slice/{row['dataset']}/{row['subject']}/lesion.png?size=small"
    return html.A(
        [said, mark] if mark else said,
        href=patient_href(row["dataset"], row["subject"], search),
        className="tile" if row["has_mask"] else "tile tile-blank",
        **data(subject=f"{row['dataset']}/{row['subject']}", bars=str(list(bars))),
        **(data(src=source) if row["has_mask"] else {}),
    )


def tile_words(row: Row, names: Sequence[str], index: Index) -> str:
    """Values of variables with their units, less those that are missing."""
    return ", ".join(
        f"{index.variables[name].shown(row[name])} {index.variables[name].unit or ''}".strip()
        for name in names
        if row[name] is not None
    )


def problem_mark(codes: Sequence[str], *, severe: bool) -> Component:
    """A count of the kinds of problem that a subject has.

    Args:
        codes: of the problems, in words.
        severe: whether one of them is an error.
    """
    return html.Span(
        [html.Span(len(codes), **aria(hidden="true")), unseen(f" {', '.join(codes)}")],
        className=f"tile-mark {'tile-mark-error' if severe else ''}",
        title=", ".join(codes),
    )
