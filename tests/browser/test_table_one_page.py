"""The Table 1 page as a statistician uses it."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def test_columns_follow_the_choice_and_files_have_the_same_numbers(
    page: Page, soop_site: str
) -> None:
    page.goto(f"{soop_site}/table-one?age=>=60")
    table = page.locator(".result-table")
    expect(table.locator("thead")).to_contain_text("female")
    expect(page.locator("#alike")).not_to_be_empty()
    href = page.get_by_role("link", name="JSON").get_attribute("href")
    answer = json.loads(page.request.get(f"{soop_site}{href}").text())
    assert any(row["variable"] == "age" for row in answer["rows"])
    for name in ("Word", "LaTeX", "Excel", "HTML", "CSV", "Python script"):
        link = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert page.request.get(f"{soop_site}{link}").ok
    # What goes without saying is not written into the address.
    assert "by=" not in page.url


def test_rows_are_ordered_with_buttons_and_kept_in_the_address(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?rows=age,nihss_admission")
    rows = page.locator('.result-table tbody th[scope="row"]')
    expect(rows.first).to_contain_text("Age")
    page.get_by_role("button", name="Move down Age").click()
    expect(rows.first).to_contain_text("NIHSS")
    expect(page).to_have_url(f"{soop_site}/table-one?rows=nihss_admission,age")


def test_a_row_has_its_own_summary_and_test(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?rows=age,sex")
    table = page.locator(".result-table")
    expect(table).to_contain_text("Age (years), mean ± SD")
    more = page.get_by_role("button", name="Summary and test of Age")
    more.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    page.get_by_role("textbox", name="Summary").last.click()
    page.get_by_role("option", name="median [IQR]").click()
    expect(table).to_contain_text("Age (years), median [IQR]")
    page.get_by_role("textbox", name="Test").click()
    page.get_by_role("option", name="Rank test").click()
    expect(page).to_have_url(
        f"{soop_site}/table-one?rows=age,sex&summary=age:median&tests=age:rank"
    )
    expect(page.locator(".order-said").first).to_have_text("median [IQR], Rank test")
    page.go_back()
    page.go_back()
    expect(table).to_contain_text("Age (years), mean ± SD")
    expect(page.locator(".order-said").first).to_have_text("")
    more.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "false")


def test_groups_are_crossed_and_columns_chosen(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?rows=age")
    headings = page.locator(".result-table thead th")
    page.get_by_role("textbox", name="Columns by").click()
    page.get_by_role("option", name="Race").click()
    expect(page).to_have_url(f"{soop_site}/table-one?by=sex,race&rows=age")
    expect(page.locator(".result-table th[scope=colgroup]")).to_have_text(["female", "male"])
    page.keyboard.press("Backspace")
    expect(page).to_have_url(f"{soop_site}/table-one?rows=age")
    page.goto(f"{soop_site}/table-one?rows=age&columns=none")
    expect(headings).to_have_count(4)  # characteristic, female, male, p
    page.goto(f"{soop_site}/table-one?rows=age&by=none")
    expect(headings).to_have_count(2)


def test_two_cohorts_stand_beside_each_other_by_name(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?age=>=70&rows=age,sex")
    page.get_by_role("link", name="Keep this cohort to put another beside it").click()
    expect(page).to_have_url(f"{soop_site}/table-one?against=age=%3E=70&rows=age,sex")
    page.goto(f"{soop_site}/table-one?age=<70&against=age=>=70&names=younger,older&rows=sex")
    groups = page.locator(".result-table thead th.right")
    expect(groups.nth(0)).to_contain_text("younger")
    expect(groups.nth(1)).to_contain_text("older")
    page.get_by_role("link", name="Swap the two").click()
    expect(groups.nth(0)).to_contain_text("older")
    href = page.get_by_role("link", name="JSON").get_attribute("href")
    answer = json.loads(page.request.get(f"{soop_site}{href}").text())
    assert [column["label"] for column in answer["columns"]] == ["older", "younger", "all"]


def test_points_and_their_list_lead_to_rows(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one")
    point = page.locator("#love-plot .scatterlayer .trace:last-child .points path").first
    point.scroll_into_view_if_needed()
    point.hover(force=True)
    expect(page.locator("#love-plot .hoverlayer .hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    first = page.locator("tr.led-to")
    expect(first).to_be_in_viewport()
    expect(first).to_be_focused()
    largest = first.get_attribute("data-row")
    page.get_by_text("The same as a list").press("Enter")
    links = page.locator(".balance-list a")
    assert links.first.get_attribute("data-to") == largest
    links.nth(1).press("Enter")
    expect(page.locator("tr.led-to")).to_have_attribute(
        "data-row", links.nth(1).get_attribute("data-to") or ""
    )
    assert not page.url.endswith("#")


def test_a_group_that_is_none_is_one_sentence(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?by=hat")
    expect(page.locator("#table-one-said")).to_contain_text("hat")


def test_nothing_stands_in_the_way_of_who_cannot_see(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?tests=age:rank")
    expect(page.locator(".result-table")).to_be_visible()
    page.get_by_role("button", name="Summary and test of Age").click()
    expect(page.get_by_role("textbox", name="Test")).to_be_visible()
    page.get_by_text("The same as a list").click()
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []
