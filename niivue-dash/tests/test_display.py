"""What is drawn is where the files say."""

from typing import Any

import numpy as np
import pytest
from conftest import OpenPage
from images import LESION_MM, MIDDLE_MM, SHAPE
from numpy.typing import NDArray
from playwright.sync_api import Route
from viewer_app import volume

from niivue_dash import NiiVue

HEAD = volume("head.nii.gz", cal_min=0, cal_max=80)
LESION = volume("lesion.nii.gz", colormap="red", cal_min=0, cal_max=1)
VOXEL_MM = 3


def red(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    return np.asarray((red > 100) & (green < 60) & (blue < 60))


def yellow(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    return np.asarray((red > 200) & (green > 200) & (blue < 60))


def centre(mask: NDArray[np.bool_]) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(columns.mean()), float(rows.mean())


def axial(**props: Any) -> NiiVue:
    return NiiVue(
        id="one",
        slice_type="axial",
        crosshair_mm=list(LESION_MM),
        show_crosshair=False,
        **props,
    )


@pytest.mark.parametrize(("radiological", "side"), [(True, 1), (False, -1)])
def test_lesion_of_left_hemisphere_lies_on_the_convention_s_side(
    open_page: OpenPage, radiological: bool, side: int
) -> None:
    with open_page([axial(volumes=[HEAD, LESION], radiological=radiological)]) as page:
        page.wait_until_ready("one")
        pixels = page.snapshot("one")
    # The slice fills the canvas from back to front.
    pixels_per_mm = pixels.shape[0] / (SHAPE[1] * VOXEL_MM)
    x, y = centre(red(pixels))
    right_mm = (x - pixels.shape[1] / 2) / pixels_per_mm
    up_mm = (pixels.shape[0] / 2 - y) / pixels_per_mm
    assert right_mm == pytest.approx(side * (MIDDLE_MM[0] - LESION_MM[0]), abs=1)
    assert up_mm == pytest.approx(LESION_MM[1] - MIDDLE_MM[1], abs=1)


def test_outline_encloses_the_lesion_without_filling_it(open_page: OpenPage) -> None:
    outlined = LESION | {"opacity": 0, "outline": 2, "outline_color": "#ffff00"}
    with open_page([axial(volumes=[HEAD, outlined])]) as page:
        page.wait_until_ready("one")
        pixels = page.snapshot("one")
        page.set("one", volumes=[HEAD, outlined | {"visible": False}])
        page.page.wait_for_timeout(100)
        without = page.snapshot("one")
    line = yellow(pixels)
    x, y = map(round, centre(line))
    assert not line[y - 3 : y + 3, x - 3 : x + 3].any()
    assert line[y].sum() == pytest.approx(4, abs=1)  # two pixels on either side
    assert not yellow(without).any()


def test_a_window_and_an_overlay_may_change_at_once(open_page: OpenPage) -> None:
    wide = HEAD | {"cal_min": -1000, "cal_max": 1000}
    with open_page([axial(volumes=[HEAD, LESION])]) as page:
        page.wait_until_ready("one")
        page.set("one", volumes=[wide, volume("territories.nii.gz", colormap="red")])
        both = page.snapshot("one")
        page.set("one", volumes=[wide, volume("territories.nii.gz", opacity=0)])
        page.page.wait_for_timeout(100)
        head_alone = page.snapshot("one")
        page.set("one", volumes=[wide])
        page.page.wait_for_timeout(100)
        alone = page.snapshot("one")
    assert red(both).any()
    assert np.array_equal(head_alone, alone)


def test_a_picture_asked_for_while_images_are_on_their_way_is_taken_once_they_are_there(
    open_page: OpenPage,
) -> None:
    held: list[Route] = []
    with open_page([axial(volumes=[HEAD])]) as page:
        page.wait_until_ready("one")
        page.page.route("**/image/territories*/**", lambda route: held.append(route))  # noqa: PLW0108 - a builtin is refused as handler
        page.set("one", volumes=[HEAD, volume("territories.nii.gz", colormap="red")])
        page.set("one", snapshot_request=1)
        page.page.wait_for_timeout(300)
        assert not page.outputs("one").get("snapshot")
        held[0].continue_()
        url = page.wait_for("one", "snapshot", bool)
        assert red(page.read_png(url)).any()


def test_outline_separates_labels(open_page: OpenPage) -> None:
    labels = volume(
        "territories.nii.gz",
        opacity=0,
        outline=1,
        outline_color="#ffff00",
        colormap_label={"R": [0, 9, 9], "G": [0, 9, 9], "B": [0, 9, 9]},
    )
    with open_page([axial(volumes=[HEAD, labels])]) as page:
        page.wait_until_ready("one")
        line = yellow(page.snapshot("one"))
    middle = line.shape[1] // 2
    row = line.shape[0] // 2
    assert line[row, middle - 8 : middle + 8].any()


def test_an_outline_stays_while_another_image_comes_and_goes(open_page: OpenPage) -> None:
    outlined = LESION | {"opacity": 0, "outline": 2, "outline_color": "#ffff00"}
    other = volume("territories.nii.gz", opacity=0)
    with open_page([axial(volumes=[HEAD, other, outlined])]) as page:
        page.wait_until_ready("one")
        before = yellow(page.snapshot("one"))
        page.set("one", volumes=[HEAD, other | {"url": "/image/head.nii.gz/v2"}, outlined])
        # Taken once all is there.
        after = yellow(page.snapshot("one"))
        # The same name, another image: the line is that of the new one.
        page.set("one", volumes=[HEAD, outlined | {"url": "/image/territories.nii.gz/v2"}])
        replaced = yellow(page.snapshot("one"))
    assert before.any()
    assert np.array_equal(before, after)
    assert not np.array_equal(before, replaced)


def test_lines_enclose_values_above_a_threshold(open_page: OpenPage) -> None:
    threshold = HEAD | {"outline": 2, "outline_color": "#ffff00", "outline_above": 40}
    with open_page([axial(volumes=[threshold])]) as page:
        page.wait_until_ready("one")
        line = yellow(page.snapshot("one"))
    # The head is brighter than 40 on the patient's right, left in the picture.
    columns = np.nonzero(line.any(axis=0))[0]
    assert columns.max() <= line.shape[1] / 2 + 2


def test_nothing_is_drawn_where_nothing_was_scanned(open_page: OpenPage) -> None:
    with open_page([axial(volumes=[HEAD])]) as page:
        page.wait_until_ready("one")
        page.set("one", crosshair_mm=[0, 0, 200])
        page.page.wait_for_timeout(100)
        pixels = page.snapshot("one")
    assert pixels[100:-100, 100:-100, :3].max() < 20


def test_own_colormap(open_page: OpenPage) -> None:
    colormaps = {"blues": {"R": [0, 0], "G": [0, 0], "B": [128, 255]}}
    layers = [HEAD | {"colormap": "blues"}]
    with open_page([axial(volumes=layers, colormaps=colormaps)]) as page:
        page.wait_until_ready("one")
        pixels = page.snapshot("one")
    centre_pixel = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    assert centre_pixel[0] == centre_pixel[1] == 0
    assert centre_pixel[2] > 128


@pytest.mark.parametrize(
    "view",
    [
        {"slice_type": "multiplanar", "layout": "row", "show_render": "always"},
        {"slice_type": "render"},
        {"mosaic": "A -20 0 20 C 0"},
        {"world_space": True, "interpolate": False, "colorbar": True, "background": "#ffffff"},
    ],
)
def test_every_view_draws_the_head(open_page: OpenPage, view: dict[str, Any]) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD, LESION | {"outline": 1}], **view)]) as page:
        page.wait_until_ready("one")
        pixels = page.snapshot("one")
    gray = np.ptp(pixels[..., :3].astype(int), axis=-1) < 5
    between = (pixels[..., 0] > 30) & (pixels[..., 0] < 225)
    assert (gray & between).mean() > 0.05
