"""The viewer: the acute images and the follow-up side by side, the infarct over both.

The server says once what there is (`VIEW_SET`); all choices are made in the browser, by
`assets/viewer.js`, which also keeps them in the address.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from niivue_dash import NiiVue

from dashboard import ids
from dashboard.aria import aria
from dashboard.theme import LESION
from dashboard.view_set import LESION_COLORMAP, OCCLUSION_COLOR, OCCLUSION_COLORMAP, OVERLAYS

_HEIGHT_PX = 480
_GROUP = "patient"
_PLAY_MS = 250
_LAYOUTS = (("axial", "Axial"), ("planes", "3 planes"), ("mosaic", "Mosaic"), ("render", "With 3D"))


def _colormap(color: str) -> NiiVue.Colormaps:
    """One colour, from half on."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "R": [red] * 4,
        "G": [green] * 4,
        "B": [blue] * 4,
        "A": [0, 0, 255, 255],
        "I": [0, 110, 145, 255],
    }


def viewer_panel() -> Component:
    """Lay the viewer out; what it shows comes with the subject."""
    return html.Div(
        [
            dcc.Store(id=ids.VIEW_SET),
            html.Div(_controls(), className="viewer-controls"),
            html.Div(
                [
                    _pane(ids.LEFT_PANE, ids.LEFT, ids.VIEWER_LEFT, "Image on the left"),
                    _pane(ids.RIGHT_PANE, ids.RIGHT, ids.VIEWER_RIGHT, "Image on the right"),
                ],
                className="panes",
            ),
            html.P(id=ids.READOUT, className="readout"),
            _series(),
            html.P(id=ids.VIEWER_SAID, className="help", role="status"),
        ],
        id=ids.VIEWER,
        className="viewer",
    )


def _controls() -> list[Component]:
    return [
        _labelled("Layout", _segments(ids.LAYOUT, "Layout", _LAYOUTS)),
        html.Div(
            _labelled("Window", _segments(ids.PRESET, "Window of the left image")),
            id=ids.PRESET_BOX,
        ),
        html.Div([_switch(name) for name in OVERLAYS], className="over"),
        html.Div(
            [
                html.Span("Fill", **aria(hidden="true")),
                dmc.Slider(
                    id=ids.OPACITY,
                    min=0,
                    max=100,
                    step=5,
                    value=35,
                    updatemode="drag",
                    label=None,
                    w=110,
                    size="sm",
                    thumbLabel="Opacity of the infarct's fill, percent",
                ),
            ],
            className="labelled",
        ),
        html.Button("Picture (PNG)", id=ids.SNAPSHOT, className="quiet-button"),
        html.Span(id=ids.SNAPSHOT_SAID, className="sr-only", role="status"),
    ]


def _switch(name: str) -> Component:
    box = dmc.Checkbox(
        id=ids.over(name), label=OVERLAYS[name], checked=False, size="xs", radius="sm"
    )
    return html.Div(box, id=ids.over(name) + "-box", hidden=True)


def _labelled(label: str, control: Component) -> Component:
    return html.Div([html.Span(label, **aria(hidden="true")), control], className="labelled")


def _segments(name: str, label: str, choices: Any = ()) -> dmc.SegmentedControl:
    data = [{"value": value, "label": text} for value, text in choices]
    first = data[0]["value"] if data else None
    return dmc.SegmentedControl(id=name, data=data, value=first, size="xs", **aria(label=label))


def _pane(pane: str, choice: str, viewer: str, label: str) -> Component:
    return html.Div(
        [
            html.Div(_segments(choice, label), className="pane-choice"),
            NiiVue(
                id=viewer,
                volumes=[],
                colormaps={
                    LESION_COLORMAP: _colormap(LESION),
                    OCCLUSION_COLORMAP: _colormap(OCCLUSION_COLOR),
                },
                sync_group=_GROUP,
                height=_HEIGHT_PX,
                colorbar=True,
                className="canvas",
            ),
        ],
        id=pane,
        className="pane",
    )


def _series() -> Component:
    """Frames of a perfusion series: slider, play, and the curve at the crosshair."""
    return html.Div(
        [
            html.Div(
                [
                    html.Button("Play", id=ids.PLAY, className="quiet-button"),
                    dmc.Slider(
                        id=ids.FRAME,
                        min=0,
                        max=0,
                        value=0,
                        updatemode="drag",
                        label=None,
                        thumbLabel="Frame of the perfusion series",
                    ),
                    html.Span(id=ids.FRAME_SAID, className="number"),
                    dcc.Interval(id=ids.PLAY_CLOCK, interval=_PLAY_MS, disabled=True),
                ],
                className="frames",
            ),
            html.Div(id=ids.CURVE),
        ],
        id=ids.SERIES,
        className="series",
        hidden=True,
    )


def component_list(components: Any) -> Component | None:
    """Buttons that move the crosshair to each component of the infarct, the largest first."""
    if not components:
        return None
    items = [
        html.Li(
            html.Button(
                [html.Span(str(place), className="dimmed"), _millilitres(component["ml"])],
                id={"type": ids.COMPONENT_PART, "name": place - 1},
                className="component-part",
                title="Move the crosshair here",
            )
        )
        for place, component in enumerate(components, start=1)
    ]
    return html.Div(
        [
            html.H3("Components (26-connected)"),
            html.Ol(items, className="component-list", **aria(label="Components, largest first")),
            html.Div(
                [
                    html.Button("Previous", id=_step("before"), className="quiet-button"),
                    html.Button("Largest", id=_step("largest"), className="quiet-button"),
                    html.Button("Next", id=_step("after"), className="quiet-button"),
                ],
                className="component-steps",
            ),
        ],
        className="component-box",
    )


