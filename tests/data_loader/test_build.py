"""Building an index: incremental, whole or not at all, one run at a time."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.atlas.choice import choose_atlas
from analytics.lesions import Lesion
from analytics.measure import measure_lesions
from analytics.territories import standard_space
from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.content import LesionMask
from data_loader.errors import DatasetError, ImageError, IndexBusy, IndexUnavailable
from data_loader.index import Index, IndexFolder
from data_loader.journal import Journal
from tests.images import Content, box, soop_mask, write_dataset, write_image

TABLE = "participant_id\tage\nsub-1\t70\nsub-2\t60\nsub-3\t50\n"
measure = partial(measure_lesions, workers=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: dict[str, Content] = {soop_mask(f"sub-{n}"): box() for n in (1, 2, 3)}
    return write_dataset(tmp_path / "soop", {"participants.tsv": TABLE} | files)


def tables(index: Index) -> dict[str, list[dict[str, object]]]:
    """All that an index says, without where its dataset lies."""
    everything = {
        name: index._rows(f"SELECT * FROM {name} ORDER BY position")  # noqa: S608
        for name in (
            *("variables", "subjects", "images", "sources", "lesions", "problems"),
            *("territories", "registrations", "atlas_regions"),
        )
    }
    return dict(everything)


class TestIncremental:
    """Only what changed is measured again."""

    def test_a_second_run_measures_nothing(self, root: Path, tmp_path: Path) -> None:
        first = build_index([root], tmp_path / "index", measure=measure)
        before = tables(IndexFolder(tmp_path / "index").current())
        second = build_index([root], tmp_path / "index", measure=measure)
        assert (first.version, first.measured, first.reused) == (1, 3, 0)
        assert (second.version, second.measured, second.reused) == (2, 0, 3)
        assert tables(IndexFolder(tmp_path / "index").current()) == before

    def test_a_changed_file_is_measured_again(self, root: Path, tmp_path: Path) -> None:
        build_index([root], tmp_path / "index", measure=measure)
        write_image(root / soop_mask("sub-2"), np.ones((4, 4, 4), np.uint8))
        built = build_index([root], tmp_path / "index", measure=measure)
        assert (built.measured, built.reused) == (1, 2)
        rows = IndexFolder(tmp_path / "index").current().lesions(EVERYONE)
        assert [row["voxels"] for row in rows] == [8, 64, 8]

    def test_a_touched_file_is_measured_again(self, root: Path, tmp_path: Path) -> None:
        build_index([root], tmp_path / "index", measure=measure)
        path = root / soop_mask("sub-2")
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
        assert build_index([root], tmp_path / "index", measure=measure).measured == 1

    def test_files_come_and_go(self, root: Path, tmp_path: Path) -> None:
        build_index([root], tmp_path / "index", measure=measure)
        (root / soop_mask("sub-1")).unlink()
        write_image(root / soop_mask("sub-9"), box())
        built = build_index([root], tmp_path / "index", measure=measure)
        assert (built.subjects, built.measured, built.reused) == (4, 1, 2)
        rows = {
            r["subject"]: r for r in IndexFolder(tmp_path / "index").current().subjects(EVERYONE)
        }
        assert (rows["sub-1"]["has_mask"], rows["sub-1"]["volume_ml"]) == (0, None)
        assert (rows["sub-9"]["has_clinical"], rows["sub-9"]["volume_ml"]) == (0, 0.008)

    def test_without_measuring(self, root: Path, tmp_path: Path) -> None:
        built = build_index([root], tmp_path / "index", measure=None)
        assert (built.subjects, built.measured, built.reused) == (3, 0, 0)
        index = IndexFolder(tmp_path / "index").current()
        assert "volume_ml" not in index.variables
        assert index.lesions(EVERYONE) == []
        build_index([root], tmp_path / "index", measure=measure)
        assert build_index([root], tmp_path / "index", measure=None).reused == 3
        assert len(IndexFolder(tmp_path / "index").current().lesions(EVERYONE)) == 3

    def test_a_damaged_file_is_not_measured_again_until_it_changes(
        self, root: Path, tmp_path: Path
    ) -> None:
        path = root / soop_mask("sub-2")
        whole = path.read_bytes()
        path.write_bytes(whole[:-10])
        assert build_index([root], tmp_path / "index", measure=measure).problems == 1
        built = build_index([root], tmp_path / "index", measure=measure)
        assert (built.measured, built.problems) == (0, 1)
        path.write_bytes(whole)
        built = build_index([root], tmp_path / "index", measure=measure)
        assert (built.measured, built.problems) == (1, 0)


class TestSwap:
    """Readers have one version, whole, until the pointer moves."""

    def test_an_older_version_answers_while_newer_ones_are_swapped_in(
        self, root: Path, tmp_path: Path
    ) -> None:
        folder = IndexFolder(tmp_path / "index")
        build_index([root], folder.path, measure=measure)
        old = folder.current()
        for n in range(4):
            write_image(root / soop_mask(f"sub-{10 + n}"), box())
            build_index([root], folder.path, measure=measure)
            assert old.count(EVERYONE) == len(old.subjects(EVERYONE)) == 3
            assert folder.current().count(EVERYONE) == 4 + n
        assert folder.current() is folder.current()
        versions = sorted(path.name for path in folder.path.glob("*.duckdb*"))
        assert versions == ["insula-000004.duckdb", "insula-000005.duckdb"]

    def test_rebuilds_under_load_never_mix_versions(self, root: Path, tmp_path: Path) -> None:
        folder = IndexFolder(tmp_path / "index")
        build_index([root], folder.path, measure=measure)
        sizes: list[tuple[int, int, int]] = []
        is_over = threading.Event()

        def read() -> None:
            while not is_over.is_set():
                index = folder.current()
                sizes.append((index.version, index.count(EVERYONE), len(index.images(EVERYONE))))

        with ThreadPoolExecutor(2) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            for n in range(12):
                write_image(root / soop_mask(f"sub-{10 + n}"), box())
                build_index([root], folder.path, measure=measure)
            is_over.set()
            assert all(reader.result() is None for reader in readers)
        assert {(subjects, images) for _, subjects, images in sizes} <= {(n, n) for n in range(16)}
        assert all(subjects == version + 2 for version, subjects, _ in sizes)
        assert len({version for version, _, _ in sizes}) > 6

    def test_measuring_does_not_move_the_pointer(self, root: Path, tmp_path: Path) -> None:
        folder = IndexFolder(tmp_path / "index")
        build_index([root], folder.path, measure=None)
        seen = []
        build_index(
            [root],
            folder.path,
            measure=measure,
            progress=lambda *_: seen.append(folder.current().version),
        )
        assert seen == [1, 1, 1, 1]
        assert folder.current().version == 2

    def test_leftovers_of_a_killed_run_are_cleared(self, root: Path, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        build_index([root], folder, measure=None)
        for name in ("insula-000002.duckdb.part", "insula-000002.duckdb.part.wal", "current.part"):
            (folder / name).write_bytes(b"half")
        for _ in range(3):
            build_index([root], folder, measure=None)
        assert not list(folder.glob("*.part*"))
        assert IndexFolder(folder).current().size == 3


def fails(error: Exception, after: int) -> Any:
    """Measures that many masks, then raises."""

    def measure_some(masks: Sequence[LesionMask]) -> Iterator[tuple[int, Lesion | ImageError]]:
        for position, (_, result) in enumerate(measure(masks)):
            if position == after:
                raise error
            yield position, result

    return measure_some


class TestFaults:
    """Whatever happens, one sentence, and the index before it is unharmed."""

    @pytest.mark.parametrize("name", ["index", "deep/er/index", ""])
    def test_the_index_cannot_lie_in_the_dataset(self, root: Path, name: str) -> None:
        with pytest.raises(DatasetError, match="can't lie in the dataset"):
            build_index([root], root / name, measure=None)
        assert sorted(path.name for path in root.iterdir()) == ["derivatives", "participants.tsv"]

    def test_nor_by_a_link(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(root)
        with pytest.raises(DatasetError, match="can't lie in the dataset"):
            build_index([root], tmp_path / "link" / "index", measure=None)

    def test_two_runs_at_once(self, root: Path, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        folder.mkdir()
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(IndexBusy, match="Another run is writing"):
                build_index([root], folder, measure=None)
        assert build_index([root], folder, measure=None).version == 1

    def test_a_folder_that_cannot_be_made(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(IndexUnavailable, match="can't be written"):
            build_index([root], tmp_path / "file" / "index", measure=None)

    def test_a_folder_that_cannot_be_written(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(IndexUnavailable, match=r"can't be written: Permission denied\.$"):
            build_index([root], tmp_path / "index", measure=None)

    @pytest.mark.parametrize("kind", ["journal", "database", "pointer"])
    def test_a_full_disk(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        import duckdb  # noqa: PLC0415

        folder = IndexFolder(tmp_path / "index")
        build_index([root], folder.path, measure=None)
        before = tables(folder.current())
        full = OSError(28, "No space left on device")

        def refuse(*_: object, **__: object) -> None:
            raise (
                duckdb.IOException("IO Error: No space left on device")
                if kind == "database"
                else full
            )

        target = {
            "journal": "data_loader.journal.orjson.dumps",
            "database": "data_loader.build._store_tables",
            "pointer": "data_loader.build._point_to",
        }[kind]
        with monkeypatch.context() as patch:
            patch.setattr(target, refuse)
            with pytest.raises(IndexUnavailable, match=r"No space left.*one before it is unharmed"):
                build_index([root], folder.path, measure=measure)
        assert tables(IndexFolder(folder.path).current()) == before
        assert build_index([root], folder.path, measure=measure).problems == 0
        assert len(folder.current().lesions(EVERYONE)) == 3

    def test_a_run_that_stops_keeps_what_it_measured(self, root: Path, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        with pytest.raises(RuntimeError):
            build_index([root], folder, measure=fails(RuntimeError(), after=2))
        assert len(Journal(folder / "measured.jsonl").results) == 2
        built = build_index([root], folder, measure=measure)
        assert (built.measured, built.reused) == (1, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="sizes of files are limited by the kernel")
@pytest.mark.parametrize("limit", [300, 20_000, 300_000, 1_000_000])
def test_a_disk_that_is_really_full(root: Path, tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "index"
    build_index([root], folder, measure=measure)
    before = tables(IndexFolder(folder).current())
    (root / soop_mask("sub-1")).touch()
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from app import main\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", limited, "index", str(root), "--index", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "can't be written" in done.stderr
    assert tables(IndexFolder(folder).current()) == before
    assert not list(folder.glob("*.part*"))


RUN = """
import sys
from functools import partial
from pathlib import Path
from analytics.atlas.choice import choose_atlas
from analytics.measure import measure_lesions
from analytics.territories import standard_space
from data_loader.build import build_index
build_index(
    [Path(sys.argv[1])],
    Path(sys.argv[2]),
    measure=partial(measure_lesions, workers=int(sys.argv[3])),
    standard=standard_space(choose_atlas()),
    progress=lambda done, _: print(done, flush=True),
)
"""


def start(root: Path, folder: Path, workers: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", RUN, str(root), str(folder), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def kill_when(run: "subprocess.Popen[str]", done: int, wait_s: float) -> int:
    """Kill a run once it has reported so many masks; gives how many it reported in the end."""
    assert run.stdout is not None
    reported = 0
    for line in run.stdout:
        reported = int(line)
        if reported >= done:
            break
    time.sleep(wait_s)
    run.kill()
    rest, _ = run.communicate()
    return max([reported, *map(int, rest.split())])


def assert_ends(group: int) -> None:
    """No process of a group is left behind; they have ten seconds."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("a process was left behind")


