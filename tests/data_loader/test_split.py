"""Train and test: by a file, by a column, by the tree, and where they disagree."""

from pathlib import Path
from typing import NamedTuple

import pytest

from data_loader.build import build_index
from data_loader.cohort import EVERYONE
from data_loader.errors import DatasetError
from data_loader.index import Index, IndexFolder
from data_loader.scan import changed_since
from data_loader.split import read_splits
from tests.images import Content, box, write_dataset


def mask(n: int, split: str) -> str:
    name = f"sub-stroke000{n}"
    return f"{split}derivatives/{name}/ses-02/{name}_ses-02_lesion-msk.nii.gz"


def baseline(n: int, split: str, text: str) -> dict[str, Content]:
    return {f"{split}phenotype/sub-stroke000{n}/ses-01/baseline.csv": text}


def indexed(tmp_path: Path, files: dict[str, Content], split: str | None) -> Index:
    root = write_dataset(tmp_path / "isles24", files)
    file = tmp_path / "split.csv"
    if split is not None:
        file.write_text(split, encoding="utf-8")
    build_index([root], tmp_path / "index", measure=None, splits=file if split else None)
    return IndexFolder(tmp_path / "index").current()


class Case(NamedTuple):
    """Files of two subjects, a split file, their splits, and the problems' codes."""

    files: dict[str, Content]
    split: str | None
    splits: list[str | None]
    codes: list[str]


TREE: dict[str, Content] = {mask(1, "train/"): box(), mask(2, "test/"): box()}
FLAT: dict[str, Content] = {mask(1, ""): box(), mask(2, ""): box()}

CASES = {
    "tree": Case(TREE, None, ["train", "test"], []),
    "column": Case(
        FLAT | baseline(1, "", "split\ntest\n") | baseline(2, "", "Split\nTrain\n"),
        None,
        ["test", "train"],
        [],
    ),
    "file": Case(
        FLAT, "subject,split\nsub-stroke0001,test\nstroke0002,TRAIN\n", ["test", "train"], []
    ),
    "file of a dataset": Case(FLAT, "split,id\ntest,isles24/sub-stroke0001\n", ["test", None], []),
    "file that agrees with the tree": Case(
        TREE, "subject,split\nsub-stroke0001,train\n", ["train", "test"], []
    ),
    "file before tree": Case(
        TREE, "subject,split\nsub-stroke0001,test\n", ["test", "test"], ["split-conflict"]
    ),
    "column before tree": Case(
        TREE | baseline(1, "train/", "split\ntest\n"),
        None,
        ["test", "test"],
        ["split-conflict"],
    ),
    "in both folders": Case(
        TREE | {mask(1, "test/"): box()},
        None,
        ["test", "test"],
        ["mask-duplicate", "split-conflict"],
    ),
    "nobody": Case(
        TREE, "subject,split\nsub-stroke0009,test\n", ["train", "test"], ["split-unknown"]
    ),
    "another word": Case(
        FLAT, "subject,split\nsub-stroke0001,dev\n", ["dev", None], ["value-implausible"]
    ),
    "blank": Case(TREE, "subject,split\nsub-stroke0001,\n", ["train", "test"], []),
}


@pytest.mark.parametrize("name", CASES)
def test_splits(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    index = indexed(tmp_path, case.files, case.split)
    assert [row["split"] for row in index.subjects(EVERYONE)] == case.splits
    assert [row["code"] for row in index.problems(EVERYONE)] == case.codes


def test_a_conflict_says_who_says_what(tmp_path: Path) -> None:
    index = indexed(tmp_path, TREE, "subject,split\nsub-stroke0001,test\n")
    (problem,) = index.problems(EVERYONE)
    assert problem["sentence"] == (
        "sub-stroke0001 is test by the split file and train by the tree; the first is used."
    )


def test_a_split_file_that_changed_makes_the_index_out_of_date(tmp_path: Path) -> None:
    text = "subject,split\nsub-stroke0001,test\n"
    index = indexed(tmp_path, FLAT, text)
    file = tmp_path / "split.csv"
    assert not changed_since(index).any
    file.write_text(text.replace("test", "train"), encoding="utf-8")
    assert changed_since(index).changed == (str(file),)
    file.unlink()
    assert changed_since(index).removed == (str(file),)


@pytest.mark.parametrize(
    "text",
    [
        "subject,group\nsub-1,train\n",
        "split\ntrain\n",
        "a,b,split\n1,2,train\n",
        "subject,split\nsub-1,train\nsub-1,test\n",
        "",
    ],
)
def test_no_split_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "split.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"^The split file split\.csv .*\.$"):
        read_splits(path)
