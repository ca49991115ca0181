"""How long the overlap map of a cohort takes, beside adding its masks up with nibabel.

Run as `python benchmarks/lesion_map.py [DATASET]`: whole cohorts and parts of them in turn, from
the open index to the count and the place of the peak, and to the bytes that a viewer is sent. The
plain way loads every mask of the cohort and adds it up; both must count the same.
"""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import nibabel as nib
import numpy as np
import numpy.typing as npt

from analytics.atlas.choice import choose_atlas
from analytics.lesion_map import OverlapMap, overlap_map
from analytics.map_image import map_image
from analytics.measure import measure_lesions
from analytics.standard_space import ORIGIN_MM
from analytics.territories import standard_space
from data_loader.build import build_index
from data_loader.cohort import Cohort
from data_loader.index import Index, IndexFolder

DATASET = Path(__file__).resolve().parents[2] / "shared" / "data" / "soop"
TARGET_MS = 150
QUERIES = ("", "sex=F", "age=60..80", "nihss_admission=>=5")


def built(dataset: Path, folder: Path) -> Index:
    """An index of a dataset whose masks are in MNI152."""
    build_index(
        [dataset],
        folder,
        measure=partial(measure_lesions, workers=2),
        standard=standard_space(choose_atlas()),
    )
    return IndexFolder(folder).current()


def mapped(index: Index, cohort: Cohort) -> tuple[OverlapMap, bytes, list[float]]:
    """The map of a cohort, as a page asks for it, with the seconds until counts, peak and file."""
    began = time.perf_counter()
    overlap = overlap_map(index.lesion_runs(cohort))
    seconds = [time.perf_counter() - began]
    assert overlap.peaks
    seconds.append(time.perf_counter() - began)
    image = map_image(overlap.shown, f"Lesion overlap, n of {overlap.n} subjects")
    return overlap, image, [*seconds, time.perf_counter() - began]


def plain(index: Index, cohort: Cohort) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The masks of a cohort added up on their own grid, which they share."""
    root = index.datasets[0].root
    counts = np.zeros(1, np.int64)
    for row in index.lesions(cohort):
        image = nib.Nifti1Image.from_filename(root / row["file"])
        counts = counts + (np.asanyarray(image.dataobj) > 0.5)
    return counts, image.affine


def main() -> None:
    """Print one row a cohort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="?", type=Path, default=DATASET)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        index = built(arguments.dataset, Path(name))
        cohorts = {query: Cohort.parse(query, index.variables)[0] for query in QUERIES}
        if not len(index.lesion_runs(cohorts[""]).subjects):
            sys.exit(f"There are no masks in MNI152 in {arguments.dataset}.")
        taken: dict[str, list[list[float]]] = {query: [] for query in QUERIES}
        for _ in range(arguments.runs):
            for query, cohort in cohorts.items():
                taken[query].append(mapped(index, cohort)[2])
        print(f"medians of {arguments.runs} runs in turn, ms; the plain way once, s\n")
        print(f"{'cohort':22}{'n':>5}{'counts':>9}{'peak':>7}{'file':>7}{'most':>7}{'plain':>8}")
        for query, cohort in cohorts.items():
            overlap, image, _ = mapped(index, cohort)
            began = time.perf_counter()
            counts, affine = plain(index, cohort)
            seconds = time.perf_counter() - began
            mm = nib.affines.apply_affine(affine, np.argwhere(counts))
            at = tuple(np.rint(mm - ORIGIN_MM).astype(int).T)
            assert np.array_equal(overlap.counts[at], counts[counts > 0])
            assert overlap.counts.sum() == counts.sum()
            ms = [1000 * median(run[part] for run in taken[query]) for part in range(3)]
            most = 1000 * max(run[2] for run in taken[query])
            times = "".join(f"{value:7.0f}" for value in (*ms, most))
            print(f"{query or 'everyone':22}{overlap.n:5}  {times}{seconds:8.2f}")
            (peak, *_) = overlap.peaks
            said = f"peak {peak.value:.0f} of {overlap.n} at {peak.position} mm"
            print(f"{'':22}{said}; file of {len(image) / 1e6:.1f} MB")
        print(f"\ntarget: any cohort of 721 in {TARGET_MS} ms")


if __name__ == "__main__":
    main()
