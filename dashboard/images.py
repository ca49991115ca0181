"""Routes of images: slices as pictures, volumes as they lie on disk, and the MNI template.

What is asked for is looked up in the index by dataset, subject and kind. Answers are 404 for what
it doesn't hold and 410 for a file that changed since; all may be kept by the reader's browser only.
"""

from flask import Flask, Response, request, send_file

from dashboard.figures.slices import FULL_PX, SMALL_PX, axial_slice
from dashboard.image_files import UNKNOWN, NotServed, image_of, images_of
from dashboard.stacks import Stacks, template_path
from data_loader.index import IndexFolder

TEMPLATE = "/template/mni152.nii.gz"

_SIZES_PX = {"full": FULL_PX, "small": SMALL_PX}
_DRAWN = "1"
"""Raised whenever pictures are drawn in another way."""


def register(server: Flask, folder: IndexFolder) -> Stacks:
    """Add the routes; gives what they keep, for pages that describe the same slices."""
    stacks = Stacks()

    @server.get("/slice/<dataset>/<subject>/<kind>.png")
    def slice_picture(dataset: str, subject: str, kind: str) -> Response:
        stack = stacks.stack(folder.current(), dataset, subject, kind)
        place = _place(stack.main, stack.grid.slices)
        longest_px = _SIZES_PX.get(request.args.get("size", "full"), FULL_PX)
        answer = Response(mimetype="image/png", headers=_kept(3600))
        answer.set_etag(f"{_DRAWN}-{stack.version}-{stack.kind}-{place}-{longest_px}")
        if not request.if_none_match.contains(answer.get_etag()[0] or ""):
            answer.data = axial_slice(
                place,
                background=stack.background,
                mask=stack.mask,
                window=stack.window,
                longest_px=longest_px,
            )
        return answer.make_conditional(request)  # type: ignore[return-value]

    @server.get("/volume/<dataset>/<subject>/<kind>/<fingerprint>/<name>")
    def volume(dataset: str, subject: str, kind: str, fingerprint: str, name: str) -> Response:
        images = images_of(folder.current(), dataset, subject)
        image = image_of(images, kind, fingerprint)
        if name != image.name:
            raise NotServed(UNKNOWN, "There is no such image.")
        return _file(str(image.path()), fingerprint)

    @server.get(TEMPLATE)
    def template() -> Response:
        path = template_path()
        if path is None:
            raise NotServed(UNKNOWN, "The template is not installed.")
        return _file(str(path), f"{path.stat().st_size}-{path.stat().st_mtime_ns}")

    @server.errorhandler(NotServed)
    def say_why(error: NotServed) -> Response:
        answer = Response(str(error), error.status, mimetype="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return stacks


def _place(main: int, slices: int) -> int:
    place = request.args.get("slice", main, type=int)
    return min(max(place, 0), slices - 1)


def _file(path: str, etag: str) -> Response:
    # Without a download name, and as bytes: a browser must not undo the gzip on its way.
    answer = send_file(path, mimetype="application/octet-stream", etag=etag)
    answer.headers.update(_kept(31_536_000))
    return answer


def _kept(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"private, max-age={seconds}"}
