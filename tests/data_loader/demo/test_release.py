"""The folder: its layout, that it is the same each time, and that it is whole or not there."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data_loader.demo import release, write_demo
from data_loader.demo.patients import Patient
from tests.data_loader.demo.conftest import read_cells


def expected_files(patient: Patient) -> set[str]:
    """A subject's files as the release lists them."""
    split, sub = patient.split, patient.subject
    raw, derived = f"{split}/raw_data/{sub}/ses-01", f"{split}/derivatives/{sub}"
    phenotype = f"{split}/phenotype/{sub}"
    names = {
        f"{raw}/{sub}_ses-01_ncct.nii.gz",
        f"{derived}/ses-02/{sub}_ses-02_space-ncct_lesion-msk.nii.gz",
        f"{phenotype}/ses-01/{sub}_ses-01_demographic_baseline.csv",
        f"{phenotype}/ses-02/{sub}_ses-02_outcome.csv",
    }
    if patient.has_transform:
        way = f"{sub}_ses-01_from-ncct_to-MNI152NLin2009aSym_mode-image_xfm.txt"
        names.add(f"{derived}/ses-01/{way}")
    if patient.complete:
        names |= {f"{raw}/{sub}_ses-01_{name}.nii.gz" for name in ("cta", "ctp")}
        names |= {
            f"{derived}/ses-01/{sub}_ses-01_space-ncct_{name}.nii.gz"
            for name in ("cta", "ctp", "lvo-msk", "cow-msk")
        }
        names |= {
            f"{derived}/ses-02/{sub}_ses-02_space-ncct_{name}.nii.gz" for name in ("dwi", "adc")
        }
        for name in ("cbf", "cbv", "mtt", "tmax"):
            names.add(f"{raw}/perfusion-maps/{sub}_ses-01_{name}.nii.gz")
            names.add(f"{derived}/ses-01/perfusion-maps/{sub}_ses-01_space-ncct_{name}.nii.gz")
    return names


def digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_layout_is_that_of_the_release(demo: Path, small_plan: list[Patient]) -> None:
    expected = {"README.md", "dataset_description.json"}
    for patient in small_plan:
        expected |= expected_files(patient)
    assert set(digests(demo)) == expected
    assert any(patient.complete for patient in small_plan)


def test_clinical_files_bear_the_columns_of_the_release(demo: Path) -> None:
    baseline = read_cells(next(demo.glob("train/phenotype/*/ses-01/*.csv")))
    outcome = read_cells(next(demo.glob("test/phenotype/*/ses-02/*.csv")))
    assert ", ".join(baseline) == (
        "Center, Sex, Age, Atrial fibrillation, Hypertension, Diabetes, Hyperlipidemia,"
        " Anticoagulation, Lipid lowering drugs, PAIs, Glucose, Leucocytes, CRP, INR, Wake-up,"
        " In-House, Referral, Onset to door, Alert to door, NIHSS at admission, mRS at admission,"
        " mRS premorbid, Door to imaging, Door to groin, Door to first series,"
        " Time of intervention, Door to recanalization"
    )
    assert ", ".join(outcome) == (
        "TICI postinterventional, NIHSS 24h, mRS 24h, NIHSS discharge, mRS discharge, mRS 3 months"
    )


def test_dataset_says_that_it_is_synthetic(demo: Path) -> None:
    readme = (demo / "README.md").read_text(encoding="utf-8")
    assert "Everything in this folder is synthetic" in readme
    assert "7 subjects in `train`, 5 in `test`" in readme
    description = json.loads((demo / "dataset_description.json").read_text(encoding="utf-8"))
    assert description["Synthetic"] is True


def test_bytes_are_the_same_with_one_worker_and_another_hash_seed(
    demo: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from data_loader.demo import write_demo;"
        "write_demo(Path(sys.argv[1]), subjects=12, workers=1)"
    )
    subprocess.run(
        [sys.executable, "-c", script, tmp_path / "again"],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
    )
    assert digests(tmp_path / "again") == digests(demo)


def test_progress_is_told_once_a_subject(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_demo(
        tmp_path / "demo",
        subjects=2,
        workers=1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="already and not empty: name a new folder"):
        write_demo(tmp_path, subjects=1)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(FileExistsError, match="name a new folder"):
        write_demo(tmp_path / "demo", subjects=1)
    assert (tmp_path / "demo").read_text() == "mine"


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    write_demo(tmp_path / "demo", subjects=1, workers=1)
    assert (tmp_path / "demo" / "README.md").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.mark.parametrize("error", [OSError("no space left"), KeyboardInterrupt()])
def test_nothing_is_left_behind_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(release, "write_images", fail)
    with pytest.raises(type(error)):
        write_demo(tmp_path / "demo", subjects=2, workers=1)
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_behind_when_a_caller_stops_two_workers(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path / "demo", subjects=4, workers=2, progress=stop)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [{"subjects": 0}, {"workers": 0}, {"seed": -1}])
def test_senseless_numbers_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        write_demo(tmp_path / "demo", **wrong)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
