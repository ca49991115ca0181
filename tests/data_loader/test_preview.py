"""What a hospital sees while it writes its profile."""

import re
from pathlib import Path

import pytest

from data_loader.errors import DatasetError
from data_loader.preview import Preview, preview_dataset
from data_loader.profile import read_profile
from tests.images import Content, box, write_dataset

GUIDE = Path(__file__).parents[2] / "README.md"
FILES: dict[str, Content] = {
    "P001/ct/native.nii.gz": box(),
    "P001/mr/infarct.nii.gz": box(),
    "P002/ct/native.nii.gz": box(),
    "tables/stroke.csv": "patient,Alter,NIHSS Aufnahme,mRS 90d\nP001,71,12,2\nP002,old,3,1\n",
}


def guided(tmp_path: Path, text: str | None = None) -> str:
    """The profile that the README shows."""
    if text is None:
        found = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        assert found
        text = found.group(1)
    path = tmp_path / "hospital.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def preview(tmp_path: Path, files: dict[str, Content]) -> Preview:
    root = write_dataset(tmp_path / "data", files)
    return preview_dataset(root, read_profile(guided(tmp_path)))


def test_the_profile_of_the_guide_reads_its_dataset(tmp_path: Path) -> None:
    files = FILES | {"tables/stroke.csv": str(FILES["tables/stroke.csv"]).replace("old", "64")}
    found = preview(tmp_path, files)
    assert found.is_whole, "\n".join(found.lines())
    assert found.subjects == ("P001", "P002")
    assert found.kinds["lesion"] == ["P001/mr/infarct.nii.gz"]
    assert {column: variable.name for column, variable in found.columns.items()} == {
        "Alter": "age",
        "NIHSS Aufnahme": "nihss_admission",
        "mRS 90d": "mrs_3_months",
    }


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    odd: dict[str, Content] = {
        "P002/mr/odd.nii.gz": box(),
        "atlas.nii.gz": box(),
        "notes.txt": "",
        "tables/stroke.csv": "patient,Alter,Ward\nP001,71,3\nP002,old,4\n",
    }
    found = preview(tmp_path, FILES | odd)
    assert not found.is_whole
    assert found.unknown_images == ["P002/mr/odd.nii.gz", "atlas.nii.gz"]
    assert found.others == ("notes.txt",)
    assert found.columns["Ward"].inferred
    assert found.absent_columns == ["NIHSS Aufnahme", "mRS 90d"]
    assert [problem.code for problem in found.problems] == ["value-unreadable"]
    text = "\n".join(found.lines())
    for said in (
        "Subjects: 2, e.g. P001, P002",
        "  lesion: 1 file, e.g. P001/mr/infarct.nii.gz",
        "no rule knows: 2 files, e.g. P002/mr/odd.nii.gz, atlas.nii.gz",
        "  Alter → age (continuous)",
        "  Ward → ward (not in the dictionary, taken as continuous)",
        "  mRS 90d: mapped by the profile, in no file",
        "not read: 1 file, e.g. notes.txt",
        "  tables/stroke.csv: Alter is 'old', where a number is expected.",
    ):
        assert said in text


def test_a_profile_of_another_dataset(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "data", FILES)
    with pytest.raises(DatasetError, match="No subjects found"):
        preview_dataset(root, read_profile("soop"))
