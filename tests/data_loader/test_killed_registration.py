"""Registration that is killed while ANTs is at work, and the run after that."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE
from typing import Literal

import pytest

from data_loader.errors import IndexUnavailable
from data_loader.index import IndexFolder
from data_loader.journal import Journal
from tests.data_loader.sleeping_registration import ASLEEP
from tests.data_loader.test_build import assert_ends
from tests.data_loader.test_registering import (
    AFFINE,
    ONE,
    TWO,
    Player,
    build,
    counted,
    pictures,
    root,
    ways,
)

__all__ = ["root"]

RUN = "from tests.data_loader.sleeping_registration import main; main()"


def registered(folder: Path) -> list[str]:
    """Paths of the images whose registration is in the journal."""
    results = Journal(folder / "measured.jsonl").results
    return [str(key[0]) for key in results if len(key) == 6 and key[3] == AFFINE.name]


@contextmanager
def running(root: Path, folder: Path, workers: int) -> Iterator["subprocess.Popen[str]"]:
    """A run that sleeps over the second image, when the first is registered."""
    command = [sys.executable, "-c", RUN, str(root), str(folder), str(workers)]
    with subprocess.Popen(command, stderr=PIPE, text=True, start_new_session=True) as run:
        try:
            while not ((folder / "registrations" / ASLEEP).exists() and registered(folder)):
                assert run.poll() is None
                time.sleep(0.02)
            yield run
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="kills process groups")
@pytest.mark.parametrize(("workers", "killed"), [(1, "main"), (2, "main"), (2, "worker")])
def test_the_next_run_registers_what_is_left(
    root: Path, tmp_path: Path, workers: int, killed: Literal["main", "worker"]
) -> None:
    folder = tmp_path / "index"
    with running(root, folder, workers) as run:
        asleep = int((folder / "registrations" / ASLEEP).read_text(encoding="ascii"))
        assert (asleep == run.pid) == (workers == 1)
        os.kill(run.pid if killed == "main" else asleep, signal.SIGKILL)
        assert run.wait() == (-signal.SIGKILL if killed == "main" else 1)
        assert_ends(run.pid)
        _, said = run.communicate()
    assert ("MeasureInterrupted" in said) == (killed == "worker")
    with pytest.raises(IndexUnavailable):
        IndexFolder(folder).current()
    assert [Path(path).name[: len(ONE)] for path in registered(folder)] == [ONE]

    player = Player()
    assert build(root, folder, player).registered == 1
    assert player.seen == [TWO]
    assert {row["status"] for row in ways(folder).values()} == {"registered"}
    assert counted(folder) == {ONE, TWO}
    assert pictures(folder) == [b"picture", b"picture of sub-stroke0002"]
    assert build(root, folder, Player()).registered == 0
