"""The command line as a user types it: exit codes, shapes, and one sentence where it can't."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from app import main
from data_loader.index import Index
from data_loader.rows import Row
from tests.images import Content, box, soop_mask, write_dataset

TABLE = "participant_id\tsex\tage\tetiology\nsub-1\tF\t89+\t=cmd()\nsub-2\tM\t60.25\tn/a\n"


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: dict[str, Content] = {soop_mask(f"sub-{n}"): box() for n in (1, 2)}
    return write_dataset(tmp_path / "soop", {"participants.tsv": TABLE} | files)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> "Run":
    return Run(capsys)


class Run:
    """Runs `insula` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        written = self._capsys.readouterr()
        return Said(code or 0, written.out, written.err)

    def json(self, *arguments: str | Path) -> list[Row]:
        said = self(*arguments, "--format", "json")
        assert said.code == 0, said.err
        rows: list[Row] = json.loads(said.out)
        return rows


def test_index_then_show(run: Run, root: Path) -> None:
    said = run("index", root, "--workers", "1")
    assert said.code == 0
    assert "2 subjects, 2 masks measured, 0 known before, 0 problems." in said.out
    rows = run.json("show", "subjects")  # the index that was built last
    assert [(row["subject"], row["sex"], row["age"], row["age_top_coded"]) for row in rows] == [
        ("sub-1", "F", 89.0, 1),
        ("sub-2", "M", 60.25, 0),
    ]
    assert {row["volume_ml"] for row in rows} == {0.008}
    assert rows[1]["etiology"] is None
    (lesion,) = run.json("show", "lesions", "--cohort", "sex=F")
    assert lesion["components_6"] == lesion["components_26"] == 1
    assert "2 masks measured" not in run("index", root).out


def test_exit_code_1_means_problems_are_listed(run: Run, root: Path, tmp_path: Path) -> None:
    (root / soop_mask("sub-2")).write_bytes(b"")
    said = run("index", root, "--index", tmp_path / "index")
    assert (said.code, "1 problem." in said.out) == (1, True)
    assert said.err == "`insula show problems` lists them.\n"
    (problem,) = run.json("show", "problems", "--index", tmp_path / "index")
    assert (problem["code"], problem["subject"]) == ("image-damaged", "sub-2")
    assert run("status", "--index", tmp_path / "index").code == 1


LESION_KEYS = {
    "dataset",
    "subject",
    "volume_ml",
    "components_26",
    "components_6",
    "largest_ml",
    "laterality_index",
    "dominant_territory",
    "centroid_x_mm",
    "voxel_x_mm",
    "nx",
}


def test_keys_of_lesions(run: Run, root: Path) -> None:
    run("index", root)
    assert run.json("show", "lesions")[0].keys() >= LESION_KEYS


@pytest.mark.parametrize("what", ["subjects", "images", "lesions", "problems", "variables"])
def test_csv_and_json_say_the_same(run: Run, soop_folder: Path, what: str) -> None:
    rows = run.json("show", what, "--index", soop_folder)
    said = run("show", what, "--index", soop_folder)
    read = list(csv.DictReader(io.StringIO(said.out, newline="")))
    assert said.code == 0
    assert len(read) == len(rows) > 0
    for row, cells in zip(rows, read, strict=True):
        assert list(row) == list(cells)
        for name, value in row.items():
            assert cells[name].removeprefix("'") == ("" if value is None else str(value)), name


def test_numbers_are_not_rounded(run: Run, soop_folder: Path, soop: Index) -> None:
    shown = {r["subject"]: r for r in run.json("show", "lesions", "--index", soop_folder)}
    for subject in list(shown)[:50]:
        row = soop.subject("soop", subject)
        assert row is not None
        assert shown[subject]["laterality_index"] == row["laterality_index"]


def test_a_cohort_is_written_as_in_the_url(run: Run, soop_folder: Path) -> None:
    query = "age=60..80&sex=F&nihss_admission=>=15"
    rows = run.json("show", "subjects", "--index", soop_folder, "--cohort", query)
    everyone = run.json("show", "subjects", "--index", soop_folder)
    assert rows == [
        row
        for row in everyone
        if row["sex"] == "F"
        and 60 <= (row["age"] or 0) <= 80
        and (row["nihss_admission"] or 0) >= 15
    ]


def test_formulas_are_quoted_in_csv(run: Run, root: Path) -> None:
    run("index", root)
    assert ",'=cmd()," in run("show", "subjects").out


class Cannot(NamedTuple):
    """A command that can't be done, and what it says."""

    arguments: list[str]
    says: str


CANNOT = [
    Cannot(["index", "{tmp}/nothing"], "is not a folder."),
    Cannot(
        ["index", "{tmp}/empty"], "No subjects found in {tmp}/empty: looked for paths with sub-…"
    ),
    Cannot(["index", "{root}", "--profile", "nothing"], "There is no profile nothing; known are"),
    Cannot(["index", "{root}", "--profile", "isles24"], "bears sub-[A-Za-z0-9]+, as the profile"),
    Cannot(["index", "{root}", "--index", "{root}/x"], "The index can't lie in the dataset"),
    Cannot(["index", "{root}", "--index", "{tmp}/file/x"], "can't be written"),
    Cannot(["demo", "--out", "{tmp}/file/x"], "{tmp}/file/x can't be written"),
    Cannot(["show", "subjects"], "No index was built yet; make one with `insula index DATASET`."),
    Cannot(["show", "subjects", "--index", "{tmp}/empty"], "There is no index in"),
    Cannot(["status"], "No index was built yet"),
    Cannot(["serve"], "No index was built yet"),
]


