"""Content that no callback listens to, as one component of Dash.

Dash wraps every component and asks each anew whenever anything on the page changes; a table of 200
cells held up every other part. `assets/still.js` draws the same elements without.
"""

from typing import Any

from dash.development.base_component import Component


class Still(Component):
    """Components of `dash.html` and links, drawn as they are.

    Args:
        content: a component or several; of `dash.dcc` only links, and none with an id that a
            callback names.
    """

    _namespace = "insula"
    _type = "Still"
    _prop_names = ["content"]  # noqa: RUF012 - as Dash declares them
    _base_nodes = ["content"]  # noqa: RUF012 - as Dash declares them
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012 - as Dash declares them
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(self, content: Any) -> None:
        super().__init__(content=content)  # type: ignore[no-untyped-call]  # Dash has no types
