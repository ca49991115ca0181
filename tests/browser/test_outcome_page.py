"""The Outcome page as a statistician uses it."""

import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

_PATIENCE_S = 30


def _see(page: Page, part: str) -> Locator:
    """Scroll a part into sight, so that it is drawn.

    Again where those above it, drawn on the way, have pushed it out of sight.
    """
    drawn = page.locator(f"#{part}")
    until = time.monotonic() + _PATIENCE_S
    while not drawn.inner_html():
        assert time.monotonic() < until, f"{part} was never drawn"
        drawn.scroll_into_view_if_needed()
        page.wait_for_timeout(50)
    return drawn


def _point_at(page: Page, plot: Locator, point: Locator) -> tuple[float, float]:
    """Move the pointer to a point of a chart until that is told of; gives where on the page."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        point.scroll_into_view_if_needed()
        box = point.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.wait_for_timeout(200)
        if plot.locator(".hovertext").count():
            return x, y
        assert time.monotonic() < until, "nothing was told of the point"
        page.mouse.move(0, 0)


def test_a_term_takes_another_form_with_the_keyboard(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/outcome?by=none&terms=age,nihss_admission")
    model = page.locator("#outcome-model")
    expect(model).to_contain_text("Age (years)")
    form = page.get_by_label("Form of Age")
    form.focus()
    form.select_option("rcs(age,3)")
    expect(page).to_have_url(re.compile(r"terms=rcs\(age,3\),nihss_admission"))
    expect(model).to_contain_text("spline")
    page.get_by_role("button", name="Leave out Age").press("Enter")
    expect(page).to_have_url(re.compile(r"terms=nihss_admission"))
    expect(model.locator(".result-table tbody tr")).to_have_count(1)
    page.go_back()
    expect(model).to_contain_text("spline")


def test_files_have_the_numbers_of_the_page(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/outcome?by=none&terms=nihss_admission")
    expect(page.locator("#outcome-model .result-table")).to_be_visible()
    links = page.locator("#outcome-links")
    href = links.get_by_role("link", name="JSON").get_attribute("href")
    (term,) = json.loads(page.request.get(f"{soop_site}{href}").text())["terms"]
    expect(page.locator("#outcome-model .result-table")).to_contain_text(
        f"{term['odds_ratio']:.2f}"
    )
    with page.expect_download() as started:
        links.get_by_role("link", name="Word").click()
    assert started.value.suggested_filename == "outcome.docx"


def test_a_click_on_who_moves_an_estimate_opens_the_patient(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/outcome?by=none&terms=age,nihss_admission")
    expect(page.locator("#outcome-model .result-table")).to_be_visible()
    # Those above it first: what they push away while it is pointed at would be missed.
    for part in ("compare", "fitted", "cuts", "predicted", "curves"):
        _see(page, f"outcome-{part}")
    plot = _see(page, "outcome-influence").locator(".js-plotly-plot")
    # The first point of a strip is the one that moves the estimate most.
    x, y = _point_at(page, plot, plot.locator(".point").first)
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(r"/patient/soop/sub-\d+\?"))


def test_the_page_is_left_without_a_fault(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/outcome?by=none&terms=age,nihss_admission")
    _see(page, "outcome-words")
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.locator("#outcome-words")).to_have_count(0)
    # What watches the parts hears of their going a frame later.
    page.wait_for_timeout(500)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_who_cannot_see(
    page: Page, soop_site: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{soop_site}/outcome?terms=age,volume_ml&allow=volume_ml")
    expect(page.locator("#outcome-model .result-table")).to_be_visible()
    parts = ("compare", "fitted", "cuts", "predicted", "curves", "influence", "words")
    for part in parts:
        _see(page, f"outcome-{part}")
    # What was in sight once stays: a look at the whole page is one at all of them.
    for part in parts:
        expect(page.locator(f"#outcome-{part}")).not_to_be_empty()
    expect(page.locator("#fault")).to_be_empty()
    found = Axe().run(page)
    faults = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]]
        for violation in found.response["violations"]
    }
    assert faults == {}
