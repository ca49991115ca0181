"""The Quality page, asked without a browser, on datasets whose faults were put there by hand."""

import csv
import io
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from analytics.measure import measure_lesions
from app import create_app
from dashboard import ids
from data_loader.build import build_index
from data_loader.problems import REMEDIES
from tests.dashboard.test_overview import parts, text
from tests.images import Content, box, soop_mask, write_dataset

SUBJECTS, MASKED, EMPTY, OLD = 130, 122, 3, 10
"""How many, how many of the first have a mask file, empty masks, impossible ages."""


def faulty_files() -> dict[str, Content]:
    """Subject 1 has text for an image, 2 a link that leads nowhere, the next three empty masks."""
    rows = [f"sub-{n}\t{999 if n <= OLD else 60}" for n in range(1, SUBJECTS + 1)]
    files: dict[str, Content] = {"participants.tsv": "\n".join(["participant_id\tage", *rows])}
    for n in range(1, MASKED + 1):
        empty = 2 < n <= 2 + EMPTY
        files[soop_mask(f"sub-{n}")] = np.zeros((6, 6, 6), np.uint8) if empty else box()
    return files | {soop_mask("sub-1"): b"no image", soop_mask("sub-2"): None}


def _site(folder: Path, files: Mapping[str, Content]) -> FlaskClient:
    root = write_dataset(folder / "soop", files)
    build_index([root], folder / "index", measure=partial(measure_lesions, workers=1))
    return create_app(folder / "index").test_client()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return _site(tmp_path_factory.mktemp("faulty"), faulty_files())


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """250 impossible ages, more than a plain table bears."""
    rows = "".join(f"sub-{n}\t999\n" for n in range(1, 251))
    files: dict[str, Content] = {"participants.tsv": f"participant_id\tage\n{rows}"}
    return _site(tmp_path_factory.mktemp("many"), files | {soop_mask("sub-1"): box()})


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    files: dict[str, Content] = {"participants.tsv": "participant_id\tage\nsub-1\t60\n"}
    return _site(tmp_path_factory.mktemp("clean"), files | {soop_mask("sub-1"): box()})


def ask(client: FlaskClient, part: str, search: str = "", **more: Any) -> dict[str, Any]:
    """The answer of the callback that fills a part of the page."""
    dependencies = client.get("/_dash-dependencies").get_json()
    output = next(d["output"] for d in dependencies if f"{part}." in d["output"])
    outputs = [
        dict(zip(("id", "property"), name.split("."), strict=True))
        for name in output.strip(".").split("...")
    ]
    address = {"id": ids.URL, "property": "search", "value": search}
    body = {
        "output": output,
        "outputs": outputs if len(outputs) > 1 else outputs[0],
        "inputs": [address],
        "changedPropIds": [f"{ids.URL}.search"],
    }
    answer = client.post("/_dash-update-component", json=body | more)
    assert answer.status_code == 200
    response: dict[str, Any] = answer.get_json()["response"]
    return response


def problems(page: dict[str, Any]) -> list[list[str]]:
    """Cells of the plain table."""
    body = next(parts(page[ids.PROBLEM_TABLE]["children"], "Tbody"))
    rows = parts(body["children"], "Tr")
    return [[text(cell["props"]["children"]) for cell in row["children"]] for row in rows]


