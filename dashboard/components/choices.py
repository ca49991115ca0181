"""Controls that say what a page computes: each stands for one key of the address.

A control is laid with the text that goes without saying; what is chosen is written into the
address, and what the address says is shown by the control, whoever wrote it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from dash.development.base_component import Component

from dashboard import ids
from dashboard.view import View
from data_loader.index import Index, IndexFolder

NONE = "none"
"""In the address, an empty list: a blank means what goes without saying."""

Options = Sequence[tuple[str, str]] | Sequence[Mapping[str, Any]]
"""Value and label of each choice, or groups of them as Mantine has them."""


def choice_part(key: str, default: str = "") -> dict[str, object]:
    """The id of the control of a key.

    Args:
        key: of the address, one of `CHOICE_KEYS`.
        default: the text that goes without saying; it is left out of the address.
    """
    return {"type": ids.CHOICE, "name": key, "default": default}


def choice_select(
    key: str, label: str, options: Options, view: View, *, default: str = "", **props: Any
) -> Component:
    """A list of which one is chosen, or none where it can be cleared."""
    control: Component = dmc.Select(
        id=choice_part(key, default),
        label=label,
        data=_data(options),
        value=view.choices.get(key, default) or None,
        size="xs",
        **props,
    )
    return control


def choice_several(
    key: str, label: str, options: Options, view: View, *, default: str = "", **props: Any
) -> Component:
    """A list of which any number are chosen, in the order of choosing; `none` where none is."""
    control: Component = dmc.MultiSelect(
        id=choice_part(key, default),
        label=label,
        data=_data(options),
        value=_parts(view.choices.get(key, default)),
        size="xs",
        hidePickedOptions=True,
        **props,
    )
    return control


def choice_text(key: str, label: str, view: View, *, default: str = "", **props: Any) -> Component:
    """A field to type in; it is read on Enter and when it is left."""
    control: Component = dmc.TextInput(
        id=choice_part(key, default),
        label=label,
        value=view.choices.get(key, default),
        debounce=True,
        size="xs",
        **props,
    )
    return control


def variable_options(index: Index, *kinds: str) -> list[dict[str, Any]]:
    """The variables of an index under the headings of the dictionary, as choices.

    Args:
        index: whose variables.
        kinds: which; all by default.
    """
    groups: dict[str, list[dict[str, str]]] = {}
    for variable in index.variables.values():
        if not kinds or variable.kind in kinds:
            item = {"value": variable.name, "label": variable.heading}
            groups.setdefault(variable.group, []).append(item)
    return [{"group": heading, "items": items} for heading, items in groups.items()]


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part not in ("", NONE)]


def _data(options: Options) -> list[Any]:
    return [
        option if isinstance(option, Mapping) else {"value": option[0], "label": option[1]}
        for option in options
    ]


def register_choices(app: Dash, folder: IndexFolder) -> None:
    """Bind all controls to the address, once for all pages."""
    every = {"type": ids.CHOICE, "name": ALL, "default": ALL}

    @app.callback(
        Output(every, "value"),
        Input(ids.URL, "search"),
        State(every, "id"),
        State(every, "value"),
        prevent_initial_call=True,
    )
    def show(search: str, parts: list[dict[str, Any]], values: list[Any]) -> list[Any]:
        choices = View.parse(search, folder.current()).choices
        asked = [choices.get(part["name"], part["default"]) for part in parts]
        return [_shown(text, value) for text, value in zip(asked, values, strict=True)]

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(every, "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def write(_: list[Any], search: str) -> None:
        view = View.parse(search, folder.current())
        changed = view
        for entry in ctx.triggered:
            part = ctx.triggered_prop_ids[entry["prop_id"]]
            text = _said(entry["value"], part["default"])
            changed = changed.with_choices(
                **{part["name"]: None if text == part["default"] else text}
            )
        if changed.choices != view.choices:
            set_props(ids.URL, {"search": changed.search})


def _shown(text: str, value: Any) -> Any:
    """What a control is to show of a text of the address; nothing new where it does already."""
    if isinstance(value, list):
        return no_update if _parts(text) == value else _parts(text)
    return no_update if (value or "") == text else text or None


def _said(value: Any, default: str) -> str:
    """The text of the address that a control stands for."""
    if not isinstance(value, list):
        return value or ""
    # In whatever order they were chosen anew, all that goes without saying goes without saying.
    return default if set(value) == set(_parts(default)) else ",".join(value) or NONE