@pytest.mark.parametrize("case", CANNOT, ids=lambda case: " ".join(case.arguments))
def test_what_cannot_be_done_is_one_sentence(
    run: Run, root: Path, tmp_path: Path, case: Cannot
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    if "isles24" in case.arguments:
        (root / "participants.tsv").unlink()
        for mask in root.rglob("*.nii.gz"):
            mask.unlink()
        (root / "atlas.nii.gz").touch()
    places = {"tmp": str(tmp_path), "root": str(root)}
    said = run(*(argument.format(**places) for argument in case.arguments))
    assert said.code == 2
    assert said.err.startswith("insula: ")
    assert case.says.format(**places) in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("query", ["colour=red", "age=old", "age=80..60", "sex=F&colour=red"])
def test_a_cohort_that_cannot_be_read_prints_no_rows(
    run: Run, soop_folder: Path, query: str
) -> None:
    said = run("show", "subjects", "--index", soop_folder, "--cohort", query)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("insula: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["show"], ["show", "nothing"], ["nothing"], ["index"], ["index", "x", "--workers", "0"], []],
)
def test_misuse_is_explained(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "Usage" in said.out + said.err


@pytest.mark.parametrize("command", ["", "demo", "index", "show", "status", "serve"])
def test_every_command_has_help(run: Run, command: str) -> None:
    said = run(*[command] * bool(command), "--help")
    assert said.code == 0
    assert "Usage" in said.out


def test_status_tells_when_the_dataset_changed(run: Run, root: Path) -> None:
    run("index", root)
    said = run("status")
    assert said.code == 0
    assert "2 subjects, 0 problems" in said.out
    assert "Files since then: 0 added, 0 changed, 0 removed" in said.out
    write_dataset(root, {soop_mask("sub-3"): box()})
    said = run("status")
    assert "1 added" in said.out
    assert said.err == "The index is out of date; run `insula index` again.\n"


def test_without_measuring(run: Run, root: Path) -> None:
    assert "0 masks measured" in run("index", root, "--no-measure").out
    assert run.json("show", "lesions") == []
    assert run("show", "lesions").out.startswith("dataset,subject,")


def test_no_dataset_is_written_to(run: Run, root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    run("index", root)
    run("status")
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


INSULA = [sys.executable, "-m", "app"]
PROJECT = Path(__file__).parents[1]


def test_as_a_process(root: Path, tmp_path: Path) -> None:
    def insula(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*INSULA, *arguments, "--index", str(tmp_path / "index")]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)

    assert insula("index", str(root), "--workers", "2").returncode == 0
    shown = insula("show", "subjects", "--format", "json")
    assert (shown.returncode, len(json.loads(shown.stdout)), shown.stderr) == (0, 2, "")
    refused = insula("show", "subjects", "--cohort", "age=old")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Traceback" not in refused.stderr


def test_a_reader_that_stops_early_is_no_traceback(soop_folder: Path) -> None:
    command = [*INSULA, "show", "subjects", "--index", str(soop_folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (
            ["--help"],
            ["numpy", "pandas", "dash", "plotly", "duckdb", "nibabel", "scipy", "nilearn"],
        ),
        (["index", "--help"], ["numpy", "pandas", "dash", "plotly", "duckdb", "nibabel"]),
        (
            ["status", "--index", "{index}"],
            ["pandas", "dash", "plotly", "scipy", "nilearn", "cc3d"],
        ),
    ],
)
def test_commands_wait_for_no_module_that_they_do_not_need(
    soop_folder: Path, arguments: list[str], unwanted: list[str]
) -> None:
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from app import main\n"
        "main(sys.argv[1:])\n"
    )
    filled = [argument.format(index=soop_folder) for argument in arguments]
    done = subprocess.run(
        [sys.executable, "-c", program, *filled],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    loaded = done.stderr.split()
    assert "typer" in loaded
    assert not [module for module in unwanted if module in loaded]


def test_profile_check(run: Run, root: Path) -> None:
    said = run("profile", "check", "soop", root)
    assert (said.code, said.err) == (0, "")
    assert "lesion: 2 files" in said.out
    (root / "stray.nii.gz").touch()
    assert run("profile", "check", "soop", root).code == 1
    said = run("profile", "check", "nothing", root)
    assert said.code == 2
    assert said.err.count("\n") == 1


def test_index_with_a_split_file(run: Run, root: Path, tmp_path: Path) -> None:
    table = tmp_path / "split.tsv"
    table.write_text("subject\tsplit\nsub-1\ttest\nsub-2\ttrain\n", encoding="utf-8")
    assert run("index", root, "--no-measure", "--split", table).code == 0
    rows = run.json("show", "subjects", "--cohort", "split=test")
    assert [row["subject"] for row in rows] == ["sub-1"]
    said = run("index", root, "--no-measure", "--split", tmp_path / "nothing.csv")
    assert said.code == 2
    assert said.err.startswith("insula: The split file nothing.csv can't be read")
