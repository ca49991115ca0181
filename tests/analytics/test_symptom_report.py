"""What is said of a lesion-symptom map, and its tables."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.standard_space import SHAPE, SIZE
from analytics.symptom_map import Symptom, SymptomMap, SymptomPlan, map_symptom
from analytics.symptom_report import cautions_of, cluster_table, method_of, territory_table
from analytics.tables.table import TableRow
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of, random_status

SUBJECTS, PLACES, PLANTED = 80, 60, 30
STATUS = random_status(np.random.default_rng(1), subjects=SUBJECTS, places=PLACES)


@pytest.fixture(scope="module")
def found() -> SymptomMap:
    score = np.random.default_rng(2).normal(size=SUBJECTS) + 3 * STATUS[:, PLANTED]
    score[:2] = np.nan
    return map_symptom(cohort_of(STATUS), Symptom("NIHSS", score), plan=SymptomPlan(seed=7))


def _texts(row: TableRow) -> list[str]:
    return [cell.text for cell in row.cells]


def test_the_method_is_said_with_all_its_numbers(found: SymptomMap) -> None:
    said = method_of(found)
    for part in (
        "Brunner and Munzel's rank test",
        "in 78 subjects (2 left out, NIHSS not being known)",
        f"{len(found.voxels)} voxels",
        "at least 10 had a lesion",
        f"({found.patterns} distinct lesion patterns)",
        "family-wise error of 0.05",
        "1,000 permutations (seed 7) of the score",
        f"critical value {found.critical:.2f}",
        "Positive: NIHSS is higher with a lesion.",
    ):
        assert part in said
    assert "Lesion volume is not taken account of" in cautions_of(found)[0]


def test_a_linear_model_names_its_covariates_and_how_it_permutes(found: SymptomMap) -> None:
    linear = replace(found, plan=SymptomPlan(method="linear"), covariates=("age", "log volume"))
    said = method_of(linear)
    assert "adjusted for age and log volume" in said
    assert "Freedman & Lane" in said
    assert "2 left out, NIHSS or a covariate not being known" in said
    assert "permutations (seed 1) of the score" in method_of(replace(linear, covariates=()))
    assert cautions_of(linear) == ()
    assert "Lesion volume" in cautions_of(replace(linear, covariates=("age",)))[0]


def test_each_territory_has_its_peak(found: SymptomMap) -> None:
    regions = np.zeros(SIZE, np.uint8)
    regions[FIRST_PLACE : FIRST_PLACE + 20] = 4
    regions[FIRST_PLACE + 20 : FIRST_PLACE + PLACES] = 3
    table = territory_table(found, regions.reshape(SHAPE, order="F"), {3: "MCA-L", 4: "MCA-R"})
    left, right = table.rows
    place = int(found.statistic.argmax())
    voxel = int(found.voxels[place])
    x, y, z = (int(i) for i in np.unravel_index(voxel, SHAPE, order="F"))
    in_left = found.voxels >= FIRST_PLACE + 20
    assert _texts(left) == [
        "MCA-L",
        str(in_left.sum()),
        str((in_left & found.is_significant).sum()),
        f"{found.statistic.max():.2f}",
        "<0.001",
        f"{x - 91}, {y - 126}, {z - 72}".replace("-", "\N{MINUS SIGN}"),
        str(STATUS[2:, voxel - FIRST_PLACE].sum()),
    ]
    assert right.cells[0].text == "MCA-R"
    assert "Brunner and Munzel" in table.footnotes[0][1]


def test_clusters_say_their_direction_and_size(found: SymptomMap) -> None:
    rows = cluster_table(found).rows
    assert rows[0].cells[0].text == "higher"
    assert {row.cells[0].text for row in rows} <= {"higher", "lower"}
    assert sum(int(row.cells[1].text) for row in rows) == found.is_significant.sum()
    nothing = cluster_table(replace(found, critical=1e9))
    assert not nothing.rows
    assert nothing.footnotes[0][1] == "No voxel is beyond the critical value."
