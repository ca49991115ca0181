"""The dictionary, and which column of a file is which variable."""

import re

import pytest

from data_loader.cohort import SUBJECT, VIEW_KEYS
from data_loader.content import MEASURES
from data_loader.variables import KINDS, Variable, dictionary, infer_variable, match_column

BASELINE = """Center, Sex, Age, Atrial fibrillation, Hypertension, Diabetes, Hyperlipidemia,
Anticoagulation, Lipid lowering drugs, PAIs, Glucose, Leucocytes, CRP, INR, Wake-up, In-House,
Referral, Onset to door, Alert to door, NIHSS at admission, mRS at admission, mRS premorbid,
Door to imaging, Door to groin, Door to first series"""
OUTCOME = """Time of intervention, Door to recanalization, TICI postinterventional, NIHSS 24h,
mRS 24h, NIHSS discharge, mRS discharge, mRS 3 months"""
DESIGN = {"Center"}


def columns(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", " ").split(",")]


@pytest.mark.parametrize("column", columns(BASELINE) + columns(OUTCOME))
def test_every_column_of_isles24_is_known(column: str) -> None:
    variable = match_column(column, {})
    assert variable is not None
    assert match_column(f" {column.upper()} ", {}) is variable


@pytest.mark.parametrize("column", columns(BASELINE))
def test_what_is_known_before_recanalisation(column: str) -> None:
    variable = match_column(column, {})
    assert variable is not None
    assert variable.timepoint == ("design" if column in DESIGN else "baseline")


@pytest.mark.parametrize("column", columns(OUTCOME))
def test_what_is_known_only_after_it(column: str) -> None:
    variable = match_column(column, {})
    assert variable is not None
    assert variable.timepoint == "outcome"


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Statins", "lipid_lowering_drugs"),
        ("mTici postinterventional", "tici"),
        ("MRS discharge", "mrs_discharge"),
        ("MRS 3 months", "mrs_3_months"),
        ("gs_rankin_6isdeath", "mrs_discharge"),
        ("priorstroke", "prior_stroke"),
        ("PatientAge", "age"),
        ("Platelet aggregation inhibitors", "platelet_inhibitors"),
        ("C-reactive protein", "crp_mg_dl"),
        ("In_house", "in_house"),
        ("door-to-groin", "door_to_groin_min"),
        ("Onset to door (hh:mm:ss)", "onset_to_door_min"),
        ("Glucose [mg/dl]", "glucose_mg_dl"),
        ("mRS at three months", "mrs_3_months"),
        ("NIHSS_24h", "nihss_24h"),
    ],
)
def test_other_spellings(column: str, name: str) -> None:
    assert match_column(column, {}) is dictionary()[name]


@pytest.mark.parametrize("column", ["CRP (mg/l)", "Glucose (mmol/l)", "Age (months)", "AF (%)"])
def test_another_unit_is_another_variable(column: str) -> None:
    assert match_column(column, {}) is None


@pytest.mark.parametrize("name", ["dataset", "has_mask", "has_clinical", "subject", *MEASURES])
def test_what_the_program_computes_is_read_from_no_column(name: str) -> None:
    assert match_column(name, {}) is None


def test_a_profile_wins_over_aliases() -> None:
    assert match_column("NIHSS", {"nihss": "nihss_24h"}) is dictionary()["nihss_24h"]


@pytest.mark.parametrize("name", dictionary())
def test_entries_are_sound(name: str) -> None:
    variable = dictionary()[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert name not in {SUBJECT, *VIEW_KEYS}
    assert variable.kind in KINDS
    assert variable.kind != "duration" or (variable.unit == "min" and name.endswith("_min"))
    assert all(condition in dictionary() for condition in variable.applies_when)
    assert not variable.plausible or variable.plausible[0] < variable.plausible[1]
    assert Variable.of(variable.as_dict()) == variable


def test_no_column_name_means_two_variables() -> None:
    for name, variable in dictionary().items():
        for alias in variable.aliases:
            assert match_column(alias, {}) is variable, f"{alias} means {name} and another"


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Some Column", "some_column"),
        ("Größe (cm)", "gr_sse_cm"),
        ("2nd opinion", "x_2nd_opinion"),
        ("***", "column"),
        ('x"; DROP TABLE subjects; --', "x_drop_table_subjects"),
    ],
)
def test_an_unknown_column_gets_a_name_for_urls(column: str, name: str) -> None:
    variable = infer_variable(column, ["1", "2"])
    assert variable.name == name
    assert variable.label == column
    assert variable.inferred


def test_headings_and_levels_are_for_readers() -> None:
    assert dictionary()["age"].heading == "Age (years)"
    assert dictionary()["tici"].heading == "TICI after intervention"
    assert dictionary()["sex"].level_label("F") == "female"
    assert dictionary()["diabetes"].level_label(1) == "yes"
    assert dictionary()["mrs_3_months"].level_label(4) == "4"
