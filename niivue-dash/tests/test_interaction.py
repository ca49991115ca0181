"""Keyboard, wheel, and viewers that move together."""

import operator
from functools import partial
from typing import Any

import numpy as np
import pytest
from conftest import OpenPage
from viewer_app import volume
from viewer_page import ViewerPage

from niivue_dash import NiiVue

HEAD = volume("head.nii.gz", cal_min=0, cal_max=80)
LESION = volume("lesion.nii.gz")
VOXEL_MM = 3
START = [0.0, 0.0, 0.0]


def viewer(name: str, **props: Any) -> NiiVue:
    return NiiVue(id=name, volumes=[HEAD], **props)


def wait_for_mm(page: ViewerPage, name: str, mm: list[float]) -> None:
    page.wait_for(name, "location", lambda found: found and np.allclose(found["mm"], mm, atol=0.01))


@pytest.mark.parametrize(
    ("key", "slice_type", "mm"),
    [
        ("ArrowUp", "multiplanar", [0, 0, VOXEL_MM]),
        ("ArrowLeft", "axial", [0, 0, -VOXEL_MM]),
        ("ArrowUp", "coronal", [0, VOXEL_MM, 0]),
        ("ArrowDown", "sagittal", [-VOXEL_MM, 0, 0]),
        ("PageUp", "axial", [0, 0, 10 * VOXEL_MM]),
    ],
)
def test_arrows_step_slices(
    open_page: OpenPage, key: str, slice_type: str, mm: list[float]
) -> None:
    with open_page([viewer("one", slice_type=slice_type, crosshair_mm=START)]) as page:
        page.wait_until_ready("one")
        page.canvas("one").focus()
        page.page.keyboard.press(key)
        wait_for_mm(page, "one", mm)


def test_wheel_steps_the_slice_under_it(open_page: OpenPage) -> None:
    with open_page([viewer("one", slice_type="axial", crosshair_mm=START)]) as page:
        page.wait_until_ready("one")
        page.canvas("one").hover()
        page.page.mouse.wheel(0, -100)
        wait_for_mm(page, "one", [0, 0, VOXEL_MM])
        page.page.mouse.wheel(0, 100)
        page.page.mouse.wheel(0, 100)
        wait_for_mm(page, "one", [0, 0, -VOXEL_MM])


def test_number_keys_choose_the_layout_and_r_resets(open_page: OpenPage) -> None:
    with open_page([viewer("one", mosaic="A 0 20", crosshair_mm=START)]) as page:
        page.wait_until_ready("one")
        page.canvas("one").focus()
        kinds = ["axial", "coronal", "sagittal", "multiplanar", "render"]
        for digit, kind in enumerate(kinds, start=1):
            page.page.keyboard.press(str(digit))
            page.wait_for("one", "slice_type", partial(operator.eq, kind))
        assert page.outputs("one")["mosaic"] == ""
        page.page.keyboard.press("1")
        home = page.snapshot("one")
        for key in ("ArrowUp", "ArrowUp", "+", "+"):
            page.page.keyboard.press(key)
        wait_for_mm(page, "one", [0, 0, 2 * VOXEL_MM])
        assert (page.snapshot("one") != home).any()
        page.page.keyboard.press("r")
        wait_for_mm(page, "one", START)
        assert (page.snapshot("one") == home).all()


def test_shortcuts_of_the_page_and_of_unfocused_viewers_are_left_alone(
    open_page: OpenPage,
) -> None:
    with open_page([viewer("one", crosshair_mm=START)]) as page:
        page.wait_until_ready("one")
        page.page.keyboard.press("ArrowUp")
        page.canvas("one").focus()
        page.page.keyboard.press("Control+2")
        page.page.keyboard.press("v")
        page.page.wait_for_timeout(400)
        assert page.outputs("one")["location"]["mm"] == START
        assert page.outputs("one").get("slice_type") is None


@pytest.mark.parametrize(("used", "other"), [("one", "two"), ("two", "one")])
def test_group_shares_crosshair_zoom_and_layout(open_page: OpenPage, used: str, other: str) -> None:
    look = {"slice_type": "axial", "crosshair_mm": START}
    group = [viewer(name, sync_group="pair", **look) for name in ("one", "two")]
    alone = viewer("alone", slice_type="axial", height=200)
    with open_page([*group, alone]) as page:
        page.wait_until_ready("one", "two", "alone")
        untouched = page.snapshot("alone")
        page.canvas(used).click(position={"x": 550, "y": 150})
        mm = page.wait_for(used, "location", lambda found: found["mm"][0] < -10)["mm"]
        wait_for_mm(page, other, mm)
        page.page.keyboard.press("+")
        page.page.keyboard.press("ArrowUp")
        wait_for_mm(page, other, [mm[0], mm[1], VOXEL_MM])
        assert (page.snapshot(used) == page.snapshot(other)).all()
        page.page.keyboard.press("3")
        page.wait_for(other, "slice_type", lambda kind: kind == "sagittal")
        assert (page.snapshot(used) == page.snapshot(other)).all()
        assert (page.snapshot("alone") == untouched).all()


def test_dragging_pans_the_whole_group(open_page: OpenPage) -> None:
    group = [viewer(name, sync_group="pair", slice_type="axial") for name in ("one", "two")]
    with open_page(group) as page:
        page.wait_until_ready("one", "two")
        home = page.snapshot("two")
        box = page.canvas("one").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.page.keyboard.down("Shift")
        page.page.mouse.move(x, y)
        page.page.mouse.down()
        page.page.mouse.move(x + 40, y, steps=4)
        page.page.mouse.up()
        page.page.keyboard.up("Shift")
        page.page.wait_for_timeout(400)
        assert (page.snapshot("two") != home).any()
        assert (page.snapshot("one") == page.snapshot("two")).all()


def test_crosshair_prop_moves_the_group_and_late_joiners(open_page: OpenPage) -> None:
    group = [
        viewer("one", sync_group="pair"),
        NiiVue(id="two", volumes=[], sync_group="pair"),
    ]
    with open_page(group) as page:
        page.wait_until_ready("one")
        page.set("one", crosshair_mm=[21, 12, -9])
        wait_for_mm(page, "one", [21, 12, -9])
        page.set("two", volumes=[LESION])
        wait_for_mm(page, "two", [21, 12, -9])


def test_the_same_place_can_be_asked_for_again(open_page: OpenPage) -> None:
    place = [21.0, 12.0, -9.0]
    with open_page([viewer("one", crosshair_mm=place)]) as page:
        page.wait_until_ready("one")
        wait_for_mm(page, "one", place)
        page.canvas("one").focus()
        page.page.keyboard.press("ArrowUp")
        wait_for_mm(page, "one", [21, 12, -9 + VOXEL_MM])
        page.set("one", colorbar=True)
        page.page.wait_for_timeout(300)
        wait_for_mm(page, "one", [21, 12, -9 + VOXEL_MM])
        page.set("one", crosshair_mm=place)
        wait_for_mm(page, "one", place)
