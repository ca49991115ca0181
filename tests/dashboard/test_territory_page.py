"""The Territories page, asked without a browser."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from flask.testing import FlaskClient

from analytics.atlas.schematic import read_schematic
from analytics.measure import measure_lesions
from analytics.territories import standard_space
from app import create_app
from dashboard import ids
from dashboard.pages import territory
from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from tests.dashboard.test_overview import parts, text
from tests.dashboard.test_quality import ask
from tests.images import Content, nifti_bytes, soop_mask, write_dataset

CENTRES_MM = {
    "sub-1": ((-45, -5, 10),),
    "sub-2": ((45, -5, 10),),
    "sub-3": ((16, -80, 6), (45, -5, 10)),
    "sub-4": ((45, -5, 10), (45, -25, 20)),
}
"""In MNI152, of cubes of 1 ml: MCA left; MCA right; PCA and MCA right; twice MCA right."""

PEOPLE = """participant_id\tsex\trace
sub-1\tF\tw
sub-2\tM\tw
sub-3\tM\tw
sub-4\tF\tw
sub-5\tM\tw
sub-6\tn/a\tw
"""


def _mask(centres: tuple[tuple[int, int, int], ...]) -> bytes:
    """On a grid of 2 mm, in cubes of 5 voxels a side."""
    affine = np.diag([2.0, 2, 2, 1])
    affine[:3, 3] = (-90, -126, -72)
    mask = np.zeros((91, 109, 91), np.uint8)
    for centre in centres:
        i, j, k = ((np.array(centre) - affine[:3, 3]) // 2).astype(int)
        mask[i - 2 : i + 3, j - 2 : j + 3, k - 2 : k + 3] = 1
    return gzip.compress(nifti_bytes(mask, affine=affine), 1)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of cubes, counted by the schematic atlas."""
    folder = tmp_path_factory.mktemp("cubes")
    files: dict[str, Content] = {"participants.tsv": PEOPLE}
    files |= {soop_mask(subject): _mask(at) for subject, at in CENTRES_MM.items()}
    root = write_dataset(folder / "soop", files)
    measure = partial(measure_lesions, workers=1)
    standard = standard_space(read_schematic())
    build_index([root], folder / "index", measure=measure, standard=standard)
    return folder / "index"


@pytest.fixture(scope="module")
def cubes(drawn: Path) -> FlaskClient:
    return create_app(drawn).test_client()


def page_of(client: FlaskClient, search: str = "") -> dict[str, Any]:
    return {
        part: value.get("children")
        for part, value in ask(client, ids.TERRITORY_RESULT, search).items()
    }


def controls_of(client: FlaskClient) -> Any:
    """What the reader can choose."""
    path = {"id": ids.URL, "property": "pathname", "value": territory.PATH}
    search = {"id": ids.URL, "property": "search", "value": ""}
    asked = ask(client, ids.TERRITORY_CHOICES, inputs=[path], state=[search])
    return asked[ids.TERRITORY_CHOICES]["children"]


