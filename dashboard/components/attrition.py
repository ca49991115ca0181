"""Who is left after each filter, in the order in which they were set."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data_loader.attrition import Step


def attrition_table(steps: Sequence[Step], *, of: int) -> Component:
    """A row a filter: subjects left, taken away, and how many of those have no value.

    Args:
        steps: as `Index.attrition` gives them.
        of: subjects in the index.
    """
    head = [html.Th(name, scope="col") for name in ("Filter", "Left", "Out", "of these unknown")]
    first = html.Tr(
        [html.Th("all subjects", scope="row"), html.Td(f"{of:,}"), html.Td(), html.Td()]
    )
    body = [
        html.Tr(
            [
                html.Th(step.phrase, scope="row"),
                html.Td(f"{step.after:,}"),
                html.Td(f"{step.before - step.after:,}"),
                html.Td(f"{step.unknown:,}"),
            ]
        )
        for step in steps
    ]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody([first, *body])], className="table")
