"""A map in the viewer: over the template, with the outlines of the territories, and its colours."""

from collections.abc import Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from niivue_dash import NiiVue

from analytics.map_regions import Regions
from dashboard import ids, images
from dashboard.aria import aria
from dashboard.figures.map_layer import ABOVE, BELOW, FREQUENCY
from dashboard.map_files import MapPicture

_HEIGHT_PX = 470
_MAP, _ATLAS = "map", "atlas"
_SEQUENCE, _POSITIVE, _NEGATIVE = "insula-frequency", "insula-above", "insula-below"
_OPACITY = 0.9
_OUTLINE = "#e9ecef"

TEMPLATE: NiiVue.Volumes = {
    "id": "template",
    "url": images.TEMPLATE,
    "name": "MNI152 T1",
    "cal_min": 40,
    "cal_max": 250,
    "colorbar": False,
}

_SIDES = "Radiological convention: the patient's right is on the left of the picture."


def map_viewer() -> Component:
    """Lay the viewer out, on the template at once; the map comes with the address."""
    return html.Div(
        [
            dcc.Store(id=ids.MAP_INFO),
            NiiVue(
                id=ids.MAP_VIEWER,
                volumes=[TEMPLATE],
                colormaps={
                    _SEQUENCE: _colormap(FREQUENCY),
                    _POSITIVE: _colormap(ABOVE),
                    _NEGATIVE: _colormap(BELOW),
                },
                crosshair_color="#fcc419",
                height=_HEIGHT_PX,
                alt="The MNI152 template",
                className="canvas",
            ),
            html.Img(id=ids.MAP_PICTURE, alt="", className="map-picture"),
            html.P(id=ids.MAP_READOUT, className="readout map-readout"),
            html.Div(id=ids.MAP_LEGEND),
            html.P(_SIDES, className="help"),
            html.P(id=ids.MAP_STATUS, className="help", role="status"),
        ],
        id=ids.MAP_PANEL,
        className="map-panel",
    )


def map_volumes(picture: MapPicture, regions: Regions, atlas: str) -> list[NiiVue.Volumes]:
    """What the viewer shows: the template is fetched once, whatever map lies over it.

    Args:
        picture: the map.
        regions: the territories.
        atlas: from where their image is fetched.
    """
    signed = picture.layer.is_signed
    return [
        TEMPLATE,
        {
            "id": _MAP,
            "url": picture.address,
            "name": picture.layer.title,
            "colormap": _POSITIVE if signed else _SEQUENCE,
            "colormap_negative": _NEGATIVE if signed else "",
            "cal_min": 0,
            "cal_max": picture.most,
            "opacity": _OPACITY,
            "colorbar": False,
        },
        {
            "id": _ATLAS,
            "url": atlas,
            "name": "Territories",
            "opacity": 0,
            "outline": 1,
            "outline_color": _OUTLINE,
            "colormap_label": _label_map(regions),
            "colorbar": False,
        },
    ]


def map_info(picture: MapPicture, *, mosaic: str, at: Sequence[float] | None) -> dict[str, Any]:
    """What the browser needs to read the map out.

    Args:
        picture: the map.
        mosaic: address of its slices as a picture, for a browser that has no viewer.
        at: the place in mm that the cohort is narrowed to, if it is.
    """
    return {
        "n": picture.layer.n,
        "critical": picture.critical,
        "statistic": picture.layer.label.split(";")[0] if picture.critical else None,
        "peak": picture.peak.mm if picture.peak else None,
        "at": at,
        "mosaic": mosaic,
        "alt": f"{picture.layer.title}, slices through the brain. {_SIDES}",
    }


