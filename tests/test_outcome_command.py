"""`insula outcome` as a user types it, and the script that it writes."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from analytics.measure import measure_lesions
from app import main
from data_loader.build import build_index
from tests.images import Content, box, soop_mask, write_dataset

HEADER = "participant_id\tsex\tage\tnihss\tgs_rankin_6isdeath\tpriorstroke\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index of forty made-up subjects."""
    rows = [
        f"sub-{n}\t{'FM'[n % 2]}\t{50 + (n * 17) % 40}\t{(n * 7) % 25}"
        f"\t{min(6, ((n * 7) % 25 + (n * 11) % 13) // 5) if n % 9 else 'n/a'}\t{int(n % 4 == 0)}\n"
        for n in range(1, 41)
    ]
    root = tmp_path_factory.mktemp("made")
    files: dict[str, Content] = {soop_mask(f"sub-{n}"): box() for n in range(1, 41)}
    write_dataset(root / "soop", {"participants.tsv": HEADER + "".join(rows)} | files)
    build_index([root / "soop"], root / "index", measure=partial(measure_lesions, workers=1))
    return root / "index"


def run(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    try:
        main(["outcome", "--index", str(folder), "--outcome", "mrs_discharge", *arguments])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_model_is_printed_as_json(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, folder, "--terms", "age,sex,nihss_admission", "--by", "prior_stroke")
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    assert found["n"] == 36
    assert found["excluded"] == [{"reason": "mRS at discharge missing", "n": 4}]
    names = [term["term"] for term in found["terms"]]
    assert names == ["prior_stroke", "age", "sex[M]", "nihss_admission"]
    assert found["win_odds"]["value"] > 0
    _, women, _ = run(capsys, folder, "--terms", "age", "--cohort", "sex=F")
    assert json.loads(women)["n"] < 20


@pytest.mark.parametrize(
    "asked",
    [
        ["--terms", "rcs(age,3),sex*nihss_admission", "--cohort", "age=55..85"],
        [*("--terms", "age,sex", "--add", "nihss_admission", "--model", "good"), "--validate"],
        ["--terms", "age,sex", "--impute", "3", "--seed", "11"],
        [*("--terms", "age", "--by", "sex,prior_stroke"), *("--impute", "2", "--validate")],
    ],
)
def test_the_script_gives_the_same_numbers_to_the_last_digit(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, asked: list[str]
) -> None:
    _, printed, _ = run(capsys, folder, *asked)
    script = tmp_path / "outcome.py"
    code, out, _ = run(capsys, folder, *asked, "--format", "script", "--out", str(script))
    assert (code, out) == (0, "")
    again = subprocess.run(
        [sys.executable, script, folder],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert again.stdout == printed
    assert not again.stderr


def test_a_model_is_written_as_a_document(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "model.docx"
    code, _, _ = run(capsys, folder, "--terms", "age", "--format", "docx", "--out", str(out))
    assert code == 0
    assert out.read_bytes()[:2] == b"PK"
    code, _, said = run(capsys, folder, "--terms", "age", "--format", "docx")
    assert (code, said) == (
        2,
        "insula: A docx file can't be printed: say where to with --out FILE.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "A model needs terms"),
        (["--terms", "volume_ml"], "--allow-post-treatment volume_ml"),
        (["--terms", "mrs_discharge"], "can't explain itself"),
        (["--terms", "age", "--cohort", "age=>200"], "The cohort has no subjects"),
        (["--terms", "age", "--cohort", "subject=sub-1"], "One subject is too few"),
        (["--terms", "age", "--cohort", "mrs_discharge=3"], "the same value for every subject"),
        (["--terms", "age,sex", "--cohort", "subject=sub-1,sub-2,sub-3,sub-4"], "too few"),
        (["--terms", "age", "--cohort", "nosuch=3"], "no variable of this index"),
        (["--terms", "age", "--format", "pdf"], "no format"),
        (["--terms", "age", "--impute", "1"], "at least 2 imputations"),
        (["--terms", "age", "--add", "age"], "has it already"),
        (["--terms", "age", "--learners", "forest"], "--validate"),
        (["--terms", "age", "--by", "sex", "--cohort", "sex=F"], "no groups"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], said: str
) -> None:
    code, out, err = run(capsys, folder, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("insula: ")
    assert err.count("\n") == 1
    assert said in err


def test_a_late_term_asked_for_by_name_is_said(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    asked = ["--terms", "age,components_26", "--allow-post-treatment", "components_26"]
    _, out, _ = run(capsys, folder, *asked)
    found = json.loads(out)
    assert found["post_treatment"] == ["components_26"]
    assert "known only after treatment" in found["warnings"][0]
    assert "components_26 is left out" in " ".join(found["warnings"])
