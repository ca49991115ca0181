"""In which territory a patient's infarct lies, and how that is known."""

from dash import html
from dash.development.base_component import Component

from dashboard.image_files import only
from dashboard.overlays import has_overlay, overlay_href
from data_loader.index import Index
from data_loader.rows import Row

_DOMINANT = "dominant_territory"


def territory_said(index: Index, subject: Row, way: Row | None) -> list[Component]:
    """The dominant territory with atlas and registration, or why there is none.

    Args:
        index: with its atlas.
        subject: the subject's row.
        way: the subject's row of `registrations`; None where no mask was measured.
    """
    if way is None or index.atlas is None:
        return []
    picture = [_picture(way)] if has_overlay(way) else []
    if way["status"] in ("failed", "unavailable"):
        return [html.P(f"Territory unavailable: {way['reason']}"), *picture]
    code = subject.get(_DOMINANT)
    if code is None:
        return picture
    variable = index.variables[_DOMINANT]
    share = _share(index, subject, str(code))
    said = f"Most of it lies in the territory {variable.shown(code)}{share}."
    if code == "none":
        said = "None of it lies in an arterial territory."
    return [html.P([said, " ", html.Small(_how(index, way), className="dimmed")]), *picture]


def _share(index: Index, subject: Row, code: str) -> str:
    rows = index.territories(only(subject["dataset"], subject["subject"]))
    share = next((r["share"] for r in rows if r["level"] == 2 and r["label"] == code), None)
    return f" ({share:.0%})" if share is not None else ""


def _how(index: Index, way: Row) -> str:
    assert index.atlas is not None  # noqa: S101 - asked by the caller
    if way["status"] == "registered":
        how = f"registered by {way['engine']}, Dice {way['dice']:.2f}"
    elif way["matrix"]:
        how = "placed by the dataset's own transform"
    else:
        how = "the mask was given in MNI152"
    return f"By the {index.atlas.name}; {how}."


def _picture(way: Row) -> Component:
    said = "See how it was laid on MNI152"
    return html.P(html.A(said, href=overlay_href(way), target="_blank"))
