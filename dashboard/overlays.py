"""Pictures by which a reader judges how an image came to MNI152; a browser names only whose."""

import hashlib
from pathlib import Path

import orjson
from flask import Flask, Response, request

from dashboard.image_files import GONE, UNKNOWN, NotServed, images_of, only
from data_loader.errors import ImageError, ProfileError
from data_loader.index import Index, IndexFolder
from data_loader.profile import Modality, read_profile
from data_loader.registering import FOLDER
from data_loader.rows import Row

_KEPT_S = 3600


def has_overlay(way: Row) -> bool:
    """Whether there is a picture of a row of `registrations`: made by registering, or to be drawn."""
    return bool(way["overlay"] or (way["matrix"] and way["reference_file"]))


def overlay_href(way: Row) -> str:
    """Where its picture is."""
    return f"/overlay/{way['dataset']}/{way['subject']}.png"


def register(server: Flask, folder: IndexFolder) -> None:
    """Add the route; answers are errors of `NotServed` where there is no picture."""

    @server.get("/overlay/<dataset>/<subject>.png")
    def overlay(dataset: str, subject: str) -> Response:
        index = folder.current()
        rows = index.registrations(only(dataset, subject))
        if not rows or not has_overlay(rows[0]):
            raise NotServed(UNKNOWN, "There is no picture of this registration.")
        (way, *_) = rows
        png = _stored(index, way) if way["overlay"] else _drawn(index, way)
        headers = {"Cache-Control": f"private, max-age={_KEPT_S}"}
        answer = Response(png, mimetype="image/png", headers=headers)
        answer.set_etag(hashlib.sha256(png).hexdigest()[:16])
        return answer.make_conditional(request)  # type: ignore[return-value]  # Flask's Response


def _stored(index: Index, way: Row) -> bytes:
    path = index.path.parent / FOLDER / Path(way["overlay"]).name
    try:
        return path.read_bytes()
    except OSError:
        raise NotServed(GONE, "The picture is gone; index again.") from None


def _drawn(index: Index, way: Row) -> bytes:
    """Of a transform that was given nothing is stored: its picture is drawn when it is asked for."""
    from analytics.given import draw_given  # noqa: PLC0415 - half a second, for those who look

    images = images_of(index, way["dataset"], way["subject"])
    image = next((one for one in images if one.row["file"] == way["reference_file"]), None)
    modality = _modality(index, way)
    if image is None or modality is None:
        raise NotServed(UNKNOWN, "The image by which it would be judged can't be read.")
    try:
        return draw_given(image.path(), modality, orjson.loads(way["matrix"]))
    except ImageError as error:
        raise NotServed(GONE, str(error)) from None


def _modality(index: Index, way: Row) -> Modality | None:
    name = next(known.profile for known in index.datasets if known.name == way["dataset"])
    try:
        rule = read_profile(name).image_rule(way["reference_file"])
    except ProfileError:
        return None
    return rule.modality if rule else None
