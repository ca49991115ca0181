"""Attributes and words for those who don't see the page: readers aloud, and scripts."""

from typing import Any

from dash import html
from dash.development.base_component import Component


def aria(**attributes: str) -> dict[str, Any]:
    """Attributes for assistive technology, such as `aria(label="Pages")`."""
    return {f"aria-{name}": text for name, text in attributes.items()}


def data(**attributes: str) -> dict[str, Any]:
    """Attributes for scripts of the page, such as `data(subject="soop/sub-1")`."""
    return {f"data-{name}": text for name, text in attributes.items()}


def unseen(text: str) -> Component:
    """Text that is read out and not shown; `dcc.Link` takes no attributes."""
    return html.Span(text, className="sr-only")
