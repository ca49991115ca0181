"""`insula table-one` as a user types it."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from app import main
from tests.analytics.table_one.reference import FOLDER


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


class Run:
    """Runs `insula table-one` on the index of SOOP, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], index: Path) -> None:
        self._capsys = capsys
        self._index = index

    def __call__(self, *arguments: str | Path) -> Said:
        try:
            main(["table-one", "--index", str(self._index), *map(str, arguments)])
            code: object = 0
        except SystemExit as end:
            code = end.code
        written = self._capsys.readouterr()
        return Said(code if isinstance(code, int) else 1, written.out, written.err)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], soop_folder: Path) -> Run:
    return Run(capsys, soop_folder)


def test_json_by_one_variable_and_by_two(run: Run) -> None:
    document = json.loads(run("--by", "sex", "--format", "json").out)
    assert [c["column"] for c in document["columns"]] == ["F", "M", "overall"]
    age = next(row for row in document["rows"] if row["variable"] == "age")
    assert age["test"] == "Welch t-test"
    crossed = json.loads(run("--by", "sex,race", "--format", "json").out)
    assert [c["column"] for c in crossed["columns"]] == ["F,b", "F,w", "M,b", "M,w", "overall"]


def test_every_choice_reaches_the_table(run: Run) -> None:
    chosen = ("--variables", "mrs_discharge,sex", "--by", "race", "--summary", "mrs_discharge=mean")
    tests = ("--test", "mrs_discharge=welch", "--test", "sex=fisher", "--adjust", "bh")
    rows = json.loads(run(*chosen, *tests, "--format", "json").out)["rows"]
    by_name = {row["variable"]: row for row in rows}
    assert list(by_name) == ["mrs_discharge", "sex"]
    assert by_name["mrs_discharge"]["test"] == "Welch t-test"
    assert by_name["mrs_discharge"]["summary"] == "mean"
    assert by_name["sex"]["test"] == "Fisher exact test"
    assert by_name["sex"]["p_adjusted"] is not None
    printed = run("--by", "sex", "--style", "paper", "--columns", "none", "--blanks", "none").out
    heading = printed.splitlines()[0]
    assert "SMD" not in heading
    assert "all (" not in heading
    assert "n = " not in printed.splitlines()[3].partition("SD with")[0]


def test_two_cohorts(run: Run) -> None:
    said = run("--cohort", "sex=F", "--against", "sex=M", "--variables", "age", "--format", "json")
    first, second, _ = json.loads(said.out)["columns"]
    assert (first["label"], second["label"]) == ("sex is female", "sex is male")


@pytest.mark.parametrize("extension", ["csv", "json", "xlsx", "docx", "tex", "html", "script"])
def test_every_format_is_written_to_a_file(run: Run, tmp_path: Path, extension: str) -> None:
    out = tmp_path / f"table.{extension}"
    said = run("--by", "sex", "--format", extension, "--out", out)
    assert (said.code, said.out, said.err) == (0, "", "")
    content = out.read_bytes()
    assert len(content) > 1000
    assert content.startswith(b"PK") is (extension in ("xlsx", "docx"))
    if extension in ("csv", "json", "tex", "html"):
        text = content.decode()
        assert "Stroke Outcome Optimization Project" in text
        assert "CC0" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--by", "hat"], "“hat” is no variable of this index."),
        (["--by", "age"], "Age has no levels to group by"),
        (["--variables", "hat"], "“hat” is no variable of this index."),
        (["--test", "hat=welch"], "“hat” is no variable of this index."),
        (["--format", "pdf"], "“pdf” is no format of a Table 1"),
        (["--format", "docx"], "say where to with --out FILE."),
        (["--style", "fancy"], "“fancy” is no style"),
        (["--cohort", "hat=1"], "is no variable of this index"),
        (["--against", "hat=1"], "is no variable of this index"),
        (["--cohort", "age=>=200"], "The cohort has no subjects; widen it."),
        (
            ["--by", "sex", "--test", "race=welch"],
            "Race can't be compared by welch; it needs numbers.",
        ),
        (["--by", "sex", "--against", "sex=F"], "leave out what groups them"),
        (["--out", "/nowhere/table.csv"], "can't be written"),
        (["check", "/nowhere.csv"], "can't be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run: Run, arguments: list[str], says: str) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("insula: ")
    assert said.err.count("\n") == 1
    assert says in said.err


def test_check_lists_what_cannot_be_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    said = run("check", FOLDER / "isles24_paper.csv")
    assert said.code == 1
    assert "Sex in test: the levels add up to 99.0 %, not to 100 %." in said.out
    own = tmp_path / "own.csv"
    assert run("--by", "sex", "--out", own).code == 0
    said = run("check", own)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("nothing that can't be.\n")


@pytest.mark.parametrize("command", [[], ["check"]])
def test_help(run: Run, command: list[str]) -> None:
    said = run(*command, "--help")
    assert said.code == 0
    assert "Usage" in said.out
