"""Viewers come, go, lose their WebGL context, or never get one."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from conftest import OpenPage
from dash import html
from playwright.sync_api import BrowserContext
from viewer_app import volume

from niivue_dash import NiiVue

HEAD = volume("head.nii.gz", cal_min=0, cal_max=80)
CYCLES = 50
LOSE = """window.contexts.find(c => !c.isContextLost())
    .getExtension('WEBGL_lose_context').loseContext()"""
REPLACED = ("WebGL: CONTEXT_LOST_WEBGL",)


def as_props(component: Any) -> dict[str, Any]:
    """A component as it crosses to the browser."""
    plain: dict[str, Any] = component.to_plotly_json()
    return plain


def test_mounting_and_unmounting_leaves_no_context(open_page: OpenPage) -> None:
    with open_page([html.Div(id="slot")]) as page:
        page.page.wait_for_selector("#slot", state="attached")
        for cycle in range(CYCLES):
            name = f"viewer-{cycle}"
            page.set("slot", children=[as_props(NiiVue(id=name, volumes=[HEAD]))])
            page.page.wait_for_selector(f"#{name}")
            if cycle % 5:  # unmounted while NiiVue is still at work, at ever another moment
                page.page.wait_for_timeout(4 * cycle)
            else:
                page.page.wait_for_selector(f"#{name} canvas")
            page.set("slot", children=[])
            page.page.wait_for_selector(f"#{name}", state="detached")
        page.page.wait_for_timeout(500)
        made = page.page.evaluate("window.contexts.length")
        assert made > CYCLES / 2
        assert page.contexts_alive() == 0


def test_lost_context_comes_back_as_it_was(open_page: OpenPage) -> None:
    with open_page(
        [NiiVue(id="one", volumes=[HEAD], crosshair_mm=[20, 0, 10])], complaints=REPLACED
    ) as page:
        page.wait_until_ready("one")
        page.canvas("one").focus()
        page.page.keyboard.press("2")
        page.wait_for("one", "slice_type", lambda kind: kind == "coronal")
        before = page.snapshot("one")
        page.page.evaluate(LOSE)
        page.page.wait_for_timeout(1000)
        after = page.snapshot("one")
        assert page.contexts_alive() == 1
        assert page.app.image_requests() == 1
        page.page.keyboard.press("3")
        page.wait_for("one", "slice_type", lambda kind: kind == "sagittal")
        assert page.outputs("one")["location"]["mm"] == [20, 0, 10]
    assert (before == after).all()


def test_context_that_is_lost_for_ever_is_reported(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD])], complaints=REPLACED) as page:
        page.wait_until_ready("one")
        for _ in range(4):
            page.page.wait_for_timeout(600)
            page.page.evaluate(LOSE)
        status = page.wait_for("one", "status", lambda found: found["state"] == "error")
    assert "graphics context" in status["message"]


def test_without_webgl_the_page_is_told(
    open_page: OpenPage, browser_without_webgl: BrowserContext
) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD])], within=browser_without_webgl) as page:
        status = page.wait_for("one", "status", bool)
        assert status["state"] == "no-webgl"
        page.page.get_by_role("status").filter(has_text="WebGL 2").wait_for()
        page.set("one", snapshot_request=1, volumes=[HEAD | {"opacity": 0.5}])
        page.page.wait_for_timeout(200)
        assert page.app.image_requests() == 0
        assert not [path for path in page.app.requests if "async-niivue" in path]


def test_two_viewers_are_accessible(open_page: OpenPage) -> None:
    viewers = [
        NiiVue(id="one", volumes=[HEAD], alt="CT of the head"),
        NiiVue(id="two", volumes=[HEAD], alt="The same CT"),
    ]
    with open_page([html.H1("Viewers"), *viewers]) as page:
        page.wait_until_ready("one", "two")
        image = page.page.get_by_role("img", name="CT of the head")
        assert image.is_visible()
        image.focus()
        page.page.keyboard.press("Tab")
        ring = page.canvas("two").evaluate("canvas => getComputedStyle(canvas).outlineStyle")
        assert ring == "solid"
        description = page.canvas("two").evaluate(
            "canvas => document.getElementById(canvas.getAttribute('aria-describedby')).innerText"
        )
        assert "wheel" in description
        assert Axe().run(page.page).response["violations"] == []
        page.set("one", alt="CT of another head")
        page.page.get_by_role("img", name="CT of another head").wait_for()


def test_react_s_own_checks_are_content(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD])], debug=True) as page:
        page.wait_until_ready("one")
        page.snapshot("one")
