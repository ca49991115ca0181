"""Bad input: the run goes on, and each finding is one row of `problems`."""

import gzip
import os
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from analytics.measure import measure_lesions
from data_loader.build import Built, build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from data_loader.rows import Row
from tests.images import Content, box, nifti_bytes, write_dataset

measure = partial(measure_lesions, workers=1)


def mask(n: int, suffix: str = ".nii.gz", space: str = "_space-ncct") -> str:
    name = f"sub-stroke{n:04}"
    return f"train/derivatives/{name}/ses-02/{name}_ses-02{space}_lesion-msk{suffix}"


def baseline(n: int) -> str:
    name = f"sub-stroke{n:04}"
    return f"train/phenotype/{name}/ses-01/{name}_ses-01_demographic_baseline.csv"


def indexed(tmp_path: Path, files: dict[str, Content]) -> tuple[Index, Built]:
    root = write_dataset(tmp_path / "data", files)
    built = build_index([root], tmp_path / "index", measure=measure)
    return IndexFolder(tmp_path / "index").current(), built


GOOD: dict[str, Content] = {mask(1): box(), baseline(1): "Age,Sex\n71,F\n"}


class Bad(NamedTuple):
    """Files beside a good subject, and the one problem that they make."""

    files: dict[str, Content]
    code: str
    severity: str
    says: str
    has_mask: int = 0


