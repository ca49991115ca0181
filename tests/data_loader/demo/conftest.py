"""One small dataset for all tests of images, and the clinical values of a full one."""

import csv
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from data_loader.demo import write_demo
from data_loader.demo.clinical import draw_clinical
from data_loader.demo.patients import Patient, plan_patients

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SEED = 2024
SUBJECTS = 12


@dataclass(frozen=True)
class Volume:
    values: Array
    affine: Array

    @property
    def voxel_ml(self) -> float:
        return float(abs(np.linalg.det(self.affine[:3, :3])) / 1000)


def read_volume(path: Path) -> Volume:
    image = nib.load(path)
    assert isinstance(image, nib.Nifti1Image)
    assert image.affine is not None
    return Volume(np.asarray(image.get_fdata()), np.asarray(image.affine))


def read_header(path: Path) -> nib.Nifti1Header:
    header = nib.load(path).header
    assert isinstance(header, nib.Nifti1Header)
    return header


def read_cells(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    return row


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written") / "demo"
    write_demo(out, subjects=SUBJECTS, seed=SEED, workers=2)
    return out


@pytest.fixture(scope="session")
def small_plan() -> list[Patient]:
    return plan_patients(SUBJECTS, seed=SEED)


@pytest.fixture(scope="session")
def plan() -> list[Patient]:
    return plan_patients(250, seed=SEED)


@pytest.fixture(scope="session")
def cells(plan: list[Patient]) -> list[dict[str, str]]:
    """Each patient's cells of both clinical files, with the split, as a reader gets them."""
    drawn = draw_clinical(plan, seed=SEED)
    return [
        {"split": patient.split, **files.baseline, **files.outcome}
        for patient, files in zip(plan, drawn, strict=True)
    ]
