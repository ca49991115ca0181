"""The Patient page: who is shown, and every value beside reference and cohort."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from dash.development.base_component import Component
from scipy import stats

from dashboard.components.clinical_record import clinical_record, ordinal
from dashboard.components.course import course
from dashboard.components.infarct import infarct_measures
from dashboard.components.patient_files import image_list, problem_list
from dashboard.components.patient_heading import patient_heading
from dashboard.image_files import only
from dashboard.pages.patient import subject_at
from dashboard.record import Entry, position, read_record
from dashboard.view import View
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index


def _text(part: object) -> str:
    """What is read of a component and all within it."""
    if isinstance(part, Component):
        return _text(getattr(part, "children", None))
    if isinstance(part, list | tuple):
        return " ".join(filter(None, map(_text, part)))
    return "" if part is None else str(part)


@pytest.fixture
def cohort(soop: Index) -> Callable[[str], Cohort]:
    def parse(query: str) -> Cohort:
        read, notices = Cohort.parse(query, soop.variables)
        assert notices == []
        return read

    return parse


def _entries(index: Index, subject: str, among: Cohort = EVERYONE) -> dict[str, Entry]:
    row = index.subject("soop", subject)
    assert row is not None
    problems = index.problems(only("soop", subject))
    groups = read_record(index, among, row, problems)
    return {entry.variable.name: entry for group in groups.values() for entry in group}


@pytest.fixture(scope="session")
def participants(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "soop" / "participants.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _percentile(rows: list[dict[str, str]], column: str, value: float) -> float:
    known = [float(row[column].rstrip("+")) for row in rows if row[column] != "n/a"]
    return float(stats.percentileofscore(known, value, kind="mean"))


def test_percentile_is_the_mid_rank_of_known_values(
    soop: Index, participants: list[dict[str, str]]
) -> None:
    entries = _entries(soop, "sub-9")
    for name, column, value in (
        ("age", "age", 70),
        ("nihss_admission", "nihss", 18),
        ("bmi", "bmi", 26.89),
        ("mrs_discharge", "gs_rankin_6isdeath", 4),
    ):
        found = entries[name].standing
        assert found is not None
        assert found.percentile == pytest.approx(_percentile(participants, column, value))


def test_percentile_is_that_of_the_cohort(
    soop: Index, participants: list[dict[str, str]], cohort: Callable[[str], Cohort]
) -> None:
    women = [row for row in participants if row["sex"] == "F"]
    found = _entries(soop, "sub-9", cohort("sex=F"))["age"].standing
    assert found is not None
    assert found.percentile == pytest.approx(_percentile(women, "age", 70))
    assert found.n == sum(row["age"] != "n/a" for row in women)


def test_share_of_the_same_answer(soop: Index, participants: list[dict[str, str]]) -> None:
    sexes = [row["sex"] for row in participants if row["sex"] != "n/a"]
    found = _entries(soop, "sub-9")["sex"].standing
    assert found is not None
    assert found.percentile is None
    assert found.equal == pytest.approx(100 * sexes.count("F") / len(sexes))


def test_cohort_without_values_has_no_percentile(
    soop: Index, cohort: Callable[[str], Cohort]
) -> None:
    assert _entries(soop, "sub-9", cohort("age=missing"))["age"].standing is None


def test_value_outside_the_reference_is_flagged_in_words(soop: Index) -> None:
    above, below = _entries(soop, "sub-5"), _entries(soop, "sub-9")
    assert above["bmi"].outside == "above"
    assert below["bmi"].outside == "above"
    record = _text(clinical_record({"Demographics": [above["bmi"]]}, n=1))
    assert "37.29 kg/m² 18.5 to 25 ▲ above" in record


def test_blank_is_told_from_a_value_that_can_not_be(soop: Index) -> None:
    entries = _entries(soop, "sub-7")
    assert entries["age"].blank == "missing"
    assert "missing" in _text(clinical_record({"x": [entries["age"]]}, n=1))


def test_top_coded_age_is_a_bound(soop: Index, participants: list[dict[str, str]]) -> None:
    oldest = next(row["participant_id"] for row in participants if row["age"] == "89+")
    assert _entries(soop, oldest)["age"].text == "89 years or more"


@pytest.mark.parametrize(
    ("percentile", "said"), [(0, "1st"), (2.4, "2nd"), (11.5, "12th"), (73, "73rd"), (100, "99th")]
)
def test_percentile_in_words(percentile: float, said: str) -> None:
    assert ordinal(percentile) == said


def test_address_names_a_subject_or_takes_the_cohorts_first(
    soop: Index, cohort: Callable[[str], Cohort]
) -> None:
    named = subject_at("/patient/soop/sub-9", EVERYONE, soop)
    assert named is not None
    assert named["subject"] == "sub-9"
    first = subject_at("/patient", cohort("sex=M"), soop)
    assert first is not None
    assert first["subject"] == "sub-5"
    assert subject_at("/patient", cohort("age=200..300"), soop) is None


@pytest.mark.parametrize(
    "path", ["/patient/soop/sub-0", "/patient/soop", "/patient/soop/sub-9/x", "/patient/%2e/%00"]
)
def test_address_of_no_one(soop: Index, path: str) -> None:
    assert subject_at(path, EVERYONE, soop) is None


def test_place_among_the_cohort(
    soop: Index, participants: list[dict[str, str]], cohort: Callable[[str], Cohort]
) -> None:
    men = [row["participant_id"] for row in participants if row["sex"] == "M"]
    place = position(soop, cohort("sex=M"), "soop", men[4])
    assert place.before is not None
    assert place.after is not None
    assert (place.place, place.n) == (5, len(men))
    assert (place.before["subject"], place.after["subject"]) == (men[3], men[5])


def test_heading_says_who_is_not_in_the_cohort(
    soop: Index, cohort: Callable[[str], Cohort]
) -> None:
    view = View.parse("?sex=M", soop)
    row = soop.subject("soop", "sub-9")
    assert row is not None
    said = _text(patient_heading(soop, row, position(soop, view.cohort, "soop", "sub-9"), view))
    assert "Not among the" in said
    assert "70 years, female" in said


def test_course_has_the_stations_that_the_dataset_knows(soop: Index) -> None:
    said = _text(course(_entries(soop, "sub-9")))
    assert "Arrival Discharge" in said
    assert "NIHSS 18" in said
    assert "Groin" not in said


def test_infarct_in_words(soop: Index) -> None:
    (lesion,) = soop.lesions(only("soop", "sub-9"))
    said = _text(infarct_measures(lesion, []))
    assert "54.15 ml, wholly on the patient's left (about the MNI midline)" in said
    assert "No infarct mask" in _text(infarct_measures(None, []))


def test_images_and_problems_are_listed_with_what_to_do(soop: Index) -> None:
    (row,) = image_list(soop.images(only("soop", "sub-9"))).children[1].data["body"]
    assert row[0] == "Infarct mask"
    assert row[3:7] == ["157 x 189 x 136", "1 x 1 x 1", "LAS", "ok"]
    problem = soop.problems(EVERYONE)[0]
    assert problem["remedy"] in _text(problem_list([problem]))
    assert "None found" in _text(problem_list([]))
