"""A list that the reader picks and orders: by dragging, or with the buttons of each item.

What is chosen stands, joined by commas, in a hidden field that is a control of the address
(`choices`); `assets/order.js` writes there what a drag or a button asks for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.aria import aria, data
from dashboard.components.choices import choice_part
from dashboard.view import View
from data_loader.index import Index, IndexFolder
from data_loader.variables import Variable

ItemDetails = Callable[[Variable, View], Sequence[Component]]
"""Makes what an item has beside its buttons, such as how its variable is shown."""


def order_list(key: str, label: str, view: View, *, default: Sequence[str]) -> Component:
    """Lay out the list of variables of one key of the address.

    Args:
        key: of the address.
        label: what the list is, for readers aloud.
        view: what is chosen now.
        default: the variables that go without saying, in order.
    """
    text = view.choices.get(key, ",".join(default))
    part = choice_part(key, ",".join(default))
    field = dcc.Input(id=part, type="hidden", value=text)
    add = dmc.Select(
        id={"type": ids.ORDER_ADD, "name": key},
        placeholder="Add a variable",
        data=[],
        searchable=True,
        size="xs",
        **aria(label=f"Add to {label.lower()}"),
    )
    reset = html.Button("As by default", className="quiet-button", **data(order=",".join(default)))
    return html.Div(
        [field, html.Div(id={"type": ids.ORDER_ITEMS, "name": key}), add, reset],
        className="order",
        role="group",
        **aria(label=label),
        **data(key=key),
    )


def register_order_lists(
    app: Dash, folder: IndexFolder, details: Mapping[str, ItemDetails]
) -> None:
    """Fill all lists and let variables be added to them, once for all pages.

    Args:
        app: that the pages belong to.
        folder: of the index.
        details: key of a list to what its items have beside their buttons.
    """
    field = {"type": ids.CHOICE, "name": MATCH, "default": ALL}

    @app.callback(
        Output({"type": ids.ORDER_ITEMS, "name": MATCH}, "children"),
        Output({"type": ids.ORDER_ADD, "name": MATCH}, "data"),
        Input(field, "value"),
        State(field, "id"),
        State(ids.URL, "search"),
    )
    def lay_items(
        texts: list[str | None], parts: list[dict[str, str]], search: str
    ) -> tuple[Component, list[dict[str, Any]]]:
        index, text = folder.current(), texts[0] or ""
        names = [name for name in text.split(",") if name in index.variables]
        more = details.get(parts[0]["name"])
        view = View.parse(search, index)
        items = [
            _item(index.variables[name], more(index.variables[name], view) if more else [])
            for name in names
        ]
        return html.Ol(items), _addable(names, index)

    @app.callback(
        Output(field, "value"),
        Output({"type": ids.ORDER_ADD, "name": MATCH}, "value"),
        Input({"type": ids.ORDER_ADD, "name": MATCH}, "value"),
        State(field, "value"),
        prevent_initial_call=True,
    )
    def add(name: str | None, texts: list[str | None]) -> tuple[list[Any], None]:
        if not name:
            raise PreventUpdate
        return [",".join(filter(None, (texts[0], name)))], None


def _addable(taken: Sequence[str], index: Index) -> list[dict[str, Any]]:
    """The variables that can still be added, under the headings of the dictionary."""
    groups: dict[str, list[dict[str, str]]] = {}
    for variable in index.variables.values():
        if variable.name not in taken:
            item = {"value": variable.name, "label": variable.label}
            groups.setdefault(variable.group, []).append(item)
    return [{"group": heading, "items": items} for heading, items in groups.items()]


def _item(variable: Variable, details: Sequence[Component]) -> Component:
    label = variable.label
    buttons = [
        html.Button(
            sign, className=f"order-{way}", title=f"{said} {label}", **aria(label=f"{said} {label}")
        )
        for way, sign, said in (
            ("up", "↑", "Move up"),
            ("down", "↓", "Move down"),
            ("drop", "✕", "Leave out"),
        )
    ]
    return html.Li(
        [html.Span(label, className="order-label"), *buttons, *details],
        className="order-item",
        draggable="true",
        **data(name=variable.name),
    )
