"""A browser, the test images, and pages with viewers that must stay free of complaints."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from dash.development.base_component import Component
from images import write_images
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from viewer_app import Stand, ViewerApp, serve
from viewer_page import ViewerPage

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
SOFTWARE_WEBGL = ("--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader")
NO_WEBGL = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis")

OpenPage = Callable[..., AbstractContextManager[ViewerPage]]


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    write_images(folder)
    return folder


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def launch(playwright: Playwright, flags: tuple[str, ...]) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
    yield browser.new_context(viewport={"width": 1000, "height": 900})
    browser.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[BrowserContext]:
    yield from launch(playwright, SOFTWARE_WEBGL)


@pytest.fixture(scope="session")
def browser_without_webgl(playwright: Playwright) -> Iterator[BrowserContext]:
    yield from launch(playwright, NO_WEBGL)


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    with serve() as standing:
        yield standing


@pytest.fixture
def open_page(browser: BrowserContext, images: Path, stand: Stand) -> OpenPage:
    """Opens a page with the given components: `with open_page([NiiVue(...)]) as page`."""

    @contextmanager
    def opened(
        layout: list[Component],
        *,
        within: BrowserContext = browser,
        complaints: tuple[str, ...] = (),
        debug: bool = False,
    ) -> Iterator[ViewerPage]:
        stand.app = ViewerApp(layout, images, debug=debug)
        page = ViewerPage(within.new_page(), stand.app, stand.url)
        yield page
        page.page.close()
        page.expect_no_complaints(complaints)

    return opened
