import numpy as np
import numpy.typing as npt

from analytics.peaks import Peak, clusters, highest, peaks_by_region
from analytics.standard_space import SHAPE

Singles = npt.NDArray[np.float32]


def _empty() -> Singles:
    return np.zeros(SHAPE, np.float32, order="F")


def test_the_highest_place_is_told_in_world_mm() -> None:
    values = _empty()
    values[91, 126, 72] = 3  # the origin of MNI152
    values[100, 120, 70] = 2
    (peak,) = highest(values)
    assert peak == Peak(3, voxel=91 + 182 * (126 + 218 * 72), voxels=1)
    assert peak.mm == (0, 0, 0)
    values[91, 126, 72] = 0
    (peak,) = highest(values)
    assert peak.position == "9, \N{MINUS SIGN}6, \N{MINUS SIGN}2"


def test_places_that_share_the_largest_value_are_all_told_the_widest_first() -> None:
    values = _empty()
    values[30:33, 50, 60] = 7  # x of -61, -60, -59 mm
    values[33, 51, 61] = 7  # touches the others by a corner
    values[150, 50, 60] = 7
    left, right = highest(values)
    assert (left.mm, left.voxels) == ((-60, -76, -12), 4)
    assert (right.mm, right.voxels) == ((59, -76, -12), 1)


def test_a_map_without_lesions_has_no_peak() -> None:
    assert highest(_empty()) == ()


def test_clusters_are_of_one_sign_beyond_the_threshold() -> None:
    values = _empty()
    values[40:45, 50, 60] = 5
    values[42, 50, 60] = 6
    values[45:47, 50, 60] = -8
    values[60, 50, 60] = 4.9
    more, less = clusters(values, above=4.9)
    assert (more.value, more.mm[0], more.voxels) == (6, -49, 5)
    assert (less.value, less.voxels) == (-8, 2)


def test_every_region_has_its_own_peak_of_either_sign() -> None:
    values, regions = _empty(), np.zeros(SHAPE, np.uint8)
    values[40:44, 50, 60] = [1, 2, 0, -3]
    values[90, 50, 60] = 9
    regions[40:42, 50, 60] = 4
    regions[42:44, 50, 60] = 2
    regions[100:, 50, 60] = 1
    found = peaks_by_region(values, regions)
    assert list(found) == [2, 4]
    assert (found[2].value, found[2].voxels, found[2].mm[0]) == (-3, 1, -48)
    assert (found[4].value, found[4].voxels) == (2, 2)


def test_places_in_a_line_are_found_one_by_one() -> None:
    values = np.zeros(SHAPE, np.int32)
    values[10:20:2, 50, 60] = 4
    assert [(peak.voxels, peak.mm) for peak in highest(values)] == [
        (1, (x - 91.0, -76.0, -12.0)) for x in range(10, 20, 2)
    ]
