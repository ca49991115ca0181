"""Slices of a map over the MNI template, side by side, for print: PNG, SVG and PDF.

Drawn by matplotlib, which writes all three from one drawing, letters and outlines as such; files of
plotly would need a browser, and have no way to lay one image over another.
"""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from operator import mul
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from analytics.standard_space import AFFINE, ORIGIN_MM, SHAPE
from dashboard.figures.map_layer import ABOVE, BELOW, FREQUENCY, MapLayer
from dashboard.figures.slices import Grid, Upright, resampled
from dashboard.theme import INK
from data_loader.errors import AnalysisError
from data_loader.mni152 import read_mni152

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

FileFormat = Literal["png", "svg", "pdf"]
Plane = Literal["axial", "coronal", "sagittal"]
Volume = npt.NDArray[Any]

LEVELS_MM: Mapping[Plane, tuple[int, ...]] = {
    "axial": tuple(range(-48, 72, 8)),
    "coronal": tuple(range(-92, 58, 10)),
    "sagittal": tuple(range(-63, 72, 9)),
}
"""The slices by default: the same for every map, so that maps can be compared."""

_AXES: Mapping[Plane, tuple[int, int, int]] = {
    "axial": (2, 0, 1),
    "coronal": (1, 0, 2),
    "sagittal": (0, 1, 2),
}
"""Axis of the world that a plane stands on, and those along its width and height."""

_WIDTH_IN = 7.08
"""Two columns of a journal are 180 mm."""

_TITLE_IN, _BAR_IN, _NOTE_IN, _LABEL_IN, _GAP_IN = 0.16, 0.72, 0.13, 0.16, 0.06
"""Height of a line of the title, the colour bar, a line of notes, a level; room around a slice."""

_TITLE_LETTERS, _NOTE_LETTERS = 84, 136
"""Of a line."""

_DPI = 300
_RIM = 4
"""Voxels around the brain."""

_GREY_FROM, _GREY_TO = 70.0, 240.0
"""Values of the template drawn darkest and lightest."""

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "text.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "insula",
    "pdf.fonttype": 42,
    "text.parse_math": False,
}

_LOCK = Lock()
"""Two threads can't draw at once: matplotlib's settings are of the whole process."""


@dataclass(frozen=True)
class MosaicView:
    """Which slices are shown and how.

    Attributes:
        plane: of the slices.
        levels_mm: where they lie; `LEVELS_MM` if there are none.
        is_radiological: whether the patient's right is on the left of the picture; a sagittal
            slice always has the front there.
        columns: slices in a row.

    Raises:
        AnalysisError: a slice lies outside the grid.
    """

    plane: Plane = "axial"
    levels_mm: tuple[int, ...] = ()
    is_radiological: bool = True
    columns: int = 5

    def __post_init__(self) -> None:
        axis = _AXES[self.plane][0]
        for level in self.levels:
            if not 0 <= level - ORIGIN_MM[axis] <= SHAPE[axis] - 1:
                raise AnalysisError(f"There is no slice at {'xyz'[axis]} = {level} mm.")

    @property
    def levels(self) -> tuple[int, ...]:
        """Where the slices lie."""
        return self.levels_mm or LEVELS_MM[self.plane]


def lesion_mosaic(
    layer: MapLayer,
    *,
    outlines: Volume | None = None,
    notes: Sequence[str] = (),
    view: MosaicView | None = None,
    file_format: FileFormat = "png",
) -> bytes:
    """Draw a map.

    Args:
        layer: the map.
        outlines: numbers of territories whose edges are drawn, 0 for none; a volume of shape
            `standard_space.SHAPE`.
        notes: sentences below the layer's own, such as the name of the atlas.
        view: which slices.
        file_format: of the picture; PNG has 300 dots an inch.
    """
    import matplotlib as mpl  # noqa: PLC0415 - a third of a second that the dashboard's start need not pay

    view = view or MosaicView()
    title = textwrap.wrap(layer.title, _TITLE_LETTERS)
    said = [
        line
        for note in (_orientation(view), *layer.notes, *notes)
        for line in textwrap.wrap(note, _NOTE_LETTERS)
    ]
    with _LOCK, mpl.rc_context(_STYLE):
        drawing = _Drawing(layer, outlines, view, _colors(layer))
        figure, places = _sheet(
            view,
            head_in=len(title) * _TITLE_IN + 0.16,
            foot_in=_BAR_IN + len(said) * _NOTE_IN,
        )
        for axes, level in zip(places, view.levels, strict=True):
            drawing.draw(axes, level)
        _write(figure, "\n".join(title), said)
        if layer.values.any():
            _draw_bar(figure, drawing.colors, layer, bottom_in=len(said) * _NOTE_IN + 0.36)
        return _saved(figure, file_format)


def _orientation(view: MosaicView) -> str:
    if view.plane == "sagittal":
        return "MNI152, in mm: x rises to the patient's right. The front is on the left."
    kind = "Radiological" if view.is_radiological else "Neurological"
    left = "right" if view.is_radiological else "left"
    return f"MNI152, in mm. {kind} convention: the patient's {left} is on the left of the picture."


