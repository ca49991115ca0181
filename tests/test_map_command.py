"""Maps from the command line, with the numbers of the page."""

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from app import main


def test_lesion_frequency_is_written_by_the_name_of_the_file(
    soop_folder: Path, tmp_path: Path
) -> None:
    for name in ("map.nii.gz", "map.json", "map.svg"):
        out = tmp_path / name
        main_args = ["lesion-map", "--index", str(soop_folder), "--cohort", "sex=F"]
        _run([*main_args, "--out", str(out)])
    counts = np.asanyarray(nib.Nifti1Image.from_filename(tmp_path / "map.nii.gz").dataobj)
    report = json.loads((tmp_path / "map.json").read_text())
    (table,) = report["tables"]
    assert max(row["n"] for row in table["rows"]) == counts.max()
    assert report["cohort"] == "sex=F"
    assert (tmp_path / "map.svg").read_text().startswith("<?xml")


def test_a_difference_is_that_of_the_groups(soop_folder: Path, tmp_path: Path) -> None:
    by, against = tmp_path / "by.nii.gz", tmp_path / "against.nii.gz"
    common = ["lesion-map", "--index", str(soop_folder)]
    _run([*common, "--by", "sex", "--out", str(by)])
    _run([*common, "--cohort", "sex=F", "--against", "sex=M", "--out", str(against)])
    first, second = (
        np.asanyarray(nib.Nifti1Image.from_filename(path).dataobj) for path in (by, against)
    )
    assert np.array_equal(first, second)
    assert first.min() < 0 < first.max()


def test_a_score_is_mapped_with_covariates(soop_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "nihss.json"
    _run(
        [
            *("symptom-map", "--index", str(soop_folder), "--score", "nihss_admission"),
            *("--method", "linear", "--covariates", "age,log1p(volume_ml)"),
            *("--permutations", "39", "--seed", "3", "--out", str(out)),
        ]
    )
    report = json.loads(out.read_text())
    assert "adjusted for Age (years) and log(1 + Infarct volume (ml))" in report["methods"]
    assert "39 permutations (seed 3)" in report["methods"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lesion-map", "--out", "map.gif"], "“gif” is no format"),
        (["lesion-map", "--by", "hat", "--out", "map.csv"], "“hat” is no variable"),
        (["lesion-map", "--minimum", "0", "--out", "map.csv"], "“0” is no minimum"),
        (["symptom-map", "--score", "hat", "--out", "map.csv"], "'hat' is no variable"),
        (["symptom-map", "--score", "age", "--seed", "x", "--out", "map.csv"], "“x” is no seed"),
    ],
)
def test_what_cant_be_done_is_one_sentence(
    soop_folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main([arguments[0], "--index", str(soop_folder), *arguments[1:]])
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def _run(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
