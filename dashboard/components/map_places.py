"""Narrowing the cohort to whose infarct lies at a place: by the crosshair, by keyboard, by region."""

from collections.abc import Iterator
from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import Dash, Input, Output, State, ctx, html, set_props
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria
from dashboard.view import View
from data_loader.atlas import OUTSIDE
from data_loader.cohort import Cohort
from data_loader.errors import CohortError
from data_loader.index import Index, IndexFolder
from data_loader.lesion_filter import LESION_AT, LESION_IN
from data_loader.mni152 import ORIGIN_MM, SHAPE
from data_loader.query_text import quoted_cell

_RADIUS_MM = 0
_MOST_RADIUS_MM = 40
_SHARES = (("", "any part"), ("10", "at least 10 %"), ("50", "at least half"))


def place_form() -> Component:
    """Lay the form out; which regions there are comes with the index."""
    return html.Div([_here(), _there()], className="map-places")


def _here() -> Component:
    return html.Section(
        [
            html.H3("At the crosshair"),
            html.Div(
                [
                    *(_coordinate(axis, name) for axis, name in _AXES),
                    _number(ids.MAP_RADIUS, "Radius (mm)", 0, _MOST_RADIUS_MM, value=_RADIUS_MM),
                ],
                className="map-fields",
            ),
            html.P(id=ids.MAP_HERE, className="map-count", **aria(live="polite")),
            html.Div(
                [
                    html.Button("Keep these", id=ids.MAP_KEEP_HERE, className="step"),
                    html.Button("Go there", id=ids.MAP_GO, className="quiet-button"),
                    html.Button("Go to the peak", id=ids.MAP_PEAK, className="quiet-button"),
                ],
                className="map-buttons",
            ),
        ],
        className="map-place",
    )


def _there() -> Component:
    return html.Section(
        [
            html.H3("In a territory"),
            html.Div(
                [
                    dmc.Select(
                        id=ids.MAP_REGION,
                        label="Region of the atlas",
                        data=[],
                        searchable=True,
                        clearable=True,
                        size="xs",
                    ),
                    dmc.Select(
                        id=ids.MAP_SHARE,
                        label="Of the infarct",
                        data=[{"value": value, "label": label} for value, label in _SHARES],
                        value="",
                        allowDeselect=False,
                        size="xs",
                    ),
                ],
                className="map-fields map-fields-two",
            ),
            html.P(id=ids.MAP_THERE, className="map-count", **aria(live="polite")),
            html.Div(
                html.Button("Keep these", id=ids.MAP_KEEP_THERE, className="step"),
                className="map-buttons",
            ),
        ],
        className="map-place",
    )


_AXES = ((ids.MAP_X, "x"), (ids.MAP_Y, "y"), (ids.MAP_Z, "z"))


def _coordinate(name: str, axis: str) -> Component:
    at = "xyz".index(axis)
    low = int(ORIGIN_MM[at])
    return _number(name, f"{axis} (mm)", low, low + SHAPE[at] - 1)


def _number(name: str, label: str, low: int, high: int, **props: Any) -> Component:
    control: Component = dmc.NumberInput(
        id=name,
        label=label,
        min=low,
        max=high,
        clampBehavior="strict",
        allowDecimal=False,
        # Told when the field is left, and by Enter: else a timer tells it, and a button that is
        # pressed next reads what was there before.
        debounce=True,
        size="xs",
        **props,
    )
    return control


def _regions(index: Index) -> Iterator[dict[str, Any]]:
    if index.atlas is None:
        return
    for level in sorted(index.atlas.levels, reverse=True):
        labels = [r.label for r in index.atlas.regions if r.level == level and r.id != OUTSIDE]
        items = [{"value": label, "label": label} for label in labels]
        yield {"group": "Whole territories" if level == 2 else "Parts of them", "items": items}


def register_map_places(app: Dash, folder: IndexFolder) -> None:
    """Count who would be left, and write what is kept into the address."""

    @app.callback(Output(ids.MAP_REGION, "data"), Input(ids.URL, "pathname"))
    def offer(_: str) -> list[dict[str, Any]]:
        return list(_regions(folder.current()))

    @app.callback(
        Output(ids.MAP_HERE, "children"),
        Output(ids.MAP_KEEP_HERE, "disabled"),
        Input(ids.MAP_X, "value"),
        Input(ids.MAP_Y, "value"),
        Input(ids.MAP_Z, "value"),
        Input(ids.MAP_RADIUS, "value"),
        Input(ids.URL, "search"),
    )
    def count_here(x: Any, y: Any, z: Any, radius: Any, search: str) -> tuple[str, bool]:
        index = folder.current()
        text = _at(x, y, z, radius)
        if text is None or index.atlas is None:
            return "Point into the brain, or type a place.", True
        said, count = _counted(index, View.parse(search, index).cohort, LESION_AT, text)
        return f"{said} {_where(index, (x, y, z))}", count == 0

    @app.callback(
        Output(ids.MAP_THERE, "children"),
        Output(ids.MAP_KEEP_THERE, "disabled"),
        Input(ids.MAP_REGION, "value"),
        Input(ids.MAP_SHARE, "value"),
        Input(ids.URL, "search"),
    )
    def count_there(region: str | None, share: str | None, search: str) -> tuple[str, bool]:
        index = folder.current()
        if not region or index.atlas is None:
            return "", True
        cohort = View.parse(search, index).cohort
        said, count = _counted(index, cohort, LESION_IN, _in(region, share))
        return said, count == 0

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(ids.MAP_KEEP_HERE, "n_clicks"),
        Input(ids.MAP_KEEP_THERE, "n_clicks"),
        State(ids.MAP_X, "value"),
        State(ids.MAP_Y, "value"),
        State(ids.MAP_Z, "value"),
        State(ids.MAP_RADIUS, "value"),
        State(ids.MAP_REGION, "value"),
        State(ids.MAP_SHARE, "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def keep(  # noqa: PLR0913, PLR0917 - an argument for each control
        here: int | None,
        there: int | None,
        x: Any,
        y: Any,
        z: Any,
        radius: Any,
        region: str | None,
        share: str | None,
        search: str,
    ) -> None:
        index = folder.current()
        is_here = ctx.triggered_id == ids.MAP_KEEP_HERE
        if not (here if is_here else there):
            return
        text = _at(x, y, z, radius) if is_here else _in(region or "", share)
        if text is None:
            return
        view = View.parse(search, index)
        name = LESION_AT if is_here else LESION_IN
        narrowed = view.with_cohort(view.cohort.with_filter(name, text, index.variables))
        set_props(ids.URL, {"search": narrowed.search})


def _at(x: Any, y: Any, z: Any, radius: Any) -> str | None:
    """A place as a filter has it; None where it isn't whole, or is none of the grid's."""
    numbers = (x, y, z, radius or 0)
    if not all(isinstance(number, int | float) for number in numbers):
        return None
    return f"{x:g},{y:g},{z:g}" + (f",{radius:g}" if radius else "")


def _in(region: str, share: str | None) -> str:
    return quoted_cell(f"{region}:{share}%" if share else region)


def _counted(index: Index, cohort: Cohort, name: str, text: str) -> tuple[str, int]:
    """How many of the cohort, if it weren't narrowed by this already, have a lesion there."""
    base = cohort.without(name)
    try:
        count = index.count(base.with_filter(name, text, index.variables))
    except CohortError as error:
        return str(error), 0
    n = len(index.lesion_runs(base).subjects)
    percent = 100 * count / n if n else 0.0
    shown = f"{percent:.{1 if 0 < percent < 0.95 else 0}f} %"
    return f"{count:,} of {n:,} subjects ({shown}) have a lesion there.", count


def _where(index: Index, mm: tuple[float, float, float]) -> str:
    """The regions of a place, the finest first."""
    place = tuple(round(at - origin) for at, origin in zip(mm, ORIGIN_MM, strict=True))
    if index.atlas is None or not all(
        0 <= at < size for at, size in zip(place, SHAPE, strict=True)
    ):
        return ""
    voxel = int(np.ravel_multi_index(place, SHAPE, order="F"))
    found = [
        region.label
        for level in index.atlas.levels
        for region in index.atlas.regions
        if region.level == level and region.id == index.atlas_ids[level][voxel]
    ]
    return (
        f"{found[0]} ({found[-1]})." if len(found) > 1 and found[0] != found[-1] else f"{found[0]}."
    )
