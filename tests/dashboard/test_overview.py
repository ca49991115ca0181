"""The Overview page, asked without a browser; numbers are recounted from the source files."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from dashboard import ids
from dashboard.share import share
from data_loader.build import build_index
from data_loader.cohort import Cohort
from data_loader.index import Index, IndexFolder
from tests.images import Content, box, soop_mask, write_dataset

Page = dict[str, Any]
"""Part of the page to its children, as the browser gets them."""


def ask(client: FlaskClient, search: str = "") -> Page:
    """The answer of the page's callback."""
    dependencies = client.get("/_dash-dependencies").get_json()
    (output,) = (d["output"] for d in dependencies if f"{ids.KEY_FIGURES}." in d["output"])
    outputs = [
        dict(zip(("id", "property"), part.split("."), strict=True))
        for part in output.strip(".").split("...")
    ]
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": [{"id": ids.URL, "property": "search", "value": search}],
        "changedPropIds": [f"{ids.URL}.search"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    response = answer.get_json()["response"]
    return {part: value.get("children", value.get("href")) for part, value in response.items()}


def parts(tree: Any, kind: str) -> Iterator[Any]:
    """Components of a kind, in the order of the page; `A` and `Link` are both links."""
    if isinstance(tree, list):
        for branch in tree:
            yield from parts(branch, kind)
    elif isinstance(tree, dict):
        if tree["type"] == kind:
            yield tree["props"]
        yield from parts(_inside(tree), kind)


def _inside(part: Any) -> Any:
    """What is in a component; a `Still` has it as its content."""
    return part["props"].get("children", part["props"].get("content"))


def text(tree: Any) -> str:
    if isinstance(tree, list):
        return " ".join(filter(None, map(text, tree)))
    if isinstance(tree, dict):
        return text(_inside(tree)).strip()
    return "" if tree is None else str(tree)


def table(tree: Any) -> dict[str, list[str]]:
    """Rows of a table by their first cell."""
    rows = (list(_cells(row)) for row in parts(tree, "Tr"))
    return {cells[0]: cells[1:] for cells in rows if cells}


def _cells(row: Any) -> Iterator[str]:
    for cell in row["children"] if isinstance(row["children"], list) else [row["children"]]:
        yield text(cell)


def figures(page: Page) -> dict[str, str]:
    """Key figures by label."""
    each = (list(_cells(div)) for div in parts(page[ids.KEY_FIGURES], "Div"))
    return {label: number for label, number, *_ in each}


@pytest.fixture(scope="module")
def rows(real_data: Path) -> dict[str, dict[str, str]]:
    """Rows of the real clinical file by subject, read without this program."""
    with (real_data / "soop" / "participants.tsv").open(encoding="utf-8", newline="") as file:
        return {row["participant_id"]: row for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def masked(real_data: Path) -> set[str]:
    """Subjects that have a mask, by the names of files."""
    found = (real_data / "soop").rglob("*_desc-lesion_mask.nii.gz")
    return {path.name.partition("_")[0] for path in found}


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Page:
    return ask(client)


CLINICAL = "{split}/phenotype/{subject}/ses-01/{subject}_ses-01_demographic_baseline.csv"
NCCT = "{split}/raw_data/{subject}/ses-01/{subject}_ses-01_ncct.nii.gz"
PATIENTS = (
    ("train", "1", "40", "1", "01:00:00"),
    ("train", "1", "", "0", ""),
    ("train", "2", "60", "1", ""),
    ("train", "", "70", "0", ""),
    ("test", "1", "80", "0", ""),
)
"""Split, centre, age, wake-up stroke, alert to door."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index of two datasets: one with splits and centres, one without."""
    folder = tmp_path_factory.mktemp("two")
    files: dict[str, Content] = {}
    for number, (part, *values) in enumerate(PATIENTS, start=1):
        where = {"split": part, "subject": f"sub-stroke000{number}"}
        head = "Center,Age,Wake-up,Alert to door"
        files[CLINICAL.format(**where)] = f"{head}\n{','.join(values)}\n"
        files[NCCT.format(**where)] = box((5, 6, 7))
    split = write_dataset(folder / "split", files)
    plain = write_dataset(
        folder / "plain",
        {
            "participants.tsv": "participant_id\tage\tbmi\nsub-1\t50\tn/a\nsub-2\t999\t20\n",
            soop_mask("sub-2"): box(),
            soop_mask("sub-3"): None,
        },
    )
    build_index([split, plain], folder / "index", measure=None)
    return folder / "index"


@pytest.fixture(scope="module")
def page_of_two(two: Path) -> Callable[[str], Page]:
    client = create_app(two).test_client()
    return lambda search: ask(client, search)


class TestRealCohort:
    """SOOP, recounted from its clinical file and the names of its masks."""

    def test_key_figures(
        self, page: Page, rows: dict[str, dict[str, str]], masked: set[str], real_data: Path
    ) -> None:
        with (real_data / "expected" / "soop_artery.tsv").open(encoding="utf-8") as file:
            published = {r["participant_id"]: r for r in csv.DictReader(file, delimiter="\t")}
        volumes = [float(published[subject]["lesion_volume"]) / 1000 for subject in masked]
        q1, median, q3 = quantiles(volumes, n=4, method="inclusive")
        found = figures(page)
        assert found == {
            "Subjects": str(len(rows.keys() | masked)),
            "Datasets": "1",
            "Clinical record": str(len(rows)),
            "Infarct mask": str(len(masked)),
            "Both": str(len(rows.keys() & masked)),
            "Images": str(len(masked)),
            # One body mass index of 115, and infarcts above 300 ml.
            "Problems": str(1 + sum(volume > 300 for volume in volumes)),
            "Median infarct volume": f"{median:.3g} ml",
        }
        assert f"IQR {q1:.3g} to {q3:.3g} ml" in text(page[ids.KEY_FIGURES])

    def test_completeness(
        self, page: Page, rows: dict[str, dict[str, str]], masked: set[str]
    ) -> None:
        both = rows.keys() & masked
        known = {subject for subject, row in rows.items() if row["nihss"] != "n/a"}
        cells = [
            f"{share(len(known & group), len(group))} {len(group - known)} missing"
            for group in (rows.keys() | masked, both, rows.keys() - masked, masked - rows.keys())
        ]
        assert table(page[ids.COMPLETENESS])["NIHSS at admission"] == cells
        title = f"{len(known)} of 842 known; {842 - len(known)} missing"
        assert title in {cell.get("title") for cell in parts(page[ids.COMPLETENESS], "Td")}

    def test_subjects_by_what_there_is(
        self, page: Page, rows: dict[str, dict[str, str]], masked: set[str]
    ) -> None:
        groups = (
            rows.keys() | masked,
            rows.keys() & masked,
            rows.keys() - masked,
            masked - rows.keys(),
        )
        assert table(page[ids.SUBJECT_COUNTS])["All subjects"] == [str(len(g)) for g in groups]

    def test_images(self, page: Page, masked: set[str]) -> None:
        n = str(len(masked))
        row = ["MNI152", n, n, "157 \u00d7 189 \u00d7 136", "1 \u00d7 1 \u00d7 1"]
        assert table(page[ids.IMAGE_COUNTS])["Infarct mask"] == row

    def test_a_cohort_in_the_address(
        self, client: FlaskClient, rows: dict[str, dict[str, str]], masked: set[str]
    ) -> None:
        page = ask(client, "?sex=F&bmi=>=30")
        women = {
            s
            for s, r in rows.items()
            if r["sex"] == "F" and r["bmi"] != "n/a" and float(r["bmi"]) >= 30
        }
        assert figures(page)["Subjects"] == str(len(women))
        assert figures(page)["Infarct mask"] == figures(page)["Images"] == str(len(women & masked))
        assert "sex is female and body mass index is at least 30" in text(page[ids.SCOPE])
        assert page[ids.PROBLEMS_LINK] == "/download/problems.csv?sex=F&bmi=>=30"

    def test_nobody(self, client: FlaskClient) -> None:
        page = ask(client, "?age=<0")
        assert figures(page)["Subjects"] == figures(page)["Images"] == "0"
        assert "nobody" in text(page[ids.COMPLETENESS])


class TestTwoDatasets:
    """Splits, centres and structural blanks, small enough to be counted by eye."""

    def test_subjects(self, page_of_two: Callable[[str], Page]) -> None:
        counts = table(page_of_two("")[ids.SUBJECT_COUNTS])
        head = ["centre 1", "centre 2", "missing", "not collected", "all"]
        assert counts["Dataset, Split"] == [*head, "record and mask", "record only", "neither"]
        assert counts["split"] == ["3", "1", "1", "0", "5", "0", "5", "0"]
        assert counts["train"] == ["2", "1", "1", "0", "4", "0", "4", "0"]
        assert counts["test"] == ["1", "0", "0", "0", "1", "0", "1", "0"]
        assert counts["plain"] == ["0", "0", "0", "3", "3", "1", "1", "1"]
        assert counts["All subjects"] == ["3", "1", "1", "3", "8", "1", "6", "1"]

    def test_groups_of_the_matrix(self, page_of_two: Callable[[str], Page]) -> None:
        (labels,) = table(
            next(parts(page_of_two("")[ids.COMPLETENESS], "Thead"))["children"]
        ).values()
        assert labels == [
            "All subjects n = 8",
            "plain n = 3",
            "split n = 5",
            "split, train n = 4",
            "split, train, centre 1 n = 2",
            "split, train, centre 2 n = 1",
            "split, train, centre missing n = 1",
            "split, test n = 1",
            "record and mask n = 1",
            "record only n = 6",
            "neither n = 1",
        ]

    def test_structural_blanks_are_not_missing(self, page_of_two: Callable[[str], Page]) -> None:
        matrix = table(page_of_two("")[ids.COMPLETENESS])
        # Wake-up strokes are 1 and 3, of which the first has a time; plain collects none.
        assert matrix["Alert to door (min)"][:4] == [
            "6 not collected or does not apply 50 % 1 missing",
            "3 not collected",
            "3 does not apply 50 % 1 missing",
            "2 does not apply 50 % 1 missing",
        ]
        assert matrix["Body mass index (kg/m\u00b2)"][:3] == [
            "5 not collected 33 % 2 missing",
            "33 % 2 missing",
            "5 not collected",
        ]
        assert matrix["Age (years)"][:3] == ["75 % 2 missing", "67 % 1 missing", "80 % 1 missing"]

    def test_images(self, page_of_two: Callable[[str], Page]) -> None:
        images = table(page_of_two("")[ids.IMAGE_COUNTS])
        head = ["Grid", "Subjects", "train", "test", "no split", "Files ok", "Files absent"]
        assert images["Image"] == [*head, "Voxels", "Voxel size, mm"]
        size = ["5 \u00d7 6 \u00d7 7", "1 \u00d7 1 \u00d7 1"]
        assert images["NCCT"] == ["native", "5", "4", "1", "0", "5", "0", *size]
        assert images["Infarct mask"][:7] == ["MNI152", "1", "0", "0", "1", "1", "1"]

    def test_problems(self, page_of_two: Callable[[str], Page]) -> None:
        body = next(parts(page_of_two("")[ids.PROBLEM_COUNTS], "Tbody"))
        found = [
            [text(cell["children"]) for cell in _row_cells(row)]
            for row in parts(body["children"], "Tr")
        ]
        assert [row[:4] for row in found] == [
            ["error", "link dangling", "1", "1"],
            ["warning", "value implausible", "1", "1"],
        ]
        assert found[0][5].startswith("sub-3 : The file is a link")
        assert "999" in found[1][5]

    def test_datasets(self, page_of_two: Callable[[str], Page]) -> None:
        tree = page_of_two("")[ids.DATASETS]
        assert [(row[0], row[1]) for row in list(table(tree).values())[1:]] == [
            ("5", "isles24"),
            ("3", "soop"),
        ]


def _row_cells(row: Any) -> list[Any]:
    return [cell["props"] for cell in row["children"]]


class TestLinks:
    """Every number that is a link leads to as many subjects as it says."""

    def test_real_cohort(self, page: Page, soop: Index) -> None:
        assert _check_links(page, soop) > 50

    @pytest.mark.parametrize("search", ["", "?center=1,missing&age=..75,missing", "?dataset=split"])
    def test_two_datasets(self, page_of_two: Callable[[str], Page], two: Path, search: str) -> None:
        assert _check_links(page_of_two(search), IndexFolder(two).current()) > 10


def _check_links(page: Page, index: Index) -> int:
    checked = 0
    for link in parts([page[part] for part in page if part != ids.PROBLEMS_LINK], "Link"):
        path, _, query = link["href"].partition("?")
        number = re.match(r"(?:.*% )?([\d,]+)(?: |$)", text(link["children"]))
        if path != "/cohort" or not number:
            continue
        cohort, notices = Cohort.parse(query, index.variables)
        assert notices == []
        assert index.count(cohort) == int(number.group(1).replace(",", "")), link
        checked += 1
    return checked


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 1000, "0 %"),
        (1, 1000, "< 1 %"),
        (10, 1000, "1 %"),
        (994, 1000, "99 %"),
        (999, 1000, "> 99 %"),
        (1000, 1000, "100 %"),
    ],
)
def test_all_and_none_are_said_of_all_and_none_only(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said
