"""The schematic atlas: territories nearest to hand-set arteries, for want of a better one.

`python -m analytics.atlas.schematic` makes the file that is shipped beside this module. The brain
of the MNI template is dealt out to whichever centreline of ACA, MCA or PCA is nearest; cerebellum
and brainstem, below a plane for the tentorium, are vertebro-basilar; the lateral ventricles are
what the template's tissue maps leave blank deep inside. It was fitted to no atlas and validated
against none, and it has whole territories only.
"""

import gzip
import hashlib
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Atlas, Labels, territory_regions
from analytics.atlas.labels import read_labels
from analytics.atlas.regions import TERRITORIES
from analytics.standard_space import AFFINE, ORIGIN_MM, SHAPE
from data_loader.atlas import AtlasInfo
from data_loader.mni152 import Map, read_mni152

FILE: Final = Path(__file__).parent / "schematic.nii.gz"
NAME: Final = "Schematic arterial territories (approximate, not validated)"
VERSION: Final = "1"
NOTE: Final = (
    "Territories nearest to hand-set centrelines of the arteries: approximate, not validated. The"
    " published atlas is fetched with `insula atlas fetch`."
)

_TISSUE: Final = 128
_DEEP_MM: Final = 20.0
_VENTRICLES_MM: Final = ((-32, 32), (-50, 30), (-5, 30))


def read_schematic() -> Atlas:
    """Read the schematic atlas."""
    labels = read_labels(FILE)
    ml = np.bincount(labels, minlength=2 * len(TERRITORIES) + 1) / 1000
    info = AtlasInfo(
        name=NAME,
        version=VERSION,
        sha256=hashlib.sha256(FILE.read_bytes()).hexdigest(),
        license="MIT, as Insula",
        citation=None,
        note=NOTE,
        regions=territory_regions(ml),
    )
    return Atlas(info, labels, {2: range(len(ml))})


def make_schematic() -> Labels:
    """Lay the atlas out: a label a voxel of standard space, by voxel number."""
    from scipy import ndimage  # noqa: PLC0415 - only whoever makes the file anew needs it

    from data_loader.demo.arteries import supplying_artery  # noqa: PLC0415 - likewise

    brain = ndimage.binary_fill_holes(_on_grid("t1") > 0)
    # Infarcts reach the surface, and no two brains agree on it to the millimetre.
    rimmed = ndimage.binary_dilation(brain)
    mm = np.argwhere(rimmed) + np.array(ORIGIN_MM)
    territory = np.zeros(SHAPE, np.uint8)
    territory[rimmed] = supplying_artery(mm)
    deep = ndimage.distance_transform_edt(brain)[rimmed] > _DEEP_MM
    tissue = np.maximum(_on_grid("gm"), _on_grid("wm"))[rimmed]
    low, high = np.array(_VENTRICLES_MM).T
    central = ((mm >= low) & (mm <= high)).all(axis=1)
    is_ventricle = np.zeros(SHAPE, np.bool_)
    is_ventricle[rimmed] = central & deep & (tissue < _TISSUE)
    territory[is_ventricle] = TERRITORIES.index("ventricle")
    is_right = np.arange(SHAPE[0])[:, None, None] + ORIGIN_MM[0] > 0
    labels = np.where(rimmed, 2 * territory + 1 + is_right, 0)
    return np.asarray(labels, np.uint8).ravel(order="F")


def _on_grid(name: Map) -> npt.NDArray[np.uint8]:
    """An image of the template on the grid of standard space, which its own contains."""
    volume = read_mni152(name)
    first = np.rint(np.array(ORIGIN_MM) - volume.affine[:3, 3]).astype(int)
    i, j, k = (slice(at, at + size) for at, size in zip(first, SHAPE, strict=True))
    return np.asarray(volume.data[i, j, k])


def _write(labels: Labels) -> None:
    import nibabel as nib  # noqa: PLC0415 - likewise

    image = nib.Nifti1Image(labels.reshape(SHAPE, order="F"), AFFINE)
    image.header.set_xyzt_units("mm")
    FILE.write_bytes(gzip.compress(image.to_bytes(), 9, mtime=0))


if __name__ == "__main__":
    _write(make_schematic())
