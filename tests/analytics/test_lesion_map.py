"""Lesion frequency, by hand and of the real masks, which nibabel adds up on their own grid."""

from pathlib import Path
from typing import Any, NamedTuple

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import chi2_contingency

from analytics.lesion_map import difference_map, lesions_of, overlap_map
from analytics.standard_space import ORIGIN_MM
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.index import Index
from data_loader.standard_index import CohortRuns
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of, random_status

EMPTY = CohortRuns(np.empty(0, np.intp), np.empty(0, np.int32), np.empty((0, 2), np.int32))


class _Plain(NamedTuple):
    """The real masks added up on the grid of their files."""

    counts: npt.NDArray[np.int32]
    affine: npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def plain(real_data: Path) -> _Plain:
    counts: Any = 0
    for path in (real_data / "soop" / "derivatives").rglob("*_mask.nii.gz"):
        image = nib.Nifti1Image.from_filename(path)
        counts = counts + (np.asanyarray(image.dataobj) > 0.5)
    return _Plain(counts, image.affine)


def test_the_real_masks_peak_where_nibabel_has_them(soop: Index, plain: _Plain) -> None:
    overlap = overlap_map(soop.lesion_runs(EVERYONE))
    most = plain.counts.max()
    where = nib.affines.apply_affine(plain.affine, np.argwhere(plain.counts == most))
    assert overlap.n == 721
    assert {peak.value for peak in overlap.peaks} == {most}
    assert sum(peak.voxels for peak in overlap.peaks) == len(where)
    assert {peak.mm for peak in overlap.peaks} <= {tuple(place) for place in where.tolist()}


def test_the_real_masks_add_up_voxel_by_voxel(soop: Index, plain: _Plain) -> None:
    counts = overlap_map(soop.lesion_runs(EVERYONE)).counts
    mm = nib.affines.apply_affine(plain.affine, np.argwhere(plain.counts))
    i, j, k = np.rint(mm - ORIGIN_MM).astype(int).T
    assert np.array_equal(counts[i, j, k], plain.counts[plain.counts > 0])
    assert counts.sum() == plain.counts.sum()


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
