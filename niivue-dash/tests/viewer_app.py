"""A Dash app with viewers, under the Content-Security-Policy of a careful host."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, html
from dash.development.base_component import Component
from flask import Response, request, send_from_directory
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CSP = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
OUTPUTS = ("location", "status", "frame", "curve", "window", "snapshot", "slice_type", "mosaic")
RECORD = """(...values) => {
    const id = window.dash_clientside.callback_context.inputs_list[0].id;
    const outputs = ((window.outputs ??= {})[id] ??= {});
    NAMES.forEach((name, at) => { outputs[name] = values[at]; });
}"""


class ViewerApp:
    """A served app, the requests it has had, and where it is."""

    def __init__(self, layout: list[Component], images: Path, *, debug: bool = False) -> None:
        self.requests: Counter[str] = Counter()
        self.dash = Dash(__name__)
        self.dash.index_string = self.dash.index_string.replace("<html>", '<html lang="en">')
        self.dash.layout = html.Main(layout)
        for viewer in self.dash.layout._traverse():
            if type(viewer).__name__ == "NiiVue":
                self.record(viewer.id)
        if debug:
            self.dash.enable_dev_tools(
                debug=True, dev_tools_hot_reload=False, dev_tools_disable_version_check=True
            )
        self.serve_images(images)

    def record(self, viewer_id: str) -> None:
        """Lays the outputs open to the test, which reads `window.outputs`."""
        script = RECORD.replace("NAMES", str(list(OUTPUTS)))
        self.dash.clientside_callback(script, *(Input(viewer_id, name) for name in OUTPUTS))

    def serve_images(self, images: Path) -> None:
        """Serves the images by a path without ending, as a host with identifiers does."""
        server = self.dash.server

        @server.get("/image/<name>/<path:_version>")
        def image(name: str, _version: str) -> Response:
            return send_from_directory(images, name, mimetype="application/gzip")

        @server.before_request
        def count() -> None:
            self.requests[request.path] += 1

        @server.after_request
        def protect(response: Response) -> Response:
            hashes = " ".join(self.dash.csp_hashes())
            response.headers["Content-Security-Policy"] = CSP.format(hashes=hashes)
            return response

    def image_requests(self) -> int:
        """How many image files were asked for so far."""
        return sum(n for path, n in self.requests.items() if path.startswith("/image/"))


class Stand:
    """One address for every app in turn, so that the browser keeps Dash's scripts between tests."""

    app: ViewerApp
    url: str

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Hands a request to the app whose turn it is."""
        answer: Iterable[bytes] = self.app.dash.server(environ, start_response)
        return answer


@contextmanager
def serve() -> Iterator[Stand]:
    """A stand that is served while the context lasts."""
    stand = Stand()
    server = make_server("127.0.0.1", 0, stand, threaded=True)
    stand.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def volume(name: str, /, **looks: Any) -> Any:
    """A volume of the test images; `id` is the name without its ending."""
    return {"id": name.split(".", maxsplit=1)[0], "url": f"/image/{name}/v1"} | looks
