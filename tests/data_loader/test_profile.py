"""Profiles: which file is which image, in every layout that is met."""

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

import data_loader
from data_loader.errors import ProfileError
from data_loader.profile import (
    ORDER,
    ClinicalRule,
    ImageRule,
    Profile,
    read_profile,
    recognise_profile,
)


class Met(NamedTuple):
    """A path as released, and what it is."""

    profile: str
    path: str
    kind: str | None
    subject: str | None


A = "train/raw_data/sub-stroke0001/ses-01/sub-stroke0001_ses-01"
D = "train/derivatives/sub-stroke0001/ses-02/sub-stroke0001_ses-02"
MAPS = "train/raw_data/sub-stroke0001/ses-01/perfusion-maps/sub-stroke0001_ses-01"
ISLES24 = "sub-stroke0001"
ATLAS = "ATLAS_2/Training/R001/sub-r001s001/ses-1/anat/sub-r001s001_ses-1_space-MNI152NLin2009aSym"

MET = [
    Met("isles24", f"{A}_ncct.nii.gz", "ncct", ISLES24),
    Met("isles24", f"{A}_ctp.nii.gz", "ctp", ISLES24),
    Met("isles24", f"{A}_space-ncct_cta.nii.gz", "cta", ISLES24),
    Met("isles24", f"{A}_space-ncct_cow-msk.nii.gz", "cow", ISLES24),
    Met("isles24", f"{A}_space-ncct_lvo-msk.nii.gz", "lvo", ISLES24),
    Met("isles24", f"{MAPS}_tmax.nii.gz", "tmax", ISLES24),
    Met("isles24", f"{MAPS}_space-ncct_cbf.nii.gz", "cbf", ISLES24),
    Met("isles24", f"{D}_space-ncct_lesion-msk.nii.gz", "lesion", ISLES24),
    Met("isles24", f"{D}_lesion-msk.nii.gz", "lesion", ISLES24),
    Met("isles24", f"{D}_space-ncct_lesion-msk.nii", "lesion", ISLES24),
    Met("isles24", f"batch_3/{D}_dwi.nii.gz", "dwi", ISLES24),
    Met(
        "isles24",
        "rawdata/sub-strokecase0001/ses-0002/sub-strokecase0001_ses-0002_adc.nii.gz",
        "adc",
        "sub-strokecase0001",
    ),
    Met("isles24", f"{A}_space-ncct_lesion-msk_old.nii.gz", None, ISLES24),
    Met("isles24", "train/readme.nii.gz", None, None),
    Met(
        "isles22",
        "derivatives/sub-strokecase0009/ses-0001/sub-strokecase0009_ses-0001_msk.nii.gz",
        "lesion",
        "sub-strokecase0009",
    ),
    Met(
        "isles22",
        "ISLES-2022/sub-strokecase0001/ses-0001/anat/sub-strokecase0001_ses-0001_FLAIR.nii.gz",
        "flair",
        "sub-strokecase0001",
    ),
    Met("soop", "sub-9/anat/sub-9_T1w.nii.gz", "t1w", "sub-9"),
    Met("soop", "sub-9/dwi/sub-9_rec-TRACE_dwi.nii.gz", "dwi", "sub-9"),
    Met("soop", "sub-9/dwi/sub-9_rec-ADC_dwi.nii.gz", "adc", "sub-9"),
    Met(
        "soop",
        "derivatives/lesion_masks/sub-9/dwi/sub-9_space-TRACE_desc-lesion_mask.nii.gz",
        "lesion",
        "sub-9",
    ),
    Met(
        "soop",
        "derivatives/lesion_masks/sub-9/dwi/sub-9_space-TRACE_desc-lesionAcute_mask.nii.gz",
        "lesion-acute",
        "sub-9",
    ),
    Met(
        "soop",
        "derivatives/lesion_masks/sub-9/dwi/sub-9_space-TRACE_desc-lesionChronic_mask.nii.gz",
        "lesion-chronic",
        "sub-9",
    ),
    Met(
        "jhu",
        "sub-02e02b2c/ses-1/sub-02e02b2c_ses-1_DWI_space-orig.nii.gz",
        "dwi",
        "sub-02e02b2c",
    ),
    Met("jhu", "sub-02e02b2c/sub-02e02b2c_desc-stroke_mask.nii.gz", "lesion", "sub-02e02b2c"),
    Met("jhu", "sub-02e02b2c/sub-02e02b2c_desc-brain_mask.nii.gz", "brain", "sub-02e02b2c"),
    Met("atlas", f"{ATLAS}_T1w.nii.gz", "t1w", "sub-r001s001"),
    Met("atlas", f"{ATLAS}_label-L_desc-T1lesion_mask.nii.gz", "lesion", "sub-r001s001"),
    Met("atlas", f"{ATLAS}_label-R_desc-T1lesion_mask.nii.gz", "lesion", "sub-r001s001"),
    Met(
        "soop",
        "derivatives/lesions-mni152/sub-9/anat/sub-9_space-MNI152_desc-lesion_mask.nii.gz",
        "lesion",
        "sub-9",
    ),
    Met("bids", "sub-A1/anat/sub-A1_desc-stroke_mask.nii.gz", "lesion", "sub-A1"),
    Met("bids", "sub-A1/anat/sub-A1_label-lesion_mask.nii.gz", "lesion", "sub-A1"),
    Met("bids", "sub-A1/anat/sub-A1_desc-brain_mask.nii.gz", None, "sub-A1"),
    Met("bids", "sub-A1/ct/sub-A1_ct.nii.gz", "ct", "sub-A1"),
]


