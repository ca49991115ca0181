"""Transforms of ITK as text, which leads from where to where, and what is refused."""

from pathlib import Path

import ants
import numpy as np
import pytest

from data_loader.errors import TransformError
from data_loader.itk import read_transform, transform_text

HEAD = "#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\n"
IDENTITY = "1 0 0 0 1 0 0 0 1 0 0 0"


def written(folder: Path, text: str) -> Path:
    path = folder / "xfm.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_shift_leads_from_the_image_to_the_template(tmp_path: Path) -> None:
    # In LPS, from the template to the image: 10 mm to the left, 20 back, 30 up.
    text = f"{HEAD}Parameters: 1 0 0 0 1 0 0 0 1 10 20 30\nFixedParameters: 0 0 0\n"
    matrix = read_transform(written(tmp_path, text))
    # So in RAS, from the image: 10 mm to the right, 20 to the front, 30 down.
    np.testing.assert_allclose(matrix @ [0, 0, 0, 1], [10, 20, -30, 1])


def test_it_turns_about_its_centre(tmp_path: Path) -> None:
    # A quarter turn about z at (5, 0, 0) LPS leaves that point, which is (-5, 0, 0) RAS.
    text = f"{HEAD}Parameters: 0 -1 0 1 0 0 0 0 1 0 0 0\nFixedParameters: 5 0 0\n"
    matrix = read_transform(written(tmp_path, text))
    np.testing.assert_allclose(matrix @ [-5, 0, 7, 1], [-5, 0, 7, 1], atol=1e-12)
    # (4, 0) LPS went to (5, -1): so (-5, 1) RAS comes to (-4, 0).
    np.testing.assert_allclose(matrix @ [-5, 1, 0, 1], [-4, 0, 0, 1], atol=1e-12)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    matrix = np.eye(4)
    matrix[:3] = np.random.default_rng(1).normal(size=(3, 4)) + np.eye(3, 4) * 3
    found = read_transform(written(tmp_path, transform_text(matrix)))
    np.testing.assert_allclose(found, matrix, rtol=1e-7, atol=1e-7)


def test_ants_reads_what_is_written_the_same_way(tmp_path: Path) -> None:
    matrix = np.array(
        [[1.1, 0.1, 0, 5], [-0.1, 0.9, 0.05, -40], [0, 0.02, 1.05, 120], [0, 0, 0, 1]]
    )
    transform = ants.read_transform(str(written(tmp_path, transform_text(matrix))))
    x, y, z = (-30.0, 12.0, 44.0)
    native = transform.apply_to_point((-x, -y, z))
    back = matrix @ [-native[0], -native[1], native[2], 1]
    np.testing.assert_allclose(back[:3], [x, y, z], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "isn't one affine transform"),
        ("\N{SNOWMAN}", "can't be read as text"),
        ("1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "isn't one affine transform"),
        (HEAD.replace("Affine", "BSpline"), "isn't one affine transform"),
        (HEAD + HEAD.split("\n", 1)[1], "isn't one affine transform"),
        (HEAD, "has not 12 and 3 numbers"),
        (f"{HEAD}Parameters: 1 0 0 0\nFixedParameters: 0 0 0\n", "has not 12 and 3 numbers"),
        (f"{HEAD}Parameters: a b c\nFixedParameters: 0 0 0\n", "has not 12 and 3 numbers"),
        (f"{HEAD}Parameters: nan{IDENTITY[1:]}\nFixedParameters: 0 0 0\n", "aren't finite"),
        (f"{HEAD}Parameters: {IDENTITY}\nFixedParameters: inf 0 0\n", "aren't finite"),
        (f"{HEAD}Parameters: 0{IDENTITY[1:]}\nFixedParameters: 0 0 0\n", "can't be undone"),
    ],
)
def test_what_is_no_affine_transform_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TransformError, match=said):
        read_transform(written(tmp_path, text))


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TransformError, match=r"absent\.txt can't be read"):
        read_transform(tmp_path / "absent.txt")