def _millilitres(ml: float) -> str:
    return f"{ml:.2f} ml" if ml >= 0.01 else "< 0.01 ml"


def _step(where: str) -> dict[str, str]:
    return {"type": ids.COMPONENT_STEP, "name": where}


def register_viewer(app: Dash) -> None:
    """Make the choices in the browser."""
    _register(
        app,
        "compose",
        [
            Output(ids.LEFT, "data"),
            Output(ids.LEFT, "value"),
            Output(ids.RIGHT, "data"),
            Output(ids.RIGHT, "value"),
            Output(ids.PRESET, "data"),
            Output(ids.PRESET, "value"),
            Output(ids.LAYOUT, "value"),
            *(Output(ids.over(name), "checked") for name in OVERLAYS),
            *(Output(ids.over(name) + "-box", "hidden") for name in OVERLAYS),
            Output(ids.OPACITY, "value"),
            *(
                Output(viewer, prop)
                for viewer in (ids.VIEWER_LEFT, ids.VIEWER_RIGHT)
                for prop in ("volumes", "slice_type", "mosaic", "show_render", "alt")
            ),
            Output(ids.LEFT_PANE, "hidden"),
            Output(ids.RIGHT_PANE, "hidden"),
            Output(ids.PRESET_BOX, "hidden"),
            Output(ids.SERIES, "hidden"),
            Output(ids.FRAME, "max"),
        ],
        [
            Input(ids.VIEW_SET, "data"),
            Input(ids.LEFT, "value"),
            Input(ids.RIGHT, "value"),
            Input(ids.PRESET, "value"),
            Input(ids.LAYOUT, "value"),
            Input(ids.OPACITY, "value"),
            *(Input(ids.over(name), "checked") for name in OVERLAYS),
        ],
    )
    _register(
        app,
        "jump",
        [Output(ids.VIEWER_LEFT, "crosshair_mm"), Output(ids.VIEWER_RIGHT, "crosshair_mm")],
        [
            Input(ids.VIEW_SET, "data"),
            Input({"type": ids.COMPONENT_PART, "name": ALL}, "n_clicks"),
            Input({"type": ids.COMPONENT_STEP, "name": ALL}, "n_clicks"),
            Input({"type": ids.STRIP_PART, "name": ALL}, "n_clicks"),
        ],
    )
    _register(
        app,
        "readOut",
        [Output(ids.READOUT, "children")],
        [Input(ids.VIEWER_LEFT, "location"), Input(ids.VIEWER_RIGHT, "location")],
    )
    _register(
        app,
        "tellStatus",
        [
            Output(ids.VIEWER_SAID, "children"),
            Output(ids.VIEWER, "className"),
            Output(ids.SLICES, "className"),
        ],
        [
            Input(ids.VIEWER_LEFT, "status"),
            Input(ids.VIEWER_RIGHT, "status"),
            Input(ids.VIEW_SET, "data"),
            Input(ids.LEFT, "value"),
            Input(ids.RIGHT, "value"),
        ],
    )
    _register_series(app)
    _register_snapshot(app)


def _register_series(app: Dash) -> None:
    _register(
        app,
        "chooseFrame",
        [
            Output(ids.VIEWER_LEFT, "frame"),
            Output(ids.FRAME, "value"),
            Output(ids.FRAME_SAID, "children"),
            Output(ids.PLAY_CLOCK, "disabled"),
            Output(ids.PLAY, "children"),
        ],
        [
            Input(ids.VIEW_SET, "data"),
            Input(ids.LEFT, "value"),
            Input(ids.VIEWER_LEFT, "frame"),
            Input(ids.FRAME, "value"),
            Input(ids.PLAY, "n_clicks"),
            Input(ids.PLAY_CLOCK, "n_intervals"),
        ],
    )
    _register(
        app,
        "drawCurve",
        [Output(ids.CURVE, "children")],
        [Input(ids.VIEWER_LEFT, "curve"), Input(ids.LEFT, "value"), Input(ids.FRAME, "value")],
    )


def _register_snapshot(app: Dash) -> None:
    windows = [Input(ids.VIEWER_LEFT, "window"), Input(ids.VIEWER_RIGHT, "window")]
    _register(app, "keepWindow", [], windows)
    _register(
        app,
        "askSnapshot",
        [
            Output(ids.VIEWER_LEFT, "snapshot_request"),
            Output(ids.VIEWER_RIGHT, "snapshot_request"),
        ],
        [Input(ids.SNAPSHOT, "n_clicks")],
    )
    _register(
        app,
        "saveSnapshot",
        [Output(ids.SNAPSHOT_SAID, "children")],
        [Input(ids.VIEWER_LEFT, "snapshot"), Input(ids.VIEWER_RIGHT, "snapshot")],
    )


def _register(app: Dash, function: str, outputs: list[Output], inputs: list[Input]) -> None:
    reference = ClientsideFunction("viewer", function)
    app.clientside_callback(reference, *outputs, *inputs)  # type: ignore[no-untyped-call]  # Dash has no types here