@pytest.mark.parametrize("met", MET, ids=lambda met: f"{met.profile}: {met.path[-45:]}")
def test_what_a_path_is(met: Met) -> None:
    profile = read_profile(met.profile)
    rule = profile.image_rule(met.path)
    assert (rule.kind if rule else None) == met.kind
    assert profile.subject_of(met.path) == met.subject


RECOGNISED = [m for m in MET if m.kind == "lesion" and m.profile != "jhu"] + [
    Met("jhu", "sub-1/sub-1_DWI_space-orig.nii.gz", None, None),
    Met("atlas", f"{ATLAS}_T1w.nii.gz", None, None),
    Met("soop", "sub-9/dwi/sub-9_rec-TRACE_dwi.nii.gz", None, None),
    Met(
        "isles22", "rawdata/sub-strokecase0001/ses-0001/sub-strokecase0001_ses-0001_adc.nii", "", ""
    ),
    Met("isles24", "train/phenotype/sub-stroke0001/anything.json", None, None),
    Met("isles24", "clinical/sub-strokecase0001.json", None, None),
]


@pytest.mark.parametrize("met", RECOGNISED, ids=lambda met: f"{met.profile}: {met.path[-45:]}")
def test_a_dataset_is_recognised(met: Met) -> None:
    found = recognise_profile(["README", met.path])
    assert found is not None
    assert found.name == met.profile


CLINICAL = {
    "isles24": [
        "train/phenotype/sub-stroke0001/ses-01/sub-stroke0001_ses-01_demographic_baseline.csv",
        "batch_2/phenotype/sub-stroke0001/ses-02/sub-stroke0001_ses-02_outcome.xlsx",
        "test/phenotype/sub-strokecase0001/any_name.json",
        "clinical/sub-stroke0001.json",
        "rawdata/sub-stroke0001/ses-0001/sub-stroke0001_ses-0001_demographic_baseline.json",
    ],
    "isles22": ["rawdata/sub-strokecase0009/ses-0001/sub-strokecase0009_ses-0001_dwi.json"],
    "soop": ["participants.tsv"],
    "jhu": ["participants.tsv"],
    "atlas": ["ATLAS_2/ATLAS_2.0_MetaData.xlsx"],
    "bids": ["participants.tsv"],
}
NOT_CLINICAL = {
    "isles24": ["train/clinical_data-description.xlsx", "dataset_description.json"],
    "isles22": ["dataset_description.json"],
    "soop": ["sub-1/dwi/sub-1_rec-TRACE_dwi.json", "participants.json"],
    "bids": ["phenotype/participants.json"],
}


