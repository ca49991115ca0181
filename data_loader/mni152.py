"""MNI152: the grid of standard space, and the template that nilearn brings.

The template is of 1 mm, brain-extracted, with maps of its tissues.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from data_loader.nifti import Volume

SHAPE = (182, 218, 182)
"""Voxels of the grid along x, y and z."""

ORIGIN_MM = (-91.0, -126.0, -72.0)
"""Where the centre of its first voxel lies; they are of 1 mm and in RAS order."""

Map = Literal["t1", "gm", "wm"]
"""The T1-weighted image, or the share of grey or white matter; all as 0 to 255."""


def mni152_path(name: Map) -> Path | None:
    """Where one of the template's images lies; None where nilearn isn't installed.

    nilearn itself, which takes a second, isn't imported.
    """
    spec = find_spec("nilearn")
    file = f"mni_icbm152_{name}_tal_nlin_sym_09a_converted.nii.gz"
    folders = (spec.submodule_search_locations or []) if spec else []
    paths = (Path(folder, "datasets", "data", file) for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def read_mni152(name: Map) -> "Volume":
    """Read one of the template's images.

    Raises:
        FileNotFoundError: nilearn or its packaged template is missing.
    """
    from data_loader.nifti import read_volume  # noqa: PLC0415 - the grid alone needs no nibabel

    path = mni152_path(name)
    if path is None:
        raise FileNotFoundError(f"nilearn's packaged MNI template ({name}) is not installed")
    return read_volume(path)
