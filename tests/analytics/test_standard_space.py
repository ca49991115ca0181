import numpy as np

from analytics.standard_space import SHAPE, SIZE, lesion_counts, runs_of, voxels_of


def test_voxels_come_back_from_their_runs() -> None:
    voxels = np.array([0, 1, 2, 181, 182, 500, SIZE - 1])
    runs = runs_of(voxels)
    assert runs.tolist() == [[0, 3], [181, 183], [500, 501], [SIZE - 1, SIZE]]
    assert voxels_of(runs).tolist() == voxels.tolist()


def test_a_lesion_without_voxels_has_no_runs() -> None:
    runs = runs_of(np.array([], dtype=int))
    assert runs.shape == (0, 2)
    assert len(voxels_of(runs)) == 0
    assert lesion_counts(runs).sum() == 0


def test_counts_are_of_lesions_at_each_voxel() -> None:
    number = np.ravel_multi_index(([3, 4], [5, 5], [6, 6]), SHAPE, order="F")
    counts = lesion_counts(np.vstack([runs_of(number), runs_of(number[:1])]))
    assert (counts[3, 5, 6], counts[4, 5, 6], counts.sum()) == (2, 1, 3)
