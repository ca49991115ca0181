"""Walks through the Cohort page, as a reader would."""

import csv
import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data_loader.cohort import EVERYONE
from data_loader.index import Index


@pytest.fixture
def ages(real_data: Path) -> list[int]:
    """Ages of the clinical file, read without this program; 89+ counts as 89."""
    text = (real_data / "soop" / "participants.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    return [int(row["age"].rstrip("+")) for row in rows if row["age"] != "n/a"]


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".card .js-plotly-plot .bars").first).to_be_attached()
    expect(page.locator("[col-id=subject][role=gridcell] a").first).to_be_attached()
    page.wait_for_load_state("networkidle")


def _chart(page: Page, label: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("article", name=label, exact=True)


def _drag(page: Page, label: str, start: float, end: float) -> None:
    """Drag over a stretch of a chart, in parts of its plotting area's width."""
    box = _chart(page, label).locator(".nsewdrag").first.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + (start + end) / 2 * box["width"], y, steps=4)
    page.mouse.move(box["x"] + end * box["width"], y, steps=4)
    page.mouse.up()


def _n(page: Page) -> int:
    return int(page.locator("#cohort-n strong").inner_text().replace(",", ""))


def test_brushing_narrows_everything_and_back_undoes_it(
    page: Page, soop_site: str, ages: list[int]
) -> None:
    _open(page, f"{soop_site}/cohort")
    expect(page.locator("#cohort-n")).to_have_text("842 of 842 subjects")
    _drag(page, "Age", 0.62, 0.82)
    page.wait_for_url(re.compile(r"age="))
    found = re.search(r"age=(\d+)\.\.%3C(\d+)|age=(\d+)\.\.<(\d+)", page.url)
    assert found, page.url
    low, high = (int(text) for text in found.groups() if text)
    expect(page.locator("#cohort-sentence")).to_have_text(
        f"Subjects whose age is {low} to below {high} years."
    )
    assert _n(page) == sum(low <= age < high for age in ages)
    expect(_chart(page, "Sex").locator("p.caption")).to_contain_text(f"of {_n(page)} known")
    page.go_back()
    expect(page.locator("#cohort-n")).to_have_text("842 of 842 subjects")
    page.go_forward()
    expect(page.locator("#cohort-sentence")).to_contain_text("to below")


def test_a_copied_link_restores_the_page(page: Page, soop_site: str, ages: list[int]) -> None:
    _open(page, f"{soop_site}/cohort?age=80..&charts=age,bmi")
    assert _n(page) == sum(age >= 80 for age in ages)
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_label("Filter on Age, then Enter")).to_have_value(">=80")


def test_a_bar_of_missing_values_can_be_clicked(
    page: Page, soop_site: str, ages: list[int]
) -> None:
    _open(page, f"{soop_site}/cohort")
    bar = _chart(page, "Age").locator(".x2y2 .bars .point path").first.bounding_box()
    assert bar
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] - 4)
    page.wait_for_url(re.compile(r"age=missing"))
    expect(page.locator("#cohort-n strong")).to_have_text(str(842 - len(ages)))
    expect(page.locator("#cohort-sentence")).to_have_text("Subjects whose age is missing.")


def test_a_filter_can_be_typed_and_dropped(page: Page, soop_site: str, ages: list[int]) -> None:
    _open(page, f"{soop_site}/cohort")
    field = page.get_by_label("Filter on Age, then Enter")
    field.fill("<50")
    field.press("Enter")
    expect(page.locator("#cohort-n strong")).to_have_text(str(sum(age < 50 for age in ages)))
    field.fill("young")
    field.press("Enter")
    expect(page.locator("#fault")).to_contain_text("can't be read")
    page.get_by_title("Drop this filter").click()
    expect(page.locator("#cohort-n strong")).to_have_text("842")
    expect(page.locator("#fault")).to_be_empty()


