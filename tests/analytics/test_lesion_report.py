"""What is said of lesion frequency, and its tables, of cohorts made by hand and the real one."""

import numpy as np
import pytest

from analytics.lesion_map import difference_map, overlap_map
from analytics.lesion_report import (
    difference_report,
    difference_sentence,
    overlap_report,
    peak_sentence,
)
from analytics.map_regions import Regions
from analytics.standard_space import SHAPE, SIZE
from analytics.table_one.wording import MINUS
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of


@pytest.fixture(scope="module")
def regions() -> Regions:
    ids = np.zeros(SIZE, np.uint8)
    ids[FIRST_PLACE : FIRST_PLACE + 2] = 3
    return Regions(ids.reshape(SHAPE, order="F"), {3: "MCA-L"}, ("An atlas.",))


def test_the_peak_is_said_with_its_place_and_territory(regions: Regions) -> None:
    # The first place is number 182 x 218 x 91: x, y and z of the 91st slice's first voxel.
    status = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert peak_sentence(overlap_map(cohort_of(status)), regions) == (
        "Most often 3 of 4 subjects (75 %) have a lesion at one voxel, at"
        f" {MINUS}91, {MINUS}126, 19 mm (x, y, z) in MCA-L."
    )


def test_places_that_share_the_peak_are_counted(regions: Regions) -> None:
    status = np.array([[1, 0, 1, 0, 1], [0, 0, 0, 0, 0]])
    assert "and at 2 more places" in peak_sentence(overlap_map(cohort_of(status)), regions)
    assert "None of 1 subjects" in peak_sentence(overlap_map(cohort_of([[0]])), regions)


def test_a_difference_is_said_both_ways(regions: Regions) -> None:
    first, second = cohort_of([[1, 0, 1]] * 4), cohort_of([[0, 0, 1], [0, 1, 1]])
    assert difference_sentence(difference_map(first, second), ("A", "B"), regions) == (
        f"Lesions are more frequent in “A” by up to 100 percentage points, at {MINUS}91, {MINUS}126, 19 mm"
        f" (MCA-L), and in “B” by up to 50 percentage points, at {MINUS}90, {MINUS}126, 19 mm (MCA-L)."
    )
    assert "equally often" in difference_sentence(difference_map(first, first), ("A", "B"), regions)


def test_tables_of_the_real_cohort_agree_with_the_index(soop: Index) -> None:
    assert soop.atlas is not None
    regions = Regions.of(soop.atlas, soop.atlas_ids)
    overlap = overlap_map(soop.lesion_runs(EVERYONE))
    report = overlap_report(overlap, regions, soop.provenance(EVERYONE))
    (table,) = report.tables
    assert {row.key for row in table.rows} == set(regions.names.values())
    for row in table.rows:
        at = row.cells[3].text.replace(MINUS, "-").replace(" ", "")
        cohort, _ = Cohort.parse(f"lesion_at={at}", soop.variables)
        assert soop.count(cohort) == row.cells[1].value
        assert row.cells[2].text == f"{100 * soop.count(cohort) / 721:.0f} %"
    said = dict(report.paragraphs)
    assert soop.atlas.name in said["Methods"]
    assert "of 721" in said["Result"]


def test_subjects_of_both_groups_are_warned_of(soop: Index, regions: Regions) -> None:
    first = cohort_of([[1, 0, 1]] * 4)
    report = difference_report(
        difference_map(first, first),
        ("A", "B"),
        regions=regions,
        provenance=soop.provenance(EVERYONE),
        shared=4,
    )
    assert report.warnings[0].startswith("4 subjects are in both groups")
