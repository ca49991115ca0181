"""Routes of images: slices as pictures, volumes as they lie on disk, and the MNI template.

What is asked for is looked up in the index by dataset, subject and kind. Answers are 404 for what
it doesn't hold and 410 for a file that changed since; all may be kept by the reader's browser only.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, request, send_file

from dashboard import overlays
from dashboard.figures.slices import FULL_PX, SMALL_PX, axial_slice
from dashboard.image_files import UNKNOWN, ImageFile, NotServed, image_of, images_of
from dashboard.stacks import Stack, Stacks
from data_loader.index import IndexFolder
from data_loader.mni152 import mni152_path

TEMPLATE = "/template/mni152.nii.gz"

_SIZES_PX = {"full": FULL_PX, "small": SMALL_PX}
_VERSION = "1"
"""Raised whenever pictures are drawn in another way."""

_SMALL_BYTES, _MOST_KEPT = 64 * 2**10, 2_000
"""Pictures that are kept, and how many: at most 128 MB a process, some 40 MB in practice."""


def register(server: Flask, folder: IndexFolder) -> Stacks:
    """Add the routes; gives what they keep, for pages that describe the same slices."""
    stacks, drawn = Stacks(), _Drawn()

    @server.get("/slice/<dataset>/<subject>/<kind>.png")
    def slice_picture(dataset: str, subject: str, kind: str) -> Response:
        index = folder.current()
        asked = (str(index.path), dataset, subject, kind, str(request.args.to_dict()))
        picture = drawn.find(asked)
        if picture is None:
            picture = _draw(stacks.stack(index, dataset, subject, kind))
            drawn.keep(asked, picture)
        answer = Response(picture.png, mimetype="image/png", headers=_kept(3600))
        answer.set_etag(picture.etag)
        return answer.make_conditional(request)  # type: ignore[return-value]  # Flask's Response

    @server.get("/volume/<dataset>/<subject>/<kind>/<fingerprint>/<name>")
    def volume(dataset: str, subject: str, kind: str, fingerprint: str, name: str) -> Response:
        images = images_of(folder.current(), dataset, subject)
        image = image_of(images, kind, fingerprint)
        if name != image.name:
            raise NotServed(UNKNOWN, "There is no such image.")
        return _file(str(image.path()), fingerprint)

    @server.get(TEMPLATE)
    def template() -> Response:
        path = mni152_path("t1")
        if path is None:
            raise NotServed(UNKNOWN, "The template is not installed.")
        return _file(str(path), f"{path.stat().st_size}-{path.stat().st_mtime_ns}")

    overlays.register(server, folder)

    @server.errorhandler(NotServed)
    def say_why(error: NotServed) -> Response:
        answer = Response(str(error), error.status, mimetype="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return stacks


@dataclass(frozen=True)
class _Picture:
    """A slice as drawn, and the files it shows."""

    etag: str
    png: bytes
    files: tuple[ImageFile, ...]


class _Drawn:
    """Small pictures already drawn: a gallery opened again draws nothing."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[tuple[str, ...], _Picture] = OrderedDict()
        self._lock = Lock()

    def find(self, asked: tuple[str, ...]) -> _Picture | None:
        """What was drawn for a request.

        Raises:
            NotServed: one of its files changed since it was indexed.
        """
        with self._lock:
            picture = self._pictures.get(asked)
            if picture:
                self._pictures.move_to_end(asked)
        for file in picture.files if picture else ():
            file.path()
        return picture

    def keep(self, asked: tuple[str, ...], picture: _Picture) -> None:
        """Keep a picture, in place of the one not asked for for longest."""
        if len(picture.png) > _SMALL_BYTES:
            return
        with self._lock:
            self._pictures[asked] = picture
            if len(self._pictures) > _MOST_KEPT:
                self._pictures.popitem(last=False)


def _draw(stack: Stack) -> _Picture:
    place = min(max(request.args.get("slice", stack.main, type=int), 0), stack.grid.slices - 1)
    longest_px = _SIZES_PX.get(request.args.get("size", "full"), FULL_PX)
    png = axial_slice(
        place,
        background=stack.background,
        mask=stack.mask,
        window=stack.window,
        longest_px=longest_px,
    )
    etag = f"{_VERSION}-{stack.version}-{stack.kind}-{place}-{longest_px}"
    return _Picture(etag, png, stack.files)


def _file(path: str, etag: str) -> Response:
    # Without a download name, and as bytes: a browser must not undo the gzip on its way.
    answer = send_file(path, mimetype="application/octet-stream", etag=etag)
    answer.headers.update(_kept(31_536_000))
    return answer


def _kept(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"private, max-age={seconds}"}