class TestProblems:
    """What is listed, and how it is narrowed."""

    def test_all(self, site: FlaskClient) -> None:
        page = ask(site, ids.PROBLEM_TABLE)
        rows = problems(page)
        assert [row[0] for row in rows] == ["error"] * 2 + ["warning"] * (EMPTY + OLD)
        assert all(row[3].endswith(".") and row[4].endswith(".") for row in rows)
        said = text(page[ids.QUALITY_SAID]["children"])
        # Those with broken or empty masks are among the first ten, whose ages are impossible.
        assert said.startswith("2 errors,")
        assert f"{EMPTY + OLD} warnings" in said
        assert f"in {OLD} of {SUBJECTS} subjects" in said

    @pytest.mark.parametrize(
        ("search", "n"),
        [
            ("?code=mask-empty", EMPTY),
            ("?code=mask-empty,link-dangling", EMPTY + 1),
            ("?severity=error", 2),
            ("?severity=error&code=mask-empty", 0),
            ("?subject=sub-2", 2),
            ("?subject=sub-2&severity=warning", 1),
            ("?code=nonsense", 2 + EMPTY + OLD),
        ],
    )
    def test_narrowed(self, site: FlaskClient, search: str, n: int) -> None:
        page = ask(site, ids.PROBLEM_TABLE, search)
        assert len(problems(page) if n else []) == n
        assert (n > 0) == any(parts(page[ids.PROBLEM_TABLE]["children"], "Table"))
        file = site.get(page[ids.PROBLEM_CSV]["href"]).get_data(as_text=True)
        assert len(list(csv.DictReader(io.StringIO(file)))) == n

    def test_every_chip_lists_as_many_as_it_says(self, site: FlaskClient) -> None:
        chips = list(parts(ask(site, ids.PROBLEM_TABLE)[ids.PROBLEM_CHIPS]["children"], "Link"))
        assert len(chips) == 3 + 4
        for chip in chips:
            number = int(text(chip["children"]).removesuffix("(listed)").split()[-1])
            page = ask(site, ids.PROBLEM_TABLE, chip["href"].removeprefix("/quality"))
            assert len(problems(page)) == number

    def test_a_chip_is_taken_back_by_its_own_link(self, site: FlaskClient) -> None:
        page = ask(site, ids.PROBLEM_TABLE, "?age=>=70&code=mask-empty")
        chips = parts(page[ids.PROBLEM_CHIPS]["children"], "Link")
        (here,) = (c for c in chips if c["className"] == "chip here")
        assert here["href"] == "/quality?age=>=70"

    def test_the_concerned_are_a_cohort(self, site: FlaskClient) -> None:
        page = ask(site, ids.PROBLEM_TABLE, "?severity=error")
        (link,) = parts(page[ids.QUALITY_SAID]["children"], "Link")
        assert link["href"] == "/quality?subject=soop/sub-1,soop/sub-2&severity=error"

    def test_none_found(self, clean: FlaskClient) -> None:
        page = ask(clean, ids.PROBLEM_TABLE)
        assert "No problem was found." in text(page[ids.QUALITY_SAID]["children"])
        assert page[ids.PROBLEM_CHIPS]["children"] == page[ids.PROBLEM_TABLE]["children"] == []
        assert page[ids.LOOKED_FOR]["open"]

    def test_all_that_is_looked_for_is_told(self, clean: FlaskClient) -> None:
        layout = ask(
            clean,
            f"{ids.CONTENT}.children.",
            inputs=[{"id": ids.URL, "property": "pathname", "value": "/quality"}],
            state=[{"id": ids.CONTENT, "property": "data-page", "value": None}],
            changedPropIds=[f"{ids.URL}.pathname"],
        )
        content = layout[ids.CONTENT]["children"]
        assert [text(said["children"]) for said in parts(content, "Dd")] == list(REMEDIES.values())


