"""A real head CT, and the way it takes to standard space."""

from pathlib import Path

import numpy as np
import pytest

from analytics.head import Head
from analytics.registration import RegistrationTask, register_image
from analytics.transform import transform_of


def test_a_real_tilted_head_passes_the_gate_and_comes_upright(
    real_data: Path, tmp_path: Path
) -> None:
    image = real_data / "ncct" / "head_ncct_tilt.nii.gz"
    found = register_image(RegistrationTask(image, "ct", "affine", tmp_path, "head"))
    assert found.reason is None
    assert found.matrix is not None
    assert found.dice is not None
    assert found.dice >= 0.9
    assert 900 <= found.brain_ml <= 2000
    assert (tmp_path / found.overlay).read_bytes().startswith(b"\x89PNG")
    way = transform_of(found.matrix, None)
    # Right stays right, up stays up, and the way back leads back.
    points = np.array([[0.0, 50, 0, 0], [0, 0, 50, 0], [0, 0, 0, 50]])
    origin, right, front, top = way.to_standard(points).T
    assert right[0] > origin[0]
    assert front[1] > origin[1]
    assert top[2] > origin[2]
    np.testing.assert_allclose(way.to_native(way.to_standard(points)), points, atol=1e-6)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (48, "has 884.7 ml, less than the 900"),
        (63, "has 2000.4 ml, more than the 2000"),
        (64, "The largest healthy heads are refused too."),
    ],
)
def test_a_brain_outside_the_gate_is_not_registered_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, side: int, said: str
) -> None:
    brain = np.ones((side,) * 3, np.bool_)
    head = Head(np.full(brain.shape, 30, np.float32), brain, np.diag([2.0, 2.0, 2.0, 1.0]))
    monkeypatch.setattr("analytics.registration.read_head", lambda *_: head)
    found = register_image(RegistrationTask(tmp_path / "ncct.nii", "ct", "affine", tmp_path, "big"))
    assert said in str(found.reason)
    assert (found.matrix, found.dice) == (None, None)
    assert [path.name for path in tmp_path.iterdir()] == ["big.png"]
