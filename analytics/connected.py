"""Connected components of a mask, as connected-components-3d finds them."""

from typing import Literal

import cc3d
import numpy as np
import numpy.typing as npt


def connected_components(
    mask: npt.NDArray[np.bool_], neighbours: Literal[6, 26]
) -> tuple[npt.NDArray[np.integer], int]:
    """Label the components of a mask.

    Args:
        mask: shape (a, b, c).
        neighbours: 6 for voxels that share a face, 26 for an edge or a corner too.

    Returns:
        Labels from 1, 0 outside, in the mask's shape; and how many components there are.
    """
    whole = tuple(slice(0, size) for size in mask.shape)
    if 1 in mask.shape:
        # With a margin: of a single row of voxels, cc3d 4.1 reckons with too few components.
        mask = np.pad(mask, (0, 1))
    labels, count = cc3d.connected_components(
        mask, connectivity=neighbours, binary_image=True, return_N=True
    )
    return labels[whole], int(count)