def map_legend(picture: MapPicture) -> Component:
    """The colours with their values: subjects and percentages, or either side of 0."""
    layer, most = picture.layer, picture.most
    if layer.is_signed:
        stops, label = (*BELOW[:0:-1], *ABOVE), layer.label
        ticks = [_signed(-most), "0", _signed(most)]
        rows = [_ticks(ticks)]
    else:
        n = layer.n or 1
        stops, label = FREQUENCY, f"subjects with a lesion, of {n:,}"
        ticks = [f"{most * part:,.0f}" for part in (0, 0.5, 1)]
        rows = [
            _ticks(ticks),
            _ticks([f"{100 * most * part / n:.0f} %" for part in (0, 0.5, 1)]),
        ]
    gradient = {"background": f"linear-gradient(to right, {', '.join(stops)})"}
    bar = html.Div(style=gradient, className="map-colors")
    return html.Div(
        [html.Span(label, className="map-unit"), html.Div([bar, *rows], className="map-scale")],
        className="map-legend",
        role="img",
        **aria(label=f"Colours from {ticks[0]} to {ticks[-1]}: {label}"),
    )


def register_map_viewer(app: Dash) -> None:
    """Read out, move and tell in the browser."""
    _register(
        app,
        "readOut",
        [Output(ids.MAP_READOUT, "children")],
        [Input(ids.MAP_VIEWER, "location"), Input(ids.MAP_INFO, "data")],
    )
    _register(
        app,
        "fillIn",
        [Output(ids.MAP_X, "value"), Output(ids.MAP_Y, "value"), Output(ids.MAP_Z, "value")],
        [Input(ids.MAP_VIEWER, "location")],
    )
    _register(
        app,
        "jump",
        [Output(ids.MAP_VIEWER, "crosshair_mm")],
        [
            Input(ids.MAP_INFO, "data"),
            Input(ids.MAP_GO, "n_clicks"),
            Input(ids.MAP_PEAK, "n_clicks"),
            State(ids.MAP_X, "value"),
            State(ids.MAP_Y, "value"),
            State(ids.MAP_Z, "value"),
        ],
    )
    _register(
        app,
        "tellStatus",
        [
            Output(ids.MAP_STATUS, "children"),
            Output(ids.MAP_PANEL, "className"),
            Output(ids.MAP_PICTURE, "src"),
            Output(ids.MAP_PICTURE, "alt"),
        ],
        [Input(ids.MAP_VIEWER, "status"), Input(ids.MAP_INFO, "data")],
    )


def registration_sentence(rows: Sequence[Any]) -> str:
    """How the lesions of a cohort came to standard space.

    Args:
        rows: of its table `registrations`.
    """
    counts: dict[str, int] = {}
    for row in rows:
        way = " ".join(str(row[name]) for name in ("engine", "method") if row.get(name))
        told = {
            "given": "normalised to MNI152 by the dataset",
            "registered": f"registered to MNI152 here ({way})" if way else "registered here",
        }.get(row["status"], "not in standard space")
        counts[told] = counts.get(told, 0) + 1
    said = "; ".join(f"{count:,} {told}" for told, count in counts.items())
    return f"Masks: {said}." if said else ""


def _label_map(regions: Regions) -> NiiVue.VolumesColormapLabel:
    numbers = sorted(regions.names)
    grey = [0, *(128 for _ in numbers)]
    return {
        "R": grey,
        "G": grey,
        "B": grey,
        "I": [0, *numbers],
        "labels": ["", *(regions.names[number] for number in numbers)],
    }


def _colormap(stops: Sequence[str]) -> NiiVue.Colormaps:
    """Colours from 0 to the largest value; nothing is drawn at 0 itself."""
    first, *others = stops
    place = [1, *(round(255 * at / len(others)) for at in range(1, len(stops)))]
    red, green, blue = (
        [int(color[at : at + 2], 16) for color in (first, *stops)] for at in (1, 3, 5)
    )
    return {"R": red, "G": green, "B": blue, "A": [0, *(255 for _ in stops)], "I": [0, *place]}


def _ticks(texts: Sequence[str]) -> Component:
    return html.Div([html.Span(text) for text in texts], className="map-ticks number")


def _signed(value: float) -> str:
    digits = 0 if abs(value) >= 10 else 1
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _register(
    app: Dash, function: str, outputs: list[Output], inputs: "list[Input | State]"
) -> None:
    reference = ClientsideFunction("map", function)
    app.clientside_callback(reference, *outputs, *inputs)  # type: ignore[no-untyped-call]  # Dash has no types here
