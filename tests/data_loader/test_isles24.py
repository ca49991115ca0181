"""The anomalies of the ISLES'24 release, each where it is met, and the trees in which it comes."""

import gzip
import json
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import openpyxl
import pytest

from analytics.measure import check_images, measure_lesions
from data_loader.build import build_index
from data_loader.cohort import EVERYONE
from data_loader.index import Index, IndexFolder
from data_loader.problems import REMEDIES
from tests.images import Content, box, nifti_bytes, write_dataset

RAW = "train/raw_data/{s}/ses-01/{s}_ses-01_{name}.nii.gz"
MAP = "train/raw_data/{s}/ses-01/perfusion-maps/{s}_ses-01_{name}.nii.gz"
DERIVED = "train/derivatives/{s}/ses-01/{s}_ses-01_space-ncct_{name}.nii.gz"
LESION = "train/derivatives/{s}/ses-02/{s}_ses-02_space-ncct_lesion-msk.nii{gz}"
BASELINE = "train/phenotype/{s}/ses-01/{s}_ses-01_demographic_baseline.{kind}"
OUTCOME = "train/phenotype/{s}/ses-02/{s}_ses-02_outcome.{kind}"

NCCT = np.zeros((6, 6, 6), np.int16)
PERFUSION = np.random.default_rng(43).random((6, 6, 6)).astype(np.float32)
MAPS: dict[str, Content] = dict.fromkeys(("cbf", "cbv", "mtt", "tmax"), PERFUSION)


def subject(number: int, **changed: Content) -> dict[str, Content]:
    """Files of one subject as released; those that are named are written as given."""
    s = f"sub-stroke{number:04}"
    files: dict[str, Content] = {
        "ncct": NCCT,
        "lesion": box(),
        "lvo": box(),
        "cow": box(),
        **MAPS,
        "baseline": "Center,Sex,Age,Hyperlipidemia\n1,F,71,0\n",
        "outcome": "TICI postinterventional,mRS 3 months\n2c,2\n",
    } | changed
    paths = {
        "ncct": RAW.format(s=s, name="ncct"),
        "lesion": LESION.format(s=s, gz=".gz"),
        "stray": LESION.format(s=s, gz=""),
        "lvo": DERIVED.format(s=s, name="lvo-msk"),
        "cow": DERIVED.format(s=s, name="cow-msk"),
        **{name: MAP.format(s=s, name=name) for name in MAPS},
        "baseline": BASELINE.format(s=s, kind="csv"),
        "outcome": OUTCOME.format(s=s, kind="csv"),
        "workbook": BASELINE.format(s=s, kind="xlsx"),
    }
    return {paths[name]: content for name, content in files.items()}


def indexed(tmp_path: Path, files: dict[str, Content]) -> Index:
    root = write_dataset(tmp_path / "isles24", files)
    build_index(
        [root],
        tmp_path / "index",
        measure=partial(measure_lesions, workers=1),
        check=partial(check_images, workers=1),
    )
    return IndexFolder(tmp_path / "index").current()


class Anomaly(NamedTuple):
    """What is odd about a subject, the codes that it makes, and what its row says all the same."""

    number: int
    changed: dict[str, Content]
    codes: list[str]
    says: dict[str, Any]


def with_nan() -> bytes:
    values = PERFUSION.copy()
    values[1, 2, 3], values[2, 2, 2] = np.nan, np.inf
    return gzip.compress(nifti_bytes(values))


TILTED = np.eye(4)
TILTED[0, 3] = 0.002
ROUNDED = np.eye(4)
ROUNDED[0, 3] = 0.0005
MIDDLE = np.eye(4)
MIDDLE[0, 3] = -2.5  # between voxels 2 and 3 along i
LEFT, RIGHT = ((slice(*i), slice(1, 3), slice(1, 3)) for i in ((0, 2), (4, 6)))
SCALED = nifti_bytes(box().astype(np.uint16) * 65535, slope=0.99999999977 / 65535)
EMPTY = np.zeros((6, 6, 6), np.uint8)

ANOMALIES = {
    "none": Anomaly(1, {}, [], {"age": 71.0, "volume_ml": 0.008, "tici": "2c"}),
    "truncated CBF map": Anomaly(
        43,
        {"cbf": gzip.compress(nifti_bytes(PERFUSION))[:700]},
        ["image-damaged"],
        {"volume_ml": 0.008},
    ),
    "stray uncompressed mask": Anomaly(
        142,
        {"stray": np.ones((6, 6, 6), np.uint8)},
        ["mask-duplicate"],
        {"volume_ml": 0.008},
    ),
    "two data rows in both files": Anomaly(
        180,
        {"baseline": "Age,Sex\n71,F\n64,M\n", "outcome": "mRS 3 months\n2\n2\n"},
        ["subject-duplicate", "subject-duplicate"],
        {"age": 71.0, "sex": "F", "mrs_3_months": 2},
    ),
    "blank centre": Anomaly(
        75, {"baseline": "Center,Sex,Age\n,F,71\n"}, [], {"center": None, "age": 71.0}
    ),
    "CoW and LVO mask of another shape": Anomaly(
        16,
        {"cow": box((6, 6, 5)), "lvo": box((6, 6, 5))},
        ["image-grid", "image-grid"],
        {"volume_ml": 0.008},
    ),
    "lesion mask 0.002 mm off": Anomaly(
        17,
        {"lesion": gzip.compress(nifti_bytes(box(), affine=TILTED))},
        ["image-grid"],
        {"volume_ml": 0.008},
    ),
    "lesion mask off by rounding": Anomaly(
        18,
        {"lesion": gzip.compress(nifti_bytes(box(), affine=ROUNDED))},
        [],
        {"volume_ml": 0.008},
    ),
    "MTT voxels that are not finite": Anomaly(
        113, {"mtt": with_nan()}, ["image-not-finite"], {"volume_ml": 0.008}
    ),
    "mask with a slope": Anomaly(158, {"lesion": gzip.compress(SCALED)}, [], {"volume_ml": 0.008}),
    "empty lesion mask": Anomaly(3, {"lesion": EMPTY}, ["mask-empty"], {"volume_ml": 0.0}),
    "empty LVO mask": Anomaly(4, {"lvo": EMPTY}, ["mask-empty"], {"volume_ml": 0.008}),
    "occlusion on the other side": Anomaly(
        7,
        {
            "ncct": gzip.compress(nifti_bytes(NCCT, affine=MIDDLE)),
            "lesion": gzip.compress(nifti_bytes(box(at=LEFT), affine=MIDDLE)),
            "lvo": gzip.compress(nifti_bytes(box(at=RIGHT), affine=MIDDLE)),
            "cow": gzip.compress(nifti_bytes(box(at=LEFT), affine=MIDDLE)),
        },
        ["side-mismatch"],
        {"laterality_index": -1.0},
    ),
    "hyperlipidemia above 1": Anomaly(
        5,
        {"baseline": "Age,Hyperlipidemia\n71,2\n"},
        ["value-implausible"],
        {"age": 71.0, "hyperlipidemia": 2},
    ),
    "workbook that cannot be read": Anomaly(
        6, {"workbook": b"PK\3\4 and no more"}, ["clinical-unreadable"], {"age": 71.0}
    ),
}


