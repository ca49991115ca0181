"""The dashboard as it is served: by gunicorn, on loopback, from the command line."""

import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from dashboard.server import serve
from data_loader.errors import InsulaError


def test_the_command_serves_says_where_and_stops(soop_folder: Path) -> None:
    command = [sys.executable, "-m", "app", "serve", "--index", str(soop_folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            assert found
            with urllib.request.urlopen(f"{found.group()}/health", timeout=20) as answer:  # noqa: S310
                assert answer.status == 200
        finally:
            server.terminate()
            assert server.wait(20) == 0


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InsulaError, match=f"Port {port} on 127.0.0.1 can't be used"):
            serve(lambda: pytest.fail("was made"), host="127.0.0.1", port=port, workers=1)


def test_an_index_that_is_not_there_is_said_before_serving(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "serve", "--index", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "insula index" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
