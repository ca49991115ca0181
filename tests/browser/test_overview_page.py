"""Walks through the Overview page, as a reader would."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".matrix")).to_be_visible()


def _row(page: Page, variable: str) -> Locator:
    return page.locator(".matrix tr").filter(has=page.get_by_role("rowheader", name=variable))


def test_a_hole_in_the_matrix_leads_to_its_subjects(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/")
    cell = _row(page, "NIHSS at admission").get_by_role("link").first
    missing = cell.locator("small").inner_text().split()[0]
    cell.click()
    page.wait_for_url(re.compile(r"/cohort\?nihss_admission=missing$"))
    expect(page.locator("#cohort-n strong")).to_have_text(missing)


def test_a_cohort_is_kept_from_page_to_page(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/?sex=F")
    expect(page.locator("#scope")).to_contain_text("not of everyone: Subjects whose sex is female.")
    page.locator(".key-figures a", has_text=re.compile(r"^\d+$")).nth(2).click()
    page.wait_for_url(re.compile(r"/cohort\?sex=F&has_clinical=1$"))
    page.go_back()
    expect(page.locator("#scope")).to_contain_text("sex is female")


def test_names_of_variables_and_groups_stay_in_sight(page: Page, soop_site: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 600})
    _open(page, f"{soop_site}/")
    head = page.locator(".matrix thead th").first
    region = page.get_by_role("region", name="Completeness matrix")
    region.focus()
    page.keyboard.press("End")
    expect(_row(page, "Laterality index")).to_be_in_viewport()
    top = region.bounding_box()
    at = head.bounding_box()
    assert top
    assert at
    assert at["y"] == pytest.approx(top["y"], abs=2)


def test_problems_can_be_reached_and_downloaded(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/")
    page.locator(".key-figures a[href='#problem-counts-section']").click()
    expect(page.get_by_role("heading", name="Problems")).to_be_in_viewport()
    with page.expect_download() as started:
        page.get_by_text("Download CSV").click()
    text = started.value.path().read_text(encoding="utf-8")
    assert "value-implausible" in text.splitlines()[1]
    page.get_by_role("link", name="sub-1407").click()
    page.wait_for_url(re.compile(r"/patient/soop/sub-1407$"))


def test_the_age_of_the_index_is_told(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/")
    expect(page.locator("#index-version")).to_contain_text("Index version 1, built ")
    expect(page.locator("#index-freshness")).to_have_text("The files have not changed since.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 1920])
def test_anyone_can_read_the_page(page: Page, soop_site: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    _open(page, f"{soop_site}/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(page).response["violations"] == []
