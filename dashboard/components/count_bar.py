"""A count with a thin bar: its share of a whole, on one scale wherever it stands."""

from dash import html
from dash.development.base_component import Component

from dashboard.share import share

_WHOLE_PX = 64


def count_cell(n: int, whole: int, shown: Component | str) -> Component:
    """A cell of a table of counts.

    Args:
        n: subjects.
        whole: of how many.
        shown: the count as text, or a link that says it.
    """
    if not n:
        return html.Td("0", className="dimmed")
    bar = html.Span(className="bar", style={"width": f"{_WHOLE_PX * n / whole:.1f}px"})
    return html.Td([shown, bar], title=f"{n:,} of {whole:,} subjects, {share(n, whole)}")
