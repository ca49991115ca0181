"""A list that the reader picks and orders: by dragging, or with the buttons of each item.

What is chosen stands, joined by commas, in a hidden field that is a control of the address
(`choices`); `assets/order.js` writes there what a drag or a button asks for.
"""

from collections.abc import Sequence
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


def register_order_lists(app: Dash, folder: IndexFolder) -> None:
    """Fill all lists and let variables be added to them, once for all pages."""
    field = {"type": ids.CHOICE, "name": MATCH, "default": ALL}

    @app.callback(
        Output({"type": ids.ORDER_ITEMS, "name": MATCH}, "children"),
        Output({"type": ids.ORDER_ADD, "name": MATCH}, "data"),
        Input(field, "value"),
    )
    def lay_items(texts: list[str | None]) -> tuple[Component, list[dict[str, Any]]]:
        index, text = folder.current(), texts[0] or ""
        names = [name for name in text.split(",") if name in index.variables]
        return html.Ol([_item(name, index) for name in names]), _addable(names, index)

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


def _item(name: str, index: Index) -> Component:
    label = index.variables[name].label
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
        [html.Span(label, className="order-label"), *buttons],
        className="order-item",
        draggable="true",
        **data(name=name),
    )