@pytest.mark.parametrize("name", ORDER)
def test_where_clinical_values_are(name: str) -> None:
    profile = read_profile(name)
    assert [path for path in CLINICAL[name] if not profile.clinical_rule(path)] == []
    assert [path for path in NOT_CLINICAL.get(name, []) if profile.clinical_rule(path)] == []


def schema() -> dict[str, Any]:
    path = Path(data_loader.__file__).parent / "profiles" / "profile.schema.json"
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("name", ORDER)
def test_built_in_profiles_keep_to_the_schema(name: str) -> None:
    path = Path(data_loader.__file__).parent / "profiles" / f"{name}.toml"
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), schema())


def test_the_schema_is_one_and_knows_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    rules = schema()["properties"]
    for kind, known in (
        (Profile, rules.keys() | {"name"}),
        (ImageRule, rules["images"]["items"]["properties"].keys()),
        (ClinicalRule, rules["clinical"]["items"]["properties"].keys()),
    ):
        assert {field.name for field in dataclasses.fields(kind)} == known


def test_nothing_is_recognised_without_subjects() -> None:
    assert recognise_profile(["README", "holiday/beach.jpg"]) is None


@pytest.mark.parametrize("name", ORDER)
def test_built_in_profiles_are_sound(name: str) -> None:
    profile = read_profile(name)
    assert profile.name == name
    assert any(rule.kind == "lesion" for rule in profile.images)


OWN = """
title = "Mine"
recognise = "scan"
subject = "P[0-9]+"
[[images]]
kind = "lesion"
file = "_roi\\\\.nii$"
[[clinical]]
file = "table\\\\.csv$"
id_column = "patient"
[columns]
"NIH score" = "nihss_admission"
"""


def test_a_profile_of_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN, encoding="utf-8")
    profile = read_profile(str(path))
    assert profile.name == str(path)  # so that an index finds it again
    assert profile.subject_of("data/P07/P07_roi.nii") == "P07"
    assert profile.columns == {"NIH score": "nihss_admission"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title =", "can't be read"),
        (OWN.replace('subject = "P[0-9]+"', 'subject = "P[0-9"'), "can't be read"),
        (OWN.replace('subject = "P[0-9]+"', ""), "lacks or misspells 'subject'"),
        (OWN.replace('kind = "lesion"', 'kimd = "lesion"'), "lacks or misspells"),
        (OWN.replace("nihss_admission", "nihs_admission"), "nihs_admission"),
        (OWN.replace("nihss_admission", "volume_ml"), "volume_ml"),
        (OWN.replace('[columns]\n"NIH score" =', "columns ="), "lacks or misspells"),
        ("colums = 3\n" + OWN, "unknown key colums"),
        (OWN.replace('"lesion"', '"lesion"\ndimensions = "4"'), "a rule with dimensions = '4'"),
        (OWN.replace('"lesion"', '"lesion"\nreference = "dwi"'), "a rule with reference = 'dwi'"),
        (OWN.replace('"lesion"', '"lesion"\non_grid_of = "dwi"'), "a rule with on_grid_of = 'dwi'"),
        (OWN.replace('"lesion"', '"lesion"\nholds = "all"'), "a rule with holds = 'all'"),
        (OWN.replace('"lesion"', "3"), "a rule with kind = 3"),
        ("images = 3\n" + OWN.split("[[images]]", maxsplit=1)[0], "lacks or misspells"),
        ("\xff", "can't be read"),
    ],
)
def test_a_malformed_profile_is_told_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ProfileError, match=says) as caught:
        read_profile(str(path))
    assert "\n" not in str(caught.value)


def test_an_unknown_profile(tmp_path: Path) -> None:
    for name in ("nothing", str(tmp_path)):
        with pytest.raises(ProfileError, match="no profile"):
            read_profile(name)
