"""The Map page's server: what it computes from an address, serves and refuses."""

import gzip
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from dashboard.map_choices import read_choices
from dashboard.map_files import LesionMaps, MapNotMade, atlas_address, token_of
from dashboard.view import View
from data_loader.cohort import EVERYONE
from data_loader.errors import InsulaError
from data_loader.index import Index, IndexFolder

Volume = npt.NDArray[Any]


def _image(answer: TestResponse) -> tuple[Volume, Volume]:
    """Values and affine of a served image, as nibabel reads them."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    image = nib.Nifti1Image.from_bytes(gzip.decompress(answer.get_data()))
    return np.asanyarray(image.dataobj), image.affine


def _layer(index: Index, query: str) -> str:
    return f"/map/{token_of(index)}/layer.nii.gz?{query}"


def test_the_viewer_is_sent_the_counts_of_the_cohort(
    client: FlaskClient, soop: Index, real_data: Path
) -> None:
    counts, affine = _image(client.get(_layer(soop, "sex=F")))
    women = {row["subject"] for row in soop.subjects(_cohort(soop, "sex=F"), columns=[])}
    total: Any = 0
    for path in (real_data / "soop" / "derivatives").rglob("*_mask.nii.gz"):
        if path.name.split("_")[0] in women:
            mask = nib.Nifti1Image.from_filename(path)
            total = total + (np.asanyarray(mask.dataobj) > 0.5)
    assert counts.sum() == np.sum(total)
    assert counts.max() == np.max(total)
    place = np.argwhere(total == np.max(total))
    world = nib.affines.apply_affine(mask.affine, place)
    at = np.rint(nib.affines.apply_affine(np.linalg.inv(affine), world)).astype(int)
    assert (counts[tuple(at.T)] == np.max(total)).all()


def _cohort(index: Index, query: str) -> Any:
    return View.parse(query, index).cohort


@pytest.mark.parametrize(("side", "sign"), [("left", -1), ("right", 1)])
def test_a_lesion_of_one_side_is_served_on_that_side(
    client: FlaskClient, soop: Index, real_data: Path, side: str, sign: int
) -> None:
    row = soop.subjects(_cohort(soop, f"lesion_side={side}&volume_ml=>=20"), columns=[], limit=1)[0]
    (path,) = (real_data / "soop" / "derivatives").rglob(f"{row['subject']}_*_mask.nii.gz")
    mask = nib.Nifti1Image.from_filename(path)
    own = nib.affines.apply_affine(mask.affine, np.argwhere(np.asanyarray(mask.dataobj) > 0.5))
    counts, affine = _image(client.get(_layer(soop, f"subject={row['subject']}")))
    served = nib.affines.apply_affine(affine, np.argwhere(counts))
    assert np.sign(own[:, 0].mean()) == sign
    assert served.mean(axis=0) == pytest.approx(own.mean(axis=0))


def test_an_image_is_the_same_each_time_and_kept_by_the_browser(
    client: FlaskClient, soop: Index
) -> None:
    first, second = (client.get(_layer(soop, "age=>=70")) for _ in range(2))
    assert first.get_data() == second.get_data()
    assert "immutable" in first.headers["Cache-Control"]
    assert "private" in first.headers["Cache-Control"]
    assert "Content-Encoding" not in first.headers
    again = client.get(_layer(soop, "age=>=70"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_map_is_computed_once_whatever_else_the_address_says(soop_folder: Path) -> None:
    folder = IndexFolder(soop_folder)
    index, maps = folder.current(), LesionMaps(folder)
    first = maps.picture(index, View.parse("age=>=70", index))
    assert maps.picture(index, View.parse("age=>=70&charts=age&style=paper", index)) is first
    assert maps.picture(index, View.parse("age=>=71", index)) is not first


def test_images_of_another_version_are_refused_and_no_path_is_followed(
    client: FlaskClient, soop: Index
) -> None:
    assert client.get("/map/0123456789abcdef/layer.nii.gz").status_code == 410
    assert client.get("/map/0123456789abcdef/atlas.nii.gz").status_code == 410
    # No other file has an address: what is asked for is taken for a page, which shows none.
    for path in ("/map/../../etc/passwd", f"/map/{token_of(soop)}/other.nii.gz"):
        answer = client.get(path)
        assert answer.mimetype == "text/html"
        assert "root:" not in answer.get_data(as_text=True)


def test_the_atlas_is_served_as_whole_territories(client: FlaskClient, soop: Index) -> None:
    labels, affine = _image(client.get(atlas_address(soop)))
    assert soop.atlas is not None
    names = {region.id: region for region in soop.atlas.regions if region.level == 2}
    assert set(np.unique(labels).tolist()) <= set(names)
    for number in (3, 4):
        x = nib.affines.apply_affine(affine, np.argwhere(labels == number))[:, 0].mean()
        assert names[number].side == ("right" if x > 0 else "left")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("map_kind=voodoo", "“voodoo” is no map"),
        ("map_least=0", "“0” is no minimum"),
        ("map_least=-3", "“-3” is no minimum"),
        ("map_kind=difference&by=hat", "“hat” is no variable"),
        ("map_kind=difference&by=lesion_side", "has 3 values"),
        ("map_kind=difference&against=age%3Dold", "can't be read"),
        ("age=>=200", "can't be mapped"),
        ("map_kind=symptom&map_score=hat", "'hat' is no variable"),
        ("map_kind=symptom&map_score=age", "not computed yet"),
        ("map_kind=symptom&map_score=age&map_shown=none", "“none” is no map"),
        ("map_kind=symptom&map_permutations=x", "“x” is no number of permutations"),
    ],
)
def test_what_cant_be_mapped_is_one_sentence(
    client: FlaskClient, soop: Index, query: str, said: str
) -> None:
    for path in (_layer(soop, query), f"/download/lesion-map.nii.gz?{query}"):
        answer = client.get(path)
        assert answer.status_code == 400
        assert said in answer.get_data(as_text=True)
        assert answer.mimetype == "text/plain"


_STARTS = {
    "svg": b"<?xml",
    "pdf": b"%PDF",
    "png": b"\x89PNG",
    "nii.gz": b"\x1f\x8b",
    "docx": b"PK",
    "xlsx": b"PK",
    "tex": b"\\documentclass",
    "html": b"<!DOCTYPE html>",
    "csv": b"group,",
    "json": b"{",
}


@pytest.mark.parametrize("extension", _STARTS)
def test_a_map_is_a_file_of_every_kind(client: FlaskClient, extension: str) -> None:
    answer = client.get(f"/download/lesion-map.{extension}?map_kind=difference&by=sex")
    assert answer.status_code == 200
    assert answer.get_data().startswith(_STARTS[extension])
    name = f"attachment; filename=lesion-map.{extension}"
    assert answer.headers["Content-Disposition"] == name


def test_a_file_and_the_viewer_have_the_same_numbers(client: FlaskClient, soop: Index) -> None:
    query = "map_kind=difference&by=sex&map_least=8"
    shown, _ = _image(client.get(_layer(soop, query)))
    kept, _ = _image(client.get(f"/download/lesion-map.nii.gz?{query}"))
    assert np.array_equal(shown, kept)
    report = json.loads(client.get(f"/download/lesion-map.json?{query}").get_data())
    (table,) = report["tables"]
    largest = max(abs(row["points"]) for row in table["rows"])
    assert largest == pytest.approx(abs(shown).max(), rel=0.3)
    assert report["n"] == soop.size


def _call(
    client: FlaskClient, output: str, inputs: Mapping[str, Any], *, triggered: str, **state: Any
) -> Any:
    """Call the callback whose outputs hold one, as the browser does."""
    found = next(
        one for one in client.get("/_dash-dependencies").get_json() if output in one["output"]
    )

    def valued(parts: list[dict[str, str]]) -> list[dict[str, Any]]:
        known = {**inputs, **state}
        return [{**part, "value": known.get(f"{part['id']}.{part['property']}")} for part in parts]

    names = found["output"].strip(".").split("...")
    outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
    body = {
        "output": found["output"],
        "outputs": outputs if found["output"].startswith("..") else outputs[0],
        "inputs": valued(found["inputs"]),
        "state": valued(found.get("state", [])),
        "changedPropIds": [triggered],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["response"]


def test_a_lesion_symptom_map_is_computed_followed_and_had(soop_folder: Path, soop: Index) -> None:
    client = create_app(soop_folder).test_client()
    query = "?map_kind=symptom&map_score=nihss_admission&map_permutations=40&sex=F"
    asked = {"url.search": query, "map-start.n_clicks": 1}
    begun = _call(client, "map-done.data", asked, triggered="map-start.n_clicks")
    assert begun["map-job"]["hidden"] is False
    for _ in range(600):
        seen = _call(client, "map-done.data", asked, triggered="map-clock.n_intervals")
        if seen["map-job"]["hidden"]:
            break
        time.sleep(0.1)
    assert seen["map-done"]["data"]
    assert seen["map-clock"]["disabled"] is True
    values, _ = _image(client.get(_layer(soop, f"{query[1:]}&map_shown=tested")))
    report = json.loads(client.get(f"/download/lesion-map.json{query}").get_data())
    assert "40 permutations (seed 1)" in report["methods"]
    peaks = [abs(row["peak"]) for row in report["tables"][0]["rows"]]
    assert max(peaks) <= abs(values).max() * 1.0001
    # Whoever asks again, in another process as well, has it at once.
    other = create_app(soop_folder).test_client()
    assert other.get(_layer(soop, query[1:])).status_code == 200


def test_a_lesion_symptom_map_can_be_stopped(soop_folder: Path, soop: Index) -> None:
    client = create_app(soop_folder).test_client()
    query = "?map_kind=symptom&map_score=mrs_discharge&map_permutations=100000"
    asked = {"url.search": query, "map-start.n_clicks": 1, "map-cancel.n_clicks": 1}
    _call(client, "map-done.data", asked, triggered="map-start.n_clicks")
    _call(client, "map-done.data", asked, triggered="map-cancel.n_clicks")
    maps = LesionMaps(IndexFolder(soop_folder))
    view = View.parse(query, soop)
    for _ in range(600):
        seen = _call(client, "map-done.data", asked, triggered="map-clock.n_intervals")
        if seen["map-clock"]["disabled"]:
            break
        time.sleep(0.1)
    assert "Not computed yet" in seen["map-job-said"]["children"]
    with pytest.raises(MapNotMade):
        maps.picture(soop, view)


def test_who_has_a_lesion_at_the_crosshair_is_counted(client: FlaskClient, soop: Index) -> None:
    place = {"map-x.value": 36, "map-y.value": -5, "map-z.value": 6, "map-radius.value": 4}
    asked = {**place, "url.search": "?sex=F"}
    said = _call(client, "map-here.children", asked, triggered="map-x.value")
    cohort = _cohort(soop, "sex=F&lesion_at=36,-5,6,4")
    n = len(soop.lesion_runs(_cohort(soop, "sex=F")).subjects)
    assert said["map-here"]["children"].startswith(f"{soop.count(cohort)} of {n} subjects")
    assert "MCA-R" in said["map-here"]["children"]
    nowhere = _call(client, "map-here.children", {"url.search": ""}, triggered="map-x.value")
    assert nowhere["map-keep-here"]["disabled"] is True


def test_an_index_without_standard_space_says_so(soop: Index) -> None:
    assert read_choices(View.parse("", soop), soop).cohort == EVERYONE
    with pytest.raises(InsulaError, match="no minimum"):
        read_choices(View.parse("map_least=x", soop), soop)
