"""Where an index lies when no folder is named."""

from pathlib import Path

import pytest

from data_loader.folders import default_folder, last_folder, remember_folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "insula"


def test_one_folder_a_dataset(tmp_path: Path, cache: Path) -> None:
    first = default_folder([tmp_path / "a" / "SOOP"])
    assert first.parent == cache
    assert first.name.startswith("soop-")
    assert first == default_folder([tmp_path / "a" / ".." / "a" / "SOOP"])
    assert first != default_folder([tmp_path / "b" / "SOOP"])


def test_several_datasets_have_a_folder_of_their_own(tmp_path: Path) -> None:
    both = default_folder([tmp_path / "a", tmp_path / "b"])
    assert both.name.startswith("a+b-")
    assert both not in (default_folder([tmp_path / "a"]), default_folder([tmp_path / "b"]))
    many = default_folder([tmp_path / f"a-long-name-{n}" for n in range(50)])
    assert len(many.name) < 100


def test_the_last_one_is_remembered(tmp_path: Path) -> None:
    assert last_folder() is None
    remember_folder(tmp_path / "one")
    remember_folder(tmp_path / "two")
    assert last_folder() == tmp_path / "two"


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    remember_folder(tmp_path / "one")
    assert last_folder() is None
