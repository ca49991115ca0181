"""Work that takes longer than a request: run in the background, followed, stopped, kept.

A job has a name made of what is computed, so that whoever asks for the same thing again, from any
window and any serving process, gets the one that runs or its result. Its state lies in files in a
folder of the index: progress, result, or the sentence that says why there is none. A lock on one of
them says that it runs; the system takes it back from a process that dies. Few run at once, since
each takes a core that pages need too; the others wait for their turn.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import orjson

from data_loader.errors import InsulaError
from data_loader.progress import Report

_LOG = logging.getLogger(__name__)
_FOLDER = "jobs"
_MOST_KEPT = 40
_AT_ONCE = 2
_ABSENT = (FileNotFoundError, NotADirectoryError)
_TURN_S = 0.1
"""Between two looks whether it is a job's turn."""
_STEPS = 200
"""Progress is written this often at most: a file each time."""

Work = Callable[[Report], bytes]
"""Computes a result; calls its argument with what is done, and of how much, which may raise."""


class JobStopped(Exception):  # noqa: N818 - somebody asked for it
    """The job was cancelled."""


@dataclass(frozen=True)
class JobState:
    """How far a job is.

    Attributes:
        status: `none` where nobody asked for it yet, or it was cancelled or lost with its process.
        done: steps done.
        total: steps in all; 0 while that isn't known, or the job waits for its turn.
        sentence: why it failed.
    """

    status: Literal["none", "running", "done", "failed"]
    done: int = 0
    total: int = 0
    sentence: str = ""


def job_name(*parts: object) -> str:
    """The name of what is computed from these parts, the same in every process."""
    return hashlib.sha256(orjson.dumps([str(part) for part in parts])).hexdigest()[:32]


class Jobs:
    """The jobs of one index folder, with those of all processes that serve it."""

    def __init__(self, index: Path) -> None:
        self._folder = index / _FOLDER

    def start(self, name: str, work: Work) -> None:
        """Begin a job in a thread of this process, unless it runs or is done somewhere.

        Args:
            name: of the job, by `job_name`.
            work: gives the result. An `InsulaError` of its is what a reader is told.

        Raises:
            InsulaError: the folder of the index can't be written.
        """
        if self.state(name).status in ("running", "done"):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for kind in ("failed", "cancel", "progress"):
                self._file(name, kind).unlink(missing_ok=True)
            self._file(name, "lock").touch()
        except OSError as error:
            sentence = f"{self._folder}, where results are kept, can't be written"
            raise InsulaError(f"{sentence}: {error.strerror}.") from None
        started = threading.Event()
        threading.Thread(target=self._run, args=(name, work, started), daemon=True).start()
        started.wait()

    def cancel(self, name: str) -> None:
        """Stop a job at its next step; one that is done stays."""
        if self.state(name).status == "running":
            self._file(name, "cancel").touch()

    def state(self, name: str) -> JobState:
        """How far a job is."""
        if self._file(name, "result").exists():
            return JobState("done")
        if (said := self._read(name, "failed")) is not None:
            return JobState("failed", sentence=said.decode())
        if not self._is_locked(name):
            return JobState("none")
        done, total = orjson.loads(self._read(name, "progress") or b"[0,0]")
        return JobState("running", done, total)

    def result(self, name: str) -> bytes | None:
        """What a job came to, if it is done."""
        return self._read(name, "result")

    def _run(self, name: str, work: Work, started: threading.Event) -> None:
        with self._locked(name) as is_ours:
            started.set()
            if not is_ours:
                return
            try:
                with self._turn(name):
                    self._write(name, "result", work(self._report(name)))
            except JobStopped:
                pass
            except InsulaError as error:
                self._write(name, "failed", str(error).encode())
            except Exception:  # noqa: BLE001 - else nobody would hear of it
                _LOG.exception("A job failed.")
                self._write(
                    name, "failed", b"Something went wrong; the log of the server says what."
                )
            finally:
                for kind in ("progress", "cancel"):
                    self._file(name, kind).unlink(missing_ok=True)
                self._forget_old()

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        """Wait until fewer than `_AT_ONCE` other jobs work."""
        with ExitStack() as opened:
            turns = [
                opened.enter_context((self._folder / f"turn{place}").open("w", encoding="ascii"))
                for place in range(_AT_ONCE)
            ]
            while not any(_took(turn, fcntl.LOCK_EX) for turn in turns):
                self._stop_if_cancelled(name)
                time.sleep(_TURN_S)
            yield

    def _stop_if_cancelled(self, name: str) -> None:
        if self._file(name, "cancel").exists():
            raise JobStopped

    def _report(self, name: str) -> Report:
        told = -1

        def report(done: int, total: int) -> None:
            nonlocal told
            self._stop_if_cancelled(name)
            # Whatever the strides of the work: few of them end on a multiple of a step.
            if (step := done * _STEPS // max(total, 1)) > told:
                told = step
                self._write(name, "progress", orjson.dumps([done, total]))

        return report

    def _file(self, name: str, kind: str) -> Path:
        return self._folder / f"{name}.{kind}"

    def _read(self, name: str, kind: str) -> bytes | None:
        try:
            return self._file(name, kind).read_bytes()
        except _ABSENT:
            return None

    def _write(self, name: str, kind: str, content: bytes) -> None:
        part = self._file(name, f"{kind}.part")
        part.write_bytes(content)
        os.replace(part, self._file(name, kind))

    @contextmanager
    def _locked(self, name: str) -> Iterator[bool]:
        """Hold the job's lock, which ends with the process; gives whether it was free."""
        with self._file(name, "lock").open("w", encoding="ascii") as lock:
            # Somebody who only looks holds it for a moment.
            yield any(_took(lock, fcntl.LOCK_EX, wait_s) for wait_s in (0, 0.01, 0.1))

    def _is_locked(self, name: str) -> bool:
        try:
            with self._file(name, "lock").open(encoding="ascii") as lock:
                return not _took(lock, fcntl.LOCK_SH)
        except _ABSENT:
            return False

    def _forget_old(self) -> None:
        """Keep the latest results and failures only."""
        for kind in ("result", "failed"):
            kept = sorted(self._folder.glob(f"*.{kind}"), key=_changed)
            for path in kept[:-_MOST_KEPT]:
                for old in self._folder.glob(f"{path.stem}.*"):
                    old.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    """When a file was written; long ago where another process took it away meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _took(lock: IO[str], how: int, wait_s: float = 0) -> bool:
    time.sleep(wait_s)
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
