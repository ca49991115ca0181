"""A cohort as query, as SQL and as a sentence: one table says what each query means."""

import math
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import pytest

from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import CohortError
from data_loader.index import Index, IndexFolder
from data_loader.profile import read_profile
from tests.data_loader.cohorts import TABLE, index_of
from tests.images import Content, write_dataset


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("cohort"), TABLE)


class Query(NamedTuple):
    """A query, whom it selects, its sentence, and its canonical form where that differs."""

    query: str
    selects: str
    sentence: str
    canonical: str | None = None


ALL = "1 2 3 4 5 10 77"
QUERIES = [
    Query("", ALL, "All subjects."),
    Query("?", ALL, "All subjects.", ""),
    Query("age=", ALL, "All subjects.", ""),
    Query("sort=age&charts=age&scale=log", ALL, "All subjects.", ""),
    Query("sex=F", "1 3", "Subjects whose sex is female."),
    Query("?sex=f", "1 3", "Subjects whose sex is female.", "sex=F"),
    Query("sex=female", "1 3", "Subjects whose sex is female.", "sex=F"),
    Query("sex=F,M", "1 2 3 4", "Subjects whose sex is female or male."),
    Query("sex=F&sex=M", "1 2 3 4", "Subjects whose sex is female or male.", "sex=F,M"),
    Query("sex=F,missing", "1 3 5 10 77", "Subjects whose sex is female or missing."),
    Query("sex=missing", "5 10 77", "Subjects whose sex is missing."),
    Query("age=60..80", "2 3 4", "Subjects whose age is 60 to 80 years."),
    Query("age=60..<80", "2 3", "Subjects whose age is 60 to below 80 years."),
    Query("age=60..", "2 3 4 5", "Subjects whose age is at least 60 years.", "age=>=60"),
    Query("age=..60", "1 2", "Subjects whose age is at most 60 years.", "age=<=60"),
    Query("age=..<60", "1", "Subjects whose age is below 60 years.", "age=<60"),
    Query("age=>79.5", "4 5", "Subjects whose age is above 79.5 years."),
    Query("age=>=79.5", "3 4 5", "Subjects whose age is at least 79.5 years."),
    Query("age=<40", "", "Subjects whose age is below 40 years."),
    Query("age=80", "4", "Subjects whose age is 80 years."),
    Query("age=80.0", "4", "Subjects whose age is 80 years.", "age=80"),
    Query("age=40,80", "1 4", "Subjects whose age is 40 years or 80 years."),
    Query("age=<60,>=80", "1 4 5", "Subjects whose age is below 60 years or at least 80 years."),
    Query("age=-1e3..4e1", "1", "Subjects whose age is -1000 to 40 years.", "age=-1000..40"),
    Query("age=%2B40", "1", "Subjects whose age is 40 years.", "age=40"),
    Query("age_top_coded=1", "5", "Subjects whose age top-coded is this age or above."),
    Query("nihss_admission=>=15", "2 3 5", "Subjects whose NIHSS at admission is at least 15."),
    Query("tici=2b", "1", "Subjects whose TICI after intervention is 2b."),
    Query(
        "tici=>=2b",
        "1 2 3",
        "Subjects whose TICI after intervention is 2b, 2c or 3.",
        "tici=2b,2c,3",
    ),
    Query("tici=2c..3", "2 3", "Subjects whose TICI after intervention is 2c or 3.", "tici=2c,3"),
    Query("tici=..1", "5", "Subjects whose TICI after intervention is 0 or 1.", "tici=0,1"),
    Query("wake_up=1", "1 2", "Subjects whose wake-up stroke is yes."),
    Query(
        "alert_to_door_min=missing",
        "2 5 10 77",
        "Subjects whose alert to door is missing.",
    ),
    Query(
        "alert_to_door_min=not-applicable",
        "3 4",
        "Subjects whose alert to door is not applicable.",
    ),
    Query(
        "alert_to_door_min=missing,not-applicable",
        "2 3 4 5 10 77",
        "Subjects whose alert to door is missing or not applicable.",
    ),
    Query(
        "etiology=1:+Large",
        "1",
        "Subjects whose etiology (TOAST) is 1: Large.",
        "etiology=1:%20Large",
    ),
    Query(
        "etiology=%222:+Small,+deep%22",
        "2",
        "Subjects whose etiology (TOAST) is 2: Small, deep.",
        "etiology=%222:%20Small,%20deep%22",
    ),
    Query(
        "etiology=%22said+%22%22other%22%22%22",
        "3",
        'Subjects whose etiology (TOAST) is said "other".',
        "etiology=%22said%20%22%22other%22%22%22",
    ),
    Query("etiology==missing", "4", "Subjects whose etiology (TOAST) is missing."),
    Query("etiology=missing", "5 10 77", "Subjects whose etiology (TOAST) is missing."),
    Query(
        "etiology=nobody%20has%20this", "", "Subjects whose etiology (TOAST) is nobody has this."
    ),
    Query("has_clinical=0", "77", "Subjects whose clinical record is absent."),
    Query("dataset=toy", ALL, "Subjects whose dataset is toy."),
    Query("subject=sub-1", "1", "Subjects whose label is sub-1."),
    Query("subject=1", "1", "Subjects whose label is sub-1.", "subject=sub-1"),
    Query(
        "subject=1+10%0A77;toy/sub-2,1",
        "1 2 10 77",
        "Subjects whose label is among 4 listed.",
        "subject=sub-1,sub-10,sub-77,toy/sub-2",
    ),
    Query("subject=other/sub-1", "", "Subjects whose label is other/sub-1."),
    Query(
        "sex=F&age=60..80&nihss_admission=>=15",
        "3",
        "Subjects whose sex is female, age is 60 to 80 years and NIHSS at admission is at least 15.",
    ),
    Query("age=60..80&sex=F", "3", "Subjects whose age is 60 to 80 years and sex is female."),
]


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case.query or "(blank)")
def test_what_a_query_means(index: Index, case: Query) -> None:
    cohort, notices = Cohort.parse(case.query, index.variables)
    assert notices == []
    found = [row["subject"].removeprefix("sub-") for row in index.subjects(cohort)]
    assert found == case.selects.split()
    assert index.count(cohort) == len(found)
    assert index.members(cohort).sum() == len(found)
    assert cohort.sentence() == case.sentence
    assert cohort.query() == (case.query if case.canonical is None else case.canonical)
    assert Cohort.parse(cohort.query(), index.variables) == (cohort, [])


