"""Who a patient is, and the way to the one before and after in the cohort."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria, unseen
from dashboard.components.subject_table import patient_href
from dashboard.record import Position
from dashboard.view import View
from data_loader.index import Index
from data_loader.rows import Row


def patient_heading(index: Index, row: Row, place: Position, view: View) -> Component:
    """Subject, dataset, split, centre, age and sex; previous, place and next.

    Args:
        index: where the subject is.
        row: of the subject.
        place: in the cohort.
        view: what the address says.
    """
    facts = [html.Span(text) for text in _facts(index, row)]
    return html.Header(
        [
            html.Div([html.H1(row["subject"]), html.P(facts, className="facts")]),
            html.Nav(_steps(place, view), className="steps", **aria(label="Patients")),
        ],
        className="patient-heading",
    )


def _facts(index: Index, row: Row) -> list[str]:
    dataset = next(d for d in index.datasets if d.name == row["dataset"])
    facts = [dataset.title]
    for name in ("split", "center"):
        if row.get(name) is not None:
            variable = index.variables[name]
            shown = variable.shown(row[name])
            facts.append(f"{shown} split" if name == "split" else shown)
    facts.append(_person(index, row))
    if not row["has_clinical"]:
        facts.append("no clinical record")
    if not row["has_mask"]:
        facts.append("no infarct mask")
    return [fact for fact in facts if fact]


def _person(index: Index, row: Row) -> str:
    parts = []
    if row.get("age") is not None:
        bound = " or more" if row.get("age_top_coded") == 1 else ""
        parts.append(f"{index.variables['age'].shown(row['age'])}{bound} years")
    if row.get("sex") is not None:
        parts.append(index.variables["sex"].shown(row["sex"]))
    return ", ".join(parts)


def _steps(place: Position, view: View) -> list[Component]:
    if place.place is None:
        said = f"Not among the {place.n:,} subjects of the cohort"
    else:
        said = f"{place.place:,} of {place.n:,} in the cohort"
    return [
        _step(place.before, view, ids.PATIENT_BEFORE, "Previous", "["),
        html.Span(said, className="step-place"),
        _step(place.after, view, ids.PATIENT_AFTER, "Next", "]"),
    ]


def _step(row: Row | None, view: View, name: str, label: str, key: str) -> Component:
    if row is None:
        return html.Span(label, className="step step-none", **aria(hidden="true"))
    return dcc.Link(
        [
            label,
            unseen(f" patient in the cohort: {row['subject']}"),
            html.Kbd(key, **aria(hidden="true")),
        ],
        href=patient_href(row["dataset"], row["subject"], view.search),
        id=name,
        className="step",
        title=f"{row['subject']} (key {key} or {'k' if key == '[' else 'j'})",
    )
