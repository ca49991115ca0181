"""How fast infarcts are counted by territory, beside loading mask and atlas and counting labels.

Run as `python benchmarks/territories.py [DATASET]`: all masks of a dataset in MNI152. The plain way
loads mask and atlas with nibabel, a file at a time, and counts each label of level 1 among the
mask's voxels; both must count the same, to the voxel. It is timed from files to volumes: for us with
all measures of the masks, in one process and without starting any. They take turns.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import nibabel as nib
import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Atlas
from analytics.atlas.choice import choose_atlas
from analytics.measure import measure_lesions
from analytics.standard_space import AFFINE, ORIGIN_MM, SHAPE
from analytics.territories import count_territories
from data_loader.content import LesionMask
from data_loader.errors import ImageError

DATASET = Path(__file__).resolve().parents[2] / "shared" / "data" / "soop"
FASTER = 10.0

Voxels = npt.NDArray[np.int64]


def ours(masks: list[Path], atlas: Atlas) -> Voxels:
    """Voxels of each mask in each region of level 1, what lies outside them last."""
    level_1 = np.array([region.level == 1 for region in atlas.info.regions])
    found = np.zeros((len(masks), int(level_1.sum())))
    for at, lesion in measure_lesions([LesionMask(path, in_mni=True) for path in masks], workers=1):
        if isinstance(lesion, ImageError) or lesion.placement is None:
            raise SystemExit(f"{masks[at]} can't be measured.")
        counted = count_territories(lesion.placement, voxel_mm3=1.0, atlas=atlas)
        found[at] = counted.volumes_ml[level_1] * 1000
    return np.rint(found).astype(np.int64)


def plain(masks: list[Path], atlas_file: Path, ids: list[int]) -> Voxels:
    """The same with nibabel and numpy, as one writes it."""
    found = np.zeros((len(masks), len(ids) + 1), np.int64)
    for at, path in enumerate(masks):
        labels = np.rint(nib.Nifti1Image.from_filename(atlas_file).get_fdata())
        image = nib.Nifti1Image.from_filename(path)
        mask = image.get_fdata() > 0.5
        where = nib.affines.apply_affine(image.affine, np.argwhere(mask)) - ORIGIN_MM
        inside = labels[tuple(np.rint(where).astype(int).T)]
        found[at, :-1] = [np.count_nonzero(inside == number) for number in ids]
        found[at, -1] = np.count_nonzero(mask) - found[at, :-1].sum()
    return found


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="?", type=Path, default=DATASET)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    masks = sorted(arguments.dataset.rglob("*_space-MNI152*_mask.nii.gz"))
    atlas = choose_atlas()
    ids = [r.id for r in atlas.info.regions if r.level == 1 and r.ml is not None]
    taken: dict[str, list[float]] = {"plain": [], "Insula": []}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "atlas.nii.gz"
        image = atlas.ids_by_level()[1].reshape(SHAPE, order="F")
        nib.save(nib.Nifti1Image(image, AFFINE), file)
        for _ in range(arguments.turns):
            began = time.perf_counter()
            expected = plain(masks, file, ids)
            taken["plain"].append(time.perf_counter() - began)
            began = time.perf_counter()
            found = ours(masks, atlas)
            taken["Insula"].append(time.perf_counter() - began)
            assert np.array_equal(found, expected), "the two ways count differently"
    plain_s, ours_s = (median(seconds) for seconds in taken.values())
    print(
        f"{len(masks)} masks by the {atlas.info.name}, equal to the voxel: plain {plain_s:.2f} s,"
        f" Insula {ours_s:.2f} s, {plain_s / ours_s:.1f} times as fast (target {FASTER:g})"
    )


if __name__ == "__main__":
    main()