class Malformed(NamedTuple):
    """A query of which a part can't be read, and what its notice says."""

    query: str
    says: str
    left: str = ""


MALFORMED = [
    Malformed("colour=red", "“colour” is no variable of this index; it was left out."),
    Malformed("Age=60", "“Age” is no variable"),
    Malformed("age=old", "Age: “old” can't be read, where such as 60..80, >=15, 3 or missing"),
    Malformed("age=80..60", "Age: “80..60” runs backwards; it was left out."),
    Malformed("age=..", "Age: “..” can't be read"),
    Malformed("age=>", "Age: “>” can't be read"),
    Malformed("age=,,", "Age: “,,” can't be read"),
    Malformed("age=nan", "can't be read"),
    Malformed("age=inf", "can't be read"),
    Malformed("age=1e999", "can't be read"),
    Malformed("age=>=1e999", "can't be read"),
    Malformed("age=60..1e999", "can't be read"),
    Malformed("age=60;80", "can't be read"),
    Malformed("age=%2260", "can't be read"),
    Malformed("age=0x10", "can't be read"),
    Malformed("etiology=a%0Ab", "can't be read"),
    Malformed("tici=>=2z", "TICI after intervention: “>=2z” can't be read"),
    Malformed("tici=3..2b", "TICI after intervention: “3..2b” holds for no level; it"),
    Malformed("tici=..", "can't be read"),
    Malformed("tici=>3", "“>3” holds for no level"),
    Malformed("tici=<0", "“<0” holds for no level"),
    Malformed("sex==", "Sex: “=” can't be read"),
    Malformed("subject=a%20%25", "“%” is no subject label; the list was left out."),
    Malformed("subject=../etc", "is no subject label"),
    Malformed("sex=F&colour=red&age=old", "is no variable", "sex=F"),
    Malformed("&".join(f"x{n}=1" for n in range(300)), "too many parts"),
    Malformed(f"age={'9' * 200000}", "can't be read"),
]


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.query[:40])
def test_what_cannot_be_read_is_told_and_left_out(index: Index, case: Malformed) -> None:
    cohort, notices = Cohort.parse(case.query, index.variables)
    assert case.says in notices[0]
    assert all(len(notice) < 250 and notice.endswith(".") for notice in notices)
    assert cohort.query() == case.left


