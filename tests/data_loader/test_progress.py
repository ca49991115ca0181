"""How far long work has come, on a terminal and elsewhere."""

import os
import sys

import pytest

from data_loader.progress import shown

PTY_RUN = """
import time
from data_loader.progress import shown
with shown("masks") as report:
    report(0, 40)
    for done in range(1, 41):
        time.sleep(0.03)
        report(done, 40)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_a_bar_with_rate_and_time_left() -> None:
    import pty  # noqa: PLC0415

    pid, terminal = pty.fork()
    if pid == 0:  # the child, on a terminal of its own
        os.environ |= {"TERM": "xterm", "COLUMNS": "100"}
        os.execv(sys.executable, [sys.executable, "-c", PTY_RUN])  # noqa: S606
    written = b""
    try:
        while chunk := os.read(terminal, 4096):
            written += chunk
    except OSError:
        pass  # Linux says so when the child has gone
    assert os.waitpid(pid, 0)[1] == 0
    text = written.decode()
    assert "masks" in text
    assert "40/40" in text
    assert "/s" in text
    assert "0:00:0" in text


def test_a_pipe_gets_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("data_loader.progress.time.monotonic", lambda: now)
    with shown("masks") as report:
        for done in range(101):
            report(done, 100)
            now += 0.2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "25 of 100 masks, 5/s, 15 s left"
    assert len(lines) == 3


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("masks") as report:
        report(0, 2)
        report(2, 2)
    assert capsys.readouterr().err == ""


def test_no_masks_are_no_division_by_zero(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("masks") as report:
        report(0, 0)
    assert capsys.readouterr().err == ""
