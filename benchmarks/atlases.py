"""How far the schematic atlas agrees with the published one: on voxels, and on real infarcts.

Run as `python benchmarks/atlases.py [DATASET]` on masks in MNI152, after `insula atlas fetch`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.atlas.atlas import Labels
from analytics.atlas.published import read_published
from analytics.atlas.regions import TERRITORIES
from analytics.atlas.schematic import read_schematic
from analytics.standard_space import voxels_of
from benchmarks.lesion_map import DATASET, built
from data_loader.cohort import EVERYONE
from data_loader.standard_index import CohortRuns

LEVEL = 2
LEAST_ML = 5.0
Counts = npt.NDArray[np.float64]


def print_voxels(schematic: Labels, published: Labels) -> None:
    """Print the agreement on voxels that both name, and Dice of each territory, sides together."""
    both = (schematic > 0) & (published > 0)
    agreed = 100 * (schematic[both] == published[both]).mean()
    print(f"voxels that both name: {both.sum():,}, of which {agreed:.1f} % by one name")
    one, other = _territory(schematic), _territory(published)
    for place, name in enumerate(TERRITORIES):
        in_one, in_other = one == place, other == place
        total = in_one.sum() + in_other.sum()
        if total:
            print(f"  Dice {name:10}{2 * (in_one & in_other).sum() / total:.3f}")


def print_infarcts(lesions: CohortRuns, schematic: Labels, published: Labels) -> None:
    """Print for how many infarcts both name one dominant territory, with its side."""
    ml = _by_subject(lesions, np.ones(len(schematic), np.uint8)).sum(axis=1) / 1000
    first, second = (_dominant(_by_subject(lesions, one)) for one in (schematic, published))
    for least in (0.0, LEAST_ML):
        kept = ml > least
        same = first[kept] == second[kept]
        print(
            f"dominant territory and side, {kept.sum()} infarcts above {least:g} ml:"
            f" {same.sum()} alike ({100 * same.mean():.1f} %)"
        )


def _territory(labels: Labels) -> npt.NDArray[np.intp]:
    """Place among the territories of each voxel, -1 for none."""
    return np.where(labels > 0, (labels.astype(np.intp) - 1) // 2, -1)


def _by_subject(lesions: CohortRuns, labels: Labels) -> Counts:
    """Voxels of each subject by label, shape (subjects, labels)."""
    lengths = np.diff(lesions.runs)[:, 0]
    subject = np.repeat(np.searchsorted(lesions.subjects, lesions.of), lengths)
    width = int(labels.max()) + 1
    found = np.bincount(
        subject * width + labels[voxels_of(lesions.runs)], minlength=len(lesions.subjects) * width
    )
    return found.reshape(-1, width).astype(np.float64)


def _dominant(counts: Counts) -> npt.NDArray[np.intp]:
    """Label that holds most, 0 where none holds any."""
    named = counts[:, 1:]
    return np.where(named.any(axis=1), named.argmax(axis=1) + 1, 0)


def main() -> None:
    """Print both agreements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="?", type=Path, default=DATASET)
    dataset = parser.parse_args().dataset
    published = read_published()
    if published is None:
        sys.exit("The published atlas isn't here; run `insula atlas fetch`.")
    schematic = read_schematic().ids_by_level()[LEVEL]
    other = published.ids_by_level()[LEVEL]
    print_voxels(schematic, other)
    with tempfile.TemporaryDirectory() as name:
        lesions = built(dataset, Path(name)).lesion_runs(EVERYONE)
        print_infarcts(lesions, schematic, other)


if __name__ == "__main__":
    main()