@pytest.mark.parametrize("case", ANOMALIES)
def test_an_anomaly_is_listed_and_costs_nothing_else(tmp_path: Path, case: str) -> None:
    anomaly = ANOMALIES[case]
    index = indexed(tmp_path, subject(anomaly.number, **anomaly.changed) | subject(189))
    problems = index.problems(EVERYONE)
    assert [row["code"] for row in problems] == anomaly.codes
    assert all(row["code"] in REMEDIES and row["sentence"].endswith(".") for row in problems)
    name = f"sub-stroke{anomaly.number:04}"
    assert {row["subject"] for row in problems} <= {name}
    rows = {row["subject"]: row for row in index.subjects(EVERYONE)}
    row = rows[name]
    assert {key: row[key] for key in anomaly.says} == anomaly.says
    assert rows["sub-stroke0189"]["volume_ml"] == 0.008


def test_values_are_looked_at_once(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "isles24", subject(113, mtt=with_nan()))
    check = partial(check_images, workers=1)
    built = [
        build_index([root], tmp_path / "index", measure=None, check=check),
        build_index([root], tmp_path / "index", measure=None, check=check),
        build_index([root], tmp_path / "index", measure=None),
    ]
    assert [run.checked for run in built] == [6, 0, 0]
    assert [run.problems for run in built] == [1, 1, 1]


def workbook_of(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append([name.replace("_", " ") for name in cells])
    book.worksheets[0].append(list(cells.values()))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


NESTED = {
    "demographics": {"age": 71, "sex": "F"},
    "NIHSS": {"admission": 12, "24h": 5},
    "mRS": {"premorbid": 0, "3 months": 2},
}

TREES: dict[str, dict[str, Content]] = {
    "as released": {
        "train/raw_data/{s}/ses-01/{s}_ses-01_ncct.nii.gz": NCCT,
        "train/derivatives/{s}/ses-02/{s}_ses-02_space-ncct_lesion-msk.nii.gz": box(),
        "train/phenotype/{s}/ses-01/{s}_ses-01_demographic_baseline.csv": "Age\n71\n",
        "train/phenotype/{s}/ses-02/{s}_ses-02_outcome.csv": "mRS 3 months\n2\n",
    },
    "batches, long sessions, workbooks": {
        "batch_3/rawdata/{s}/ses-0001/{s}_ses-0001_ncct.nii.gz": NCCT,
        "batch_3/rawdata/{s}/ses-0002/{s}_ses-0002_dwi.nii.gz": np.zeros((3, 3, 3), np.int16),
        "batch_3/derivatives/{s}/ses-0002/{s}_ses-0002_lesion-msk.nii.gz": box(),
        "batch_3/phenotype/{s}/ses-0001/{s}_ses-0001_demographic_baseline.xlsx": workbook_of(
            Age=71.0, Center=None
        ),
        "batch_3/phenotype/{s}/ses-0002/{s}_ses-0002_outcome.xlsx": workbook_of(mRS_3_months=2),
        "clinical_data-description.xlsx": b"not read",
    },
    "the hidden test set, JSON of one file": {
        "test/rawdata/{s}/ses-01/{s}_ses-01_ncct.nii.gz": NCCT,
        "test/derivatives/{s}/ses-02/{s}_ses-02_space-ncct_lesion-msk.nii.gz": box(),
        "test/phenotype/{s}.json": json.dumps(NESTED),
    },
}

SPLITS = {"as released": "train", "the hidden test set, JSON of one file": "test"}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("s", ["sub-stroke0001", "sub-strokecase0001"])
def test_every_tree_gives_the_same_subject(tmp_path: Path, name: str, s: str) -> None:
    files = {path.format(s=s): content for path, content in TREES[name].items()}
    index = indexed(tmp_path, files)
    assert index.datasets[0].profile == "isles24"
    assert list(index.problems(EVERYONE)) == []
    (row,) = index.subjects(EVERYONE)
    assert (row["subject"], row["age"], row["mrs_3_months"]) == (s, 71.0, 2)
    assert (row["has_clinical"], row["has_mask"], row["volume_ml"]) == (1, 1, 0.008)
    assert row.get("split") == SPLITS.get(name)
