"""A figure as a reader sees it, and whether plotly takes it."""

import re
from typing import Any

import plotly.graph_objects as go


def checked(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure, once plotly has found nothing in it that it doesn't know."""
    go.Figure(figure)
    return figure


def traces(figure: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["type"] == kind]


def plain(text: str) -> str:
    """Text without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def words(figure: dict[str, Any]) -> list[str]:
    """All that is written in a figure, but for axes."""
    return [plain(note["text"]) for note in figure["layout"].get("annotations", ())]
