"""Measures kept as they come: what is finished stays, what is damaged is passed over."""

from pathlib import Path

import orjson
import pytest

from data_loader.journal import Journal, Key

A: Key = ("/a.nii.gz", 10, 1)
B: Key = ("/b.nii.gz", 20, 2, "/mask.nii.gz", 5, 3)


def write(path: Path, *keys: Key) -> None:
    for _ in Journal(path).record((key, {"voxels": key[1]}) for key in keys):
        pass


def test_what_is_recorded_is_there_in_the_next_run(tmp_path: Path) -> None:
    write(tmp_path / "j", A, B)
    assert Journal(tmp_path / "j").results == {A: {"voxels": 10}, B: {"voxels": 20}}


def test_a_result_is_on_disk_before_it_is_reported(tmp_path: Path) -> None:
    for key in Journal(tmp_path / "j").record([(A, {"voxels": 1}), (B, {"voxels": 2})]):
        assert key in Journal(tmp_path / "j").results


@pytest.mark.parametrize("cut", range(1, 45, 4))
def test_a_line_that_was_cut_short_costs_only_itself(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    write(path, A, B)
    path.write_bytes(path.read_bytes()[:-cut])
    assert A in Journal(path).results
    write(path, B)
    assert Journal(path).results == {A: {"voxels": 10}, B: {"voxels": 20}}


GARBAGE = [
    b"",
    b"{}",
    b"null",
    b"3",
    b"[1,2,3]",
    b'["/c",1,2,"/d",3,"made",{}]',
    b'["/c",1,2,"0.1.0/1"]',
    b"\xff\xfe",
    b"[" * 3000,
    bytes(5000),
]


@pytest.mark.parametrize("line", GARBAGE, ids=lambda line: repr(line[:20]))
def test_garbage_is_passed_over(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "j"
    write(path, A)
    path.write_bytes(line + b"\n" + path.read_bytes() + line + b"\n")
    assert Journal(path).results == {A: {"voxels": 10}}


@pytest.mark.parametrize(
    ("place", "value"), [(0, ["/c"]), (0, 3), (1, "ten"), (2, None), (4, 5), (4, None), (4, [])]
)
def test_a_line_of_the_wrong_types_is_passed_over(
    tmp_path: Path, place: int, value: object
) -> None:
    path = tmp_path / "j"
    write(path, A)
    line = orjson.loads(path.read_bytes().strip())
    line[place] = value
    path.write_bytes(orjson.dumps(line))
    assert Journal(path).results == {}


def test_another_version_measures_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "j", A)
    monkeypatch.setattr("data_loader.journal._MADE_BY", "99/1")
    assert Journal(tmp_path / "j").results == {}


def test_a_fault_of_the_moment_is_tried_again(tmp_path: Path) -> None:
    found = [(A, {"code": "file-unreadable", "sentence": "x"}), (B, {"code": "image-damaged"})]
    journal = Journal(tmp_path / "j")
    list(journal.record(found))
    assert set(journal.results) == {A, B}
    assert set(Journal(tmp_path / "j").results) == {B}
    journal.keep_only([A, B])
    assert set(Journal(tmp_path / "j").results) == {B}


def test_what_has_gone_is_dropped(tmp_path: Path) -> None:
    write(tmp_path / "j", A, B)
    Journal(tmp_path / "j").keep_only([B, ("/c", 1, 1)])
    assert set(Journal(tmp_path / "j").results) == {B}
    write(tmp_path / "j", A)
    assert set(Journal(tmp_path / "j").results) == {A, B}
