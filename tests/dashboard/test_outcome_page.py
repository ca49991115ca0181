"""The Outcome page, asked without a browser: its numbers beside R's and the command's."""

import json
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from math import exp
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from analytics.measure import measure_lesions
from app import create_app, main
from dashboard import ids
from data_loader.build import build_index
from tests.analytics.outcome.trials import by_r
from tests.dashboard.test_overview import parts, table, text
from tests.images import Content, box, soop_mask, write_dataset

SECTIONS = (
    ids.OUTCOME_DESCRIBE,
    ids.OUTCOME_COMPARE,
    ids.OUTCOME_MODEL,
    ids.OUTCOME_FITTED,
    ids.OUTCOME_CUTS,
    ids.OUTCOME_PREDICTED,
    ids.OUTCOME_CURVES,
    ids.OUTCOME_INFLUENCE,
    ids.OUTCOME_WORDS,
)
R = json.loads((Path(__file__).parents[1] / "reference" / "outcome" / "models.json").read_text())
HEADER = "participant_id\tsex\tage\tnihss\tgs_rankin_6isdeath\tpriorstroke\n"
SUBJECTS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index of sixty made-up subjects, a few of them of 88 and older."""
    rows = [
        f"sub-{n}\t{'FM'[n % 2]}\t{50 + (n * 17) % 40 + 20 * (n <= 5)}\t{(n * 7) % 25}"
        f"\t{min(6, ((n * 7) % 25 + (n * 11) % 13) // 5) if n % 9 else 'n/a'}\t{int(n % 4 == 0)}\n"
        for n in range(1, SUBJECTS + 1)
    ]
    root = tmp_path_factory.mktemp("made")
    files: dict[str, Content] = {soop_mask(f"sub-{n}"): box() for n in range(1, SUBJECTS + 1)}
    write_dataset(root / "soop", {"participants.tsv": HEADER + "".join(rows)} | files)
    build_index([root / "soop"], root / "index", measure=partial(measure_lesions, workers=1))
    return root / "index"


@pytest.fixture(scope="module")
def made(folder: Path) -> FlaskClient:
    return create_app(folder).test_client()


def draw(
    client: FlaskClient, part: str, search: str = "", asked: str | None = None, sight: str = "yes"
) -> Any:
    """What the browser gets for a part; None where that stays as it is."""
    dependencies = client.get("/_dash-dependencies").get_json()
    (one,) = (d for d in dependencies if d["output"].startswith(f"..{part}.children"))
    inputs = [{"id": ids.URL, "property": "search", "value": search}]
    inputs += [
        {"id": d["id"], "property": d["property"], "value": sight} for d in one["inputs"][1:]
    ]
    body = {
        "output": one["output"],
        "outputs": [
            dict(zip(("id", "property"), name.split("."), strict=True))
            for name in one["output"].strip(".").split("...")
        ],
        "inputs": inputs,
        "state": [{"id": part, "property": "data-asked", "value": asked}],
        "changedPropIds": [f"{ids.URL}.search"],
    }
    answer = client.post("/_dash-update-component", json=body)
    if answer.status_code == 204:
        return None
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["response"][part]


def shown(client: FlaskClient, part: str, search: str = "") -> Any:
    return draw(client, part, search)["children"]


def alerts(tree: Any, color: str) -> list[str]:
    return [text(one["children"]) for one in parts(tree, "Alert") if one["color"] == color]


def test_every_section_shows_the_real_cohort(client: FlaskClient) -> None:
    for part in SECTIONS:
        tree = shown(client, part)
        assert alerts(tree, "red") == [], part
        assert text(tree), part
    figures = [len(list(parts(shown(client, part), "Graph"))) for part in SECTIONS]
    # SOOP has one time point, so that nothing flows.
    assert figures == [1, 1, 1, 0, 1, 2, 3, 1, 0]


def test_tables_are_one_component_whatever_they_hold(client: FlaskClient) -> None:
    for part in (ids.OUTCOME_DESCRIBE, ids.OUTCOME_MODEL, ids.OUTCOME_FITTED, ids.OUTCOME_CUTS):
        tree = shown(client, part)
        inside = [list(parts(one["content"], "Table")) for one in parts(tree, "Still")]
        assert sum(map(len, inside)) == len(list(parts(tree, "Table"))) > 0
        assert max(map(len, inside)) == 1


def test_coefficients_and_thresholds_are_those_of_r(client: FlaskClient) -> None:
    search = "?by=none&terms=age,sex,nihss_admission,prior_stroke"
    fitted = shown(client, ids.OUTCOME_FITTED, search)
    clm = R["ordinal"]
    names = ("Age (years)", "Sex: male against female", "NIHSS at admission", "Prior stroke")
    found = _first(fitted)
    for name, estimate, se in zip(names, clm["estimate"], clm["se"], strict=True):
        assert found[name][:2] == [_printed(estimate), _printed(se)]
    for place, (value, se) in enumerate(zip(clm["threshold"], clm["threshold_se"], strict=True)):
        row = found[f"Threshold {place}|{place + 1}"]
        assert row[:2] == [_printed(value), _printed(se)]
    assert table(fitted)["Log-likelihood"] == ["−597.088"]  # noqa: RUF001 - a minus
    low, high = exp(clm["profile_low"][2]), exp(clm["profile_high"][2])
    assert f"{low:.3f} to {high:.3f}" in _first(shown(client, ids.OUTCOME_MODEL, search))[names[2]]
    brant = table(shown(client, ids.OUTCOME_CUTS, search))["All terms"]
    assert brant == [f"{clm['brant']['chi2']:.2f}", "20", f"{clm['brant']['p']:.3f}"]


def _first(tree: Any) -> dict[str, list[str]]:
    return table({"type": "Table", "props": next(parts(tree, "Table"))})


def _printed(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")  # noqa: RUF001 - a minus


def test_files_hold_the_numbers_of_the_command(
    client: FlaskClient, soop_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get(
        "/download/outcome.json?age=>=60&by=sex&terms=age/10,rcs(nihss_admission,3)"
    )
    terms = "age/10,rcs(nihss_admission,3)"
    said = _command(capsys, soop_folder, "--by", "sex", "--terms", terms, "--cohort", "age=>=60")
    assert json.loads(answer.data) == said


def test_crossed_groups_are_in_every_part_and_those_of_the_command(
    client: FlaskClient, soop_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    search = "?by=sex,prior_stroke&terms=age"
    names = [f"{sex}: Prior stroke {had}" for sex in ("female", "male") for had in ("no", "yes")]
    described = _first(shown(client, ids.OUTCOME_DESCRIBE, search))
    # Subjects whose mRS is known, as R counts them.
    counts = by_r()["soop_sex_prior_stroke"]["n"]
    assert {name: int(described[name][0]) for name in names} == dict(
        zip(names, counts, strict=True)
    )
    compared = text(shown(client, ids.OUTCOME_COMPARE, search))
    modelled = text(shown(client, ids.OUTCOME_MODEL, search))
    for name, count in zip(names[1:], counts[1:], strict=True):
        assert f"{name} (n = {count}) against {names[0]} (n = {counts[0]})" in compared
        assert name in modelled
    fitted = table(shown(client, ids.OUTCOME_FITTED, search))
    assert {f"{name} against {names[0]}" for name in names[1:]} < set(fitted)
    for part in (ids.OUTCOME_FITTED, ids.OUTCOME_CUTS, ids.OUTCOME_PREDICTED, ids.OUTCOME_WORDS):
        assert not alerts(shown(client, part, search), "red")
    answer = client.get(f"/download/outcome.json{search}")
    said = _command(capsys, soop_folder, "--by", "sex, prior_stroke", "--terms", "age")
    assert json.loads(answer.data) == said
    assert [one["term"] for one in said["terms"]] == [
        *(f"sex,prior_stroke[{code}]" for code in ("F,1", "M,0", "M,1")),
        "age",
    ]


@pytest.mark.parametrize(
    "chosen",
    [
        ("&regression=partial&free=age", "partial", ("--free", "age")),
        ("&regression=linear&errors=hc3", "linear", ("--hc3",)),
        ("&errors=race", "ordinal", ("--cluster", "race")),
        ("&regression=good&errors=race", "good", ("--cluster", "race")),
    ],
    ids=["freed", "hc3", "clusters", "clusters of a dichotomy"],
)
def test_freed_terms_and_robust_errors_are_those_of_the_command(
    client: FlaskClient,
    soop_folder: Path,
    capsys: pytest.CaptureFixture[str],
    chosen: tuple[str, str, tuple[str, ...]],
) -> None:
    more, kind, options = chosen
    asked = ("--terms", "age,nihss_admission", "--model")
    search = f"?by=none&terms=age,nihss_admission{more}"
    said = _command(capsys, soop_folder, *asked, kind, *options)
    plain = _command(capsys, soop_folder, *asked, "ordinal" if kind == "partial" else kind)
    assert json.loads(client.get(f"/download/outcome.json{search}").data) == said
    # A freed term has an estimate at each of the six cuts.
    assert len(said["terms"]) == (7 if kind == "partial" else 2)
    # What was chosen changes the errors, or which estimates there are.
    assert [one["se"] for one in said["terms"]] != [one["se"] for one in plain["terms"]]
    fitted = list(_rows(shown(client, ids.OUTCOME_FITTED, search)))
    expected = [[_printed(one["estimate"]), _printed(one["se"])] for one in said["terms"]]
    assert [row[1:3] for row in fitted if row[1:3] in expected] == expected
    model = shown(client, ids.OUTCOME_MODEL, search)
    drawn = next(parts(model, "Graph"))["figure"]["data"]
    adjusted = next(trace for trace in drawn if trace.get("name") == "Adjusted")
    key, low = ("estimate", "ci_low") if kind == "linear" else ("odds_ratio", "or_low")
    assert adjusted["x"] == pytest.approx([one[key] for one in said["terms"]])
    assert adjusted["error_x"]["arrayminus"] == pytest.approx(
        [one[key] - one[low] for one in said["terms"]]
    )


def _rows(tree: Any) -> Iterator[list[str]]:
    for row in parts(tree, "Tr"):
        cells = row["children"]
        yield [text(cell) for cell in (cells if isinstance(cells, list) else [cells])]


def test_who_lacks_a_part_of_crossed_groups_is_named_by_it(client: FlaskClient) -> None:
    left_out = text(shown(client, ids.OUTCOME_FITTED, "?by=sex,race&terms=age"))
    assert "Race missing" in left_out


def _command(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> Any:
    with pytest.raises(SystemExit) as end:
        main(["outcome", "--index", str(folder), "--outcome", "mrs_discharge", *options])
    assert end.value.code == 0
    return json.loads(capsys.readouterr().out)


def test_a_choice_of_another_part_leaves_a_part_as_it_is(client: FlaskClient) -> None:
    described = draw(client, ids.OUTCOME_DESCRIBE, "?terms=age")["data-asked"]
    assert draw(client, ids.OUTCOME_DESCRIBE, "?terms=age,sex", described) is None
    modelled = draw(client, ids.OUTCOME_MODEL, "?terms=age")["data-asked"]
    assert draw(client, ids.OUTCOME_MODEL, "?terms=age&along=age", modelled) is None
    assert draw(client, ids.OUTCOME_MODEL, "?terms=age,sex", modelled) is not None
    assert draw(client, ids.OUTCOME_MODEL, "?terms=age&sex=F", modelled) is not None


BAD = {
    "?age=>=200": "no subjects",
    "?subject=sub-1": "",
    "?age=>=88": "",
    "?mrs_discharge=2": "the same value",
    "?sex=F": "same Sex",
    "?by=none&terms=sex&sex=F": "No term is left",
    "?terms=hat": "hat",
    "?terms=age(": "can't be read",
    "?terms=mrs_discharge": "explain itself",
    "?terms=age&endpoint=hat": "hat",
    "?terms=age&regression=hat": "hat",
    "?terms=age&regression=partial": "freed",
    "?endpoint=sex&regression=death": "needs an mRS",
    "?by=sex,hat": "hat",
    "?by=sex,age": "no levels",
    "?by=sex,mrs_discharge": "explain itself",
    "?by=sex,prior_stroke&sex=F&prior_stroke=1": "same Sex and prior stroke",
    "?by=hat": "hat",
    "?by=age": "a measure",
    "?terms=volume_ml": "only after treatment",
}
"""Addresses, and a word of the sentence that stands in place of the model."""


@pytest.mark.parametrize("search", BAD)
def test_what_cannot_be_modelled_is_a_sentence(made: FlaskClient, search: str) -> None:
    refused = alerts(shown(made, ids.OUTCOME_MODEL, search), "red")
    if BAD[search]:
        (sentence,) = refused
        assert BAD[search] in sentence
        # What the command line offers is no use here.
        assert "--" not in sentence
    for part in SECTIONS:
        said = text(shown(made, part, search))
        assert said
        assert "nan" not in said.casefold().replace("finance", "").split()
        assert "inf" not in said.casefold().split()


def test_a_part_out_of_sight_is_not_drawn_and_shows_nothing_old(client: FlaskClient) -> None:
    part = ids.OUTCOME_CURVES
    assert draw(client, part, "?terms=age", sight="no") is None
    asked = draw(client, part, "?terms=age")["data-asked"]
    assert draw(client, part, "?terms=age", asked, sight="no") is None
    emptied = draw(client, part, "?terms=age,sex", asked, sight="no")
    assert emptied == {"children": [], "data-asked": ""}


@pytest.mark.parametrize("key", ["along", "cut", "weights", "bars"])
def test_a_choice_that_is_none_spoils_its_part_alone(made: FlaskClient, key: str) -> None:
    spoilt = [part for part in SECTIONS if alerts(shown(made, part, f"?{key}=hat"), "red")]
    assert len(spoilt) == 1


def test_terms_named_twice_or_alike_are_named(made: FlaskClient) -> None:
    said = alerts(shown(made, ids.OUTCOME_MODEL, "?terms=age,age,age/10"), "yellow")
    assert any("twice" in one for one in said) or "age/10" in " ".join(said)


def test_separation_shows_no_p_and_offers_firth(made: FlaskClient) -> None:
    # Whoever has an NIHSS of 20 or more dies or not by it alone.
    search = "?by=none&regression=good&terms=nihss_admission,age,levels(nihss_admission)"
    tree = shown(made, ids.OUTCOME_MODEL, search)
    assert any("Firth" in one for one in alerts(tree, "yellow"))
    links = {text(one["children"]): one["href"] for one in parts(tree, "Link")}
    again = links["Use Firth's penalty"]
    assert "penalty=firth" in again
    rows = _first(tree)
    assert rows
    assert all(cells[-2] in {"–", "p"} for cells in rows.values() if len(cells) == 5)  # noqa: RUF001 - a dash


def test_what_is_known_after_treatment_enters_by_name_and_is_said_everywhere(
    made: FlaskClient,
) -> None:
    tree = shown(made, ids.OUTCOME_MODEL, "?terms=age,components_26")
    (use, leave) = (one["href"] for one in parts(tree, "Link"))
    assert "allow=components_26" in use
    assert "components_26" not in leave


def test_an_allowed_term_is_said_in_every_file(client: FlaskClient) -> None:
    search = "?terms=age,nihss_admission,volume_ml&allow=volume_ml"
    assert client.get("/download/outcome.json?terms=age,volume_ml").status_code == 400
    sentence = "known only after treatment"
    assert any(
        sentence in one for one in alerts(shown(client, ids.OUTCOME_MODEL, search), "yellow")
    )
    assert sentence in text(shown(client, ids.OUTCOME_WORDS, search))
    for extension in ("html", "csv", "tex", "script"):
        answer = client.get(f"/download/outcome.{extension}{search}")
        assert sentence in answer.get_data(as_text=True), extension
    assert json.loads(client.get(f"/download/outcome.json{search}").data)["post_treatment"]
    for extension, member in (("docx", "word/document.xml"), ("xlsx", "xl/sharedStrings.xml")):
        content = client.get(f"/download/outcome.{extension}{search}").data
        with zipfile.ZipFile(BytesIO(content)) as opened:
            assert sentence in opened.read(member).decode(), extension


def test_odds_ratios_read_the_other_way(client: FlaskClient) -> None:
    search = "?by=none&terms=nihss_admission"
    rows = _first(shown(client, ids.OUTCOME_MODEL, search))
    turned = _first(shown(client, ids.OUTCOME_MODEL, f"{search}&reading=lower"))
    value, other = (float(one["NIHSS at admission"][0].split()[0]) for one in (rows, turned))
    assert value * other == pytest.approx(1, abs=0.01)
    said = text(shown(client, ids.OUTCOME_MODEL, f"{search}&reading=lower"))
    assert "above 1 means a lower (better)" in said
    assert "above 1 means a higher (worse)" not in said


def test_who_was_left_out_leads_to_them(client: FlaskClient) -> None:
    tree = shown(client, ids.OUTCOME_FITTED, "?sex=F&by=none")
    links = {text(one["children"]): one["href"] for one in parts(tree, "Link")}
    assert links["mRS at discharge missing"] == "/cohort?sex=F&mrs_discharge=missing&by=none"


def test_a_part_of_the_cohort_whose_outcome_is_missing_is_shown(client: FlaskClient) -> None:
    rows = table(shown(client, ids.OUTCOME_DESCRIBE, "?by=none"))
    cells = rows["all"]
    assert int(cells[0]) + int(cells[-1]) == 842


def _wait(client: FlaskClient, search: str, button: str | None = None) -> list[Any]:
    """What the study's callback answers."""
    dependencies = client.get("/_dash-dependencies").get_json()
    (one,) = (d for d in dependencies if d["output"].startswith(f"..{ids.STUDY_SAID}.children"))
    values: dict[str | None, object] = {ids.URL: search, button: 1}
    body = {
        "output": one["output"],
        "outputs": [
            dict(zip(("id", "property"), name.split("."), strict=True))
            for name in one["output"].strip(".").split("...")
        ],
        "inputs": [
            {"id": d["id"], "property": d["property"], "value": values.get(d["id"])}
            for d in one["inputs"]
        ],
        "state": [{"id": ids.STUDY_DONE, "property": "data", "value": None}],
        "changedPropIds": [f"{button}.n_clicks" if button else f"{ids.URL}.search"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    response = answer.get_json()["response"]
    done = response.get(ids.STUDY_DONE, {}).get("data")
    return [response[ids.STUDY_SAID]["children"], response[ids.STUDY_JOB]["className"], done]


def _check_beside(before: Any, after: Any, pooled: list[dict[str, Any]]) -> None:
    """Pooled estimates stand beside those of the complete cases, and in the forest plot."""
    alone, found = _first(before), _first(after)
    for label, one in zip(list(found)[-2:], pooled, strict=True):
        row = found[label]
        assert row[:-3] == alone[label]
        assert float(row[-3].partition(" ")[0]) == pytest.approx(one["odds_ratio"], abs=0.006)
        assert row[-1] == f"{100 * one['missing_information']:.0f} %"
    names = [
        [trace.get("name") for trace in next(parts(tree, "Graph"))["figure"]["data"]]
        for tree in (before, after)
    ]
    assert ("Imputed" in names[0], "Imputed" in names[1]) == (False, True)
    drawn = next(parts(after, "Graph"))["figure"]["data"]
    x = next(trace["x"] for trace in drawn if trace.get("name") == "Imputed")
    assert x == pytest.approx([one["odds_ratio"] for one in pooled])


def test_a_study_runs_in_the_background_and_is_a_file(
    made: FlaskClient, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    search = "?by=none&terms=age,nihss_admission&impute=2&validate=none&seed=3"
    before = shown(made, ids.OUTCOME_MODEL, search)
    assert made.get(f"/download/outcome-study.json{search}").status_code == 400
    assert _wait(made, search)[1] == "study-none"
    _wait(made, search, ids.STUDY_START)
    for _ in range(600):
        _, state, done = _wait(made, search)
        if state != "study-running":
            break
        time.sleep(0.05)
    assert (state, bool(done)) == ("study-done", True)
    answer = made.get(f"/download/outcome-study.json{search}")
    options = ("--terms", "age,nihss_admission", "--impute", "2", "--seed", "3")
    said = _command(capsys, folder, *options)
    assert json.loads(answer.data) == said
    _check_beside(before, shown(made, ids.OUTCOME_MODEL, search), said["imputation"]["terms"])
    turned = shown(made, ids.OUTCOME_MODEL, f"{search}&reading=lower")
    lower = next(parts(turned, "Graph"))["figure"]["data"]
    age = next(trace["x"][0] for trace in lower if trace.get("name") == "Imputed")
    assert age == pytest.approx(1 / said["imputation"]["terms"][0]["odds_ratio"])
    for extension in ("docx", "xlsx", "tex", "html", "csv", "script"):
        assert made.get(f"/download/outcome-study.{extension}{search}").status_code == 200


@pytest.mark.parametrize(
    ("search", "word"),
    [
        ("?impute=many", "many"),
        ("?seed=-1", "seed"),
        ("?learners=oracle", "oracle"),
        ("?folds=1", "2 to 20 folds"),
        ("?repeats=201", "not 5 folds 201 times"),
        ("?folds=five", "can't be read as folds"),
        ("?validate=none", "Nothing is asked for"),
        ("?terms=hat", "hat"),
    ],
)
def test_a_study_that_cannot_be_is_a_sentence(made: FlaskClient, search: str, word: str) -> None:
    said, state, _ = _wait(made, search)
    assert state == "study-none"
    assert word in said