def _sheet(view: MosaicView, *, head_in: float, foot_in: float) -> "tuple[Figure, list[Axes]]":
    """A page with a place for every slice."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    columns = min(view.columns, len(view.levels))
    rows = math.ceil(len(view.levels) / columns)
    across, up = (box.stop - box.start for box in _box(view.plane))
    width = _WIDTH_IN / columns
    slice_in = (width - 2 * _GAP_IN) * up / across
    row_in = slice_in + _LABEL_IN + _GAP_IN
    total = head_in + rows * row_in + foot_in
    figure = Figure(figsize=(_WIDTH_IN, total), facecolor="white")
    places = []
    for place in range(len(view.levels)):
        row, column = divmod(place, columns)
        left = column * width + _GAP_IN
        bottom = foot_in + (rows - 1 - row) * row_in + _LABEL_IN
        box = (left / _WIDTH_IN, bottom / total, 1 / columns - 2 * _GAP_IN / _WIDTH_IN)
        places.append(figure.add_axes((*box, slice_in / total), frameon=False))
    return figure, places


@cache
def _template() -> Volume:
    """The T1 of the template on the grid of standard space."""
    grid = Grid(SHAPE, (1.0, 1.0, 1.0), AFFINE)
    return resampled(Upright.of(read_mni152("t1")), grid).data


@cache
def _box(plane: Plane) -> tuple[slice, slice]:
    """Where the brain lies along the width and the height of a plane."""
    _, *axes = _AXES[plane]
    found = []
    for axis in axes:
        others = tuple(other for other in range(3) if other != axis)
        inside = np.flatnonzero(_template().any(axis=others))
        found.append(slice(max(int(inside[0]) - _RIM, 0), int(inside[-1]) + 1 + _RIM))
    return found[0], found[1]


@dataclass(frozen=True)
class _Drawing:
    """What every slice has in common."""

    layer: MapLayer
    outlines: Volume | None
    view: MosaicView
    colors: "ScalarMappable"

    def draw(self, axes: "Axes", level_mm: int) -> None:
        axes.set_axis_off()
        template = self._seen(_template(), level_mm)
        grey = np.clip((template - _GREY_FROM) / (_GREY_TO - _GREY_FROM), 0, 1) * 0.7 + 0.28
        axes.imshow(np.stack([grey, grey, grey, template > 0], axis=-1), interpolation="none")
        values = self._seen(self.layer.values, level_mm)
        over = np.asarray(self.colors.to_rgba(values.astype(float)))
        over[..., 3] = values != 0
        axes.imshow(over, interpolation="none")
        if self.outlines is not None:
            self._draw_outlines(axes, self._seen(self.outlines, level_mm))
        self._mark(axes, level_mm)

    def _seen(self, volume: Volume, level_mm: int) -> Volume:
        """A slice as it is seen: rows from above, columns from the left of the picture."""
        view, axis = self.view, _AXES[self.view.plane][0]
        found = volume.take(round(level_mm - ORIGIN_MM[axis]), axis=axis)[_box(view.plane)].T[::-1]
        turned = view.is_radiological or view.plane == "sagittal"
        return np.asarray(found[:, ::-1] if turned else found)

    def _draw_outlines(self, axes: "Axes", regions: Volume) -> None:
        ink = INK if self.layer.is_signed else "white"
        for number in np.unique(regions[regions > 0]):
            inside = (regions == number).astype(float)
            axes.contour(inside, levels=[0.5], colors=[ink], linewidths=0.4)

    def _mark(self, axes: "Axes", level_mm: int) -> None:
        """Write the level below, and which side is which beside it."""
        name = "xyz"[_AXES[self.view.plane][0]]
        level = f"{name} = {level_mm}".replace("-", "\N{MINUS SIGN}")
        right = "RL" if self.view.is_radiological else "LR"
        sides = "AP" if self.view.plane == "sagittal" else right
        for text, x, align in (
            (level, 0.5, "center"),
            (sides[0], 0.0, "left"),
            (sides[1], 1.0, "right"),
        ):
            axes.text(x, -0.015, text, transform=axes.transAxes, ha=align, va="top")


def _colors(layer: MapLayer) -> "ScalarMappable":
    from matplotlib.cm import ScalarMappable  # noqa: PLC0415 - as above
    from matplotlib.colors import LinearSegmentedColormap, Normalize  # noqa: PLC0415 - as above

    limits = Normalize(-layer.most if layer.is_signed else 0.0, layer.most)
    stops = (*BELOW[:0:-1], *ABOVE) if layer.is_signed else FREQUENCY
    return ScalarMappable(limits, LinearSegmentedColormap.from_list("insula", stops))


def _write(figure: "Figure", title: str, notes: Sequence[str]) -> None:
    height = figure.get_figheight()
    figure.text(0.01, 1 - 0.08 / height, title, va="top", fontsize=9, fontweight="bold")
    for line, note in enumerate(reversed(notes)):
        figure.text(0.01, (0.05 + line * _NOTE_IN) / height, note, va="bottom", fontsize=6)


def _draw_bar(
    figure: "Figure", colors: "ScalarMappable", layer: MapLayer, *, bottom_in: float
) -> None:
    """Draw the colour bar; of percentages it counts subjects on its other side."""
    height = figure.get_figheight()
    cax = figure.add_axes((0.3, bottom_in / height, 0.4, 0.08 / height))
    bar = figure.colorbar(colors, cax=cax, orientation="horizontal")
    bar.set_label(f"{layer.label}, %" if layer.n else layer.label, labelpad=2)
    cax.tick_params(width=0.4, length=2, labelsize=6)
    if layer.n:
        per = layer.n / 100
        counts = cax.secondary_xaxis("top", functions=(partial(mul, per), partial(mul, 1 / per)))
        counts.tick_params(width=0.4, length=2, labelsize=6, pad=1)
        cax.text(1.02, 1.8, "n", transform=cax.transAxes, va="center")


def _saved(figure: "Figure", file_format: FileFormat) -> bytes:
    stored = BytesIO()
    # Without a date, so that the same map has the same bytes.
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    figure.savefig(stored, format=file_format, dpi=_DPI, metadata=undated.get(file_format))
    return stored.getvalue()
