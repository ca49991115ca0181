"""Images by kind and problems by code, on folders that can be counted by hand."""

import numpy as np
import pytest

from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from data_loader.rows import Row
from tests.images import Content, box, write_dataset

NCCT = "{split}/raw_data/{subject}/ses-01/{subject}_ses-01_ncct.nii.gz"
MASK = "{split}/derivatives/{subject}/ses-02/{subject}_ses-02_space-ncct_lesion-msk.nii.gz"
ONE, TWO, THREE, FOUR = (f"sub-stroke000{number}" for number in (1, 2, 3, 4))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Three subjects to train on, one to test on; one image broken, one link dangling."""
    folder = tmp_path_factory.mktemp("counts")
    files: dict[str, Content] = {
        NCCT.format(split="train", subject=ONE): np.zeros((4, 5, 6), np.int16),
        NCCT.format(split="train", subject=TWO): np.zeros((8, 5, 6), np.int16),
        NCCT.format(split="train", subject=THREE): b"no image",
        NCCT.format(split="test", subject=FOUR): np.zeros((9, 5, 6), np.int16),
        MASK.format(split="train", subject=ONE): box((4, 5, 6)),
        MASK.format(split="train", subject=TWO): None,
        f"train/raw_data/{ONE}/ses-01/{ONE}_photo.nii.gz": box(),
        "train/nobody.nii.gz": box(),
    }
    build_index([write_dataset(folder / "toy", files)], folder / "index", measure=None)
    return IndexFolder(folder / "index").current()


def cohort_of(index: Index, query: str) -> Cohort:
    cohort, notices = Cohort.parse(query, index.variables)
    assert not notices
    return cohort


def counted(index: Index, cohort: Cohort, kind: str | None, split: str | None = None) -> Row:
    (row,) = (
        row
        for row in index.image_counts(cohort)
        if (row["kind"], row["split_row"], row["split"]) == (kind, split is not None, split)
    )
    return row


def test_files_are_counted_by_status(index: Index) -> None:
    ncct = counted(index, EVERYONE, "ncct")
    assert (ncct["ok"], ncct["unreadable"], ncct["absent"], ncct["subjects"]) == (3, 1, 0, 3)
    mask = counted(index, EVERYONE, "lesion")
    assert (mask["ok"], mask["absent"], mask["subjects"], mask["space"]) == (1, 1, 1, "ncct")
    other = counted(index, EVERYONE, None)
    assert (other["files"], other["unrecognised"], other["subjects"]) == (2, 2, 0)


def test_grids_are_those_of_readable_files(index: Index) -> None:
    ncct = counted(index, EVERYONE, "ncct")
    assert (ncct["nx"], ncct["ny"], ncct["nt"]) == ([8, 4, 9], [5, 5, 5], [1, 1, 1])
    assert ncct["voxel_z_mm"] == [1, 1, 1]
    assert counted(index, EVERYONE, None)["nx"] == [None, None, None]


def test_splits_are_counted_apart(index: Index) -> None:
    train, test = (counted(index, EVERYONE, "ncct", split) for split in ("train", "test"))
    assert (train["subjects"], train["ok"], train["unreadable"]) == (2, 2, 1)
    assert (test["subjects"], test["ok"], test["nx"]) == (1, 1, [9, 9, 9])


def test_a_cohort_has_its_own_images(index: Index) -> None:
    cohort = cohort_of(index, "subject=stroke0002,stroke0004")
    assert counted(index, cohort, "ncct")["subjects"] == 2
    assert counted(index, cohort, "lesion")["absent"] == 1
    assert {row["kind"] for row in index.image_counts(cohort)} == {"ncct", "lesion"}


def test_problems_are_counted_by_code(index: Index) -> None:
    rows = index.problem_counts(EVERYONE)
    codes = [(row["code"], row["severity"], row["problems"], row["labels"]) for row in rows]
    assert codes == [
        ("image-damaged", "error", 1, [f"toy/{THREE}"]),
        ("link-dangling", "error", 1, [f"toy/{TWO}"]),
    ]
    assert rows[1]["first"]["subject"] == TWO
    assert rows[1]["first"]["file"].endswith("lesion-msk.nii.gz")
    assert "datalad" in rows[1]["remedy"]
    assert index.problem_counts(cohort_of(index, "split=test")) == []


def test_real_masks_share_one_grid(soop: Index) -> None:
    row = counted(soop, EVERYONE, "lesion")
    assert (row["subjects"], row["ok"], row["space"]) == (721, 721, "MNI152")
    assert [row[axis] for axis in ("nx", "ny", "nz")] == [[157] * 3, [189] * 3, [136] * 3]