class TestManyProblems:
    """The grid asks for its rows."""

    def test_the_grid_takes_over(self, many: FlaskClient) -> None:
        page = ask(many, ids.PROBLEM_TABLE)
        assert page[ids.PROBLEM_TABLE]["children"] == []
        assert page[ids.PROBLEM_SCROLL]["hidden"] is False

    @pytest.mark.parametrize(
        ("asked", "first", "n"),
        [
            ({"startRow": 0, "endRow": 100}, "sub-1", 100),
            ({"startRow": 200, "endRow": 300}, "sub-201", 50),
            ({"startRow": -5, "endRow": 1, "sortModel": [{"colId": ";--"}]}, "sub-1", 1),
            (
                {
                    "startRow": 0,
                    "endRow": 10,
                    "sortModel": [{"colId": "subject", "sort": "desc"}],
                },
                "sub-99",
                10,
            ),
        ],
    )
    def test_rows(self, many: FlaskClient, asked: dict[str, Any], first: str, n: int) -> None:
        rows = self._rows(many, "", asked)
        assert (len(rows["rowData"]), rows["rowCount"]) == (n, 250)
        assert rows["rowData"][0]["subject"] == first
        assert rows["rowData"][0]["href"] == f"/patient/soop/{first}"

    def test_what_the_plain_table_has_is_not_sent_again(self, many: FlaskClient) -> None:
        rows = self._rows(many, "?subject=sub-1", {"startRow": 0, "endRow": 100})
        assert rows == {"rowData": [], "rowCount": 0}

    @staticmethod
    def _rows(client: FlaskClient, search: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = ask(
            client,
            ids.PROBLEM_GRID,
            inputs=[{"id": ids.PROBLEM_GRID, "property": "getRowsRequest", "value": request}],
            state=[{"id": ids.URL, "property": "search", "value": search}],
            changedPropIds=[f"{ids.PROBLEM_GRID}.getRowsRequest"],
        )
        rows: dict[str, Any] = answer[ids.PROBLEM_GRID]["getRowsResponse"]
        return rows


class TestImages:
    """Who lacks which image."""

    def _subjects(self, client: FlaskClient, search: str) -> list[str]:
        tree = ask(client, ids.IMAGE_STATES, search)[ids.IMAGE_STATES]["children"]
        body = next(parts(tree, "Tbody"))
        return [text(link["children"]) for link in parts(body["children"], "Link")]

    def test_those_with_gaps(self, site: FlaskClient) -> None:
        without = [f"sub-{n}" for n in range(MASKED + 1, SUBJECTS + 1)]
        assert self._subjects(site, "") == ["sub-1", "sub-2", *without]

    def test_all_in_pages(self, site: FlaskClient) -> None:
        order = [f"sub-{n}" for n in range(1, SUBJECTS + 1)]
        assert self._subjects(site, "?gaps=all&gaps_sort=subject") == order[:100]
        assert self._subjects(site, "?gaps=all&gaps_sort=subject&gaps_page=2") == order[100:]
        assert self._subjects(site, "?gaps=all&gaps_sort=subject&gaps_page=9") == order[100:]

    def test_totals(self, site: FlaskClient) -> None:
        tree = ask(site, ids.IMAGE_STATES)[ids.IMAGE_STATES]["children"]
        head = next(parts(tree, "Thead"))
        totals = [text(row["children"]) for row in parts(head["children"], "Tr")][1:]
        n = SUBJECTS - MASKED
        assert totals == [
            f"ok {MASKED - 2}",
            "unreadable 1",
            "absent 1",
            f"none {n}",
        ]
        assert f"{n + 2} of {SUBJECTS} subjects lack" in text(tree)

    def test_nobody_lacks_anything(self, clean: FlaskClient) -> None:
        tree = ask(clean, ids.IMAGE_STATES)[ids.IMAGE_STATES]["children"]
        assert "Every subject has all" in text(tree)
        assert "Page 1 of 1; 0 subjects" in text(tree)


class TestMosaic:
    """A picture a subject, and who has problems."""

    def _tiles(self, client: FlaskClient, search: str) -> list[str]:
        tree = ask(client, ids.MOSAIC, search)[ids.MOSAIC]["children"]
        return [
            tile["data-subject"].partition("/")[2]
            for tile in parts(tree, "A")
            if tile["className"].startswith("tile")
        ]

    def test_pages(self, site: FlaskClient) -> None:
        order = [f"sub-{n}" for n in range(1, SUBJECTS + 1)]
        assert self._tiles(site, "?sort=subject") == order[:120]
        assert self._tiles(site, "?sort=subject&page=2") == order[120:]

    def test_those_without_a_mask_come_last(self, site: FlaskClient) -> None:
        assert set(self._tiles(site, "?page=2")) >= {f"sub-{n}" for n in range(124, SUBJECTS + 1)}

    def test_marks(self, site: FlaskClient) -> None:
        tree = ask(site, ids.MOSAIC, "?sort=subject")[ids.MOSAIC]["children"]
        marks = [m for m in parts(tree, "Span") if "tile-mark" in m.get("className", "")]
        assert [mark["title"] for mark in marks[:3]] == [
            "image damaged, value implausible",
            "link dangling, value implausible",
            "value implausible, mask empty",
        ]
        assert len(marks) == OLD
        assert ["error" in mark["className"] for mark in marks] == [True, True] + [False] * 8


def test_the_page_of_a_real_cohort_answers_at_once(client: FlaskClient) -> None:
    for part in (ids.PROBLEM_TABLE, ids.IMAGE_STATES, ids.MOSAIC):
        assert ask(client, part)[part]["children"]
