"""Maps of real scores, beside scipy and least squares at their strongest voxel."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import brunnermunzel

from analytics.peaks import Peak
from analytics.symptom_cohort import cohort_symptom_map, read_question
from analytics.symptom_map import SymptomMap
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index

Floats = npt.NDArray[np.float64]


def _at_peak(soop: Index, found: SymptomMap) -> tuple[str, float]:
    """The subjects with a lesion at the strongest voxel, as a query, and the statistic there."""
    place = int(np.abs(found.statistic).argmax())
    x, y, z = Peak(0.0, int(found.voxels[place]), 1).mm
    return f"lesion_at={x:.0f},{y:.0f},{z:.0f}", float(found.statistic[place])


def _scores(soop: Index, query: str, name: str) -> list[float]:
    cohort, _ = Cohort.parse(query, soop.variables)
    return [row[name] for row in soop.subjects(cohort, columns=[name]) if row[name] is not None]


def test_a_score_of_a_cohort_is_mapped_as_scipy_tests_it(soop: Index) -> None:
    question = read_question(soop.variables, score="nihss_admission", permutations="19")
    found = cohort_symptom_map(soop, EVERYONE, question)
    query, statistic = _at_peak(soop, found)
    everyone = _scores(soop, "has_mask=1", "nihss_admission")
    lesioned = _scores(soop, f"has_mask=1&{query}", "nihss_admission")
    others = list(everyone)
    for score in lesioned:
        others.remove(score)
    assert found.n == len(everyone)
    assert found.score == "NIHSS at admission"
    # scipy's is positive where the second sample is the higher one.
    assert statistic == pytest.approx(brunnermunzel(others, lesioned).statistic, rel=1e-4)


def test_covariates_are_those_of_the_same_subjects(soop: Index) -> None:
    terms = "age,log1p(volume_ml),sex"
    question = read_question(
        soop.variables, score="mrs_discharge", method="linear", covariates=terms, permutations="19"
    )
    found = cohort_symptom_map(soop, EVERYONE, question)
    query, statistic = _at_peak(soop, found)
    names = ["mrs_discharge", "age", "volume_ml", "sex"]
    rows = [row for row in soop.subjects(EVERYONE, columns=names) if None not in row.values()]
    lesioned = {
        (row["dataset"], row["subject"])
        for row in soop.subjects(Cohort.parse(query, soop.variables)[0], columns=[])
    }
    columns = [
        np.ones(len(rows)),
        [row["age"] for row in rows],
        np.log1p([row["volume_ml"] for row in rows]),
        [row["sex"] == "M" for row in rows],
        [(row["dataset"], row["subject"]) in lesioned for row in rows],
    ]
    assert found.n == len(rows)
    assert found.covariates[1:] == ("log(1 + Infarct volume (ml))", "Sex: male against female")
    score = np.array([row["mrs_discharge"] for row in rows], float)
    assert statistic == pytest.approx(_t(np.array(columns, float).T, score), rel=1e-4)


def _t(design: Floats, score: Floats) -> float:
    """Of the last column, by the normal equations."""
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ score
    residual = score - design @ beta
    variance = residual @ residual / (len(score) - design.shape[1])
    return float(beta[-1] / np.sqrt(variance * inverse[-1, -1]))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"score": "hat"}, "'hat' is no variable"),
        ({"score": "etiology"}, "no two levels|levels without an order|takes it"),
        ({"score": "mrs_discharge-sex"}, "levels, not numbers"),
        ({"score": "age", "method": "voodoo"}, "“voodoo” is no method"),
        ({"score": "age", "covariates": "age"}, "is the score"),
        ({"score": "age", "covariates": "age("}, "can't be read"),
        ({"score": "age", "permutations": "many"}, "“many” is no number of permutations"),
        ({"score": "age", "seed": "1.5"}, "“1.5” is no seed"),
        ({"score": "age", "least": "-"}, "“-” is no minimum of lesions"),
    ],
)
def test_what_cant_be_read_is_said(soop: Index, asked: dict[str, str], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        read_question(soop.variables, **asked)


@pytest.mark.parametrize(
    ("asked", "query", "said"),
    [
        ({"score": "age", "permutations": "5"}, "", "5 permutations"),
        ({"score": "age", "least": "1"}, "", "too low"),
        ({"score": "age", "covariates": "sex"}, "", "takes no covariates"),
        ({"score": "age"}, "age=>=200", "known of 0 subjects"),
        ({"score": "age", "covariates": "bmi"}, "age=>=200", "of no subject"),
        ({"score": "age", "least": "500"}, "", "No voxel has a lesion"),
    ],
)
def test_what_cant_be_mapped_is_said(
    soop: Index, asked: dict[str, str], query: str, said: str
) -> None:
    cohort, _ = Cohort.parse(query, soop.variables)
    with pytest.raises(AnalysisError, match=said):
        cohort_symptom_map(soop, cohort, read_question(soop.variables, **asked))
