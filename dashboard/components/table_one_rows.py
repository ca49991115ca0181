"""How a row of Table 1 is summarised and tested: what is chosen, and two lists to choose from.

Each row of the list of rows has a button that opens the two; what is chosen is written into the
keys `summary` and `tests` of the address.
"""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, html, no_update, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from analytics.table_one.choices import Test, names, possible_summaries, possible_tests
from analytics.table_one.wording import SUMMARY_NAMES
from dashboard import ids
from dashboard.aria import aria
from dashboard.view import View
from data_loader.index import IndexFolder
from data_loader.variables import Variable

_BY_KIND = "by-kind"
_LABELS = {"summary": "Summary", "tests": "Test"}
_TESTS: dict[Test, str] = {
    "welch": "Welch (means)",
    "rank": "Rank test",
    "chi2": "χ²",
    "fisher": "Exact test",
    "trend": "Cochran-Armitage",
    "none": "No test",
}


def row_details(variable: Variable, view: View) -> Sequence[Component]:
    """What a row has beside its buttons: what is chosen for it, and a button to choose."""
    label = f"Summary and test of {variable.label}"
    more = html.Button(
        "⋯",
        id=_part(ids.ROW_MORE, variable.name),
        className="order-more",
        title=label,
        **aria(label=label, expanded="false"),
    )
    said = html.Span(
        _said(variable.name, view), id=_part(ids.ROW_SAID, variable.name), className="order-said"
    )
    return [more, said, html.Div(id=_part(ids.ROW_PANEL, variable.name), className="order-panel")]


def register_row_details(app: Dash, folder: IndexFolder) -> None:
    """Open the lists of a row, write what is chosen, show what the address says."""
    _register_opening(app, folder)
    every = {"type": ids.ROW_CHOICE, "name": ALL, "key": ALL}
    said = _part(ids.ROW_SAID, ALL)

    @app.callback(
        Output(every, "value"),
        Output(said, "children"),
        Input(ids.URL, "search"),
        State(every, "id"),
        State(every, "value"),
        State(said, "id"),
        State(said, "children"),
        prevent_initial_call=True,
    )
    def show(
        search: str,
        parts: list[dict[str, str]],
        values: list[str | None],
        spans: list[dict[str, str]],
        texts: list[str],
    ) -> tuple[list[Any], list[Any]]:
        view = View.parse(search, folder.current())
        chosen = [_word(view, part["key"], part["name"]) or _BY_KIND for part in parts]
        now = [_said(span["name"], view) for span in spans]
        return _changes(values, chosen), _changes(texts, now)

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(Input(every, "value"), State(ids.URL, "search"), prevent_initial_call=True)
    def write(_: list[Any], search: str) -> None:
        view = View.parse(search, folder.current())
        changed = view
        for entry in ctx.triggered:
            part = ctx.triggered_prop_ids[entry["prop_id"]]
            word = "" if entry["value"] in (None, _BY_KIND) else entry["value"]
            changed = _with_word(changed, part["key"], part["name"], word)
        if changed.choices != view.choices:
            set_props(ids.URL, {"search": changed.search})


def _register_opening(app: Dash, folder: IndexFolder) -> None:
    @app.callback(
        Output(_part(ids.ROW_PANEL, MATCH), "children"),
        Output(_part(ids.ROW_MORE, MATCH), "aria-expanded"),
        Input(_part(ids.ROW_MORE, MATCH), "n_clicks"),
        State(_part(ids.ROW_MORE, MATCH), "id"),
        State(_part(ids.ROW_PANEL, MATCH), "children"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def open_row(
        clicks: int | None, part: dict[str, str], laid: list[Any] | None, search: str
    ) -> tuple[list[Component] | None, str]:
        index = folder.current()
        variable = index.variables.get(part["name"])
        if not clicks or variable is None:
            raise PreventUpdate
        if laid:
            return None, "false"
        return _lists(variable, View.parse(search, index)), "true"


def _part(kind: str, name: object) -> dict[str, object]:
    return {"type": kind, "name": name}


def _lists(variable: Variable, view: View) -> list[Component]:
    summaries, tests = possible_summaries(variable), possible_tests(variable)
    lists = [_list(variable, "tests", [(word, _TESTS[word]) for word in tests], view)]
    if len(summaries) > 1:
        options = [(word, SUMMARY_NAMES[word]) for word in summaries]
        lists.insert(0, _list(variable, "summary", options, view))
    return lists


def _list(
    variable: Variable, key: str, options: Sequence[tuple[str, str]], view: View
) -> Component:
    control: Component = dmc.Select(
        id={"type": ids.ROW_CHOICE, "name": variable.name, "key": key},
        label=_LABELS[key],
        data=[
            {"value": word, "label": said} for word, said in ((_BY_KIND, "By its kind"), *options)
        ],
        value=_word(view, key, variable.name) or _BY_KIND,
        allowDeselect=False,
        size="xs",
    )
    return control


def _words(view: View, key: str) -> dict[str, str]:
    """Variable to what is chosen for it; what can't be read is left as it stands."""
    parts = (part.replace(":", "=").rpartition("=") for part in names(view.choices.get(key, "")))
    return {name.strip(): word.strip() for name, _, word in parts}


def _word(view: View, key: str, name: str) -> str:
    return _words(view, key).get(name, "")


def _with_word(view: View, key: str, name: str, word: str) -> View:
    words = {**_words(view, key), name: word}
    text = ",".join(f"{n}:{w}" if n else w for n, w in words.items() if w)
    return view.with_choices(**{key: text})


def _said(name: str, view: View) -> str:
    """What is chosen for a row, in a few words; empty where it goes by kind."""
    summaries, tests = _word(view, "summary", name), _word(view, "tests", name)
    chosen = [said for word, said in SUMMARY_NAMES.items() if word == summaries]
    return ", ".join([*chosen, *(said for word, said in _TESTS.items() if word == tests)])


def _changes(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    return [no_update if old == new else new for old, new in zip(before, after, strict=True)]
