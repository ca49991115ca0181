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


def test_a_group_that_is_none_is_one_sentence(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one?by=hat")
    expect(page.locator("#table-one-said")).to_contain_text("hat")


def test_nothing_stands_in_the_way_of_who_cannot_see(page: Page, soop_site: str) -> None:
    page.goto(f"{soop_site}/table-one")
    expect(page.locator(".result-table")).to_be_visible()
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []
