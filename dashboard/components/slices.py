"""Axial slices that the server draws: one to step through, and a strip through the infarct.

They need no WebGL. The slice is chosen in the browser; the server only draws it.
"""

from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.aria import aria
from dashboard.figures.slices import main_slice
from dashboard.presets import kind_of
from dashboard.stacks import Slices

_MOST_IN_STRIP = 13


def slices_panel() -> Component:
    """Lay the panel out; what it shows comes with the subject."""
    controls = [
        dmc.SegmentedControl(id=ids.SLICE_KIND, data=[], size="xs", **aria(label="Image behind")),
        dmc.Slider(
            id=ids.SLICE_PLACE,
            min=0,
            max=0,
            value=0,
            updatemode="drag",
            label=None,
            restrictToMarks=False,
            thumbLabel="Axial slice, from below",
        ),
        html.P(id=ids.SLICE_CAPTION, className="caption", **aria(live="polite")),
    ]
    return html.Div(
        [
            dcc.Store(id=ids.SLICE_SET),
            html.Div(
                [html.Img(id=ids.SLICE_PICTURE, alt="", className="slice"), *controls],
                className="slice-stepper",
            ),
            html.Div(id=ids.SLICE_STRIP, className="strip"),
        ],
        id=ids.SLICES,
        className="slices",
    )


def register_slices(app: Dash) -> None:
    """Choose slices in the browser; the large one is fetched only where the viewer can't run."""
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("patient", "chooseSlice"),
        Output(ids.SLICE_PICTURE, "src"),
        Output(ids.SLICE_PICTURE, "alt"),
        Output(ids.SLICE_CAPTION, "children"),
        Output(ids.SLICE_PLACE, "max"),
        Output(ids.SLICE_PLACE, "value"),
        Input(ids.SLICE_SET, "data"),
        Input(ids.SLICE_KIND, "value"),
        Input(ids.SLICE_PLACE, "value"),
        Input({"type": ids.STRIP_PART, "name": ALL}, "n_clicks"),
        Input(ids.SLICES, "className"),
    )


def slice_set(dataset: str, subject: str, slices: Slices, *, volume_ml: float | None) -> Any:
    """What the browser needs to choose a slice: no image data, a few numbers a slice.

    Args:
        dataset: name.
        subject: label.
        slices: what there is.
        volume_ml: of the infarct; None if there is none.
    """
    kinds = {}
    for kind, grid in slices.grids.items():
        areas = slices.areas(kind)
        kinds[kind] = {
            "label": kind_of(kind).label if kind != "lesion" else "no image",
            "source": slice_source(dataset, subject, kind, slices.version),
            "levels": grid.levels,
            "infarct": [bool(area) for area in areas],
            "main": main_slice(areas),
            "drawn": any(areas),
        }
    return {"subject": subject, "kinds": kinds, "volume_ml": volume_ml}


def slice_source(dataset: str, subject: str, kind: str, version: str) -> str:
    """The address of a subject's slices, to which `&slice=` is added."""
    where = "/".join(quote(part, safe="") for part in (dataset, subject, kind))
    return f"/slice/{where}.png?v={version}"


def kind_choices(chosen: Any) -> list[dict[str, str]]:
    """Choices of the image behind, of what `slice_set` gave."""
    return [{"value": kind, "label": known["label"]} for kind, known in chosen["kinds"].items()]


def slice_strip(chosen: Any) -> list[Component]:
    """Slices through the infarct, evenly spread, as buttons; none where there is no infarct."""
    first = next(iter(chosen["kinds"].values()))
    places = [place for place, inside in enumerate(first["infarct"]) if inside]
    if not places:
        return []
    count = min(_MOST_IN_STRIP, len(places))
    spread = [places[round(i * (len(places) - 1) / max(1, count - 1))] for i in range(count)]
    return [_strip_part(first, place) for place in sorted({*spread, first["main"]}, reverse=True)]


def _strip_part(kind: Any, place: int) -> Component:
    level = f"z {kind['levels'][place]} mm"
    picture = html.Img(
        src=f"{kind['source']}&size=small&slice={place}",
        alt=f"Slice {place + 1}, {level}",
    )
    return html.Button(
        [picture, html.Span(level, **aria(hidden="true"))],
        id={"type": ids.STRIP_PART, "name": place},
        className="strip-part" + " strip-main" * (place == kind["main"]),
        title="Most of the infarct" if place == kind["main"] else None,
    )