@pytest.mark.parametrize(
    "number", [0.1, 1 / 3, -0.0, 1e-7, 123456789.125, 1e15, 1e22, -2.5e-300, math.pi, 2**53 + 2.0]
)
def test_numbers_come_back_from_a_link_exactly(index: Index, number: float) -> None:
    cohort, notices = Cohort.parse(f"age=>={quote(repr(number))}", index.variables)
    assert notices == []
    assert cohort.where()[1] == (number,)
    assert Cohort.parse(cohort.query(), index.variables)[0] == cohort


class TestEditing:
    """Filters are set, set anew and dropped one at a time, as a page does it."""

    def test_setting_anew_keeps_the_place(self, index: Index) -> None:
        cohort, _ = Cohort.parse("age=60..80&sex=F", index.variables)
        assert cohort.with_filter("age", "<50", index.variables).query() == "age=<50&sex=F"

    def test_dropping(self, index: Index) -> None:
        cohort, _ = Cohort.parse("age=60..80&sex=F&subject=1", index.variables)
        assert cohort.with_filter("age", " ", index.variables).query() == "sex=F&subject=sub-1"
        assert cohort.without("subject").query() == "age=60..80&sex=F"
        assert cohort.without("age").without("sex").without("subject") == EVERYONE

    def test_what_cannot_be_read_changes_nothing(self, index: Index) -> None:
        with pytest.raises(CohortError, match="can't be read"):
            EVERYONE.with_filter("age", "old", index.variables)
        with pytest.raises(CohortError, match="no variable"):
            EVERYONE.with_filter("colour", "red", index.variables)

    def test_finding(self, index: Index) -> None:
        cohort, _ = Cohort.parse("age=60..80", index.variables)
        found = cohort.filter_of("age")
        assert found is not None
        assert found.expression == "60..80"
        assert cohort.filter_of("sex") is None


FRAGMENTS = [
    "' OR 1=1 --",
    '" OR 1=1 --',
    "'; DROP TABLE subjects; --",
    '"; DROP TABLE subjects; --',
    "1) OR (TRUE",
    "x' UNION SELECT * FROM meta --",
    "COPY subjects TO '/tmp/x'",
    "read_csv('/etc/passwd')",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\x00",
    "\ud800",
    "\u202eevil",
    "%00%27",
    "%",
    "_",
    "\\",
    "\n\r\t",
    "NULL",
    "TRUE",
    "?",
    "$1",
    "::VARCHAR",
    "/* */",
    "=missing",
    "..",
    ">=",
    '""',
    ",",
    "'" * 99,
    "\u0666\u0660",
    "é" * 2000,
]


def payloads() -> list[str]:
    """300 queries: each fragment as a name and as a value, alone, quoted, encoded and joined."""
    random = np.random.default_rng(300)
    names = ["age", "sex", "tici", "etiology", "subject", "dataset", "alert_to_door_min"]
    found: list[str] = []
    while len(found) < 300:
        first, second = (FRAGMENTS[n] for n in random.integers(0, len(FRAGMENTS), 2))
        name = names[random.integers(0, len(names))]
        found += [
            f"{name}={first}",
            f"{first}={second}",
            f'{name}="{first}",{second}',
            f"{name}=={first}&{name}{second}=1",
            f"{name}=60..{first}",
        ]
    return found[:300]


