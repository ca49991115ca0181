"""Images laid under the infarct mask of their subject: what is listed, and when it is looked at."""

import gzip
import os
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from analytics.measure import check_images, measure_lesions
from data_loader.build import Built, build_index
from data_loader.cohort import EVERYONE
from data_loader.index import Index, IndexFolder
from data_loader.profile import read_profile
from data_loader.rows import Row
from tests.images import Content, box, nifti_bytes, write_dataset, write_image

DERIVED = "derivatives/sub-stroke0001/ses-0{n}/{folder}sub-stroke0001_ses-0{n}_space-ncct_{name}"
MASK = DERIVED.format(n=2, folder="", name="lesion-msk.nii.gz")
DWI = DERIVED.format(n=2, folder="", name="dwi.nii.gz")
NCCT = DERIVED.format(n=1, folder="", name="ncct.nii.gz")
CBF, TMAX = (
    DERIVED.format(n=1, folder="perfusion-maps/", name=f"{kind}.nii.gz") for kind in ("cbf", "tmax")
)
SHAPE = (8, 8, 8)
INFARCT = box(SHAPE, at=(slice(1, 3), slice(1, 3), slice(0, 4)))


def slab(planes: int) -> npt.NDArray[np.float32]:
    values = np.zeros(SHAPE, np.float32)
    values[:, :, :planes] = 5
    return values


def dwi(infarct: int) -> npt.NDArray[np.int16]:
    values = np.zeros(SHAPE, np.int16)
    values[1:7, 1:7] = 100
    values[INFARCT > 0] = infarct
    return values


def build(tmp_path: Path, files: dict[str, Content], workers: int = 1) -> tuple[Index, Built]:
    root = write_dataset(tmp_path / "isles24", files)
    built = build_index(
        [root],
        tmp_path / "index",
        measure=partial(measure_lesions, workers=workers),
        check=partial(check_images, workers=workers),
    )
    return IndexFolder(tmp_path / "index").current(), built


def problems(index: Index) -> dict[str, Row]:
    return {row["code"]: row for row in index.problems(EVERYONE)}


def inside(index: Index) -> list[float | None]:
    return [row["inside_ctp_slab_share"] for row in index.lesions(EVERYONE)]


def test_an_infarct_of_which_most_lies_outside_the_slab(tmp_path: Path) -> None:
    index, _ = build(tmp_path, {MASK: INFARCT, TMAX: slab(1)})
    assert inside(index) == [0.25]
    ((code, problem),) = problems(index).items()
    assert (code, problem["severity"]) == ("infarct-outside-slab", "warning")
    assert problem["file"] == MASK
    assert "25% of the infarct's 0.016 ml lie inside the slab" in problem["sentence"]
    assert problem["remedy"]


@pytest.mark.parametrize("planes", [2, 3, 8])
def test_a_cut_that_leaves_half_of_it_is_common(tmp_path: Path, planes: int) -> None:
    index, _ = build(tmp_path, {MASK: INFARCT, TMAX: slab(planes)})
    assert (inside(index), problems(index)) == ([min(planes, 4) / 4], {})


def test_the_map_with_the_fewest_gaps_counts(tmp_path: Path) -> None:
    index, _ = build(tmp_path, {MASK: INFARCT, TMAX: slab(0), CBF: slab(3)})
    assert (inside(index), problems(index)) == ([0.75], {})


def test_a_damaged_map_is_listed_and_shows_nothing(tmp_path: Path) -> None:
    cut = bytearray(gzip.compress(nifti_bytes(slab(1))))
    cut[-7] ^= 1  # the checksum
    index, _ = build(tmp_path, {MASK: INFARCT, TMAX: bytes(cut)})
    assert inside(index) == [None]
    assert problems(index).keys() == {"image-damaged"}


def test_an_infarct_that_is_dark_on_dwi(tmp_path: Path) -> None:
    index, _ = build(tmp_path, {MASK: INFARCT, DWI: dwi(95)})
    ((code, problem),) = problems(index).items()
    assert (code, problem["severity"], problem["file"]) == ("dwi-not-bright", "warning", DWI)
    assert (
        "is 95, not above the upper quartile of the brain outside it, 100." in (problem["sentence"])
    )
    assert problem["remedy"]


def test_an_infarct_that_is_bright_on_dwi(tmp_path: Path) -> None:
    assert problems(build(tmp_path, {MASK: INFARCT, DWI: dwi(180)})[0]) == {}


OFF = np.eye(4)
OFF[2, 3] = 3
OTHERS: dict[str, dict[str, Content]] = {
    "no mask": {DWI: dwi(50), TMAX: slab(0)},
    "an empty mask": {MASK: 0 * INFARCT, DWI: dwi(50), TMAX: slab(1)},
    "a mask on another grid": {
        MASK: gzip.compress(nifti_bytes(INFARCT, affine=OFF)),
        DWI: dwi(50),
        TMAX: slab(1),
    },
    "a blank map": {MASK: INFARCT, TMAX: slab(0)},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_can_not_be_compared_is_no_problem(tmp_path: Path, name: str) -> None:
    index, _ = build(tmp_path, OTHERS[name])
    assert not problems(index).keys() & {"dwi-not-bright", "infarct-outside-slab"}


def test_a_mask_that_changed_is_compared_again(tmp_path: Path) -> None:
    files: dict[str, Content] = {MASK: INFARCT, DWI: dwi(180), TMAX: slab(4), NCCT: dwi(0)}
    assert build(tmp_path, files)[1].checked == 2
    index, built = build(tmp_path, {})
    assert (built.measured, built.checked, problems(index)) == (0, 0, {})
    mask = tmp_path / "isles24" / MASK
    write_image(mask, np.roll(INFARCT, 4, axis=(0, 2)))
    os.utime(mask, ns=(1, 1))
    index, built = build(tmp_path, {})
    assert (built.measured, built.checked) == (1, 2)
    assert problems(index).keys() == {"dwi-not-bright", "infarct-outside-slab"}
    mask.unlink()
    index, built = build(tmp_path, {})
    assert (built.checked, problems(index)) == (2, {})


def test_a_series_may_be_looked_at_too(tmp_path: Path) -> None:
    series = np.zeros((*SHAPE, 3), np.float32)
    series[0, 0, 0, 2] = np.nan
    (tmp_path / "own.toml").write_text(
        "title = 'x'\nrecognise = 'x'\nsubject = 'sub-[a-z0-9]+'\n[[images]]\nkind = 'ctp'\n"
        "file = '_ctp'\ndimensions = 4\nholds = 'perfusion'\n",
        encoding="utf-8",
    )
    ctp = DERIVED.format(n=1, folder="", name="ctp.nii.gz")
    build_index(
        [write_dataset(tmp_path / "own", {ctp: series})],
        tmp_path / "index",
        measure=None,
        check=partial(check_images, workers=1),
        profile=read_profile(str(tmp_path / "own.toml")),
    )
    assert problems(IndexFolder(tmp_path / "index").current()).keys() == {"image-not-finite"}


def test_several_processes_list_the_same(tmp_path: Path) -> None:
    files: dict[str, Content] = {}
    for number in range(40):
        one: dict[str, Content] = {MASK: INFARCT, DWI: dwi(60 + number), TMAX: slab(number % 5)}
        files |= {name.replace("0001", f"{number:04}"): content for name, content in one.items()}
    by_one, by_two = (build(tmp_path / str(n), files, workers=n)[0] for n in (1, 2))
    assert by_one.problems(EVERYONE) == by_two.problems(EVERYONE)
    assert inside(by_one) == inside(by_two)
    assert len(by_one.problems(EVERYONE)) == 40 + 8
