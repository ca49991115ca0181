"""What a test does with a page of viewers, and sees on it."""

import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import ConsoleMessage, Locator, Page, Request
from viewer_app import ViewerApp

TRACK_CONTEXTS = """
window.contexts = [];
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = given.call(this, kind, ...rest);
    if (context && kind.startsWith('webgl') && !window.contexts.includes(context)) {
        window.contexts.push(context);
    }
    return context;
};
"""
READ_PNG = """async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const bytes = new Uint8Array(data.buffer).toBase64();
    return { width: image.width, height: image.height, bytes };
}"""
PATIENCE_S = 20


class ViewerPage:
    """A page on a served app; complaints and requests are collected from the start."""

    def __init__(self, page: Page, app: ViewerApp, url: str) -> None:
        self.page = page
        self.app = app
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.snapshots = 0
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.see)
        page.add_init_script(TRACK_CONTEXTS)
        page.goto(url)

    def hear(self, message: ConsoleMessage) -> None:
        """Keeps what the browser finds worth complaining about."""
        # Chromium says of every read-back from a software GPU that it is slow.
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self.complaints.append(message.text)

    def see(self, request: Request) -> None:
        """Keeps the hosts that are spoken to."""
        if request.url.startswith("http"):
            self.hosts.add(urlsplit(request.url).hostname or "")

    def expect_no_complaints(self, apart_from: tuple[str, ...]) -> None:
        """Fails on console errors and warnings, exceptions, and requests to other hosts."""
        heard = [text for text in self.complaints if not any(known in text for known in apart_from)]
        assert not heard, heard
        assert self.hosts <= {"127.0.0.1"}

    def outputs(self, viewer: str) -> dict[str, Any]:
        """The outputs of a viewer, as a callback of the page would get them."""
        found: dict[str, Any] = self.page.evaluate("id => window.outputs?.[id] ?? {}", viewer)
        return found

    def wait_for(self, viewer: str, name: str, wanted: Callable[[Any], bool]) -> Any:
        """Waits until an output is as wanted. Polls from here: the policy forbids eval."""
        until = time.monotonic() + PATIENCE_S
        while not wanted(value := self.outputs(viewer).get(name)):
            assert time.monotonic() < until, f"{viewer}.{name} stayed {value}"
            self.page.wait_for_timeout(20)
        return value

    def wait_until_ready(self, *viewers: str) -> None:
        """Waits until every volume of the viewers has arrived or failed."""
        for viewer in viewers:
            self.wait_for(viewer, "status", lambda status: status and status["state"] != "loading")

    def set(self, component: str, **props: Any) -> None:
        """Changes props, as a callback would."""
        self.page.evaluate(
            "([id, props]) => window.dash_clientside.set_props(id, props)", [component, props]
        )

    def canvas(self, viewer: str) -> Locator:
        """The canvas of a viewer."""
        return self.page.locator(f"#{viewer} canvas")

    def contexts_alive(self) -> int:
        """How many WebGL contexts the page still holds."""
        alive: int = self.page.evaluate("window.contexts.filter(c => !c.isContextLost()).length")
        return alive

    def snapshot(self, viewer: str) -> NDArray[np.uint8]:
        """The pixels of a fresh snapshot: height, width, RGBA."""
        self.set(viewer, snapshot=None)
        self.wait_for(viewer, "snapshot", lambda value: value is None)
        self.snapshots += 1
        self.set(viewer, snapshot_request=self.snapshots)
        url = self.wait_for(viewer, "snapshot", bool)
        return self.read_png(url)

    def read_png(self, url: str) -> NDArray[np.uint8]:
        """The pixels behind a data URL."""
        image = self.page.evaluate(READ_PNG, url)
        pixels = np.frombuffer(b64decode(image["bytes"]), np.uint8)
        return pixels.reshape(image["height"], image["width"], 4)
