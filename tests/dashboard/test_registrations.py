"""How masks came to standard space, on the Quality and the Patient page, asked without a browser."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from analytics.atlas.choice import choose_atlas
from analytics.measure import measure_lesions, place_masks
from analytics.registration import Registration
from analytics.territories import standard_space
from app import create_app
from dashboard import ids
from data_loader.build import build_index
from data_loader.itk import transform_text
from data_loader.registering import HeadImage, Registering
from data_loader.registrations import Engine
from tests.dashboard.test_overview import parts, text
from tests.dashboard.test_quality import ask
from tests.images import Content, box, soop_mask, write_dataset

NCCT = "raw_data/{0}/ses-01/{0}_ses-01_ncct.nii.gz"
MASK = "derivatives/{0}/ses-02/{0}_ses-02_space-ncct_lesion-msk.nii.gz"
OWN = "derivatives/{0}/ses-01/{0}_ses-01_from-ncct_to-MNI152NLin6Asym_mode-image_xfm.txt"
FAILED, SURE, LESS_SURE, GIVEN, BARE = (f"sub-stroke000{n}" for n in range(1, 6))
SHAPE = (6, 6, 6)
MATRIX = np.eye(4)
MATRIX[:3, 3] = (40.0, -8.0, 16.0)
REASON = "The brain found in the image has 499 ml."


def register(images: Sequence[HeadImage], folder: Path) -> Iterator[tuple[int, Registration]]:
    for position, image in enumerate(images):
        overlay = f"{image.stem}.png"
        (folder / overlay).write_bytes(b"\x89PNG of " + image.path.name.encode())
        if FAILED in image.path.name:
            yield position, Registration(None, None, overlay, 499.0, None, None, REASON)
        else:
            dice = 0.97 if SURE in image.path.name else 0.93
            matrix = tuple(MATRIX.ravel().tolist())
            yield position, Registration(matrix, None, overlay, 1400.0, dice, 1.0, None)


def built(folder: Path, files: dict[str, Content], name: str) -> Path:
    build_index(
        [write_dataset(folder / name, files)],
        folder / "index",
        measure=partial(measure_lesions, workers=1),
        registering=Registering(Engine("player 1", "affine"), register),
        place=partial(place_masks, workers=1),
        standard=standard_space(choose_atlas()),
    )
    return folder / "index"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files: dict[str, Content] = {OWN.format(GIVEN): transform_text(MATRIX)}
    for subject in (FAILED, SURE, LESS_SURE, GIVEN, BARE):
        files[MASK.format(subject)] = box(SHAPE)
        if subject != BARE:
            files[NCCT.format(subject)] = np.full(SHAPE, 30, np.int16)
    return built(tmp_path_factory.mktemp("registered"), files, "isles24")


@pytest.fixture(scope="module")
def site(folder: Path) -> FlaskClient:
    return create_app(folder).test_client()


def found(components: object, kind: str) -> list[dict[str, Any]]:
    return list(parts(components, kind))


def panel(site: FlaskClient, search: str = "") -> list[dict[str, object]]:
    children: list[dict[str, object]] = ask(site, ids.REGISTRATIONS, search)[ids.REGISTRATIONS][
        "children"
    ]
    return children


def listed(site: FlaskClient, search: str = "") -> list[str]:
    return [text(row["children"]) for row in found(panel(site, search), "Tr")][1:]


def test_failed_ones_come_first_then_the_least_sure(site: FlaskClient) -> None:
    order = [
        next(s for s in (FAILED, SURE, LESS_SURE, GIVEN, BARE) if s in row) for row in listed(site)
    ]
    assert order == [FAILED, LESS_SURE, SURE, GIVEN, BARE]
    assert REASON in listed(site)[0]
    assert "0.930" in listed(site)[1]


def test_the_panel_counts_how_masks_came_there(site: FlaskClient) -> None:
    said = text(panel(site)[0])
    for part in ("2 registered", "1 by the dataset's own", "1 failed", "1 without a way there"):
        assert part in said


def test_one_is_looked_at_at_a_time(site: FlaskClient) -> None:
    (image,) = found(panel(site), "Img")
    assert image["src"] == f"/overlay/isles24/{FAILED}.png"
    assert FAILED in image["alt"]
    links = {
        text(link["children"]): link["href"] for link in found(panel(site, "?overlay=2"), "Link")
    }
    assert links["Before registration"] == "/quality"
    assert links["Next registration"] == "/quality?overlay=3"
    assert links[SURE] == "/quality?overlay=3"
    assert f"/patient/isles24/{LESS_SURE}?overlay=2" in links.values()
    (last,) = found(panel(site, "?overlay=99"), "Nav")
    assert text(last["children"]).startswith("5 of 5")


def test_one_without_an_image_has_no_picture(site: FlaskClient) -> None:
    assert found(panel(site, "?overlay=5"), "Img") == []
    assert "no picture" in text(panel(site, "?overlay=5"))


def test_the_cohort_narrows_the_list(site: FlaskClient) -> None:
    assert len(listed(site, f"?subject=isles24/{SURE}")) == 1


def test_masks_in_mni_need_none(tmp_path: Path) -> None:
    client = create_app(built(tmp_path, {soop_mask("sub-1"): box()}, "soop")).test_client()
    assert "1 given in MNI152" in text(panel(client))
    assert found(panel(client), "Table") == []


class TestPicture:
    """Pictures are asked for by dataset and subject, and come from the index folder."""

    def test_one_that_was_made(self, site: FlaskClient) -> None:
        answer = site.get(f"/overlay/isles24/{SURE}.png")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.data.startswith(b"\x89PNG of sub-stroke0002")
        again = site.get(
            f"/overlay/isles24/{SURE}.png", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304

    def test_one_of_a_transform_that_was_given_is_drawn(self, site: FlaskClient) -> None:
        answer = site.get(f"/overlay/isles24/{GIVEN}.png")
        assert answer.status_code == 200
        assert answer.data.startswith(b"\x89PNG\r\n")

    @pytest.mark.parametrize(
        "path",
        [
            f"/overlay/isles24/{BARE}.png",
            "/overlay/isles24/sub-nobody.png",
            "/overlay/nothing/sub-stroke0001.png",
        ],
    )
    def test_there_is_none(self, site: FlaskClient, path: str) -> None:
        assert site.get(path).status_code == 404

    def test_one_that_was_lost(self, tmp_path: Path) -> None:
        files: dict[str, Content] = {
            MASK.format(SURE): box(SHAPE),
            NCCT.format(SURE): np.full(SHAPE, 30, np.int16),
        }
        index = built(tmp_path, files, "isles24")
        for path in (index / "registrations").iterdir():
            path.unlink()
        answer = create_app(index).test_client().get(f"/overlay/isles24/{SURE}.png")
        assert (answer.status_code, answer.data) == (410, b"The picture is gone; index again.")


class TestPatient:
    """The patient's page says in which territory the infarct lies, or why that isn't known."""

    @pytest.mark.parametrize(
        ("subject", "parts_said"),
        [
            (FAILED, [f"Territory unavailable: {REASON}"]),
            (BARE, ["Territory unavailable:", "no image is known"]),
            (SURE, ["territory MCA right (100%)", "registered by player 1, Dice 0.97"]),
            (GIVEN, ["territory MCA right", "placed by the dataset's own transform"]),
        ],
    )
    def test_territory(self, site: FlaskClient, subject: str, parts_said: list[str]) -> None:
        atlas = choose_atlas().info.name
        answer = ask_patient(site, f"/patient/isles24/{subject}")
        for part in parts_said:
            assert part in answer
        assert (atlas in answer) == (subject in (SURE, GIVEN))
        assert ("See how it was laid" in answer) == (subject != BARE)


def ask_patient(client: FlaskClient, path: str) -> str:
    dependencies = client.get("/_dash-dependencies").get_json()
    output = next(d["output"] for d in dependencies if f"{ids.PATIENT_INFARCT}." in d["output"])
    outputs = [
        dict(zip(("id", "property"), name.split("."), strict=True))
        for name in output.strip(".").split("...")
    ]
    address = [
        {"id": ids.URL, "property": "pathname", "value": path},
        {"id": ids.URL, "property": "search", "value": ""},
    ]
    body = {"output": output, "outputs": outputs, "inputs": address, "changedPropIds": []}
    answer = client.post("/_dash-update-component", json=body)
    return text(answer.get_json()["response"][ids.PATIENT_INFARCT]["children"])
