"""Lesion-symptom maps as a reader gets them."""

from dataclasses import asdict

import numpy as np
import numpy.typing as npt
import pytest

from analytics.standard_space import SHAPE
from analytics.symptom_map import Method, Symptom, SymptomMap, SymptomPlan, map_symptom
from data_loader.errors import AnalysisError
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of, random_status

Floats = npt.NDArray[np.float64]

SUBJECTS, PLACES = 80, 120
STATUS = random_status(np.random.default_rng(1), subjects=SUBJECTS, places=PLACES)
COHORT = cohort_of(STATUS)
PLANTED = 60
"""The place whose lesion makes the score worse."""

PLAN = SymptomPlan(permutations=199)


def _noise() -> Floats:
    return np.random.default_rng(2).normal(size=SUBJECTS)


@pytest.mark.parametrize("method", ["brunner-munzel", "linear"])
def test_a_planted_association_is_found_where_it_was_planted(method: Method) -> None:
    score = _noise() + 2 * STATUS[:, PLANTED]
    plan = SymptomPlan(method=method, permutations=199)
    found = map_symptom(COHORT, Symptom("NIHSS", score), plan=plan)
    places = found.voxels - FIRST_PLACE
    assert abs(places[found.statistic.argmax()] - PLANTED) <= 3
    assert found.statistic[places == PLANTED] > found.critical
    assert found.p[places == PLANTED] == pytest.approx(1 / 200)
    mirrored = map_symptom(COHORT, Symptom("NIHSS", -score), plan=plan)
    assert mirrored.statistic == pytest.approx(-found.statistic)


def test_what_lesion_volume_explains_is_no_finding_once_it_is_a_covariate() -> None:
    volume = STATUS.sum(axis=1).astype(float)
    score = volume + 5 * _noise()
    plan = SymptomPlan(method="linear", permutations=199)
    plain = map_symptom(COHORT, Symptom("NIHSS", score), plan=plan)
    adjusted = map_symptom(COHORT, Symptom("NIHSS", score, {"volume": volume}), plan=plan)
    assert plain.is_significant.any()
    assert not adjusted.is_significant.any()


def test_subjects_without_a_score_or_covariate_are_dropped_and_counted() -> None:
    score, age = _noise(), np.random.default_rng(5).normal(70, 12, SUBJECTS)
    score[[3, 4]], age[[4, 9]] = np.nan, np.nan
    kept = np.delete(np.arange(SUBJECTS), [3, 4, 9])
    plan = SymptomPlan(method="linear", permutations=19)
    found = map_symptom(COHORT, Symptom("mRS", score, {"age": age}), plan=plan)
    alone = map_symptom(
        cohort_of(STATUS[kept]), Symptom("mRS", score[kept], {"age": age[kept]}), plan=plan
    )
    assert (found.n, found.unknown, alone.unknown) == (SUBJECTS - 3, 3, 0)
    assert asdict(found).keys() == asdict(alone).keys()
    assert np.array_equal(found.statistic, alone.statistic)
    assert np.array_equal(found.p, alone.p)


@pytest.mark.parametrize(("least", "applied"), [(None, 10), (25, 25)])
def test_voxels_have_the_minimum_of_lesions(least: int | None, applied: int) -> None:
    plan = SymptomPlan(least=least, permutations=19)
    found = map_symptom(COHORT, Symptom("mRS", _noise()), plan=plan)
    counts = STATUS.sum(axis=0)
    expected = np.flatnonzero((counts >= applied) & (counts <= SUBJECTS - applied))
    assert found.least == applied
    assert (found.voxels - FIRST_PLACE).tolist() == expected.tolist()


def test_the_minimum_is_5_percent_of_many_subjects() -> None:
    status = random_status(np.random.default_rng(1), subjects=301, places=30)
    score = np.random.default_rng(2).normal(size=301)
    plan = SymptomPlan(permutations=19)
    assert map_symptom(cohort_of(status), Symptom("mRS", score), plan=plan).least == 16


def test_the_volume_holds_the_statistic_where_it_was_tested() -> None:
    score = _noise() + 2 * STATUS[:, PLANTED]
    found = map_symptom(COHORT, Symptom("mRS", score), plan=PLAN)
    whole, kept = found.volume(), found.volume(significant=True)
    assert whole.shape == SHAPE
    assert np.array_equal(whole.ravel(order="F")[found.voxels], found.statistic)
    assert np.count_nonzero(whole) == np.count_nonzero(found.statistic)
    assert np.array_equal(kept, np.where(np.abs(whole) > found.critical, whole, 0))
    assert 0 < np.count_nonzero(kept) < np.count_nonzero(whole)


def test_a_map_comes_back_from_its_bytes() -> None:
    found = map_symptom(COHORT, Symptom("mRS", _noise()), plan=PLAN)
    back = SymptomMap.from_bytes(found.to_bytes())
    for name, value in asdict(found).items():
        assert np.array_equal(asdict(back)[name], value), name
    assert back.plan == PLAN


def test_progress_is_told_and_can_end_the_work() -> None:
    class StoppedError(Exception):
        pass

    told: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        told.append((done, total))
        if done > 100:
            raise StoppedError

    with pytest.raises(StoppedError):
        map_symptom(COHORT, Symptom("mRS", _noise()), plan=PLAN, report=report)
    assert told[0][0] < told[-1][0] < 199
    assert {total for _, total in told} == {199}


def _few() -> Floats:
    score = np.full(SUBJECTS, np.nan)
    score[:9] = np.arange(9)
    return score


@pytest.mark.parametrize(
    ("symptom", "plan", "sentence"),
    [
        (Symptom("mRS", np.full(SUBJECTS, 3.0)), PLAN, "mRS is 3 in all 80 subjects"),
        (Symptom("mRS", _few()), PLAN, "known of 9 subjects; a map needs 10"),
        (Symptom("mRS", np.full(SUBJECTS, np.nan)), PLAN, "known of 0 subjects"),
        (Symptom("mRS", _noise()), SymptomPlan(least=41), "No voxel has a lesion in at least 41"),
        (Symptom("mRS", _noise()), SymptomPlan(least=1), "A minimum of 1 lesions"),
        (Symptom("mRS", _noise()), SymptomPlan(permutations=5), "5 permutations can't be made"),
        (Symptom("mRS", _noise(), {"age": _noise()}), PLAN, "takes no covariates"),
    ],
)
def test_what_cant_be_mapped_is_one_sentence(
    symptom: Symptom, plan: SymptomPlan, sentence: str
) -> None:
    with pytest.raises(AnalysisError, match=sentence):
        map_symptom(COHORT, symptom, plan=plan)
