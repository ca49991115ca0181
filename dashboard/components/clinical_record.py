"""A patient's clinical record: every value beside its reference range and the cohort."""

from collections.abc import Mapping, Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen
from dashboard.record import Entry, Standing
from data_loader.variables import Variable

_LEFT_OUT = ("Design", "Imaging")
"""Groups that stand in the heading and beside the infarct."""


def clinical_record(groups: Mapping[str, Sequence[Entry]], *, n: int) -> Component:
    """Tables, one a group.

    Args:
        groups: entries by heading.
        n: subjects in the cohort.
    """
    tables = [
        html.Div([html.H3(group), entry_table(entries)], className="record-group")
        for group, entries in groups.items()
        if group not in _LEFT_OUT
    ]
    help_text = (
        f"“In the cohort” compares with the {n:,} subjects of the cohort: the percentile of a"
        " number (half of equal values counted as lower), the share with the same answer otherwise."
    )
    if not tables:
        help_text = "The dataset has no clinical variables."
    return html.Section(
        [
            html.Header([html.H2("Clinical record")]),
            html.P(help_text, className="help"),
            html.Div(tables, className="record"),
        ],
        className="panel",
    )


def entry_table(entries: Sequence[Entry]) -> Component:
    """A row an entry: name, value, what is normal, how it stands in the cohort."""
    with_reference = any(entry.variable.reference for entry in entries)
    heads = ["Variable", "Value", *["Reference"] * with_reference, "In the cohort"]
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    rows = [_row(entry, with_reference) for entry in entries]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="entries")


def _row(entry: Entry, with_reference: bool) -> Component:
    return html.Tr(
        [
            html.Th(_name(entry.variable), scope="row"),
            _value(entry),
            _reference(entry) if with_reference else None,
            _standing(entry.standing),
        ]
    )


def _name(variable: Variable) -> list[Component | str]:
    if not variable.note:
        return [variable.label]
    mark = html.Span(
        ["i", unseen(f"note: {variable.note}")], className="note-mark", tabIndex="0", role="note"
    )
    tip = dmc.Tooltip(
        mark,
        label=variable.note,
        multiline=True,
        w=260,
        events={"hover": True, "focus": True, "touch": True},
    )
    return [variable.label, " ", tip]


def _value(entry: Entry) -> Component:
    if entry.blank:
        class_name = "blank-missing" if entry.blank == "missing" else "blank-structural"
        return html.Td(entry.blank, className=class_name)
    if not entry.implausible:
        return html.Td(entry.text)
    return html.Td(
        [entry.text, html.Span([_mark("!"), "implausible"], className="flag flag-doubt")]
    )


def _reference(entry: Entry) -> Component:
    if entry.variable.reference is None:
        return html.Td()
    low, high = entry.variable.reference
    said = f"{low:g} to {high:g}"
    if not entry.outside:
        return html.Td(said, className="dimmed")
    mark = _mark("▲" if entry.outside == "above" else "▼")
    return html.Td([said, html.Span([mark, entry.outside], className="flag")], className="dimmed")


def _mark(text: str) -> Component:
    return html.Span(text, className="mark", **aria(hidden="true"))


def _standing(standing: Standing | None) -> Component:
    """One element, its bar drawn by the style sheet: a page of many elements is slow."""
    if standing is None:
        return html.Td()
    of = f"of {standing.n:,} known"
    if standing.percentile is None:
        return html.Td(f"{standing.equal:.0f} %", title=f"the same answer, {of}")
    return html.Td(
        ordinal(standing.percentile),
        className="standing",
        style={"--at": f"{standing.percentile / 100:.3f}"},
        title=f"percentile {of}",
    )


def ordinal(percentile: float) -> str:
    """Such as 62nd; the outermost percentiles don't reach 0 and 100."""
    whole = min(99, max(1, round(percentile)))
    tens = whole % 100 in (11, 12, 13)
    return f"{whole}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(whole % 10, 'th')}"