def test_no_query_runs_anything_or_raises(index: Index) -> None:
    everyone = index.subjects(EVERYONE)
    for payload in payloads():
        cohort, notices = Cohort.parse(payload, index.variables)
        assert index.count(cohort) == len(index.subjects(cohort)) <= len(everyone)
        assert index.count(cohort) < len(everyone) or notices or cohort.is_everyone
        assert Cohort.parse(cohort.query(), index.variables) == (cohort, [])
        assert "\n" not in cohort.sentence()
        index.attrition(cohort)
        index.unknown_labels(cohort)
    assert index.subjects(EVERYONE) == everyone


@pytest.mark.parametrize("column", ["subject", "position", "age; --", '"age"', "meta.key", ""])
def test_columns_and_groups_come_from_the_index_alone(index: Index, column: str) -> None:
    if column != "subject":
        with pytest.raises(KeyError):
            index.subjects(EVERYONE, columns=[column])
        with pytest.raises(KeyError):
            index.subjects(EVERYONE, sort=[(column, True)])
        with pytest.raises(KeyError):
            index.completeness(EVERYONE, [column])
    with pytest.raises(KeyError):
        index.scale(column)


def test_a_table_with_hostile_headers_and_cells(tmp_path: Path) -> None:
    hostile = ['"; DROP TABLE subjects; --', "' OR 1=1", "=cmd()", "a b", "select"]
    table = [
        ["participant_id", *hostile],
        ["sub-1", *hostile],
        ["sub-2", *("x" for _ in hostile)],
    ]
    index = index_of(tmp_path, table)
    inferred = [variable for variable in index.variables.values() if variable.inferred]
    assert [variable.label for variable in inferred] == hostile
    for variable, cell in zip(inferred, hostile, strict=True):
        bars = {bar.label: bar.expression for bar in index.scale(variable.name).bars}
        cohort = EVERYONE.with_filter(variable.name, bars[cell], index.variables)
        assert [row["subject"] for row in index.subjects(cohort)] == ["sub-1"]


@pytest.mark.parametrize(
    ("query", "name", "text", "after"),
    [
        ("", "sex", "F", "sex=F"),
        ("sex=F", "sex", "M", "sex=F,M"),
        ("sex=F,M", "sex", "F", "sex=M"),
        ("sex=F", "sex", "F", ""),
        ("sex=F", "sex", "missing", "sex=F,missing"),
        ("sex=F,missing&age=80", "sex", "missing", "sex=F&age=80"),
        ("age=60..<80", "age", "80..100", "age=60..<80,80..100"),
        ("age=60..<80,80..100", "age", "60..<80", "age=80..100"),
        ("etiology==missing", "etiology", "missing", "etiology==missing,missing"),
    ],
)
def test_a_second_click_takes_back_the_first(
    index: Index, query: str, name: str, text: str, after: str
) -> None:
    cohort, _ = Cohort.parse(query, index.variables)
    assert cohort.toggled(name, text, index.variables).query() == after


def test_labels_of_a_profile_without_sub_can_be_listed(tmp_path: Path) -> None:
    profile = tmp_path / "hospital.toml"
    profile.write_text(
        "title = 'H'\nrecognise = 'P'\nsubject = 'P\\d+'\n"
        "images = [{ kind = 'ncct', file = 'ct\\.nii' }]\n"
    )
    files: dict[str, Content] = {"P1/ct.nii.gz": None, "P2/ct.nii.gz": None}
    root = write_dataset(tmp_path / "h", files)
    build_index([root], tmp_path / "i", measure=None, profile=read_profile(str(profile)))
    index = IndexFolder(tmp_path / "i").current()
    cohort, notices = Cohort.parse("subject=P2,h/P1,P3", index.variables)
    assert notices == []
    assert [row["subject"] for row in index.subjects(cohort)] == ["P1", "P2"]
    assert index.unknown_labels(cohort) == ["sub-P3"]
    # As the pages of one subject ask.
    assert [row["subject"] for row in index.images(Cohort(subjects=("h/P2",)))] == ["P2"]