BAD = {
    "truncated gzip": Bad(
        {mask(2): gzip.compress(nifti_bytes(np.random.default_rng(1).random((9, 9, 9))))[:4000]},
        "image-damaged",
        "error",
        "truncated",
    ),
    "no NIfTI": Bad({mask(2): gzip.compress(b"hello" * 99)}, "image-header", "error", "NIfTI"),
    "header that lies": Bad(
        {mask(2): gzip.compress(nifti_bytes(box(), dim=(3, 6, 6, 7, 1, 1, 1, 1)))},
        "image-length",
        "error",
        "disagree",
    ),
    "four dimensions": Bad(
        {mask(2): np.zeros((3, 3, 3, 2), np.uint8)}, "image-dimensions", "error", "3 x 3 x 3 x 2"
    ),
    "empty mask": Bad(
        {mask(2): np.zeros((3, 3, 3), np.uint8)}, "mask-empty", "warning", "no voxel above 0.5", 1
    ),
    "dangling link": Bad({mask(2): None}, "link-dangling", "error", "isn't here"),
    "second mask, not compressed": Bad(
        {mask(2): box(), mask(2, ".nii"): np.ones((6, 6, 6), np.uint8)},
        "mask-duplicate",
        "warning",
        f"{mask(2)} is measured instead",
        1,
    ),
    "voxel size against affine": Bad(
        {mask(2): nifti_bytes(box(), pixdim=(1, 2, 1, 1, 1, 1, 1, 1))},
        "image-voxel-size",
        "warning",
        "0.500 times",
        1,
    ),
    "two rows": Bad({baseline(2): "Age\n70\n71\n"}, "subject-duplicate", "warning", "second row"),
    "table that can't be read": Bad(
        {baseline(2): b"\xff"}, "clinical-unreadable", "error", "UTF-8"
    ),
    "values that can't both be true": Bad(
        {baseline(2): "mRS 24h,mRS 3 months\n6,2\n"},
        "death-then-better",
        "warning",
        "mRS at 24 h is 6, mRS at three months is 2",
    ),
    "a mask of more than 300 ml": Bad(
        {mask(2): nifti_bytes(np.ones((7, 7, 7), np.uint8), affine=np.diag((10, 10, 10, 1)))},
        "volume-large",
        "warning",
        "343 ml",
        1,
    ),
    "value that can't be read": Bad(
        {baseline(2): "Age\nold\n"}, "value-unreadable", "error", "old"
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_problem_and_costs_nothing_else(tmp_path: Path, name: str) -> None:
    bad = BAD[name]
    index, built = indexed(tmp_path, GOOD | bad.files)
    (problem,) = index.problems(EVERYONE)
    assert (problem["code"], problem["severity"]) == (bad.code, bad.severity)
    assert bad.says in problem["sentence"]
    assert problem["remedy"]
    assert problem["file"] in bad.files or problem["variable"]
    assert built.problems == 1
    (row, *others) = index.subjects(EVERYONE)
    assert (row["subject"], row["age"], row["volume_ml"]) == ("sub-stroke0001", 71.0, 0.008)
    assert [other["has_mask"] for other in others] in ([], [bad.has_mask])


def images(index: Index) -> dict[str, Row]:
    return {row["file"]: row for row in index.images(EVERYONE)}


def test_of_two_masks_the_compressed_one_is_measured(tmp_path: Path) -> None:
    files: dict[str, Content] = {mask(142, ".nii"): np.ones((6, 6, 6), np.uint8), mask(142): box()}
    index, _ = indexed(tmp_path, files)
    (lesion,) = index.lesions(EVERYONE)
    assert (lesion["file"], lesion["voxels"]) == (mask(142), 8)
    assert images(index)[mask(142, ".nii")]["status"] == "not used"


def test_what_a_mask_of_each_side_means_for_the_volume(tmp_path: Path) -> None:
    name = "ATLAS_2/Training/R001/sub-r001s001/ses-1/anat/sub-r001s001_ses-1_space-MNI152"
    left, right = (f"{name}_label-{side}_desc-T1lesion_mask.nii.gz" for side in "LR")
    index, _ = indexed(tmp_path, {left: box(), right: box()})
    (problem,) = index.problems(EVERYONE)
    assert (problem["code"], problem["file"]) == ("mask-duplicate", right)
    assert (
        problem["sentence"] == f"Only {left} is measured, so that volume and counts lack this one."
    )


def test_masks_in_two_spaces_are_no_problem(tmp_path: Path) -> None:
    files: dict[str, Content] = {mask(1): box(), mask(1, space="_space-MNI152"): box()}
    index, built = indexed(tmp_path, files)
    assert built.problems == 0
    assert len(index.lesions(EVERYONE)) == 1


def test_files_that_no_rule_knows_are_listed(tmp_path: Path) -> None:
    stray = "train/derivatives/sub-stroke0001/ses-02/sub-stroke0001_something.nii.gz"
    nobody = "train/atlas.nii.gz"
    index, built = indexed(tmp_path, GOOD | {stray: box(), nobody: box()})
    assert built.problems == 0
    assert images(index)[stray]["status"] == images(index)[nobody]["status"] == "unrecognised"
    assert "no rule" in images(index)[stray]["sentence"]
    nobodys, _ = Cohort.parse("subject=1", index.variables)
    assert nobody not in {row["file"] for row in index.images(nobodys)}


def test_subjects_without_mask_or_without_record_are_kept_and_marked(tmp_path: Path) -> None:
    index, _ = indexed(tmp_path, GOOD | {mask(2): box(), baseline(3): "Age\n60\n"})
    rows = {row["subject"][-1]: row for row in index.subjects(EVERYONE)}
    marks = {n: (row["has_clinical"], row["has_mask"]) for n, row in rows.items()}
    assert marks == {"1": (1, 1), "2": (0, 1), "3": (1, 0)}


def test_what_a_mask_is_measured_against_is_told(tmp_path: Path) -> None:
    index, _ = indexed(tmp_path, {mask(1): box(), mask(2, space="_space-MNI152"): box()})
    references = [row["laterality_reference"] for row in index.lesions(EVERYONE)]
    assert references == ["scanner x = 0", "MNI midline"]


def test_a_scaled_mask_and_blanks_are_no_problems(tmp_path: Path) -> None:
    scaled = nifti_bytes(box().astype(np.uint16) * 65535, slope=0.99999999977 / 65535)
    index, built = indexed(
        tmp_path, {mask(158): gzip.compress(scaled), baseline(158): "Age,Center,INR\n70,,nan\n"}
    )
    assert built.problems == 0
    assert index.lesions(EVERYONE)[0]["voxels"] == 8


def test_headers_of_every_kind_are_in_the_table_of_images(tmp_path: Path) -> None:
    name = "train/raw_data/sub-stroke0001/ses-01/sub-stroke0001_ses-01_ctp.nii.gz"
    affine = np.diag((-0.5, -0.5, 5.0, 1.0))
    ctp = nifti_bytes(np.zeros((4, 5, 6, 7), np.int16), affine=affine)
    index, _ = indexed(tmp_path, {name: gzip.compress(ctp)})
    row = images(index)[name]
    assert (row["nx"], row["ny"], row["nz"], row["nt"]) == (4, 5, 6, 7)
    assert (row["voxel_x_mm"], row["voxel_y_mm"], row["voxel_z_mm"]) == (0.5, 0.5, 5.0)
    assert (row["orientation"], row["dtype"], row["status"]) == ("LPS", "int16", "ok")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "data", dict(GOOD))
    odd = os.fsencode(root / mask(2)).replace(b"space-ncct", b"space-\xff")
    (root / mask(2)).parent.mkdir(parents=True)
    Path(os.fsdecode(odd)).write_bytes(gzip.compress(nifti_bytes(box())))
    built = build_index([root], tmp_path / "index", measure=measure)
    index = IndexFolder(tmp_path / "index").current()
    assert (built.subjects, built.problems) == (2, 1)
    (problem,) = index.problems(EVERYONE)
    assert problem["code"] == "file-unreadable"
    assert problem["subject"] == "sub-stroke0002"


def test_a_folder_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_dataset(tmp_path / "data", GOOD | {mask(2): box()})
    closed = (root / mask(2)).parent
    real = os.scandir

    def refusing(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("data_loader.scan.os.scandir", refusing)
    build_index([root], tmp_path / "index", measure=measure)
    (problem,) = IndexFolder(tmp_path / "index").current().problems(EVERYONE)
    assert problem["code"] == "folder-skipped"
    assert problem["file"] == str(closed.relative_to(root))


class TestSeveralDatasets:
    """One index of two cohorts."""

    def write(self, tmp_path: Path, tables: dict[str, str]) -> Index:
        roots = [
            write_dataset(
                tmp_path / name,
                {"participants.tsv": text, "sub-1/anat/sub-1_label-lesion_mask.nii": box()},
            )
            for name, text in tables.items()
        ]
        build_index(roots, tmp_path / "index", measure=measure)
        return IndexFolder(tmp_path / "index").current()

    def test_what_one_does_not_collect_is_no_missing_value(self, tmp_path: Path) -> None:
        index = self.write(
            tmp_path,
            {"a": "participant_id\tage\nsub-1\t70\n", "b": "participant_id\tbmi\nsub-1\t20\n"},
        )
        (blanks,) = index.completeness(EVERYONE)
        assert (blanks.n, blanks.known["age"], blanks.missing("age")) == (2, 1, 0)
        assert blanks.structural["age"] == 1

    def test_columns_of_one_name_and_two_kinds(self, tmp_path: Path) -> None:
        index = self.write(
            tmp_path,
            {
                "a": "participant_id\tscore\tflag\nsub-1\t1.5\t1\n",
                "b": "participant_id\tscore\tflag\nsub-1\thigh\t2\n",
            },
        )
        scores = [row["score"] for row in index.subjects(EVERYONE)]
        assert scores == ["1.5", "high"]
        assert index.variables["score"].kind == "categorical"
        assert [row["flag"] for row in index.subjects(EVERYONE)] == [1.0, 2.0]
        assert index.variables["flag"].datasets == ("a", "b")

    def test_two_folders_of_one_name(self, tmp_path: Path) -> None:
        text = "participant_id\tage\nsub-1\t70\n"
        index = self.write(tmp_path, {"x/data": text, "y/data": text})
        keys = [(row["dataset"], row["subject"]) for row in index.subjects(EVERYONE)]
        assert keys == [("data", "sub-1"), ("data-2", "sub-1")]
        assert len(index.lesions(EVERYONE)) == 2

    def test_one_that_cannot_be_read_is_a_problem(self, tmp_path: Path) -> None:
        root = write_dataset(tmp_path / "data", dict(GOOD))
        build_index([tmp_path / "nothing", root], tmp_path / "index", measure=measure)
        index = IndexFolder(tmp_path / "index").current()
        (problem,) = index.problems(EVERYONE)
        assert (problem["code"], problem["dataset"]) == ("dataset-unreadable", "nothing")
        assert index.size == 1


def test_a_clone_of_openneuro_without_its_content(tmp_path: Path) -> None:
    mask = "derivatives/lesion_masks/sub-9/dwi/sub-9_space-TRACE_desc-lesion_mask.nii.gz"
    names = (
        "anat/sub-9_T1w",
        "anat/sub-9_FLAIR",
        "dwi/sub-9_rec-TRACE_dwi",
        "dwi/sub-9_rec-ADC_dwi",
    )
    paths = (*(f"sub-9/{name}.nii.gz" for name in names), mask)
    links: dict[str, Content] = dict.fromkeys(paths)
    sidecars: dict[str, Content] = {f"sub-9/{name}.json": "{}" for name in names}
    table = "participant_id\tsex\tage\tnihss\tgs_rankin_6isdeath\nsub-9\tF\t89+\t15\t6\n"
    index, _ = indexed(tmp_path, {"participants.tsv": table, **links, **sidecars})
    assert index.datasets[0].profile == "soop"
    (row,) = index.subjects(EVERYONE)
    assert (row["age"], row["age_top_coded"], row["mrs_discharge"]) == (89.0, 1, 6)
    assert {r["kind"] for r in index.images(EVERYONE)} == {"t1w", "flair", "dwi", "adc", "lesion"}
    assert {r["status"] for r in index.images(EVERYONE)} == {"absent"}
    assert {r["code"] for r in index.problems(EVERYONE)} == {"link-dangling"}
