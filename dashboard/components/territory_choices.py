"""What the Territories page is asked: by which groups, at which level, what bars show."""

from collections.abc import Iterator
from typing import Any

from dash import html
from dash.development.base_component import Component

from analytics.outcome.endpoint import is_mrs
from analytics.territory_cohort import LEVEL_NAMES
from dashboard.components.choices import choice_select, choice_several, variable_options
from dashboard.figures.territories import DEFAULT_MEASURE, TITLES
from dashboard.view import View
from data_loader.index import Index

_HELP = (
    "Click a bar or a number to keep those subjects, and the bar again to let them go; every page"
    " follows."
)


def territory_choices(view: View, index: Index) -> list[Component]:
    """The controls; that of the level only where the atlas has two."""
    levels = index.atlas.levels if index.atlas else ()
    at = [(str(level), name.capitalize()) for level, name in LEVEL_NAMES.items() if level in levels]
    shown = [(key, title.capitalize()) for key, title in TITLES.items()]
    required: dict[str, Any] = {"allowDeselect": False}
    controls = [
        html.H2("Choices"),
        choice_several(
            "by",
            "Groups",
            list(_groups(index)),
            view,
            placeholder="The whole cohort",
            searchable=True,
            clearable=True,
        ),
        choice_select("lengths", "Bars show", shown, view, default=DEFAULT_MEASURE, **required),
    ]
    if len(at) > 1:
        controls.append(
            choice_select("atlas_level", "Level", at, view, default=at[0][0], **required)
        )
    return [*controls, html.P(_HELP, className="caption")]


def _groups(index: Index) -> Iterator[dict[str, Any]]:
    """Variables with levels; an mRS says where it is cut."""
    for heading in variable_options(index, "categorical", "binary", "ordinal"):
        items = [
            {**item, "label": f"{item['label']}: 0\N{EN DASH}2 or 3\N{EN DASH}6"}
            if is_mrs(index.variables[item["value"]])
            else item
            for item in heading["items"]
        ]
        yield {**heading, "items": items}
