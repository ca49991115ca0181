"""What is on every page: links that keep the cohort, light and dark, banners."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.measure import measure_lesions
from data_loader.build import build_index
from data_loader.demo import write_demo


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The dashboard on a small demonstration dataset."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "demo", subjects=6)
    build_index([folder / "demo"], folder / "index", measure=partial(measure_lesions, workers=1))
    return serve(folder / "index")


def test_the_cohort_goes_along_from_page_to_page(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/cohort?age=60..80")
    expect(page.locator("#cohort-n strong")).to_have_text("268")
    for name in ("Overview", "Cohort"):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        expect(page.locator("#cohort-n strong")).to_have_text("268")
        assert "age=60..80" in page.url


def test_synthetic_data_are_said_on_every_page(page: Page, demo_site: str) -> None:
    for path in ("/", "/cohort", "/patient"):
        page.goto(f"{demo_site}{path}")
        expect(page.locator(".banner-synthetic")).to_contain_text("no patient is behind")


def test_real_data_have_no_banner(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/")
    expect(page.locator("#cohort-n")).to_be_visible()
    expect(page.locator(".banner")).to_have_count(0)


def test_light_and_dark_are_chosen_and_kept(page: Page, soop_site: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{soop_site}/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_role("button", name="Light / dark").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")


def test_an_address_that_is_no_page_says_so(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/nowhere")
    expect(page.get_by_role("heading", name="No such page")).to_be_visible()
    page.get_by_role("link", name="To the overview").click()
    page.wait_for_url(re.compile(r"/$"))


def test_the_keyboard_reaches_a_filter(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/cohort")
    expect(page.locator(".card .bars").first).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == (
            "Filter on Age, then Enter"
        ):
            break
    page.keyboard.type(">=85")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("age="))
