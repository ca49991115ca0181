"""Jobs as somebody who waits for one sees them."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from dashboard.jobs import Jobs, JobState, job_name
from data_loader.errors import CohortError
from data_loader.progress import Report


def _wait(until: Callable[[], bool]) -> None:
    for _ in range(2000):
        if until():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def test_a_job_tells_how_far_it_is_and_keeps_its_result(tmp_path: Path) -> None:
    jobs, go = Jobs(tmp_path / "jobs"), threading.Event()

    def work(report: Report) -> bytes:
        report(3, 10)
        go.wait(10)
        return b"42"

    assert jobs.state("a") == JobState("none")
    jobs.start("a", work)
    _wait(lambda: jobs.state("a") == JobState("running", 3, 10))
    # Another process has another object.
    assert Jobs(tmp_path / "jobs").state("a").status == "running"
    assert jobs.result("a") is None
    go.set()
    _wait(lambda: jobs.state("a").status == "done")
    assert Jobs(tmp_path / "jobs").result("a") == b"42"


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


def test_names_depend_on_every_part() -> None:
    assert job_name("a", 1) == job_name("a", 1)
    assert len({job_name("a", 1), job_name("a", 2), job_name("a1"), job_name("b", 1)}) == 4
