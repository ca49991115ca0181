"""A real head CT, and the way it takes to standard space."""

from pathlib import Path

import numpy as np

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
