"""Perfusion measures in an index: whose, of which maps, and what is made of them."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from analytics.measure import check_images, measure_lesions
from app import main
from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from data_loader.profile import read_profile
from data_loader.rows import Row
from tests.images import Content, write_dataset

SHAPE = (40, 40, 40)
VOXEL_ML = 0.001
FOLDER = "derivatives/{s}/ses-0{n}/{folder}{s}_ses-0{n}_space-ncct_{name}.nii.gz"
RAW = "raw_data/{s}/ses-01/perfusion-maps/{s}_ses-01_{name}.nii.gz"


def derived(number: int, name: str) -> str:
    n, folder = (2, "") if name == "lesion-msk" else (1, "perfusion-maps/")
    return FOLDER.format(s=f"sub-stroke{number:04}", n=n, folder=folder, name=name)


def raw(number: int, name: str) -> str:
    return RAW.format(s=f"sub-stroke{number:04}", name=name)


def tmax(deficit: int, longest: int = 0) -> npt.NDArray[np.float32]:
    """In thousands of voxels; a head has 64."""
    values = np.full(SHAPE, 2, np.float32)
    values.reshape(-1)[: deficit * 1000] = 8
    values.reshape(-1)[: longest * 1000] = 11
    return values


def cbf(core: int) -> npt.NDArray[np.float32]:
    values = np.full(SHAPE, 60, np.float32)
    values.reshape(-1)[: core * 1000] = 10
    return values


def infarct(thousands: int) -> npt.NDArray[np.uint8]:
    values = np.zeros(SHAPE, np.uint8)
    values.reshape(-1)[: thousands * 1000] = 1
    return values


def build(tmp_path: Path, files: dict[str, Content]) -> Index:
    build_index(
        [write_dataset(tmp_path / "isles24", files)],
        tmp_path / "index",
        measure=partial(measure_lesions, workers=1),
        check=partial(check_images, workers=1),
        profile=read_profile("isles24"),
    )
    return IndexFolder(tmp_path / "index").current()


def only_row(index: Index) -> Row:
    (row,) = index.perfusion(EVERYONE)
    return row


def test_measures_stand_beside_the_subject(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        derived(1, "tmax"): tmax(30, longest=6),
        derived(1, "cbf"): cbf(10),
        derived(1, "lesion-msk"): infarct(12),
    }
    index = build(tmp_path, files)
    row = only_row(index)
    (subject,) = index.subjects(EVERYONE)
    wanted = {
        "tmax_6_ml": 30,
        "core_ml": 10,
        "mismatch_ml": 20,
        "mismatch_ratio": 3,
        "target_mismatch": 1,
        "hypoperfusion_intensity_ratio": 0.2,
        "infarct_growth_ml": 2,
    }
    assert {name: row[name] for name in wanted} == pytest.approx(wanted)
    assert {name: subject[name] for name in wanted} == pytest.approx(wanted)
    assert (row["infarct_in_core_ml"], row["infarct_in_tmax_6_ml"]) == pytest.approx((10, 12))
    assert (row["tmax_file"], row["cbf_file"]) == (derived(1, "tmax"), derived(1, "cbf"))
    assert not index.problems(EVERYONE)


@pytest.mark.parametrize(
    ("deficit", "core", "wanted"),
    [
        (30, 10, 1),
        (17, 2, 1),
        (16, 2, 0),  # 14 ml of mismatch
        (62, 35, 0),  # 1.77 times the core
        (18, 0, 1),
        (0, 0, 0),
    ],
)
def test_target_mismatch_of_defuse_3(tmp_path: Path, deficit: int, core: int, wanted: int) -> None:
    head = np.full((40, 40, 80), 2, np.float32)
    head[:, :, :40] = tmax(deficit)
    flow = np.full((40, 40, 80), 60, np.float32)
    flow[:, :, :40] = cbf(core)
    index = build(tmp_path, {derived(1, "tmax"): head, derived(1, "cbf"): flow})
    row = only_row(index)
    assert (row["tmax_6_ml"], row["core_ml"]) == pytest.approx((deficit, core))
    assert row["target_mismatch"] == wanted
    assert (row["mismatch_ratio"] is None) == (core == 0)
    assert (row["hypoperfusion_intensity_ratio"] is None) == (deficit == 0)


def test_maps_on_the_grid_of_the_mask_go_first(tmp_path: Path) -> None:
    smaller = np.s_[:, :, :39]
    files: dict[str, Content] = {
        raw(1, "tmax"): tmax(20)[smaller],
        raw(1, "cbf"): cbf(5)[smaller],
        raw(2, "tmax"): tmax(20)[smaller],
        raw(2, "cbf"): cbf(5)[smaller],
        derived(1, "tmax"): tmax(30),
        derived(1, "cbf"): cbf(10),
        derived(1, "lesion-msk"): infarct(12),
    }
    rows = {row["subject"]: row for row in build(tmp_path, files).perfusion(EVERYONE)}
    assert rows["sub-stroke0001"]["tmax_file"] == derived(1, "tmax")
    assert rows["sub-stroke0002"]["tmax_file"] == raw(2, "tmax")
    assert rows["sub-stroke0002"]["infarct_growth_ml"] is None


def test_a_tmax_in_ms_is_listed(tmp_path: Path) -> None:
    index = build(tmp_path, {derived(1, "tmax"): 1000 * tmax(30), derived(1, "cbf"): cbf(10)})
    (problem,) = index.problems(EVERYONE)
    assert (problem["code"], problem["file"]) == ("perfusion-no-normal", derived(1, "tmax"))
    assert problem["sentence"].startswith("Of the tissue with flow 0% have a Tmax of 4 s or less")
    assert only_row(index)["core_ml"] is None
    assert "core_ml" not in index.variables


def test_one_map_alone_has_no_measures(tmp_path: Path) -> None:
    index = build(tmp_path, {derived(1, "tmax"): tmax(30), derived(1, "cbv"): cbf(10)})
    assert not index.perfusion(EVERYONE)
    assert "tmax_6_ml" not in index.variables


def test_a_map_that_came_later_is_measured_with_the_others(tmp_path: Path) -> None:
    assert not build(tmp_path, {derived(1, "tmax"): tmax(30)}).perfusion(EVERYONE)
    assert only_row(build(tmp_path, {derived(1, "cbf"): cbf(10)}))["core_ml"] == pytest.approx(10)


def test_a_cohort_is_narrowed_by_mismatch_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files: dict[str, Content] = {}
    for number, core in ((1, 10), (2, 28)):
        files |= {derived(number, "tmax"): tmax(30), derived(number, "cbf"): cbf(core)}
    index = build(tmp_path, files)
    cohort, _ = Cohort.parse("mismatch_ratio=>=1.8", index.variables)
    assert [row["subject"] for row in index.perfusion(cohort)] == ["sub-stroke0001"]
    with pytest.raises(SystemExit) as ended:
        main(
            [
                *("show", "perfusion", "--index", str(tmp_path / "index"), "--format", "json"),
                *("--cohort", "target_mismatch=1"),
            ]
        )
    (row,) = json.loads(capsys.readouterr().out)
    assert (ended.value.code, row["subject"]) == (0, "sub-stroke0001")
    assert row["core_ml"] == pytest.approx(10)