@pytest.fixture
def linked(real_data: Path, tmp_path: Path) -> Path:
    """The real cohort as links, in a folder of its own."""
    root = tmp_path / "soop"
    for path in (real_data / "soop").rglob("*"):
        if path.is_file():
            link = root / path.relative_to(real_data / "soop")
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="kills process groups")
def test_kills_at_random_moments_lose_nothing(linked: Path, soop: Index, tmp_path: Path) -> None:
    random = np.random.default_rng(9)
    folder = tmp_path / "index"
    known = 0
    for turn in range(10):
        run = start(linked, folder, workers=1 + turn % 2)
        # Late turns have little left to measure: they are killed while they store.
        target = int(random.integers(0, 150)) if turn < 8 else 721 - known
        finished = known + kill_when(run, target, wait_s=float(random.random() * 0.1))
        assert_ends(run.pid)
        known = len(Journal(folder / "measured.jsonl").results)
        assert known >= finished
    last = start(linked, folder, workers=2)
    last.communicate()
    assert last.returncode == 0
    assert tables(IndexFolder(folder).current()) == tables(soop)


def test_two_workers_make_the_same_tables(real_data: Path, soop: Index, tmp_path: Path) -> None:
    two = partial(measure_lesions, workers=2)
    standard = standard_space(choose_atlas())
    built = build_index([real_data / "soop"], tmp_path / "index", measure=two, standard=standard)
    assert built.measured == 721
    assert tables(IndexFolder(tmp_path / "index").current()) == tables(soop)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_is_one_sentence_and_loses_nothing(
    real_data: Path, tmp_path: Path, workers: int
) -> None:
    folder = tmp_path / "index"
    command = [sys.executable, "-m", "app", "index", str(real_data / "soop")]
    run = subprocess.Popen(
        [*command, "--index", str(folder), "--workers", str(workers)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    journal = folder / "measured.jsonl"
    while not (journal.exists() and journal.stat().st_size > 100_000):
        assert run.poll() is None
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 130
    assert said.count("\n") == 1
    assert said.startswith("insula: Interrupted; what was measured is kept")
    assert_ends(run.pid)
    assert len(Journal(journal).results) > 10


def test_a_cohort_means_the_same_after_a_rebuild(root: Path, tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index")
    build_index([root], folder.path, measure=measure)
    link = Cohort.parse("age=>=60&volume_ml=<1", folder.current().variables)[0].query()
    build_index([root], folder.path, measure=measure)
    again, notices = Cohort.parse(link, folder.current().variables)
    assert notices == []
    assert folder.current().count(again) == 2
