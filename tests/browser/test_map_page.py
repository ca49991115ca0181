"""The Map page as a neurologist uses it, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

SLOW_MS = 120_000
"""The template at 1 mm is drawn without a graphics card here."""

SMALL: ViewportSize = {"width": 700, "height": 700}
"""Half the pixels to draw, where it isn't about the layout."""

WITHOUT_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null;"
"""Nothing is drawn: for what isn't about the viewer, or about its absence."""


def _open(page: Page, address: str) -> None:
    page.set_viewport_size(SMALL)
    page.goto(address)
    expect(page.locator("#map-readout")).to_contain_text("mm", timeout=SLOW_MS)


def test_pointing_tells_and_narrows_the_cohort_without_fetching_the_template_again(
    page: Page, soop_site: str
) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    _open(page, f"{soop_site}/map")
    # It opens where most have a lesion.
    expect(page.locator("#map-readout")).to_contain_text("84 of 721 subjects", timeout=SLOW_MS)
    expect(page.locator("#map-said")).to_contain_text("Most often 84 of 721 subjects")
    expect(page.locator("#map-here")).to_contain_text("84 of 721 subjects", timeout=SLOW_MS)
    page.locator("#map-keep-here").click()
    expect(page).to_have_url(f"{soop_site}/map?lesion_at=36,-5,6")
    expect(page.locator(".cohort-bar")).to_contain_text("84")
    expect(page.locator("#map-readout")).to_contain_text("84 of 84 subjects", timeout=SLOW_MS)
    assert sum("/template/" in url for url in fetched) == 1
    assert sum("/atlas.nii.gz" in url for url in fetched) == 1
    assert sum("/layer.nii.gz" in url for url in fetched) == 2
    # Every other page is about the same subjects.
    href = page.get_by_role("link", name="Cohort", exact=True).get_attribute("href")
    assert href == "/cohort?lesion_at=36,-5,6"


def test_a_place_and_a_territory_are_chosen_with_the_keyboard_alone(
    page: Page, soop_site: str
) -> None:
    _open(page, f"{soop_site}/map?age=60..80")
    for name, value in (("x", "-33"), ("y", "-6"), ("z", "13")):
        field = page.get_by_label(f"{name} (mm)", exact=True)
        field.fill(value)
        field.press("Tab")
    radius = page.get_by_label("Radius (mm)")
    radius.fill("5")
    radius.press("Tab")
    # Of the typed place, rather than of the peak, which is in the same territory.
    expect(page.locator("#map-here")).to_contain_text("30 of 226 subjects", timeout=SLOW_MS)
    page.locator("#map-keep-here").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{soop_site}/map?age=60..80&lesion_at=-33,-6,13,5", timeout=SLOW_MS)
    region = page.get_by_role("textbox", name="Region of the atlas")
    region.fill("PCA-L")
    page.get_by_role("option", name="PCA-L", exact=True).click()
    # Counted on the server first: nobody can be kept by a button that is disabled.
    expect(page.locator("#map-keep-there")).to_be_enabled(timeout=SLOW_MS)
    page.locator("#map-keep-there").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{soop_site}/map?age=60..80&lesion_at=-33,-6,13,5&lesion_in=PCA-L", timeout=SLOW_MS
    )


_TYPE_AND_PRESS = """async ([radius, button]) => {
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    radius.focus();
    write.call(radius, "5");
    radius.dispatchEvent(new Event("input", { bubbles: true }));
    await null;
    radius.blur();
    await null;
    button.click();
}"""
"""Without a turn of the browser's timers, as where it is busy drawing."""


def test_what_is_kept_is_what_was_typed_last_however_soon(page: Page, soop_site: str) -> None:
    page.add_init_script(WITHOUT_WEBGL)
    page.goto(f"{soop_site}/map?age=60..80")
    for name, value in (("x", "-33"), ("y", "-6"), ("z", "13")):
        field = page.get_by_label(f"{name} (mm)", exact=True)
        field.fill(value)
        field.press("Tab")
    button = page.locator("#map-keep-here")
    expect(button).to_be_enabled()
    radius = page.get_by_label("Radius (mm)")
    page.evaluate(_TYPE_AND_PRESS, [radius.element_handle(), button.element_handle()])
    expect(page).to_have_url(f"{soop_site}/map?age=60..80&lesion_at=-33,-6,13,5")


def test_a_lesion_symptom_map_is_followed_and_cancelled(page: Page, soop_site: str) -> None:
    page.add_init_script(WITHOUT_WEBGL)
    page.goto(f"{soop_site}/map?map_kind=symptom&map_score=nihss_admission&map_permutations=90000")
    page.get_by_role("button", name="Compute the map").click()
    expect(page.locator("#map-job-said")).to_contain_text("of 90,000 permutations", timeout=SLOW_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#map-job-said")).to_contain_text("Not computed yet", timeout=SLOW_MS)
    expect(page.get_by_role("button", name="Compute the map")).to_be_visible()


def test_a_lesion_symptom_map_is_shown_with_its_peaks(page: Page, soop_site: str) -> None:
    page.set_viewport_size(SMALL)
    page.goto(f"{soop_site}/map?map_kind=symptom&map_score=nihss_admission&map_permutations=40")
    page.get_by_role("button", name="Compute the map").click()
    expect(page.locator("#map-tables")).to_contain_text("peak by territory", timeout=SLOW_MS)
    expect(page.locator("#map-said")).to_contain_text("voxels tested")
    expect(page.locator("#map-readout")).to_contain_text("Brunner-Munzel", timeout=SLOW_MS)
    expect(page.get_by_role("button", name="Compute the map")).to_be_hidden()


def test_without_webgl_the_server_draws_the_slices(page: Page, soop_site: str) -> None:
    page.add_init_script(WITHOUT_WEBGL)
    page.goto(f"{soop_site}/map?sex=F")
    picture = page.locator("#map-picture")
    expect(picture).to_be_visible(timeout=SLOW_MS)
    expect(picture).to_have_attribute("src", "/download/lesion-map.png?sex=F")
    page.wait_for_function("document.getElementById('map-picture').naturalWidth > 500")
    expect(page.locator("#map-status")).to_contain_text("no WebGL 2")


@pytest.mark.parametrize("kind", ["frequency", "difference&by=sex", "symptom"])
def test_nothing_stands_in_the_way_of_who_cannot_see(page: Page, soop_site: str, kind: str) -> None:
    page.add_init_script(WITHOUT_WEBGL)
    page.goto(f"{soop_site}/map?map_kind={kind}")
    expect(page.locator("#map-choices")).to_contain_text("Choices")
    expect(page.locator("#map-status")).to_contain_text("no WebGL 2", timeout=SLOW_MS)
    for _ in range(2):  # in light, and in dark
        found = Axe().run(page)
        assert [violation["id"] for violation in found.response["violations"]] == []
        page.locator("#theme-button").click()
