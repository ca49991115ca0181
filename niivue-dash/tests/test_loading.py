"""What is fetched, and what happens when it can't be."""

from typing import Any

import pytest
from conftest import OpenPage
from dash import html
from viewer_app import volume

from niivue_dash import NiiVue

HEAD = volume("head.nii.gz", cal_min=0, cal_max=80)
LESION = volume("lesion.nii.gz", colormap="red", opacity=0.5)
SERIES = volume("perfusion.nii.gz", frame=4, cal_min=0, cal_max=100)
NOT_FOUND = ("404 (NOT FOUND)",)


@pytest.mark.parametrize(
    "looks",
    [
        {"opacity": 0.2},
        {"cal_min": 10, "cal_max": 30},
        {"colormap": "hot"},
        {"frame": 5},
        {"visible": False},
        {"outline": 2},
    ],
)
def test_other_looks_fetch_nothing_and_renew_nothing(
    open_page: OpenPage, looks: dict[str, Any]
) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD, SERIES])]) as page:
        page.wait_until_ready("one")
        before = page.snapshot("one")
        assert page.app.image_requests() == 2
        canvas = page.canvas("one").element_handle()
        page.set("one", volumes=[HEAD, SERIES | looks])
        page.page.wait_for_timeout(300)
        after = page.snapshot("one")
        assert (before != after).any()
        assert page.app.image_requests() == 2
        assert canvas.is_visible()
        assert page.contexts_alive() == 1


def test_added_and_removed_volumes_leave_the_others_alone(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD])]) as page:
        page.wait_until_ready("one")
        page.set("one", volumes=[HEAD, LESION])
        page.wait_for("one", "status", lambda s: s["total"] == 2 and s["state"] == "ready")
        page.set("one", volumes=[LESION])
        page.wait_for("one", "status", lambda s: s["total"] == 1 and s["state"] == "ready")
        assert page.app.image_requests() == 2


def test_failed_volumes_say_why_while_the_others_show(open_page: OpenPage) -> None:
    broken = ["missing.nii.gz", "cut.nii.gz", "page.nii.gz", "false.nii"]
    layers = [volume(broken[0], name="ADC"), HEAD, *map(volume, broken[1:])]
    with open_page([NiiVue(id="one", volumes=layers)], complaints=NOT_FOUND) as page:
        page.wait_until_ready("one")
        status = page.outputs("one")["status"]
        pixels = page.snapshot("one")
        page.page.get_by_role("status").filter(has_text=status["message"]).wait_for()
    assert (status["state"], status["loaded"], status["total"]) == ("error", 1, 5)
    assert {failure["id"]: failure["reason"] for failure in status["failed"]} == {
        "missing": "the server answered 404 NOT FOUND",
        "cut": "the gzip file is broken or cut off",
        "page": "the file is not NIfTI",
        "false": "the header asks for 8000000000 bytes, the file holds 1348",
    }
    assert status["message"].startswith("ADC: the server answered 404 NOT FOUND.")
    assert (pixels[..., 0] > 30).mean() > 0.1


def test_unknown_colormap_is_named(open_page: OpenPage) -> None:
    with open_page([NiiVue(id="one", volumes=[HEAD | {"colormap": "mauve"}])]) as page:
        page.wait_until_ready("one")
        assert "mauve" in page.outputs("one")["status"]["message"]


def test_pages_without_viewer_fetch_no_niivue(open_page: OpenPage) -> None:
    with open_page([html.P("nothing here", id="text")]) as page:
        page.page.wait_for_selector("#text")
        fetched = [path for path in page.app.requests if "async-niivue" in path]
    assert fetched == []
