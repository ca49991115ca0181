"""Whether a reader is told that the files have changed."""

import shutil
from pathlib import Path

import pytest

from dashboard import freshness
from dashboard.freshness import Freshness
from data_loader.build import build_index
from data_loader.index import IndexFolder


@pytest.fixture
def dataset(tmp_path: Path, real_data: Path) -> Path:
    """Three subjects with links to real masks."""
    names = ("sub-1", "sub-3", "sub-5")
    for name in names:
        file = f"derivatives/lesions-mni152/{name}/anat/{name}_space-MNI152_desc-lesion_mask.nii.gz"
        link = tmp_path / "soop" / file
        link.parent.mkdir(parents=True)
        link.symlink_to(real_data / "soop" / file)
    shutil.copy(real_data / "soop" / "participants.tsv", tmp_path / "soop")
    return tmp_path / "soop"


def test_a_change_is_told_and_a_rebuild_ends_it(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = IndexFolder(tmp_path / "index")
    build_index([dataset], folder.path, measure=None)
    fresh = Freshness(folder)
    assert fresh.sentence() == ""
    table = dataset / "participants.tsv"
    table.write_text(table.read_text(encoding="utf-8") + "sub-9999\tF\n", encoding="utf-8")
    next(dataset.rglob("sub-5*.nii.gz")).unlink()
    assert fresh.sentence() == "", "looked again at once"
    monkeypatch.setattr(freshness, "_LOOK_EVERY_S", 0.0)
    assert "1 changed, 1 removed" in fresh.sentence()
    build_index([dataset], folder.path, measure=None)
    assert fresh.sentence() == ""
