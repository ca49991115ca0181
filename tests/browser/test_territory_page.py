"""The Territories page as a neurologist uses it."""

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#territory-nested .bars .point path").first).to_be_attached()
    page.wait_for_load_state("networkidle")


def _n(page: Page) -> int:
    return int(page.locator("#cohort-n strong").inner_text().replace(",", ""))


def _click_bar(page: Page, part: str, query: str) -> None:
    """Click the bar that stands for a part of a query, near its end."""
    at: dict[str, Any] = page.evaluate(
        """([part, query]) => {
            const plot = document.querySelector(`#${part} .js-plotly-plot`);
            const trace = plot.data.findIndex((one) => one.customdata.includes(query));
            const place = plot.data[trace].customdata.indexOf(query);
            const bars = plot.querySelectorAll(".trace.bars")[trace];
            const box = bars.querySelectorAll(".point path")[place].getBoundingClientRect();
            const isLeft = plot.data[trace].x[place] < 0;
            return {
                x: isLeft ? box.left + 2 : box.right - 2,
                y: box.top + box.height / 2,
            };
        }""",
        [part, query],
    )
    page.mouse.move(at["x"], at["y"])
    page.mouse.click(at["x"], at["y"])


def test_a_bar_narrows_every_page_and_lets_go_again(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/territory")
    everyone = _n(page)
    _click_bar(page, "territory-bars", "lesion_in=MCA-L")
    expect(page).to_have_url(f"{soop_site}/territory?lesion_in=MCA-L")
    expect(page.locator("#cohort-sentence")).to_contain_text("infarct lies in part in MCA-L")
    page.wait_for_load_state("networkidle")
    narrowed = _n(page)
    assert 100 < narrowed < everyone
    page.get_by_role("link", name="Cohort", exact=True).click()
    expect(page.locator("#cohort-n")).to_have_text(f"{narrowed} of {everyone} subjects")
    page.go_back()
    expect(page.locator("#territory-bars .bars .point path").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    _click_bar(page, "territory-bars", "lesion_in=MCA-L")
    expect(page.locator("#cohort-n strong")).to_have_text(str(everyone))


def test_of_bars_within_one_another_the_shortest_under_the_pointer_is_meant(
    page: Page, soop_site: str
) -> None:
    _open(page, f"{soop_site}/territory")
    everyone = page.locator("#cohort-n strong").inner_text()
    _click_bar(page, "territory-nested", "lesion_in=MCA-R:10%")
    expect(page).to_have_url(re.compile(r"lesion_in=MCA-R:10%25$"))
    expect(page.locator("#cohort-n strong")).not_to_have_text(everyone)
    page.go_back()
    expect(page.locator("#cohort-n strong")).to_have_text(everyone)
    page.wait_for_load_state("networkidle")
    _click_bar(page, "territory-nested", "dominant_territory=MCA-L")
    expect(page).to_have_url(re.compile(r"dominant_territory=MCA-L$"))


def test_a_number_is_a_link_that_the_keyboard_reaches(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/territory")
    row = page.locator('tr[data-row="PCA-R"]')
    dominant = row.get_by_role("link").last
    count = int(dominant.inner_text().split(" ")[0])
    row.get_by_role("link").nth(1).focus()
    page.keyboard.press("Tab")
    expect(dominant).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{soop_site}/territory?dominant_territory=PCA-R")
    expect(page.locator("#cohort-n strong")).to_have_text(str(count))


def test_groups_are_compared_and_stand_in_the_address(page: Page, soop_site: str) -> None:
    _open(page, f"{soop_site}/territory")
    page.get_by_label("Groups").first.click()
    page.get_by_role("option", name="Sex", exact=True).click()
    expect(page).to_have_url(f"{soop_site}/territory?by=sex")
    subjects = page.get_by_role("region", name="Subjects by arterial territory, by Sex")
    expect(subjects).to_contain_text("difference, %")
    href = page.get_by_role("link", name="JSON").get_attribute("href")
    answer = json.loads(page.request.get(f"{soop_site}{href}").text())
    assert [group["label"] for group in answer["groups"]] == ["female", "male"]
    for name in ("Word", "LaTeX", "Excel", "HTML", "CSV", "Python script"):
        link = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert page.request.get(f"{soop_site}{link}").ok
    # A second variable is crossed with the first; a number leads to those who have both levels.
    page.get_by_role("option", name="Prior stroke", exact=True).click()
    subjects = page.get_by_role("region", name="Subjects by arterial territory, by Sex and prior")
    cell = subjects.locator('tr[data-row="MCA-L"]').get_by_role("link").first
    count = cell.inner_text().split(" ")[0]
    cell.click()
    expect(page).to_have_url(re.compile("sex=F.*prior_stroke=0|prior_stroke=0.*sex=F"))
    expect(page.locator("#cohort-n strong")).to_have_text(count)


@pytest.mark.parametrize("width", [1024, 1241])
def test_tables_of_two_groups_have_the_width_they_need(
    page: Page, soop_site: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _open(page, f"{soop_site}/territory?by=mrs_discharge")
    tables = page.locator(".territory .result-scroll")
    expect(tables).to_have_count(3)
    hidden = "each => each.map(one => one.scrollWidth - one.clientWidth)"
    assert tables.evaluate_all(hidden) == [0, 0, 0]


def test_an_empty_cohort_is_a_sentence_and_the_way_back_draws_again(
    page: Page, soop_site: str
) -> None:
    page.goto(f"{soop_site}/territory?age=>=150")
    expect(page.locator("#territory-said")).to_have_text("The cohort has no subjects; widen it.")
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#territory-nested .bars .point path").first).to_be_attached()


@pytest.mark.parametrize("query", ["", "?by=sex&lengths=involved"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_who_cannot_see(
    page: Page, soop_site: str, scheme: Any, query: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    _open(page, f"{soop_site}/territory{query}")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []
