import numpy as np

from analytics.lesion_patterns import lesion_patterns
from data_loader.standard_index import CohortRuns
from tests.analytics.lesion_cohorts import FIRST_PLACE, cohort_of, random_status


def test_voxels_with_the_same_lesions_are_one_pattern() -> None:
    status = np.array([[1, 1, 0, 1, 0], [1, 1, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1]])
    found = lesion_patterns(cohort_of(status), least=1)
    assert found.matrix.toarray().T.tolist() == status[:, [0, 2, 4]].tolist()
    assert found.pattern.tolist() == [0, 0, 1, 0, 2]
    assert found.voxels.tolist() == list(range(FIRST_PLACE, FIRST_PLACE + 5))
    assert found.lesions.tolist() == [2, 2, 1]


def test_voxels_with_too_few_lesions_or_too_few_without_are_left_out() -> None:
    status = np.array([[1, 1, 0], [1, 1, 1], [1, 0, 0], [1, 0, 0]])
    assert lesion_patterns(cohort_of(status), least=2).voxels.tolist() == [FIRST_PLACE + 1]
    assert not len(lesion_patterns(cohort_of(status), least=3).voxels)


def test_every_voxel_gets_its_own_subjects_back() -> None:
    status = random_status(np.random.default_rng(3), subjects=60, places=400)
    status[7] = False
    found = lesion_patterns(cohort_of(status), least=1)
    places = found.voxels - FIRST_PLACE
    assert np.array_equal(found.matrix.toarray()[found.pattern].T, status[:, places])
    assert len(found.matrix.toarray()) == len(np.unique(status[:, places], axis=1).T)


def test_subjects_are_known_by_their_order_whatever_their_positions() -> None:
    status = random_status(np.random.default_rng(4), subjects=20, places=50)
    status[0] = status[19] = False
    plain = cohort_of(status)
    positions = np.arange(20) * 3 + 5
    moved = CohortRuns(positions, positions[plain.of].astype(np.int32), plain.runs)
    one, other = (lesion_patterns(cohort, least=2) for cohort in (plain, moved))
    assert np.array_equal(one.matrix.toarray(), other.matrix.toarray())
