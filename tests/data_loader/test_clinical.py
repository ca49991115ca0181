"""Clinical files → values and problems, in every shape in which they come."""

import os
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from data_loader.clinical import Clinical, read_clinical
from data_loader.scan import scan_dataset
from tests.images import Content, write_dataset

PHENOTYPE = "train/phenotype/sub-stroke0001/ses-01/sub-stroke0001_ses-01_demographic_baseline.csv"
SECOND = "train/phenotype/sub-stroke0180/ses-01/sub-stroke0180_ses-01_demographic_baseline.csv"


def clinical_of(root: Path, files: dict[str, Content]) -> Clinical:
    return read_clinical(scan_dataset(write_dataset(root, files)))


def read_table(root: Path, text: str | bytes) -> Clinical:
    """Read a participants.tsv of a BIDS dataset with three subjects."""
    subjects: dict[str, Content] = {f"sub-{n}/anat/sub-{n}_T1w.nii.gz": None for n in (1, 2, 3)}
    return clinical_of(root, {"participants.tsv": text, **subjects})


def codes(clinical: Clinical) -> list[tuple[str, str | None, str | None]]:
    return [(p.code, p.subject, p.variable) for p in clinical.problems]


class Table(NamedTuple):
    """A participants.tsv, the rows that are read, and the problems' codes."""

    text: str | bytes
    rows: dict[str, dict[str, object]]
    codes: list[str]


