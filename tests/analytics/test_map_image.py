"""Maps as other programs read them."""

import gzip

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest

from analytics.map_image import map_image
from analytics.standard_space import AFFINE, SHAPE


def _read(content: bytes) -> nib.Nifti1Image:
    return nib.Nifti1Image.from_bytes(content)


def _counts() -> npt.NDArray[np.int32]:
    counts = np.zeros(SHAPE, np.int32, order="F")
    counts[3, 4, 5] = 146
    return counts


def test_a_reader_finds_values_place_and_what_it_is() -> None:
    image = _read(map_image(_counts(), "Lesions: n of 721 subjects", compressed=False))
    assert np.array_equal(np.asanyarray(image.dataobj), _counts())
    assert image.get_data_dtype() == np.int16
    assert np.array_equal(image.affine, AFFINE)
    assert image.header["sform_code"] == image.header["qform_code"] == 4  # MNI152
    assert np.array_equal(image.get_qform(), AFFINE)
    assert image.header.get_xyzt_units()[0] == "mm"
    assert image.header["descrip"].item().decode() == "Lesions: n of 721 subjects"


def test_counts_can_be_meant_as_percentages() -> None:
    image = _read(map_image(_counts(), "percent", scale=100 / 721, compressed=False))
    assert image.get_fdata()[3, 4, 5] == pytest.approx(100 * 146 / 721)
    assert image.header["cal_max"] == pytest.approx(100 * 146 / 721)


def test_large_counts_and_statistics_keep_their_values() -> None:
    image = _read(map_image(_counts() * 1000, "many", compressed=False))
    assert image.dataobj[3, 4, 5] == 146_000
    statistic = np.where(_counts() > 0, np.float32(-4.25), np.float32(0))
    image = _read(map_image(statistic, "t", compressed=False))
    assert image.get_fdata()[3, 4, 5] == -4.25


def test_a_long_description_is_cut_and_the_same_map_has_the_same_bytes() -> None:
    content = map_image(_counts(), "é" + 100 * "x")
    assert content == map_image(_counts(), "é" + 100 * "x")
    image = _read(gzip.decompress(content))
    assert image.header["descrip"].item().decode() == "?" + 79 * "x"
