"""The cohort in a row of numbers, each with a link to where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.share import share
from dashboard.subject_groups import SubjectGroups, narrowed
from dashboard.view import View
from data_loader.index import Index
from data_loader.rows import Row

_VOLUME = "volume_ml"
_RECORDS = (
    ("Clinical record", {"has_clinical": 1}),
    ("Infarct mask", {"has_mask": 1}),
    ("Both", {"has_clinical": 1, "has_mask": 1}),
)


@dataclass(frozen=True)
class _Figure:
    label: str
    number: str
    note: str = ""
    href: str = ""


def key_figures(
    index: Index,
    view: View,
    groups: SubjectGroups,
    *,
    images: Sequence[Row],
    problems: Sequence[Row],
) -> list[Component]:
    """Lay out subjects, datasets, records, images, problems and the median infarct volume.

    Args:
        index: where they are.
        view: what the address says.
        groups: the cohort's subjects.
        images: as `Index.image_counts` gives them.
        problems: as `Index.problem_counts` gives them.
    """
    figures = [
        *_of_subjects(index, view, groups),
        _of_images(images),
        _of_problems(problems),
        *_of_volume(index, view),
    ]
    return [_laid(figure) for figure in figures]


def _of_subjects(index: Index, view: View, groups: SubjectGroups) -> list[_Figure]:
    n, datasets = groups.count({}), len(groups.values("dataset", {}))
    figures = [
        _Figure("Subjects", f"{n:,}", _of_size(n, index.size), f"/cohort{view.search}"),
        _Figure(
            "Datasets",
            f"{datasets:,}",
            _of_size(datasets, len(index.datasets)),
            ids.anchor(ids.DATASETS),
        ),
    ]
    for label, fixed in _RECORDS:
        part = groups.count(fixed)
        there = view.with_cohort(narrowed(view.cohort, fixed, index.variables))
        note = f"{share(part, n)} of subjects" if n else ""
        figures.append(_Figure(label, f"{part:,}", note, f"/cohort{there.search}" if part else ""))
    return figures


def _of_size(part: int, whole: int) -> str:
    return f"of {whole:,} in the index" if part < whole else "all in the index"


def _of_images(images: Sequence[Row]) -> _Figure:
    rows = [row for row in images if not row["split_row"]]
    good = sum(row["ok"] for row in rows)
    files = sum(row["files"] for row in rows)
    note = "all readable" if good == files else f"{good:,} in use"
    return _Figure("Images", f"{files:,}", note if files else "", ids.anchor(ids.IMAGE_COUNTS))


def _of_problems(problems: Sequence[Row]) -> _Figure:
    n = sum(row["problems"] for row in problems)
    errors = sum(row["problems"] for row in problems if row["severity"] == "error")
    told = ((errors, "error"), (n - errors, "warning"))
    note = ", ".join(f"{k:,} {word}{'s' if k != 1 else ''}" for k, word in told if k)
    return _Figure("Problems", f"{n:,}", note or "none found", ids.anchor(ids.PROBLEM_COUNTS))


def _of_volume(index: Index, view: View) -> list[_Figure]:
    if _VOLUME not in index.variables:
        return []
    summary = index.scale(_VOLUME).summary(index.members(view.cohort))
    if summary is None:
        return [_Figure("Median infarct volume", "\u2013", "none measured")]
    middle, q1, q3 = (f"{v:.3g}" for v in (summary.median, summary.q1, summary.q3))
    return [_Figure("Median infarct volume", f"{middle} ml", f"IQR {q1} to {q3} ml")]


def _laid(figure: _Figure) -> Component:
    number: Component | str = figure.number
    if figure.href.startswith("#"):
        number = html.A(figure.number, href=figure.href)
    elif figure.href:
        number = dcc.Link(figure.number, href=figure.href)
    note = html.Dd(figure.note, className="key-note") if figure.note else None
    return html.Div([html.Dt(figure.label), html.Dd(number, className="key-number"), note])


def index_version(index: Index) -> str:
    """Which version of the index this is, and when it was made."""
    built = datetime.fromisoformat(index.meta["built_at"])
    return f"Index version {index.version}, built {built:%-d %B %Y, %H:%M} UTC."
