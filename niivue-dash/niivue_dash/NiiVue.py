# AUTO GENERATED FILE - DO NOT EDIT

import typing  # noqa: F401
from typing_extensions import TypedDict, NotRequired, Literal # noqa: F401
from dash.development.base_component import Component, _explicitize_args
try:
    from dash.types import NumberType  # noqa: F401
except ImportError:
    # Backwards compatibility for dash<=4.1.0
    if typing.TYPE_CHECKING:
        raise
    NumberType = typing.Union[  # noqa: F401
        typing.SupportsFloat, typing.SupportsInt, typing.SupportsComplex
    ]

ComponentSingleType = typing.Union[str, int, float, Component, None]
ComponentType = typing.Union[
    ComponentSingleType,
    typing.Sequence[ComponentSingleType],
]


class NiiVue(Component):
    """A NiiVue component.
NiiVue shows medical images: slices in three planes, mosaics and a 3D view of NIfTI volumes that
lie over each other, drawn in the browser with WebGL 2.

Keyword arguments:

- id (string; optional):
    The component's id, for callbacks.

- alt (string; default 'Image viewer'):
    A sentence that says what the picture shows, for those who can't
    see it.

- background (string; default '#000000'):
    The colour behind the images, \"#rrggbb\".

- className (string; optional):
    CSS classes of the outer element.

- colorbar (boolean; default False):
    Whether colour bars are drawn.

- colormaps (dict; optional):
    Colour scales by name, beside NiiVue's own.

    `colormaps` is a dict with strings as keys and values of type dict
    with keys:

    - R (list of numbers; required):
        Red at each index, 0 to 255.

    - G (list of numbers; required):
        Green at each index, 0 to 255.

    - B (list of numbers; required):
        Blue at each index, 0 to 255.

    - A (list of numbers; optional):
        Alpha at each index, 0 to 255; without it, opaque but for the
        first.

    - I (list of numbers; optional):
        The indices, rising from 0 to 255; without them, evenly
        spaced.

- crosshair_color (string; default '#33cc66'):
    The crosshair's colour, \"#rrggbb\".

- crosshair_mm (list of numbers; optional):
    Moves the crosshair there, in mm; to the same place as often as a
    callback gives it.

- curve (dict; optional):
    Every frame of the first 4D volume at the crosshair, on release.

    `curve` is a dict with keys:

    - id (string; required):
        The volume's id.

    - mm (list of numbers; required):
        World coordinates in mm.

    - voxel (list of numbers; required):
        The voxel, along the file's own axes.

    - values (list of numbers; required):
        One value a frame; None where it is not a number.

- drag_mode (a value equal to: 'windowing', 'pan', 'contrast', 'measurement', 'angle', 'slicer3D', 'none'; default 'windowing'):
    What dragging with the right button does; the left moves the
    crosshair, Shift and left pans.

- frame (number; optional):
    The frame shown of the first 4D volume.

- height (string | number; default 400):
    The outer element's height: pixels, or a CSS length.

- interpolate (boolean; default True):
    False shows voxels as blocks.

- layout (a value equal to: 'auto', 'column', 'grid', 'row'; default 'auto'):
    How the three planes of \"multiplanar\" lie.

- location (dict; optional):
    Where the crosshair is: at most five times a second, and on
    release.

    `location` is a dict with keys:

    - mm (list of numbers; required):
        World coordinates in mm: right, anterior and superior are
        positive.

    - voxel (list of numbers; required):
        The voxel of the first volume, counted from 0 along the file's
        own axes.

    - values (list of dicts; required):
        One entry a volume, in the order of `volumes`.

        `values` is a list of dicts with keys:

        - id (string; required):

            The volume's id.

        - value (number; optional):

            The value, scaled as the header says; None outside the volume

            and where it is not a number.

        - label (string; optional):

            The label's name, where the volume has labels.

- mosaic (string; default ''):
    A mosaic in NiiVue's terms, such as \"A -20 0 20\"; empty for
    none. The keys 1 to 5 clear it.

- radiological (boolean; default True):
    True puts the patient's left on the right of the picture, as
    radiologists do.

- show_crosshair (boolean; default True):
    Whether the crosshair is drawn.

- show_render (a value equal to: 'auto', 'never', 'always'; default 'never'):
    Whether \"multiplanar\" also has the 3D view.

- slice_type (a value equal to: 'axial', 'coronal', 'sagittal', 'multiplanar', 'render'; default 'multiplanar'):
    What is shown. The keys 1 to 5 set it.

- snapshot (string; optional):
    What is seen, as the data URL of a PNG.

- snapshot_request (number; optional):
    Count this up to get a `snapshot`.

- status (dict; optional):
    How far the viewer is.

    `status` is a dict with keys:

    - state (a value equal to: 'loading', 'ready', 'error', 'no-webgl'; required):
        \"error\" means that at least one volume failed; the others
        show.

    - loaded (number; required):
        Volumes that arrived.

    - total (number; required):
        Volumes asked for.

    - message (string; required):
        A sentence for a person.

    - failed (list of dicts; required):
        The volumes that failed.

        `failed` is a list of dicts with keys:

        - id (string; required):

            The volume's id.

        - reason (string; required):

            Why, in one sentence.

- sync_group (string; default ''):
    Viewers of one name share crosshair, zoom, pan, rotation and keyed
    layouts. Empty for none.

- volumes (list of dicts; optional):
    The volumes, background first. Those whose `id` and `url` stay are
    not fetched again.

    `volumes` is a list of dicts with keys:

    - id (string; required):
        Names the volume in the outputs; unique in the viewer.

    - url (string; required):
        Where the NIfTI file (.nii or .nii.gz, whatever the URL ends
        in) is fetched from, once.

    - name (string; optional):
        What messages call the volume; the id by default.

    - colormap (string; optional):
        A built-in colour scale of NiiVue, or one of `colormaps`.
        \"gray\" by default.

    - opacity (number; optional):
        0 to 1.

    - cal_min (number; optional):
        The value drawn in the first colour. By default NiiVue's 2nd
        percentile.

    - cal_max (number; optional):
        The value drawn in the last colour. By default NiiVue's 98th
        percentile.

    - colormap_negative (string; optional):
        The colour scale for values below zero; without it they are
        not drawn.

    - frame (number; optional):
        The frame shown of a 4D volume, from 0.

    - colormap_label (dict; optional):
        Colours and names of labels; takes the place of `colormap`.

        `colormap_label` is a dict with keys:

        - R (list of numbers; required):
            Red of each label, 0 to 255.

        - G (list of numbers; required):
            Green of each label, 0 to 255.

        - B (list of numbers; required):
            Blue of each label, 0 to 255.

        - A (list of numbers; optional):
            Alpha of each label, 0 to 255; without it, opaque but for
            label 0.

        - I (list of numbers; optional):
            The label values; without them, 0, 1, 2 and so on.

        - labels (list of strings; optional):
            The name of each label.

    - visible (boolean; optional):
        False hides the volume; its values are still read.

    - colorbar (boolean; optional):
        Whether its scale is among the colour bars.

    - outline (number; optional):
        Width in pixels of a line around the mask, or around each
        label; 0 for none.

    - outline_color (string; optional):
        The line's colour, \"#rrggbb\"; \"#ff0000\" by default.

    - outline_above (number; optional):
        The line encloses the voxels above this value; 0 by default.

- window (dict; optional):
    The window of the first volume, after it was dragged.

    `window` is a dict with keys:

    - id (string; required):
        The volume's id.

    - cal_min (number; required):
        The value drawn in the first colour.

    - cal_max (number; required):
        The value drawn in the last colour.

- world_space (boolean; default False):
    True leaves a tilted scan tilted, as it lies in the world; False
    straightens its axes."""
    _children_props: typing.List[str] = []
    _base_nodes = ['children']
    _namespace = 'niivue_dash'
    _type = 'NiiVue'
    VolumesColormapLabel = TypedDict(
        "VolumesColormapLabel",
            {
            "R": typing.Sequence[NumberType],
            "G": typing.Sequence[NumberType],
            "B": typing.Sequence[NumberType],
            "A": NotRequired[typing.Sequence[NumberType]],
            "I": NotRequired[typing.Sequence[NumberType]],
            "labels": NotRequired[typing.Sequence[str]]
        }
    )

    Volumes = TypedDict(
        "Volumes",
            {
            "id": str,
            "url": str,
            "name": NotRequired[str],
            "colormap": NotRequired[str],
            "opacity": NotRequired[NumberType],
            "cal_min": NotRequired[NumberType],
            "cal_max": NotRequired[NumberType],
            "colormap_negative": NotRequired[str],
            "frame": NotRequired[NumberType],
            "colormap_label": NotRequired["VolumesColormapLabel"],
            "visible": NotRequired[bool],
            "colorbar": NotRequired[bool],
            "outline": NotRequired[NumberType],
            "outline_color": NotRequired[str],
            "outline_above": NotRequired[NumberType]
        }
    )

    Colormaps = TypedDict(
        "Colormaps",
            {
            "R": typing.Sequence[NumberType],
            "G": typing.Sequence[NumberType],
            "B": typing.Sequence[NumberType],
            "A": NotRequired[typing.Sequence[NumberType]],
            "I": NotRequired[typing.Sequence[NumberType]]
        }
    )

    LocationValues = TypedDict(
        "LocationValues",
            {
            "id": str,
            "value": NotRequired[NumberType],
            "label": NotRequired[str]
        }
    )

    Location = TypedDict(
        "Location",
            {
            "mm": typing.Sequence[NumberType],
            "voxel": typing.Sequence[NumberType],
            "values": typing.Sequence["LocationValues"]
        }
    )

    StatusFailed = TypedDict(
        "StatusFailed",
            {
            "id": str,
            "reason": str
        }
    )

    Status = TypedDict(
        "Status",
            {
            "state": Literal["loading", "ready", "error", "no-webgl"],
            "loaded": NumberType,
            "total": NumberType,
            "message": str,
            "failed": typing.Sequence["StatusFailed"]
        }
    )

    Curve = TypedDict(
        "Curve",
            {
            "id": str,
            "mm": typing.Sequence[NumberType],
            "voxel": typing.Sequence[NumberType],
            "values": typing.Sequence[NumberType]
        }
    )

    Window = TypedDict(
        "Window",
            {
            "id": str,
            "cal_min": NumberType,
            "cal_max": NumberType
        }
    )


    def __init__(
        self,
        id: typing.Optional[typing.Union[str, dict]] = None,
        className: typing.Optional[str] = None,
        style: typing.Optional[typing.Any] = None,
        height: typing.Optional[typing.Union[str, NumberType]] = None,
        volumes: typing.Optional[typing.Sequence["Volumes"]] = None,
        colormaps: typing.Optional[typing.Dict[typing.Union[str, float, int], "Colormaps"]] = None,
        slice_type: typing.Optional[Literal["axial", "coronal", "sagittal", "multiplanar", "render"]] = None,
        layout: typing.Optional[Literal["auto", "column", "grid", "row"]] = None,
        show_render: typing.Optional[Literal["auto", "never", "always"]] = None,
        mosaic: typing.Optional[str] = None,
        crosshair_mm: typing.Optional[typing.Sequence[NumberType]] = None,
        show_crosshair: typing.Optional[bool] = None,
        crosshair_color: typing.Optional[str] = None,
        radiological: typing.Optional[bool] = None,
        interpolate: typing.Optional[bool] = None,
        colorbar: typing.Optional[bool] = None,
        world_space: typing.Optional[bool] = None,
        drag_mode: typing.Optional[Literal["windowing", "pan", "contrast", "measurement", "angle", "slicer3D", "none"]] = None,
        background: typing.Optional[str] = None,
        sync_group: typing.Optional[str] = None,
        alt: typing.Optional[str] = None,
        snapshot_request: typing.Optional[NumberType] = None,
        location: typing.Optional["Location"] = None,
        status: typing.Optional["Status"] = None,
        frame: typing.Optional[NumberType] = None,
        curve: typing.Optional["Curve"] = None,
        window: typing.Optional["Window"] = None,
        snapshot: typing.Optional[str] = None,
        **kwargs
    ):
        self._prop_names = ['id', 'alt', 'background', 'className', 'colorbar', 'colormaps', 'crosshair_color', 'crosshair_mm', 'curve', 'drag_mode', 'frame', 'height', 'interpolate', 'layout', 'location', 'mosaic', 'radiological', 'show_crosshair', 'show_render', 'slice_type', 'snapshot', 'snapshot_request', 'status', 'style', 'sync_group', 'volumes', 'window', 'world_space']
        self._valid_wildcard_attributes =            []
        self.available_properties = ['id', 'alt', 'background', 'className', 'colorbar', 'colormaps', 'crosshair_color', 'crosshair_mm', 'curve', 'drag_mode', 'frame', 'height', 'interpolate', 'layout', 'location', 'mosaic', 'radiological', 'show_crosshair', 'show_render', 'slice_type', 'snapshot', 'snapshot_request', 'status', 'style', 'sync_group', 'volumes', 'window', 'world_space']
        self.available_wildcard_properties =            []
        _explicit_args = kwargs.pop('_explicit_args')
        _locals = locals()
        _locals.update(kwargs)  # For wildcard attrs and excess named props
        args = {k: _locals[k] for k in _explicit_args}

        super(NiiVue, self).__init__(**args)

setattr(NiiVue, "__init__", _explicitize_args(NiiVue.__init__))
