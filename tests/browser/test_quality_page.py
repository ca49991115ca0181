"""Walks through the Quality page, as a reader would."""

import csv
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from analytics.measure import measure_lesions
from data_loader.build import build_index
from tests.dashboard.test_quality import EMPTY, MASKED, OLD, SUBJECTS, faulty_files
from tests.images import soop_mask, write_dataset


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    folder = tmp_path_factory.mktemp("faulty")
    root = write_dataset(folder / "soop", faulty_files())
    build_index([root], folder / "index", measure=partial(measure_lesions, workers=1))
    return serve(folder / "index")


@pytest.fixture(scope="module")
def many_site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """3,000 impossible ages, and one file with no image in it."""
    folder = tmp_path_factory.mktemp("many")
    rows = "".join(f"sub-{n}\t999\n" for n in range(1, 3001))
    files = {"participants.tsv": f"participant_id\tage\n{rows}", soop_mask("sub-1"): "no image"}
    root = write_dataset(folder / "soop", files)
    build_index([root], folder / "index", measure=partial(measure_lesions, workers=1))
    return serve(folder / "index")


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#image-states .states")).to_be_visible()
    expect(page.locator("#mosaic .tile").first).to_be_visible()


def test_problems_of_one_kind_are_listed_downloaded_and_followed(page: Page, site: str) -> None:
    _open(page, f"{site}/quality")
    rows = page.locator(".problem-table tbody tr")
    expect(rows).to_have_count(2 + EMPTY + OLD)
    page.locator(".code-chips").get_by_role("link", name="mask empty").click()
    page.wait_for_url(re.compile(r"/quality\?code=mask-empty$"))
    expect(rows).to_have_count(EMPTY)
    with page.expect_download() as started:
        page.get_by_text("Download CSV").click()
    with started.value.path().open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ["mask-empty"] * EMPTY
    rows.first.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/patient/soop/sub-3\?code=mask-empty$"))
    page.go_back()
    expect(rows).to_have_count(EMPTY)


def test_the_concerned_become_the_cohort(page: Page, site: str) -> None:
    _open(page, f"{site}/quality")
    page.get_by_role("group", name="Severity").get_by_text("Errors").click()
    page.get_by_role("link", name="Only the 2 subjects").click()
    expect(page.locator("#cohort-n strong")).to_have_text("2")
    expect(page.locator("#mosaic .tile")).to_have_count(2)
    # Of whom both have an impossible age, too.
    page.get_by_role("link", name="List all").click()
    expect(page.locator(".problem-table tbody tr")).to_have_count(4)


def test_gaps_are_paged_through(page: Page, site: str) -> None:
    _open(page, f"{site}/quality")
    rows = page.locator(".states tbody tr")
    expect(rows).to_have_count(2 + SUBJECTS - MASKED)
    page.get_by_role("group", name="Subjects").get_by_role("link", name="All").click()
    expect(rows).to_have_count(100)
    pages = page.get_by_role("navigation", name="Pages of subjects and images")
    pages.get_by_role("link", name="Next").click()
    expect(rows).to_have_count(SUBJECTS - 100)


def test_a_picture_leads_to_its_patient(page: Page, site: str) -> None:
    _open(page, f"{site}/quality?sort=subject")
    page.locator("#mosaic .tile", has_text="sub-7").first.click()
    page.wait_for_url(re.compile(r"/patient/soop/sub-7\?sort=subject$"))


def test_many_problems_are_scrolled_and_sorted(page: Page, many_site: str) -> None:
    page.goto(f"{many_site}/quality")
    first = page.locator(".problem-grid .ag-row[row-index='0']")
    expect(first).to_contain_text("image damaged")
    page.locator(".problem-grid .ag-header-cell", has_text="Severity").click()
    page.locator(".problem-grid .ag-header-cell", has_text="Severity").click()
    expect(first).to_contain_text("value implausible")
    page.locator(".code-chips").get_by_role("link", name="image damaged").click()
    expect(page.locator(".problem-table tbody tr")).to_have_count(1)
    expect(page.locator(".problem-grid")).to_be_hidden()
    page.go_back()
    expect(first).to_contain_text("value implausible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 1920])
def test_anyone_can_read_the_page(
    page: Page, site: str, many_site: str, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    for address in (f"{site}/quality?code=mask-empty,value-implausible", f"{many_site}/quality"):
        _open(page, address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert Axe().run(page).response["violations"] == []