TABLES = {
    "as published": Table(
        "participant_id\tsex\tage\tbmi\nsub-1\tF\t87\t19.23\nsub-2\tn/a\tn/a\tn/a\nsub-3\tM\t89+\t30\n",
        {
            "sub-1": {"sex": "F", "age": 87.0, "bmi": 19.23, "age_top_coded": 0},
            "sub-2": {},
            "sub-3": {"sex": "M", "age": 89.0, "bmi": 30.0, "age_top_coded": 1},
        },
        [],
    ),
    "no age is a bound": Table("participant_id\tage\nsub-1\t70\n", {"sub-1": {"age": 70.0}}, []),
    "every way to say nothing": Table(
        "participant_id\tsex\tage\tbmi\tnihss\nsub-1\tN/A\tnan\t \tNone\nsub-2\tna\tnull\t.\tNaN\n",
        {"sub-1": {}, "sub-2": {}},
        [],
    ),
    "byte order mark and Windows line ends": Table(
        b"\xef\xbb\xbfparticipant_id\tage\r\nsub-1\t70\r\n", {"sub-1": {"age": 70.0}}, []
    ),
    "labels without sub-": Table("participant_id\tage\n1\t70\n", {"sub-1": {"age": 70.0}}, []),
    "a quoted cell with tab and comma": Table(
        'participant_id\tetiology\nsub-1\t"2: Cardio (e.g.,\tatrial)"\n',
        {"sub-1": {"etiology": "2: Cardio (e.g.,\tatrial)"}},
        [],
    ),
    "a quoted cell of two lines": Table(
        'participant_id\tetiology\nsub-1\t"2: Cardio\r\n (atrial)"\n',
        {"sub-1": {"etiology": "2: Cardio (atrial)"}},
        [],
    ),
    "a row that is cut short": Table(
        "participant_id\tage\tsex\nsub-1\t70\n", {"sub-1": {"age": 70.0}}, []
    ),
    "blank lines": Table("participant_id\tage\n\nsub-1\t70\n\t\n", {"sub-1": {"age": 70.0}}, []),
    "a row that is too long": Table(
        "participant_id\tage\nsub-1\t70\t71\nsub-2\t60\n",
        {"sub-2": {"age": 60.0}},
        ["clinical-unreadable"],
    ),
    "a row that agrees": Table(
        "participant_id\tage\nsub-1\t70\nsub-1\t70\n",
        {"sub-1": {"age": 70.0}},
        ["subject-duplicate"],
    ),
    "a row that differs: the first is used": Table(
        "participant_id\tage\nsub-1\t70\nsub-1\t71\n",
        {"sub-1": {"age": 70.0}},
        ["subject-duplicate"],
    ),
    "no label at all": Table(
        "participant_id\tage\nsub 1\t70\nsub-2\t60\n",
        {"sub-2": {"age": 60.0}},
        ["clinical-unreadable"],
    ),
    "no column of labels": Table("id\tage\nsub-1\t70\n", {}, ["clinical-unreadable"]),
    "two columns of one name": Table(
        "participant_id\tage\tage\nsub-1\t70\t71\n", {}, ["clinical-unreadable"]
    ),
    "two columns of one variable that differ": Table(
        "participant_id\tsex\tgender\nsub-1\tF\tM\nsub-2\tF\tfemale\n",
        {"sub-1": {"sex": "F"}, "sub-2": {"sex": "F"}},
        ["variable-duplicate"],
    ),
    "empty": Table("", {}, ["clinical-unreadable"]),
    "a header and no rows": Table("participant_id\tage\n", {}, []),
    "not UTF-8": Table(
        "participant_id\tage\nsub-1\tä\n".encode("latin-1"), {}, ["clinical-unreadable"]
    ),
    "binary": Table(b"\x1f\x00\x08" * 50, {}, ["clinical-unreadable"]),
    "a quote that is never closed": Table(
        'participant_id\tetiology\tage\nsub-1\t"oops\t70\nsub-2\tb\t60\n',
        {},
        ["clinical-unreadable"],
    ),
    "a value that is no number": Table(
        "participant_id\tage\nsub-1\told\n", {"sub-1": {}}, ["value-unreadable"]
    ),
    "a value that is hard to believe": Table(
        "participant_id\tage\nsub-1\t700\n", {"sub-1": {"age": 700.0}}, ["value-implausible"]
    ),
    "columns that nobody knows": Table(
        "participant_id\tDyslexia\tTest score\tSite name\nsub-1\t1\t2.5\tBern\nsub-2\t0\tn/a\t7\n",
        {
            "sub-1": {"dyslexia": 1, "test_score": 2.5, "site_name": "Bern"},
            "sub-2": {"dyslexia": 0, "site_name": "7"},
        },
        [],
    ),
    "columns named as what the program makes": Table(
        "participant_id\tdataset\tvolume_ml\tposition\tsubject\tsort\nsub-1\tA\t2\t3\t4\ta\n",
        {
            "sub-1": {
                "dataset_2": "A",
                "volume_ml_2": 2.0,
                "position_2": 3.0,
                "subject_2": 4.0,
                "sort_2": "a",
            }
        },
        [],
    ),
    "columns that differ only in signs": Table(
        "participant_id\tA-b\ta b\nsub-1\t5\t6\n", {"sub-1": {"a_b": 5.0, "a_b_2": 6.0}}, []
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(tmp_path: Path, name: str) -> None:
    table = TABLES[name]
    clinical = read_table(tmp_path, table.text)
    assert clinical.rows == table.rows
    assert [problem.code for problem in clinical.problems] == table.codes
    assert all(problem.sentence.endswith(".") for problem in clinical.problems)


def test_a_sentence_names_the_row(tmp_path: Path) -> None:
    (problem,) = read_table(tmp_path, "participant_id\tage\nsub-1\t7\t8\n").problems
    assert problem.sentence == "Data row 1 is not used: it has more cells than the header."
    assert problem.file == "participants.tsv"


class TestOneFileASubject:
    """The ISLES'24 way: the subject is in the path."""

    def test_two_rows(self, tmp_path: Path) -> None:
        text = "Age,Sex\n71,F\n72,F\n"
        clinical = clinical_of(tmp_path, {SECOND: text})
        assert clinical.rows == {"sub-stroke0180": {"age": 71.0, "sex": "F"}}
        assert codes(clinical) == [("subject-duplicate", "sub-stroke0180", None)]
        assert "differs from the first" in clinical.problems[0].sentence

    def test_durations_become_minutes(self, tmp_path: Path) -> None:
        text = "Onset to door,Door to imaging,Alert to door\n01:30:00,00:13:26.400000,\n"
        clinical = clinical_of(tmp_path, {PHENOTYPE: text})
        row = clinical.rows["sub-stroke0001"]
        assert row == pytest.approx({"onset_to_door_min": 90, "door_to_imaging_min": 13.44})
        assert "alert_to_door_min" in clinical.variables

    @pytest.mark.parametrize(
        "text",
        [
            "Center;Age;Wake-up\n1;71;0\n",
            "Center,Age,Wake-up\r\n1,71,0\r\n",
            "center,AGE,wake up\n1,71,0",
        ],
        ids=["semicolons", "Windows", "other case"],
    )
    def test_spellings(self, tmp_path: Path, text: str) -> None:
        clinical = clinical_of(tmp_path, {PHENOTYPE: text})
        assert clinical.rows == {"sub-stroke0001": {"center": 1, "age": 71.0, "wake_up": 0}}

    def test_json(self, tmp_path: Path) -> None:
        folder = "phenotype/sub-stroke0001"
        clinical = clinical_of(
            tmp_path,
            {
                f"{folder}/any_name.json": '{"Age": 71.5, "Sex": "F", "INR": null, "Wake-up": true}',
                f"{folder}/outcome.json": '[{"mRS 3 months": 2, "TICI postinterventional": "2c"}]',
            },
        )
        assert clinical.rows == {
            "sub-stroke0001": {
                "age": 71.5,
                "sex": "F",
                "wake_up": 1,
                "mrs_3_months": 2,
                "tici": "2c",
            }
        }
        assert not clinical.problems

    @pytest.mark.parametrize("text", ["{", "3", "[3]", '"a"', "", "\xff", "[" * 5000])
    def test_json_that_is_no_record(self, tmp_path: Path, text: str) -> None:
        clinical = clinical_of(tmp_path, {"phenotype/sub-stroke0001/a.json": text})
        assert codes(clinical) == [("clinical-unreadable", None, None)]

    def test_a_file_about_nobody(self, tmp_path: Path) -> None:
        clinical = clinical_of(
            tmp_path, {PHENOTYPE: "Age\n71\n", "train/phenotype/summary.csv": "Age\n70\n"}
        )
        assert clinical.rows == {"sub-stroke0001": {"age": 71.0}}
        assert codes(clinical) == [("clinical-unreadable", None, None)]

    def test_one_unreadable_file_costs_no_other(self, tmp_path: Path) -> None:
        clinical = clinical_of(tmp_path, {PHENOTYPE: b"\xff\xfe", SECOND: "Age\n60\n"})
        assert clinical.rows == {"sub-stroke0180": {"age": 60.0}}
        (problem,) = clinical.problems
        assert (problem.code, problem.file) == ("clinical-unreadable", PHENOTYPE)

    def test_dangling_link(self, tmp_path: Path) -> None:
        clinical = clinical_of(tmp_path, {PHENOTYPE: None, SECOND: "Age\n60\n"})
        assert codes(clinical) == [("clinical-unreadable", None, None)]
        assert "can't be opened" in clinical.problems[0].sentence

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        write_dataset(tmp_path, {SECOND: "Age\n60\n"})
        (tmp_path / PHENOTYPE).parent.mkdir(parents=True)
        os.mkfifo(tmp_path / PHENOTYPE)
        clinical = read_clinical(scan_dataset(tmp_path))
        assert codes(clinical) == [("clinical-unreadable", None, None)]


def test_values_of_two_visits_are_one_row(tmp_path: Path) -> None:
    outcome = PHENOTYPE.replace("ses-01", "ses-02").replace("demographic_baseline", "outcome")
    clinical = clinical_of(tmp_path, {PHENOTYPE: "Age\n71\n", outcome: "mRS 3 months\n2\n"})
    assert clinical.rows == {"sub-stroke0001": {"age": 71.0, "mrs_3_months": 2}}
    assert list(clinical.variables) == ["age", "mrs_3_months"]


def test_times_of_a_workbook_become_minutes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Onset to door", "Door to groin", "Door to imaging", "Center"])
    book.worksheets[0].append([time(1, 30), 0.0625, timedelta(hours=25), None])
    content = BytesIO()
    book.save(content)
    clinical = clinical_of(tmp_path, {PHENOTYPE.replace(".csv", ".xlsx"): content.getvalue()})
    assert clinical.rows["sub-stroke0001"] == {
        "onset_to_door_min": 90.0,
        "door_to_groin_min": 90.0,
        "door_to_imaging_min": 1500.0,
    }
    assert codes(clinical) == [("value-implausible", "sub-stroke0001", "door_to_imaging_min")]


def test_isles22_has_sex_and_age_in_its_sidecars(real_data: Path) -> None:
    clinical = read_clinical(scan_dataset(real_data / "isles22"))
    assert clinical.rows == {"sub-strokecase0009": {"sex": "F", "age": 60.0}}
    assert not clinical.problems
