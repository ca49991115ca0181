"""Questions to an index, answered on a table that can be checked by hand."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import IndexUnavailable
from data_loader.index import Index, IndexFolder
from data_loader.schema import POINTER
from tests.data_loader.cohorts import TABLE, index_of
from tests.images import write_dataset


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("index"), TABLE)


def cohort_of(index: Index, query: str) -> Cohort:
    cohort, notices = Cohort.parse(query, index.variables)
    assert not notices
    return cohort


def labels(rows: Sequence[dict[str, object]]) -> str:
    return " ".join(str(row["subject"]).removeprefix("sub-") for row in rows)


class TestSubjects:
    """The table of subjects, a page at a time."""

    def test_in_natural_order(self, index: Index) -> None:
        assert labels(index.subjects(EVERYONE)) == "1 2 3 4 5 10 77"

    def test_sorted_with_blanks_last(self, index: Index) -> None:
        assert labels(index.subjects(EVERYONE, sort=[("age", False)])) == "1 2 3 4 5 10 77"
        assert labels(index.subjects(EVERYONE, sort=[("age", True)])) == "5 4 3 2 1 10 77"
        by_two = [("sex", False), ("age", True)]
        assert labels(index.subjects(EVERYONE, sort=by_two)) == "3 1 4 2 5 10 77"

    def test_a_page(self, index: Index) -> None:
        assert labels(index.subjects(EVERYONE, offset=2, limit=2)) == "3 4"
        assert labels(index.subjects(EVERYONE, offset=99, limit=2)) == ""
        assert labels(index.subjects(EVERYONE, limit=0)) == ""

    def test_columns(self, index: Index) -> None:
        rows = index.subjects(EVERYONE, columns=["sex", "subject", "sex"])
        assert rows.columns == ("dataset", "subject", "sex")
        assert rows[0] == {"dataset": "toy", "subject": "sub-1", "sex": "F"}

    def test_one(self, index: Index) -> None:
        row = index.subject("toy", "sub-3")
        assert row is not None
        assert (row["age"], row["tici"], row["alert_to_door_min"]) == (79.5, "3", None)
        assert index.subject("toy", "sub-99") is None
        assert index.subject("other", "sub-3") is None

    def test_keys_are_those_of_the_dictionary(self, index: Index) -> None:
        rows = index.subjects(EVERYONE)
        assert rows.columns == tuple(dict.fromkeys(("dataset", "subject", *index.variables)))


class TestNeighbours:
    """Previous and next within the cohort."""

    @pytest.mark.parametrize(
        ("query", "subject", "before", "after"),
        [
            ("", "sub-1", None, "sub-2"),
            ("", "sub-5", "sub-4", "sub-10"),
            ("", "sub-77", "sub-10", None),
            ("sex=M", "sub-3", "sub-2", "sub-4"),  # itself outside the cohort
            ("sex=M", "sub-2", None, "sub-4"),
            ("age=<0", "sub-2", None, None),
            ("", "sub-99", None, None),
        ],
    )
    def test_pairs(
        self, index: Index, query: str, subject: str, before: str | None, after: str | None
    ) -> None:
        found = index.neighbours(cohort_of(index, query), "toy", subject)
        assert [row and row["subject"] for row in found] == [before, after]


class TestAttrition:
    """What each filter costs, in the order in which they were set."""

    def test_steps(self, index: Index) -> None:
        steps = index.attrition(cohort_of(index, "age=>=60&nihss_admission=<=16&subject=2,3"))
        assert [(s.name, s.before, s.after, s.unknown) for s in steps] == [
            ("age", 7, 4, 2),
            ("nihss_admission", 4, 2, 1),
            ("subject", 2, 2, 0),
        ]
        assert steps[0].phrase == "age is at least 60 years"

    def test_no_filters(self, index: Index) -> None:
        assert index.attrition(EVERYONE) == []

    def test_steps_of_the_real_cohort_add_up(self, soop: Index) -> None:
        cohort = cohort_of(soop, "sex=F&age=60..&nihss_admission=5..20&volume_ml=>1")
        steps = soop.attrition(cohort)
        assert steps[0].before == soop.size
        assert steps[-1].after == soop.count(cohort)
        for first, second in pairwise(steps):
            assert first.after == second.before
            assert first.unknown <= first.before - first.after


def test_pasted_labels_that_nobody_bears_are_told(index: Index) -> None:
    cohort = cohort_of(index, "subject=1,99,toy/2,other/3")
    assert sorted(index.unknown_labels(cohort)) == ["other/sub-3", "sub-99"]
    assert index.unknown_labels(EVERYONE) == []


def test_members_are_in_the_order_of_the_index(index: Index) -> None:
    members = index.members(cohort_of(index, "sex=M"))
    assert members.tolist() == [False, True, False, True, False, False, False]
    assert index.members(EVERYONE).all()


def test_images_and_problems_of_a_cohort(index: Index) -> None:
    assert len(index.images(EVERYONE)) == 2
    assert labels(index.images(cohort_of(index, "subject=77"))) == "77"
    assert [row["code"] for row in index.problems(EVERYONE)] == ["link-dangling"] * 2
    assert labels(index.problems(cohort_of(index, "age=40"))) == "1"
    assert index.lesions(EVERYONE) == []


def test_real_subjects_are_those_of_the_table(soop: Index, real_data: Path) -> None:
    lines = (real_data / "soop" / "participants.tsv").read_text("utf-8").splitlines()[1:]
    cells = {line.split("\t")[0]: line.split("\t") for line in lines}
    rows = {str(row["subject"]): row for row in soop.subjects(EVERYONE)}
    assert {s for s, row in rows.items() if row["has_clinical"]} == set(cells)
    for subject, (_, sex, age, *_) in cells.items():
        row = rows[subject]
        assert row["sex"] == (None if sex == "n/a" else sex)
        assert row["age"] == (None if age == "n/a" else float(age.removesuffix("+")))
        assert row["age_top_coded"] == (None if age == "n/a" else int(age.endswith("+")))
    assert sum(bool(row["has_mask"]) for row in rows.values()) == 721
    assert any(row["has_mask"] and not row["has_clinical"] for row in rows.values())
    assert any(row["has_clinical"] and not row["has_mask"] for row in rows.values())


def test_threads_may_ask_at_once(soop: Index) -> None:
    cohort = cohort_of(soop, "sex=F")
    expected = soop.count(cohort), soop.scale("age").count(soop.members(cohort))

    def ask(_: int) -> object:
        return soop.count(cohort), soop.scale("age").count(soop.members(cohort))

    with ThreadPoolExecutor(8) as pool:
        assert all(answer == expected for answer in pool.map(ask, range(64)))


class TestSafety:
    """An open index reaches no other file."""

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT * FROM read_text('/etc/passwd')",
            "COPY subjects TO '/tmp/insula-leak.csv'",
            "ATTACH '/tmp/insula-other.duckdb'",
            "CREATE TABLE x (y INT)",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ],
    )
    def test_statements(self, index: Index, sql: str) -> None:
        with pytest.raises(duckdb.Error):
            index._rows(sql)


class TestUnavailable:
    """No index, or none that can be read: one sentence."""

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(IndexUnavailable, match=r"There is no index in .*; make one with"):
            IndexFolder(tmp_path).current()

    @pytest.mark.parametrize("pointer", ["insula-000009.duckdb", "", "\xff", "../x", "a\0b"])
    def test_a_pointer_to_nothing(self, tmp_path: Path, pointer: str) -> None:
        (tmp_path / POINTER).write_text(pointer, "latin-1")
        with pytest.raises(IndexUnavailable):
            IndexFolder(tmp_path).current()

    @pytest.mark.parametrize("content", [b"", b"garbage" * 5000])
    def test_a_damaged_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "insula-000001.duckdb").write_bytes(content)
        (tmp_path / POINTER).write_text("insula-000001.duckdb", "ascii")
        with pytest.raises(IndexUnavailable):
            IndexFolder(tmp_path).current()

    def test_a_database_of_something_else(self, tmp_path: Path) -> None:
        with duckdb.connect(str(tmp_path / "insula-000001.duckdb")) as connection:
            connection.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
            connection.execute("INSERT INTO meta VALUES ('program_version', 'not json')")
        (tmp_path / POINTER).write_text("insula-000001.duckdb", "ascii")
        with pytest.raises(IndexUnavailable, match="another version"):
            IndexFolder(tmp_path).current()

    def test_another_program_version(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = write_dataset(tmp_path / "data", {"sub-1/anat/sub-1_T1w.nii": None})
        build_index([root], tmp_path / "index", measure=None)
        monkeypatch.setattr("data_loader.index.__version__", "99")
        with pytest.raises(IndexUnavailable, match="made by another version"):
            IndexFolder(tmp_path / "index").current()
        monkeypatch.setattr("data_loader.build.__version__", "99")
        assert build_index([root], tmp_path / "index", measure=None).version == 2
        assert IndexFolder(tmp_path / "index").current().size == 1
