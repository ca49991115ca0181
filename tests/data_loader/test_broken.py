"""A dataset of which a part is broken: the rest comes out as if it were not, and nothing is touched."""

import hashlib
import os
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from analytics.measure import check_images, measure_lesions
from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from data_loader.rows import Rows, rows_as_json
from tests.images import Content, box, write_dataset

SUBJECTS = 40
BROKEN = (7, 23)
"""Five percent."""


def write_cohort(root: Path) -> Path:
    random = np.random.default_rng(5)
    files: dict[str, Content] = {}
    for n in range(1, SUBJECTS + 1):
        s = f"sub-stroke{n:04}"
        derived = f"train/derivatives/{s}/ses-0"
        maps = f"train/raw_data/{s}/ses-01/perfusion-maps/{s}_ses-01"
        age = random.integers(40, 95)
        files |= {
            f"train/raw_data/{s}/ses-01/{s}_ses-01_ncct.nii.gz": np.zeros((9, 9, 9), np.int16),
            f"{maps}_tmax.nii.gz": random.random((9, 9, 9)).astype(np.float32),
            f"{derived}2/{s}_ses-02_space-ncct_lesion-msk.nii.gz": box(
                (9, 9, 9), at=(slice(1, int(random.integers(2, 8))), slice(2, 5), slice(1, 4))
            ),
            f"{derived}1/{s}_ses-01_space-ncct_lvo-msk.nii.gz": box((9, 9, 9)),
            f"train/phenotype/{s}/ses-01/{s}_ses-01_demographic_baseline.csv": f"Age\n{age}\n",
        }
    return write_dataset(root, files)


def break_files(root: Path) -> list[str]:
    """Break every file of some subjects, each in its own way."""
    broken = []
    for n in BROKEN:
        for place, path in enumerate(sorted(root.rglob(f"sub-stroke{n:04}*.*"))):
            content = path.read_bytes()
            damaged = (
                content[: len(content) // 2],
                b"",
                bytes(len(content)),
                content[:-8] + b"\0" * 8,
            )
            path.write_bytes(b"\xff\xfe" if path.suffix == ".csv" else damaged[place % 4])
            broken.append(str(path.relative_to(root)))
    return broken


def indexed(root: Path, folder: Path) -> Index:
    build_index(
        [root],
        folder,
        measure=partial(measure_lesions, workers=1),
        check=partial(check_images, workers=1),
    )
    return IndexFolder(folder).current()


def said_of_the_good(index: Index) -> bytes:
    """Every row about subjects that nothing was done to, as the command line prints it."""
    good = ",".join(str(n) for n in range(1, SUBJECTS + 1) if n not in BROKEN)
    labels = ",".join(f"sub-stroke{int(n):04}" for n in good.split(","))
    cohort, notices = Cohort.parse(f"subject={labels}", index.variables)
    assert not notices
    tables = (index.subjects, index.images, index.lesions, index.problems)
    return "".join(rows_as_json(Rows((), table(cohort))) for table in tables).encode()


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "clean" / "isles24")


def test_good_subjects_come_out_byte_for_byte_as_from_a_clean_run(
    clean: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged" / "isles24"
    shutil.copytree(clean, damaged)
    broken = break_files(damaged)
    before, after = indexed(clean, tmp_path / "a"), indexed(damaged, tmp_path / "b")
    assert list(before.problems(EVERYONE)) == []
    assert said_of_the_good(after) == said_of_the_good(before)
    assert {row["file"] for row in after.problems(EVERYONE)} == set(broken)


def state(root: Path) -> dict[str, tuple[int, int, str]]:
    """Everything about a tree that writing to it would change."""
    return {
        str(path.relative_to(root)): (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in (root, *root.rglob("*"))
    }


def test_a_read_only_dataset_is_read_and_left_as_it_is(clean: Path, tmp_path: Path) -> None:
    for path in (clean, *clean.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state(clean)
    try:
        index = indexed(clean, tmp_path / "index")
        assert (index.size, len(index.lesions(EVERYONE))) == (SUBJECTS, SUBJECTS)
        assert state(clean) == before
    finally:
        for folder, _, _ in os.walk(clean):
            Path(folder).chmod(0o755)
