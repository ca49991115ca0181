"""Jobs as somebody who waits for one sees them."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.jobs import Jobs, JobState, job_name
from data_loader.errors import CohortError, InsulaError
from data_loader.progress import Report


def _wait(until: Callable[[], bool]) -> None:
    for _ in range(2000):
        if until():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def test_a_job_tells_how_far_it_is_and_keeps_its_result(tmp_path: Path) -> None:
    jobs, go = Jobs(tmp_path), threading.Event()

    def work(report: Report) -> bytes:
        report(3, 10)
        go.wait(10)
        return b"42"

    assert jobs.state("a") == JobState("none")
    jobs.start("a", work)
    _wait(lambda: jobs.state("a") == JobState("running", 3, 10))
    # Another process has another object.
    assert Jobs(tmp_path).state("a").status == "running"
    assert jobs.result("a") is None
    go.set()
    _wait(lambda: jobs.state("a").status == "done")
    assert Jobs(tmp_path).result("a") == b"42"


@pytest.mark.parametrize("stride", [7, 32])
def test_work_of_any_stride_tells_each_step_of_how_far_it_is(tmp_path: Path, stride: int) -> None:
    jobs, total, behind = Jobs(tmp_path), 9_000, []

    def work(report: Report) -> bytes:
        for done in range(stride, total, stride):
            report(done, total)
            behind.append(done - jobs.state("a").done)
        return b""

    jobs.start("a", work)
    _wait(lambda: jobs.state("a").status == "done")
    # A bar of 200 steps is never more than one behind.
    assert max(behind) <= total / 200


def test_the_same_job_is_done_once(tmp_path: Path) -> None:
    jobs, go, ran = Jobs(tmp_path), threading.Event(), []

    def work(_: Report) -> bytes:
        ran.append(1)
        go.wait(10)
        return b""

    jobs.start("a", work)
    jobs.start("a", work)
    go.set()
    _wait(lambda: jobs.state("a").status == "done")
    jobs.start("a", work)
    assert len(ran) == 1


def test_a_job_that_is_cancelled_leaves_nothing_and_can_be_started_again(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)

    def endless(report: Report) -> bytes:
        done = 0
        while True:
            done += 1
            report(done, 0)
            time.sleep(0.001)

    jobs.start("a", endless)
    jobs.cancel("a")
    _wait(lambda: jobs.state("a").status == "none")
    jobs.start("a", lambda _: b"1")
    _wait(lambda: jobs.result("a") == b"1")


def test_a_failure_is_one_sentence(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)

    def refuse(_: Report) -> bytes:
        raise CohortError("Nobody is left.")

    jobs.start("a", refuse)
    _wait(lambda: jobs.state("a") == JobState("failed", sentence="Nobody is left."))
    jobs.start("b", lambda _: b"" + None)  # type: ignore[operator]  # a fault of the program
    _wait(lambda: jobs.state("b").status == "failed")
    assert "log" in jobs.state("b").sentence


_WORKER = """
import sys, time
from pathlib import Path
from dashboard.jobs import Jobs

def work(report):
    report(3, 10)
    print("at work", flush=True)
    time.sleep(60)
    return b""

Jobs(Path(sys.argv[1])).start("a", work)
time.sleep(60)
"""


def test_a_job_is_lost_with_its_process_and_can_be_started_again(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    command = [sys.executable, "-c", _WORKER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "at work\n"
        # What one process does, all see.
        assert jobs.state("a") == JobState("running", 3, 10)
        worker.kill()
    assert jobs.state("a") == JobState("none")
    go = threading.Event()

    def again(_: Report) -> bytes:
        go.wait(10)
        return b"1"

    jobs.start("a", again)
    # Not as far as the lost one was.
    assert jobs.state("a") == JobState("running")
    go.set()
    _wait(lambda: jobs.result("a") == b"1")


def test_a_third_job_waits_for_its_turn_and_can_be_cancelled_meanwhile(tmp_path: Path) -> None:
    jobs, go, ran = Jobs(tmp_path), threading.Event(), []

    def work(_: Report) -> bytes:
        go.wait(10)
        return b"1"

    def late(_: Report) -> bytes:
        ran.append(1)
        return b"2"

    jobs.start("a", work)
    jobs.start("b", work)
    time.sleep(0.05)
    jobs.start("c", late)
    jobs.start("d", late)
    time.sleep(0.25)
    assert jobs.state("c") == jobs.state("d") == JobState("running")
    assert not ran
    jobs.cancel("c")
    _wait(lambda: jobs.state("c") == JobState("none"))
    go.set()
    _wait(lambda: jobs.result("d") == b"2")
    assert ran == [1]


def test_the_latest_results_alone_are_kept(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    for place in range(45):
        jobs.start(str(place), lambda _: b"1")
        _wait(lambda place=place: jobs.state(str(place)).status == "done")  # type: ignore[misc]  # a lambda has no types
    _wait(lambda: len(list(tmp_path.rglob("*.result"))) == 40)
    assert jobs.state("44").status == "done"


def test_a_folder_that_cant_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file in the way")
    with pytest.raises(InsulaError, match="can't be written"):
        Jobs(tmp_path).start("a", lambda _: b"")


def test_names_depend_on_every_part() -> None:
    assert job_name("a", 1) == job_name("a", 1)
    assert len({job_name("a", 1), job_name("a", 2), job_name("a1"), job_name("b", 1)}) == 4
