"""Walks through the Patient page, as a reader would: images, infarct, record, and the next one."""

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from analytics.measure import measure_lesions
from data_loader.build import build_index
from tests.browser.conftest import CHROMIUM
from tests.images import write_image

_SHAPE = (40, 48, 32)
_MM = 4.0
_AFFINES = {
    "RAS": np.diag([_MM, _MM, _MM, 1.0]),
    "LPS": np.diag([-_MM, -_MM, _MM, 1.0]),
}
_BASELINE = "Sex,Age,Glucose,NIHSS at admission\nF,71,212,14\n"

Array = npt.NDArray[np.float64]


def _world(affine: Array) -> Array:
    """World x, y, z of every voxel; the middle of the grid is 0, 0, 0."""
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(_SHAPE) - 1) / 2)
    ijk = np.indices(_SHAPE).reshape(3, -1)
    return np.asarray((affine[:3, :3] @ ijk + affine[:3, 3:]).reshape(3, *_SHAPE))


def _ball(mm: Array, at: tuple[float, float, float], radius_mm: float) -> npt.NDArray[np.bool_]:
    middle = np.array(at).reshape(3, 1, 1, 1)
    return np.asarray(((mm - middle) ** 2).sum(axis=0) < radius_mm**2)


def _write_subject(root: Path, name: str, axes: str, *, whole: bool) -> None:
    """A head of 40 HU with an infarct of two parts on the patient's right, and all else if asked."""
    affine = _AFFINES[axes].copy()
    mm = _world(affine)
    head = np.where(_ball(mm, (0, 0, 0), 60), 40, -1000).astype(np.int16)
    infarct = _ball(mm, (30, 10, 0), 14) | _ball(mm, (20, -30, 8), 5)
    raw = root / "raw_data" / name / "ses-01"
    derived = root / "derivatives" / name
    before, after = derived / "ses-01" / f"{name}_ses-01", derived / "ses-02" / f"{name}_ses-02"
    put = partial(write_image, affine=affine)
    put(raw / f"{name}_ses-01_ncct.nii.gz", head)
    put(Path(f"{after}_space-ncct_lesion-msk.nii.gz"), infarct.astype(np.uint8))
    table = root / "phenotype" / name / "ses-01" / f"{name}_ses-01_demographic_baseline.csv"
    table.parent.mkdir(parents=True)
    table.write_text(_BASELINE)
    if whole:
        frames = np.stack([head + 10 * t * (3 - t) for t in range(4)], axis=-1).astype(np.int16)
        willis = 5 * _ball(mm, (30, 10, 0), 8)
        put(Path(f"{before}_space-ncct_ctp.nii.gz"), frames)
        put(Path(f"{before}_space-ncct_cow-msk.nii.gz"), willis.astype(np.uint8))
        put(Path(f"{before}_space-ncct_tmax.nii.gz"), (infarct * 9.0).astype(np.float32))
        put(Path(f"{after}_space-ncct_dwi.nii.gz"), (head + 1000 + 500 * infarct).astype(np.int16))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Three subjects of a dataset of ISLES'24's layout, in two orientations."""
    root = tmp_path_factory.mktemp("data") / "d"
    _write_subject(root, "sub-stroke0001", "RAS", whole=True)
    _write_subject(root, "sub-stroke0002", "LPS", whole=False)
    _write_subject(root, "sub-stroke0003", "LPS", whole=True)
    folder = tmp_path_factory.mktemp("index")
    build_index([root], folder, measure=partial(measure_lesions, workers=1))
    return serve(folder)


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#readout")).to_contain_text("infarct")


def _choose(page: Page, label: str, within: str = ".viewer") -> None:
    page.locator(f"{within} label", has_text=label).first.click()


def _red(page: Page, viewer: str) -> tuple[Array, Array]:
    """Rows and columns of what is red in a viewer, as shares of it."""
    shot = page.locator(f"#{viewer}").screenshot()
    pixels = np.asarray(Image.open(BytesIO(shot)).convert("RGB")).astype(int)
    rows, columns = np.nonzero(pixels[..., 0] - pixels[..., 1] > 90)
    return rows / pixels.shape[0], columns / pixels.shape[1]


@pytest.mark.parametrize("subject", ["sub-stroke0001", "sub-stroke0003"])
def test_infarct_of_the_patients_right_is_on_the_left_of_both_viewers(
    page: Page, small_site: str, subject: str
) -> None:
    _open(page, f"{small_site}/patient/d/{subject}?opacity=60")
    expect(page.locator("#readout")).to_contain_text("inside the infarct")
    page.wait_for_timeout(500)
    for viewer in ("viewer-left", "viewer-right"):
        rows, columns = _red(page, viewer)
        assert columns.size > 200
        assert columns.max() < 0.5
        assert rows.mean() < 0.5  # in front of the middle


def test_readout_tells_mm_voxel_value_and_vessel(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001?over=infarct,willis&at=30,10,2")
    readout = page.locator("#readout")
    expect(readout).to_contain_text("x 30.0, y 10.0, z 2.0 mm")
    expect(readout).to_contain_text("NCCT 40.0 HU")
    expect(readout).to_contain_text("DWI 1540")
    expect(readout).to_contain_text("inside the infarct")
    expect(readout).to_contain_text("right MCA")


def test_view_is_in_the_address_and_comes_back(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001")
    _choose(page, "Tmax")
    _choose(page, "Mosaic")
    page.wait_for_url(re.compile(r"left=tmax&layout=mosaic"))
    expect(page.locator("#viewer-said")).to_contain_text("above 6 s")
    address = page.url
    page.goto("about:blank")
    _open(page, address)
    expect(page.get_by_role("radio", name="Tmax")).to_be_checked()
    expect(page.get_by_role("radio", name="Mosaic")).to_be_checked()


def test_what_an_address_asks_in_vain_is_said(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001?left=pet&layout=%3Cscript%3E&at=x")
    expect(page.locator("#viewer-said")).to_contain_text("“pet”, “<script>”")
    expect(page.get_by_role("radio", name="NCCT")).to_be_checked()


def test_components_are_stepped_through(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001")
    parts = page.locator(".component-part")
    expect(parts).to_have_count(2)
    expect(parts.first).to_have_attribute("aria-current", "true")
    page.locator(".component-steps").get_by_role("button", name="Next").click()
    expect(parts.nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator("#readout")).to_contain_text("y -30.0")
    expect(page.locator("#readout")).to_contain_text("inside the infarct")
    page.locator(".strip-part").first.click()
    page.wait_for_url(re.compile(r"at="))


def test_series_plays_and_has_a_curve_with_its_numbers(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001")
    expect(page.locator("#series")).to_be_hidden()
    _choose(page, "CTP")
    expect(page.locator("#frame-said")).to_have_text("frame 1 of 4")
    expect(page.locator("#curve")).to_contain_text("60.0 HU at its peak in frame 2")
    page.locator("#play").click()
    expect(page.locator("#frame-said")).not_to_have_text("frame 1 of 4")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_text("Play")


def test_picture_bears_a_caption(page: Page, small_site: str, tmp_path: Path) -> None:
    _open(page, f"{small_site}/patient/d/sub-stroke0001")
    page.wait_for_timeout(500)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Picture (PNG)").click()
    assert saved.value.suggested_filename == "sub-stroke0001_ncct_dwi.png"
    saved.value.save_as(tmp_path / "seen.png")
    pixels = np.asarray(Image.open(tmp_path / "seen.png").convert("L"))
    boxes = [page.locator(f"#viewer-{side}").bounding_box() for side in ("left", "right")]
    assert pixels.shape[1] == pytest.approx(sum(b["width"] for b in boxes if b), abs=3)
    assert pixels[-46:].max() > 200
    assert pixels[:-46, : pixels.shape[1] // 2].max() > 100
    assert pixels[:-46, pixels.shape[1] // 2 :].max() > 100


def test_next_patient_by_key_link_and_back(page: Page, small_site: str) -> None:
    _open(page, f"{small_site}/patient?sex=F")
    expect(page.locator(".step-place")).to_have_text("1 of 3 in the cohort")
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1)).to_have_text("sub-stroke0002")
    expect(page.locator("#right-pane")).to_be_hidden()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("sub-stroke0003")
    assert "sex=F" in page.url
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("sub-stroke0002")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("sub-stroke0003")


def test_address_of_no_one_and_an_empty_cohort(page: Page, small_site: str) -> None:
    page.goto(f"{small_site}/patient/d/sub-stroke0009")
    expect(page.locator("main")).to_contain_text("no subject d/sub-stroke0009 in this index")
    page.goto(f"{small_site}/patient?sex=M")
    expect(page.locator("main")).to_contain_text("The cohort is empty")


def test_no_violations_in_light_and_dark(page: Page, small_site: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        _open(page, f"{small_site}/patient/d/sub-stroke0001?left=ctp")
        expect(page.locator("#curve")).to_contain_text("peak")
        results = Axe().run(page, "main")
        assert results.violations_count == 0, results.generate_report()


def test_without_webgl_the_server_draws(playwright: Playwright, small_site: str) -> None:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"]
    )
    page = browser.new_page()
    page.goto(f"{small_site}/patient/d/sub-stroke0001")
    expect(page.locator("#viewer-said")).to_contain_text("no WebGL 2")
    picture = page.locator("#slice-picture")
    expect(picture).to_have_js_property("naturalWidth", 533)
    expect(picture).to_have_attribute(
        "alt", re.compile(r"here at its largest.*right is on the left")
    )
    first = page.locator("#slice-caption").inner_text()
    page.get_by_role("slider", name="Axial slice").press("ArrowRight")
    expect(page.locator("#slice-caption")).not_to_have_text(first)
    _choose(page, "DWI", "#slice-kind")
    expect(picture).to_have_attribute("src", re.compile(r"/dwi\.png"))
    results = Axe().run(page, "main")
    assert results.violations_count == 0, results.generate_report()
    browser.close()
