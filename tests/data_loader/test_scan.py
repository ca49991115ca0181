"""Folders → images, subjects and splits."""

import os
import shutil
from pathlib import Path

import pytest

import data_loader
from data_loader.build import build_index
from data_loader.errors import DatasetError
from data_loader.index import IndexFolder
from data_loader.profile import read_profile
from data_loader.scan import Changes, changed_since, dataset_name, natural_key, scan_dataset
from tests.images import box, write_dataset

PROFILES = Path(data_loader.__file__).parent / "profiles"
LESION = "{split}derivatives/sub-{n}/ses-02/sub-{n}_ses-02_space-ncct_lesion-msk.nii.gz"


def lesion(n: str, split: str = "train/") -> str:
    return LESION.format(split=split, n=n)


def test_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "nothing"):
        with pytest.raises(DatasetError, match="is not a folder"):
            scan_dataset(path)


@pytest.mark.parametrize("files", [{}, {"holiday/beach.jpg": "", "notes.csv": "a,b\n"}])
def test_no_subjects_says_what_was_looked_for(tmp_path: Path, files: dict[str, str]) -> None:
    write_dataset(tmp_path, dict(files))
    with pytest.raises(DatasetError, match=r"No subjects found .*sub-….*isles24.*soop.*bids"):
        scan_dataset(tmp_path)
    with pytest.raises(DatasetError, match=r"No subjects found .*the profile soop"):
        scan_dataset(tmp_path, read_profile("soop"))


def test_splits_and_sessions_come_from_the_tree(tmp_path: Path) -> None:
    files = {lesion("stroke0001"): box(), lesion("stroke0002", "test/"): box()}
    scan = scan_dataset(write_dataset(tmp_path, dict(files)))
    assert scan.profile.name == "isles24"
    assert scan.splits == {"sub-stroke0001": "train", "sub-stroke0002": "test"}
    _, image = scan.images
    assert (image.subject, image.session, image.kind, image.space) == (
        "sub-stroke0001",
        "ses-02",
        "lesion",
        "ncct",
    )


@pytest.mark.parametrize("split", ["", "batch_2/", "ISLES-2024/"])
def test_trees_without_splits(tmp_path: Path, split: str) -> None:
    scan = scan_dataset(write_dataset(tmp_path, {lesion("strokecase0007", split): box()}))
    assert scan.splits == {}
    assert [image.subject for image in scan.images] == ["sub-strokecase0007"]


def test_subjects_come_in_natural_order(tmp_path: Path) -> None:
    files = {f"sub-{n}/anat/sub-{n}_T1w.nii.gz": None for n in (10, 9, 100, 1)}
    scan = scan_dataset(write_dataset(tmp_path, dict(files)))
    assert [image.subject for image in scan.images] == ["sub-1", "sub-9", "sub-10", "sub-100"]
    assert sorted(["b", "a10", "a9", "²"], key=natural_key) == ["a9", "a10", "b", "²"]


def test_links_are_files_and_hidden_files_are_none(tmp_path: Path) -> None:
    write_dataset(
        tmp_path,
        {lesion("stroke0001"): box(), ".git/annex/sub-stroke0009_lesion-msk.nii.gz": box()},
    )
    (tmp_path / "loop").symlink_to(tmp_path)
    target = tmp_path / lesion("stroke0001")
    link = tmp_path / lesion("stroke0002")
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    scan = scan_dataset(tmp_path)
    assert [image.subject for image in scan.images] == ["sub-stroke0001", "sub-stroke0002"]
    assert {image.file.size for image in scan.images} == {target.stat().st_size}
    assert scan.skipped == {"loop": "The folder is a link, which is not followed."}


def test_the_description_names_the_dataset(tmp_path: Path) -> None:
    files = {lesion("stroke0001"): box()}
    scan = scan_dataset(write_dataset(tmp_path, dict(files)))
    assert (scan.title, scan.license, scan.synthetic) == ("ISLES'24", "CC BY-NC-SA 4.0", False)
    description = tmp_path / "dataset_description.json"
    description.write_text('{"Name": "Mine", "License": "CC0", "Synthetic": true}', "utf-8")
    scan = scan_dataset(tmp_path)
    assert (scan.title, scan.license, scan.synthetic) == ("Mine", "CC0", True)
    for malformed in ("{", "[1]", "\xff"):
        description.write_text(malformed, "latin-1")
        assert scan_dataset(tmp_path).title == "ISLES'24"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("SOOP", "soop"),
        ("ds004889-1.1.2", "ds004889-1-1-2"),
        ("Größe x", "gr-sse-x"),
        ("___", "dataset"),
    ],
)
def test_names_fit_a_url(tmp_path: Path, folder: str, name: str) -> None:
    assert dataset_name(tmp_path / folder) == name


def test_what_changed_since_an_index_was_built(tmp_path: Path) -> None:
    files = {lesion(f"stroke000{n}"): box() for n in (1, 2, 3)}
    root = write_dataset(tmp_path / "data", dict(files))
    build_index([root], tmp_path / "index", measure=None)
    index = IndexFolder(tmp_path / "index").current()
    assert not changed_since(index).any
    (root / "notes.txt").touch()  # concerns nobody
    os.utime(root / lesion("stroke0001"), ns=(1, 1))
    (root / lesion("stroke0002")).unlink()
    write_dataset(root, {lesion("stroke0004"): box()})
    changes = changed_since(index)
    assert changes.any
    assert changes.changed == (f"data/{lesion('stroke0001')}",)
    assert changes.removed == (f"data/{lesion('stroke0002')}",)
    assert changes.added == (f"data/{lesion('stroke0004')}",)
    shutil.rmtree(root)
    assert len(changed_since(index).removed) == 3


def test_a_profile_that_changed_or_is_gone(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "data", {lesion("stroke0001"): box()})
    own = tmp_path / "own.toml"
    own.write_bytes((PROFILES / "isles24.toml").read_bytes())
    build_index([root], tmp_path / "index", measure=None, profile=read_profile(str(own)))
    index = IndexFolder(tmp_path / "index").current()
    assert not changed_since(index).any
    own.write_text("nonsense", encoding="utf-8")
    assert changed_since(index) == Changes((), (str(own),), ())
    own.unlink()
    assert changed_since(index) == Changes((), (), (str(own),))


def test_a_dataset_that_can_no_longer_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    root = write_dataset(tmp_path / "data", {lesion("stroke0001"): box()})
    build_index([root], tmp_path / "index", measure=None)
    index = IndexFolder(tmp_path / "index").current()
    monkeypatch.setattr("data_loader.scan.os.scandir", refuse)
    assert changed_since(index).removed == (f"data/{lesion('stroke0001')}",)