def tables(page: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Title of each table to its rows, label to cells."""
    return {
        text(next(parts(table["children"], "Caption"))["children"]): {
            text(label): cells for label, *cells in _rows(table)
        }
        for table in parts(page[ids.TERRITORY_RESULT], "Table")
    }


def _rows(table: Any) -> Iterator[list[Any]]:
    """Cells of the rows that are no headings."""
    for body in parts(table["children"], "Tbody"):
        for row in parts(body["children"], "Tr"):
            if isinstance(row["children"], list):
                yield row["children"]


def words(rows: dict[str, list[Any]], label: str) -> list[str]:
    return [text(cell) for cell in rows[label]]


class TestNumbers:
    """Cubes of known place and volume."""

    def test_of_the_cohort(self, cubes: FlaskClient) -> None:
        rows = tables(page_of(cubes))["Infarcts by arterial territory"]
        assert words(rows, "MCA-L") == [
            *("0.2 ± 0.5", "1 [1\N{EN DASH}1]", "25"),
            *("1 (25)", "1 (25)", "1 (25)"),
        ]
        # Of equal territories the first dominates: sub-3 is MCA too.
        mca, pca = words(rows, "MCA-R"), words(rows, "PCA-R")
        assert mca[0].startswith("1.0 ± ")
        assert mca[2:] == ["62", "3 (75)", "3 (75)", "3 (75)"]
        assert pca[2:] == ["12", "1 (25)", "1 (25)", "0 (0)"]
        assert words(rows, "VB-L")[2:] == ["0", "0 (0)", "0 (0)", "0 (0)"]

    def test_of_two_groups(self, cubes: FlaskClient) -> None:
        found = tables(page_of(cubes, "?by=sex"))
        volume = found["Infarct volume by arterial territory, by Sex"]
        assert words(volume, "MCA-L")[:6] == [
            *("0.5 ± 0.7", "1 [1\N{EN DASH}1]", "50"),
            *("0.0 ± 0.0", "\N{EN DASH}", "0"),
        ]
        subjects = found["Subjects by arterial territory, by Sex"]
        assert words(subjects, "PCA-R")[:6] == [
            "0 (0)",
            "0 (0)",
            "0 (0)",
            "1 (50)",
            "1 (50)",
            "0 (0)",
        ]
        patterns = found["Pattern of the infarcts, by Sex"]
        zone = "MCA\N{EN DASH}PCA right"
        # Fisher's p of one in two against none in two is 1.
        assert words(patterns, zone) == ["0 (0)", "1 (50)", ">0.999"]
        assert words(patterns, "Circulation") == ["", "", ">0.999"]
        assert words(patterns, "anterior") == ["2 (100)", "1 (50)", ""]

    def test_of_crossed_groups(self, cubes: FlaskClient) -> None:
        page = page_of(cubes, "?by=race,sex")
        by = "by Race and sex"
        (table,) = (
            props
            for props in parts(page[ids.TERRITORY_RESULT], "Table")
            if text(next(parts(props["children"], "Caption"))["children"]).startswith("Subjects")
        )
        spanners = [text(cell["children"]) for cell in parts(table["children"], "Th")]
        # Named as Table 1 names its columns.
        assert [said for said in spanners if "White" in said] == [
            "White: female (n = 2)",
            "White: male (n = 2)",
        ]
        subjects = tables(page)[f"Subjects by arterial territory, {by}"]
        assert words(subjects, "MCA-L")[:6] == ["1 (50)"] * 3 + ["0 (0)"] * 3
        assert "In no group: 1 whose Race or Sex is missing." in text(page[ids.TERRITORY_CAPTION])

    def test_who_is_left_out_and_how_infarcts_came_there_is_said(self, cubes: FlaskClient) -> None:
        page = page_of(cubes)
        assert text(page[ids.TERRITORY_SAID]).startswith("4 of 6 subjects have an infarct in")
        assert "given in MNI152 (4)" in text(page[ids.TERRITORY_CAPTION])
        page = page_of(cubes, "?by=sex")
        assert "In no group: 1 whose Sex is missing." in text(page[ids.TERRITORY_CAPTION])

    def test_the_schematic_atlas_is_called_what_it_is(self, cubes: FlaskClient) -> None:
        said = text(page_of(cubes)[ids.TERRITORY_CAPTION])
        assert "schematic, approximate, not validated" in said
        for extension in ("html", "tex", "csv", "json"):
            answer = cubes.get(f"/download/territories.{extension}")
            assert "schematic, approximate, not validated" in answer.get_data(as_text=True)

    def test_the_page_has_the_numbers_of_its_files(self, client: FlaskClient) -> None:
        search = "?by=sex&age=%3E%3D60"
        shown = tables(page_of(client, search))
        subjects = shown["Subjects by arterial territory, by Sex"]
        document = client.get(f"/download/territories.json{search}").get_json()
        for row in document["regions"]:
            first = 0 if row["group"] == "F" else 3
            counts = [words(subjects, row["label"])[first + n].split(" ")[0] for n in range(3)]
            assert counts == [f"{row[kind]:,}" for kind in ("any", "involved", "dominant")]
        printed = client.get(f"/download/territories.csv{search}").get_data(as_text=True)
        volume = shown["Infarct volume by arterial territory, by Sex"]
        for row in csv.reader(io.StringIO(printed)):
            if row[1] in volume:
                both = [*words(volume, row[1])[:3], *words(subjects, row[1])[:3]]
                assert row[2:8] == both


class TestLinks:
    """Every number leads to exactly its subjects."""

    @pytest.mark.parametrize(
        "search",
        [
            "",
            "?atlas_level=1",
            "?by=sex",
            "?by=mrs_discharge&atlas_level=1",
            "?lesion_in=ACA-L&by=circulation",
            "?by=race&age=60..&dominant_territory=MCA-L,MCA-R",
            "?by=sex,prior_stroke",
            "?by=race,mrs_discharge&age=60..&sex=F",
        ],
    )
    def test_a_link_has_as_many_as_it_says(
        self, client: FlaskClient, soop: Index, search: str
    ) -> None:
        if "atlas_level" in search and soop.atlas and 1 not in soop.atlas.levels:
            pytest.skip("the published atlas, which has parts of territories, isn't here")
        links = list(parts(page_of(client, search)[ids.TERRITORY_RESULT], "Link"))
        assert len(links) > 20
        for link in links:
            path, _, query = link["href"].partition("?")
            cohort, notices = Cohort.parse(query, soop.variables)
            assert path == territory.PATH
            assert notices == []
            count = int(text(link["children"]).split(" ")[0].replace(",", ""))
            assert soop.count(cohort) == count, link["href"]

    def test_a_number_of_none_leads_nowhere(self, cubes: FlaskClient) -> None:
        for link in parts(page_of(cubes)[ids.TERRITORY_RESULT], "Link"):
            assert not text(link["children"]).startswith("0 ")


class TestChoices:
    """What can be asked, and what is said of what can't."""

    def test_level_and_groups(self, client: FlaskClient, soop: Index) -> None:
        controls = controls_of(client)
        labels = [props.get("label") for props in parts(controls, "Select")]
        two = soop.atlas is not None and len(soop.atlas.levels) > 1
        assert labels == ["Bars show", *(["Level"] if two else [])]
        (groups,) = parts(controls, "MultiSelect")
        assert groups["label"] == "Groups"
        offered = json.dumps(groups["data"], ensure_ascii=False)
        assert "mRS at discharge: 0\N{EN DASH}2 or 3\N{EN DASH}6" in offered

    def test_an_atlas_of_whole_territories_has_no_level_to_choose(self, cubes: FlaskClient) -> None:
        controls = controls_of(cubes)
        assert [props["label"] for props in parts(controls, "Select")] == ["Bars show"]

    def test_more_groups_than_colours_still_have_their_tables(self, client: FlaskClient) -> None:
        page = page_of(client, "?by=etiology")
        graphs = list(parts(page[ids.TERRITORY_RESULT], "Graph"))
        assert len(graphs) == 1
        assert "can't be told apart" in json.dumps(graphs[0]["figure"]["layout"])
        assert len(tables(page)) == 3

    @pytest.mark.parametrize(
        ("search", "says"),
        [
            ("?age=>=150", "The cohort has no subjects; widen it."),
            ("?has_mask=0", "Nobody in this cohort has an infarct in standard space."),
            ("?by=hat", "“hat” is no variable of this index."),
            ("?by=sex,hat", "“hat” is no variable of this index."),
            ("?by=sex,age", "Age has no levels to group by; choose one that has."),
            ("?by=race,etiology,prior_stroke", "Race, etiology (TOAST) and prior stroke splits"),
            ("?by=age", "Age is a measure, not a group"),
            ("?by=sex&sex=missing", "Sex is known of nobody in this cohort."),
            ("?by=mrs_discharge&mrs_discharge=missing", "mRS at discharge is known of nobody"),
            ("?atlas_level=3", "“3” is no level of an atlas; 1 and 2 are."),
            ("?lengths=cups", "“cups” is nothing that bars show"),
        ],
    )
    def test_what_cannot_be_shown_is_one_sentence(
        self, client: FlaskClient, search: str, says: str
    ) -> None:
        page = page_of(client, search)
        assert page[ids.TERRITORY_SAID].startswith(says)
        assert page[ids.TERRITORY_RESULT] is None
        assert page[ids.TERRITORY_LINKS] == []

    def test_a_level_that_the_atlas_lacks(self, cubes: FlaskClient) -> None:
        page = page_of(cubes, "?atlas_level=1")
        assert page[ids.TERRITORY_SAID].endswith("has no parts of territories.")

    def test_one_group_has_nothing_to_compare(self, cubes: FlaskClient) -> None:
        for search, label in (("?by=race", "White"), ("?by=sex&sex=F", "female")):
            page = page_of(cubes, search)
            said = text(page[ids.TERRITORY_SAID])
            assert f"one group, “{label}”, so that there is nothing to compare." in said
            assert len(tables(page)) == 2

    def test_one_subject(self, cubes: FlaskClient) -> None:
        page = page_of(cubes, "?subject=sub-1")
        said = text(page[ids.TERRITORY_SAID])
        assert said.startswith("1 of 1 subject has an infarct in standard space. The numbers are")
        assert words(tables(page)["Infarcts by arterial territory"], "MCA-L")[:3] == [
            *("1.0", "1 [1\N{EN DASH}1]", "100"),
        ]

    def test_groups_of_one_and_of_none_are_compared_as_far_as_they_can(
        self, cubes: FlaskClient
    ) -> None:
        one_and_one = page_of(cubes, "?by=sex&subject=sub-1,sub-2")
        assert len(tables(one_and_one)) == 3
        none_known = page_of(cubes, "?by=sex&subject=sub-1,sub-4,sub-5")
        rows = tables(none_known)["Subjects by arterial territory, by Sex"]
        assert words(rows, "MCA-L") == ["1 (50)", "1 (50)", "1 (50)", *["\N{EN DASH}"] * 5]

    def test_an_index_without_an_atlas_says_so(self, tmp_path: Path) -> None:
        root = write_dataset(tmp_path / "soop", {"participants.tsv": PEOPLE})
        build_index([root], tmp_path / "index", measure=None)
        assert IndexFolder(tmp_path / "index").current().atlas is None
        page = page_of(create_app(tmp_path / "index").test_client())
        assert page[ids.TERRITORY_SAID].startswith("No infarct of this index is counted by")


def click(client: FlaskClient, part: str, search: str) -> str | None:
    """The query that a click on what stands for a part of a query leads to; None for none."""
    dependencies = client.get("/_dash-dependencies").get_json()
    (wanted,) = (d for d in dependencies if any(i["id"] == ids.TERRITORY_BARS for i in d["inputs"]))
    bars, nested = ids.TERRITORY_BARS, ids.TERRITORY_NESTED
    clicked = {"points": [{"customdata": part}]}
    body = {
        "output": wanted["output"],
        "outputs": [],
        "inputs": [
            {"id": bars, "property": "clickData", "value": clicked},
            {"id": nested, "property": "clickData", "value": None},
        ],
        "state": [{"id": ids.URL, "property": "search", "value": search}],
        "changedPropIds": [f"{bars}.clickData"],
    }
    answer = client.post("/_dash-update-component", json=body)
    updates = answer.get_json()["sideUpdate"] if answer.status_code == 200 else {}
    found: str | None = updates.get(ids.URL, {}).get("search")
    return found


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("lesion_in=MCA-L:10%", "", "?lesion_in=MCA-L:10%25"),
        ("lesion_in=MCA-L:10%", "?lesion_in=MCA-L:10%25", ""),
        ("lesion_in=PCA-L", "?lesion_in=MCA-L:10%25", "?lesion_in=MCA-L:10%25;PCA-L"),
        ("lesion_in=MCA-L:10%", "?lesion_in=MCA-L:10%25;PCA-L", "?lesion_in=PCA-L"),
        ("lesion_in=outside atlas", "?sex=F", "?sex=F&lesion_in=outside%20atlas"),
        ("dominant_territory=MCA-L", "?by=sex", "?dominant_territory=MCA-L&by=sex"),
        ("dominant_territory=MCA-L", "?dominant_territory=MCA-L", ""),
        (
            "dominant_territory=MCA-L",
            "?dominant_territory=MCA-L,PCA-L",
            "?dominant_territory=MCA-L",
        ),
        ("", "?by=sex", None),
    ],
)
def test_a_click_narrows_and_the_same_again_lets_go(
    client: FlaskClient, part: str, before: str, after: str | None
) -> None:
    assert click(client, part, before) == after


def test_what_a_bar_stands_for_is_a_cohort(client: FlaskClient, soop: Index) -> None:
    graphs = parts(page_of(client)[ids.TERRITORY_RESULT], "Graph")
    traces = [trace for graph in graphs for trace in graph["figure"]["data"]]
    for query in {query for trace in traces for query in trace["customdata"]}:
        cohort, notices = Cohort.parse(quote(query, safe="=:,"), soop.variables)
        assert notices == []
        assert cohort != EVERYONE
