"""Lesion frequency, by hand and of the real masks, which nibabel adds up on their own grid."""

from pathlib import Path
from typing import Any, NamedTuple

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import chi2_contingency

from analytics.lesion_map import ball, difference_map, is_touched, lesions_of, overlap_map
from analytics.standard_space import ORIGIN_MM, SHAPE, SIZE
from data_loader.errors import AnalysisError
from data_loader.standard_index import CohortRuns
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of, cohort_of_voxels, random_status

EMPTY = CohortRuns(np.empty(0, np.intp), np.empty(0, np.int32), np.empty((0, 2), np.int32))


class _Soop(NamedTuple):
    """The real masks: in standard space, and added up on the grid of their files."""

    lesions: CohortRuns
    counts: npt.NDArray[np.int32]
    affine: npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def real(real_data: Path) -> _Soop:
    voxels: list[npt.NDArray[np.integer]] = []
    counts: Any = 0
    for path in sorted((real_data / "soop" / "derivatives").rglob("*_mask.nii.gz")):
        image = nib.Nifti1Image.from_filename(path)
        mask = np.asanyarray(image.dataobj) > 0.5
        counts = counts + mask
        # All are 1 mm along the world's axes, x from right to left.
        first = (image.affine[:3, 3] - ORIGIN_MM).astype(int)
        i, j, k = np.nonzero(mask)
        place = (first[0] - i, first[1] + j, first[2] + k)
        voxels.append(np.sort(np.ravel_multi_index(place, SHAPE, order="F")))
    return _Soop(cohort_of_voxels(voxels), counts, image.affine)


def test_the_real_masks_peak_where_nibabel_has_them(real: _Soop) -> None:
    overlap = overlap_map(real.lesions)
    most = real.counts.max()
    where = nib.affines.apply_affine(real.affine, np.argwhere(real.counts == most))
    assert overlap.n == 721
    assert {peak.value for peak in overlap.peaks} == {most}
    assert sum(peak.voxels for peak in overlap.peaks) == len(where)
    assert {peak.mm for peak in overlap.peaks} <= {tuple(place) for place in where.tolist()}


def test_the_real_masks_add_up_voxel_by_voxel(real: _Soop) -> None:
    counts = overlap_map(real.lesions).counts
    i, j, k = (
        np.rint(nib.affines.apply_affine(real.affine, np.argwhere(real.counts)) - ORIGIN_MM)
        .astype(int)
        .T
    )
    assert np.array_equal(counts[i, j, k], real.counts[real.counts > 0])
    assert counts.sum() == real.counts.sum()


def test_voxels_below_the_minimum_are_not_shown() -> None:
    status = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 0, 1]])
    overlap = overlap_map(cohort_of(status), least=2)
    places = slice(FIRST_PLACE, FIRST_PLACE + 3)
    assert overlap.counts.ravel(order="F")[places].tolist() == [3, 2, 1]
    assert overlap.shown.ravel(order="F")[places].tolist() == [3, 2, 0]
    assert overlap.percent.ravel(order="F")[places].tolist() == [75, 50, 0]
    assert overlap.shown.sum() == 5


def test_subjects_without_any_lesion_count_in_the_percentages() -> None:
    status = np.array([[1], [0], [0], [0]])
    assert overlap_map(cohort_of(status)).percent.max() == 25


def test_a_difference_is_one_of_proportions_with_the_z_of_its_table() -> None:
    rng = np.random.default_rng(1)
    a = random_status(rng, subjects=70, places=40)
    b = random_status(rng, subjects=30, places=40)
    least = 22
    difference = difference_map(cohort_of(a), cohort_of(b), least=least)
    percent, z = (
        volume.ravel(order="F")[FIRST_PLACE : FIRST_PLACE + 40]
        for volume in (difference.percent, difference.z)
    )
    lesioned = a.sum(axis=0), b.sum(axis=0)
    is_shown = lesioned[0] + lesioned[1] >= least
    assert 0 < is_shown.sum() < 40
    for place in range(40):
        in_a, in_b = int(lesioned[0][place]), int(lesioned[1][place])
        if not is_shown[place]:
            assert percent[place] == z[place] == 0
            continue
        assert percent[place] == pytest.approx(100 * (in_a / 70 - in_b / 30), rel=1e-5)
        table = [[in_a, 70 - in_a], [in_b, 30 - in_b]]
        chi2 = chi2_contingency(table, correction=False).statistic
        assert z[place] ** 2 == pytest.approx(chi2, rel=1e-4)
        assert np.sign(z[place]) == np.sign(percent[place])
    assert np.count_nonzero(difference.percent) <= is_shown.sum()


def test_a_voxel_that_everyone_has_differs_by_nothing() -> None:
    status = np.ones((4, 1))
    assert difference_map(cohort_of(status), cohort_of(status)).z.max() == 0


def test_a_group_without_anybody_is_one_sentence() -> None:
    with pytest.raises(AnalysisError, match="can't be mapped"):
        overlap_map(EMPTY)
    with pytest.raises(AnalysisError, match="can't be mapped"):
        difference_map(cohort_of(np.ones((1, 1))), EMPTY)


def test_lesions_of_some_subjects_are_theirs_alone() -> None:
    status = random_status(np.random.default_rng(2), subjects=20, places=30)
    chosen = np.arange(20) % 3 == 0
    some = overlap_map(lesions_of(cohort_of(status), chosen))
    alone = overlap_map(cohort_of(status[chosen]))
    assert some.n == alone.n == 7
    assert np.array_equal(some.counts, alone.counts)


def test_a_ball_holds_the_voxels_within_its_radius() -> None:
    centre = (10.0, -20.0, 30.0)
    found = np.argwhere(ball(centre, 3)) + ORIGIN_MM
    assert len(found) == 123  # lattice points within 3 of one of them
    assert np.linalg.norm(found - centre, axis=1).max() == 3
    assert (np.argwhere(ball((10.4, -20.4, 30.4), 0)) + ORIGIN_MM).tolist() == [[10, -20, 30]]


def test_a_region_tells_whose_lesion_reaches_into_it() -> None:
    status = np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 1, 1, 1]])
    region = np.zeros(SIZE, dtype=bool)
    region[[FIRST_PLACE + 1, FIRST_PLACE + 2]] = True
    touched = is_touched(cohort_of(status), region.reshape(SHAPE, order="F"))
    assert touched.tolist() == [True, False, False, True]