def test_a_variable_is_added_and_removed(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/cohort")
    page.get_by_role("textbox", name="Add a variable").fill("body mass")
    page.get_by_role("option", name="Body mass index").click()
    expect(_chart(page, "Body mass index").locator(".bars").first).to_be_attached()
    page.get_by_title("Remove this chart").last.click()
    expect(_chart(page, "Body mass index")).to_have_count(0)


def test_pasted_labels_make_a_cohort_and_unknown_ones_are_named(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/cohort")
    page.get_by_text("Paste a list of subjects").click()
    page.get_by_label("Subjects, separated by commas or blanks").fill("sub-3\n9; 99999")
    page.get_by_role("button", name="Keep only these").click()
    expect(page.locator("#cohort-n strong")).to_have_text("2")
    expect(page.locator("#notices")).to_contain_text("sub-99999")


def test_the_table_lists_the_cohort_sorted_and_leads_to_a_patient(
    page: Page, soop_site: str, ages: list[int]
) -> None:
    _open(page, f"{soop_site}/cohort?sex=F,M")
    page.locator(".ag-header-cell[col-id=age]").click()
    first = page.locator(".ag-row[row-index='0'] [col-id=age]")
    expect(first).to_have_text(str(min(ages)))
    page.locator(".ag-pinned-left-cols-container [col-id=subject] a").first.click()
    page.wait_for_url(re.compile(r"/patient/soop/sub-\d+\?sex=F,M"))


def test_the_download_holds_the_cohort(page: Page, soop_site: str, ages: list[int]) -> None:
    _open(page, f"{soop_site}/cohort?age=60..80")
    with page.expect_download() as started:
        page.get_by_text("Download CSV").click()
    rows = list(csv.DictReader(started.value.path().read_text(encoding="utf-8").splitlines()))
    assert len(rows) == sum(60 <= age <= 80 for age in ages)
    assert {float(row["age"]) for row in rows} <= set(map(float, range(60, 81)))


def test_what_an_address_gets_wrong_is_said_and_dropped(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/cohort?age=60..80&shoe_size=42&bmi=heavy&charts=age,hat&scale=log")
    expect(page.locator("#notices .mantine-Alert-root")).to_have_count(4)
    expect(page.locator("#cohort-sentence")).to_have_text("Subjects whose age is 60 to 80 years.")


def _violations(page: Page) -> list[tuple[str, list[list[str]]]]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 1920])
def test_anyone_can_read_the_page(page: Page, soop_site: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    _open(page, f"{soop_site}/cohort?age=60..80&sex=F")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    faults = _violations(page)
    if faults:
        # The grid's header has no cells for a moment while its columns are laid anew.
        page.wait_for_timeout(2000)
        faults = _violations(page)
    assert faults == []


def test_the_gallery_shows_infarcts_sorted_as_asked(
    page: Page, soop_site: str, soop: Index
) -> None:
    _open(page, f"{soop_site}/cohort?has_mask=1")
    volumes = {row["subject"]: row["volume_ml"] for row in soop.lesions(EVERYONE)}
    largest, smallest = (pick(volumes, key=volumes.__getitem__) for pick in (max, min))
    expect(page.locator(".tile").first).to_contain_text(largest)
    page.locator(".tile").first.scroll_into_view_if_needed()
    expect(page.locator(".tile").first).to_have_css(
        "background-image", re.compile(f"/slice/soop/{largest}/lesion.png")
    )
    page.get_by_role("textbox", name="Sorted by").fill("Infarct volume, rising")
    page.get_by_role("option", name="Infarct volume, rising").click()
    page.wait_for_url(re.compile("sort=volume_ml"))
    expect(page.locator(".tile").first).to_contain_text(smallest)
    page.locator(".tile").first.click()
    page.wait_for_url(re.compile(r"/patient/soop/sub-\d+\?has_mask=1"))


def test_pointing_at_a_subject_lights_it_everywhere(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/cohort?has_mask=1&sort=subject&charts=age,sex,volume_ml")
    page.locator(".tile").nth(1).hover()
    lit = page.locator(".ag-center-cols-container .ag-row.lit")
    expect(lit).to_have_attribute("row-index", "1")
    # The second subject, sub-3, is 87, F and has 219 ml: one bar of each chart.
    expect(page.locator(".card .point.lit")).to_have_count(3)
    _chart(page, "Sex").scroll_into_view_if_needed()
    _chart(page, "Sex").locator(".xy .point path").first.hover(force=True)
    expect(page.locator(".tile.lit").first).to_be_attached()
    assert 0 < page.locator(".tile.lit").count() < 250
