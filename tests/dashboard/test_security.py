"""What the server refuses, and what every answer carries."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.security import check_host
from data_loader.errors import InsulaError

CALLBACK = "/_dash-update-component"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org", "::", ""])  # noqa: S104
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(InsulaError, match="loopback"):
        check_host(host)


@pytest.mark.parametrize("path", ["/", "/cohort", "/assets/insula.css", "/download/subjects.csv"])
def test_every_answer_has_the_policy(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    answer.close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    script = re.search(r"script-src ([^;]*)", policy)
    assert script
    assert "unsafe" not in script.group(1)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_names_no_other_host(client: FlaskClient) -> None:
    page = client.get("/cohort").get_data(as_text=True)
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert sources
    assert [source for source in sources if "//" in source] == []


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1:8050"])
def test_a_foreign_host_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_a_foreign_origin_is_refused(client: FlaskClient) -> None:
    answer = client.post(CALLBACK, json={}, headers={"Origin": "http://example.org"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"output": "x"}',
        b'{"output": "nothing.children", "outputs": [], "inputs": []}',
        b'{"output": "content.children", "outputs": 1, "inputs": []}',
        b'{"output": ["content.children"], "outputs": [], "inputs": []}',
        b'{"output": "content.children", "outputs": [], "inputs": "x"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_callback_gets_a_4xx(client: FlaskClient, body: bytes) -> None:
    answer = client.post(CALLBACK, data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_a_body_beyond_reason_is_refused(client: FlaskClient) -> None:
    assert client.post(CALLBACK, data=b"x" * 5_000_000).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    assert client.open("/", method=method).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/_dash-component-suites/dash/../../../../../etc/passwd",
        "/download/../../app.py",
    ],
)
def test_no_path_leads_out(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert b"create_app" not in answer.data
    assert b"root:" not in answer.data


def test_serving_writes_nothing_beside_the_index(soop_folder: Path, client: FlaskClient) -> None:
    before = sorted(path.name for path in soop_folder.iterdir())
    client.get("/download/subjects.csv")
    assert sorted(path.name for path in soop_folder.iterdir()) == before
