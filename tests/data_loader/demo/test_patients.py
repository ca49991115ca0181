"""Who is in the full dataset, and what infarcts they are to have."""

from collections import Counter

import numpy as np

from data_loader.demo.patients import Patient, plan_patients


def test_splits_and_centres_have_the_sizes_of_the_release(plan: list[Patient]) -> None:
    assert Counter((p.split, p.center) for p in plan) == {
        ("train", 1): 100,
        ("train", 2): 50,
        ("test", 1): 50,
        ("test", 2): 50,
    }


def test_twelve_have_everything_in_both_splits(plan: list[Patient]) -> None:
    complete = [patient for patient in plan if patient.complete]
    assert len(complete) == 12
    assert {patient.split for patient in complete} == {"train", "test"}


def test_test_ids_are_the_gaps_of_the_train_ids(plan: list[Patient]) -> None:
    assert sorted(p.subject for p in plan) == [f"sub-stroke{n:04d}" for n in range(1, 251)]
    train = [p.number for p in plan if p.split == "train"]
    assert 1 < max(np.diff(train)) < 20


def test_volumes_are_log_normal_with_a_median_of_12_ml(plan: list[Patient]) -> None:
    volumes = np.array([patient.infarct.volume_ml for patient in plan])
    assert 11 < np.median(volumes) < 13.5
    # Later figures of the challenge: 33.16 ± 48.67 ml, at most 318.25.
    assert 25 < volumes.mean() < 40
    assert volumes.max() < 320
    logs = np.log(volumes)
    skewness = float((((logs - logs.mean()) / logs.std()) ** 3).mean())
    assert abs(skewness) < 0.2


def test_most_infarcts_are_of_the_middle_cerebral_artery(plan: list[Patient]) -> None:
    territories = Counter(patient.infarct.territory for patient in plan)
    assert territories["MCA"] > 175
    assert set(territories) == {"ACA", "MCA", "PCA", "VB"}


def test_another_seed_gives_other_patients() -> None:
    assert plan_patients(20, seed=1) != plan_patients(20, seed=2)
    assert plan_patients(20, seed=1) == plan_patients(20, seed=1)
