"""What was measured of a patient's infarct."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.clinical_record import entry_table
from dashboard.record import Entry
from data_loader.rows import Row

_ASIDE = 0.6
"""Beyond this index, more than four in five voxels lie on one side."""


def infarct_measures(
    lesion: Row | None, entries: Sequence[Entry], territory: Sequence[Component] = ()
) -> Component:
    """Volume, components, side and place; a sentence where nothing was measured.

    Args:
        lesion: the subject's row of `lesions`.
        entries: of the record's group Imaging.
        territory: what is said of the territory it lies in.
    """
    title = html.Header(html.H2("Infarct"))
    if lesion is None:
        said = html.P("No infarct mask was measured for this subject.", className="help")
        return html.Div([title, said])
    said = html.P(_sentence(lesion))
    return html.Div([title, said, *territory, entry_table(entries), html.P(_method(lesion))])


def _sentence(lesion: Row) -> str:
    if not lesion["voxels"]:
        return "The mask is empty: no infarct was marked."
    x, y, z = (lesion[f"centroid_{axis}_mm"] for axis in "xyz")
    return (
        f"{lesion['volume_ml']:.2f} ml, {_side(lesion)}. Its centre of mass lies at"
        f" x {x:.0f}, y {y:.0f}, z {z:.0f} mm (right, anterior and superior are positive)."
    )


def _side(lesion: Row) -> str:
    index, reference = lesion["laterality_index"], lesion["laterality_reference"]
    if index is None:
        return f"on neither side of the {reference}"
    side = "right" if index > 0 else "left"
    if abs(index) >= 1:
        return f"wholly on the patient's {side} (about the {reference})"
    if abs(index) > _ASIDE:
        return f"mostly on the patient's {side} (about the {reference})"
    return f"on both sides (about the {reference})"


def _method(lesion: Row) -> Component:
    size = " x ".join(f"{lesion[f'voxel_{axis}_mm']:.3g}" for axis in "xyz")
    return html.Small(
        f"Measured in {lesion['file'].rpartition('/')[2]}: {lesion['voxels']:,} voxels above 0.5"
        f" of {size} mm.",
        className="dimmed",
    )
