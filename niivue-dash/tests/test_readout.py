"""What a viewer tells the page agrees with the files."""

import nibabel as nib
import numpy as np
import pytest
from conftest import OpenPage
from images import AFFINE, FRAMES, LESION_MM, head, perfusion
from viewer_app import volume

from niivue_dash import NiiVue

HEAD = volume("head.nii.gz", cal_min=0, cal_max=80)
LESION = volume("lesion.nii.gz", colormap="red")
LABELS = {
    "R": [255, 0],
    "G": [0, 255],
    "B": [0, 0],
    "I": [1, 2],
    "labels": ["left", "right"],
}


@pytest.mark.parametrize("mm", [list(LESION_MM), [36.0, 12.0, 9.0]])
def test_location_names_voxel_and_values(open_page: OpenPage, mm: list[float]) -> None:
    layers = [HEAD, LESION, volume("territories.nii.gz", colormap_label=LABELS)]
    with open_page([NiiVue(id="one", volumes=layers, crosshair_mm=mm)]) as page:
        page.wait_until_ready("one")
        location = page.wait_for("one", "location", bool)
    voxel = np.round(nib.affines.apply_affine(np.linalg.inv(AFFINE), mm)).astype(int)
    assert location["mm"] == mm
    assert location["voxel"] == voxel.tolist()
    left = mm[0] < 0
    assert location["values"] == [
        {"id": "head", "value": head()[tuple(voxel)]},
        {"id": "lesion", "value": int(left)},
        {"id": "territories", "value": 1 if left else 2, "label": "left" if left else "right"},
    ]


def test_outside_a_volume_there_is_no_value(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD])]) as page:
        page.wait_until_ready("one")
        page.set("one", crosshair_mm=[0, 0, 500])
        location = page.wait_for("one", "location", lambda found: found["mm"][2] == 500)
    assert location["values"] == [{"id": "head", "value": None}]


def test_click_moves_the_crosshair_there(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD], slice_type="axial")]) as page:
        page.wait_until_ready("one")
        box = page.canvas("one").bounding_box()
        assert box
        page.canvas("one").click(position={"x": box["width"] * 0.6, "y": box["height"] * 0.5})
        location = page.wait_for("one", "location", lambda found: found["mm"][0] < -10)
    x, _, _ = location["mm"]
    assert location["values"][0]["value"] == pytest.approx(40 + x / 4, abs=1)


def test_curve_holds_every_frame_at_the_crosshair(open_page: OpenPage) -> None:
    series = volume("perfusion.nii.gz", frame=3)
    with open_page([NiiVue(id="one", volumes=[HEAD, series], crosshair_mm=[0, 0, 0])]) as page:
        page.wait_until_ready("one")
        curve = page.wait_for("one", "curve", bool)
        assert curve["id"] == "perfusion"
        expected = perfusion()[tuple(curve["voxel"])]
        np.testing.assert_allclose(curve["values"], expected, rtol=1e-6)
        location = page.outputs("one")["location"]
        assert location["values"][1]["value"] == pytest.approx(float(expected[3]), rel=1e-6)

        page.set("one", crosshair_mm=[0, 0, 74])
        curve = page.wait_for("one", "curve", lambda found: found["mm"][2] == 74)
        assert curve["values"] == [None] * FRAMES


def test_frame_follows_prop_and_keys(open_page: OpenPage) -> None:
    series = volume("perfusion.nii.gz", frame=3)
    with open_page([NiiVue(id="one", volumes=[series])]) as page:
        page.wait_until_ready("one")
        page.wait_for("one", "frame", lambda frame: frame == 3)
        page.canvas("one").focus()
        page.page.keyboard.press(".")
        page.wait_for("one", "frame", lambda frame: frame == 4)
        page.set("one", volumes=[series | {"frame": 99}])
        page.wait_for("one", "frame", lambda frame: frame == FRAMES - 1)


def test_dragged_window_is_reported_and_reset(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD], slice_type="axial")]) as page:
        page.wait_until_ready("one")
        box = page.canvas("one").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = page.page.mouse
        mouse.move(x, y)
        mouse.down(button="right")
        mouse.move(x + 30, y + 10, steps=5)
        mouse.up(button="right")
        window = page.wait_for("one", "window", bool)
        assert window["id"] == "head"
        assert (window["cal_min"], window["cal_max"]) != (0, 80)
        page.canvas("one").dblclick()
        page.wait_for("one", "window", lambda found: found["cal_max"] == 80)


def test_snapshot_is_a_picture_of_the_canvas(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD], snapshot_request=7)]) as page:
        page.wait_until_ready("one")
        assert page.outputs("one").get("snapshot") is None
        pixels = page.snapshot("one")
        size = page.canvas("one").evaluate("canvas => [canvas.height, canvas.width]")
    assert list(pixels.shape[:2]) == size
    assert (pixels[..., 0] > 30).mean() > 0.1
