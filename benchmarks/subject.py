"""One subject of ISLES'24's real size: measuring its mask and decompressing a map.

Run as `python benchmarks/subject.py`. The mask has 512 x 512 x 50 voxels, one large infarct and
twenty small ones; the map is a `.nii.gz` of 60 MB, brain within empty air. The plain way is
nibabel and scipy as they come; Insula reads as its measuring processes do, which keep their memory.
Each way is a process of its own, repeats itself, and they take turns; times are the processor's.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import nibabel as nib
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
FASTER_MEASURE, FASTER_DECOMPRESSION = 15.0, 2.5

PLAIN_MEASURE = """
import nibabel as nib, numpy as np
from scipy import ndimage
def run(path):
    image = nib.load(path)
    mask = image.get_fdata() > 0.5
    labels, count_26 = ndimage.label(mask, np.ones((3, 3, 3)))
    _, count_6 = ndimage.label(mask)
    largest = ndimage.sum(mask, labels, range(1, count_26 + 1)).max()
    voxel_ml = np.prod(image.header.get_zooms()) / 1000
    ndimage.center_of_mass(mask)
    return [int(count_26), int(count_6), float(largest * voxel_ml), float(mask.sum() * voxel_ml)]
"""
MEASURE = """
from pathlib import Path
from analytics.measure import measure_lesions
from data_loader.content import LesionMask
def run(path):
    (_, lesion), = measure_lesions([LesionMask(Path(path))], workers=1)
    return [lesion.components_26, lesion.components_6, lesion.largest_ml, lesion.volume_ml]
"""
PLAIN_DECOMPRESSION = """
import nibabel as nib, numpy as np
def run(path):
    return [float(np.asanyarray(nib.load(path).dataobj)[256, 256, 28])]
"""
DECOMPRESSION = """
from pathlib import Path
from analytics.measure import keep_memory
from data_loader.nifti import read_volume
keep_memory()
def run(path):
    return [float(read_volume(Path(path)).data[256, 256, 28])]
"""
TIMED = """
import json, sys, time
run(sys.argv[1])
taken = []
for _ in range(int(sys.argv[2])):
    began = time.process_time()
    found = run(sys.argv[1])
    taken.append(time.process_time() - began)
print(json.dumps([sorted(taken)[len(taken) // 2], found]))
"""


def write_mask(path: Path) -> None:
    """A large ellipsoid and twenty balls, in a grid of 0.4 x 0.4 x 3 mm."""
    random = np.random.default_rng(512)
    i, j, k = np.ogrid[:512, :512, :50]
    mask = ((i - 180) / 70) ** 2 + ((j - 260) / 90) ** 2 + ((k - 25) / 10) ** 2 < 1
    for _ in range(20):
        at = random.integers((280, 60, 5), (460, 440, 45))
        mask |= ((i - at[0]) / 6) ** 2 + ((j - at[1]) / 6) ** 2 + ((k - at[2]) / 2) ** 2 < 1
    affine = np.diag((-0.4, -0.4, 3.0, 1.0))
    nib.save(nib.Nifti1Image(mask.astype(np.uint8), affine), path)


def write_map(path: Path) -> None:
    """Noise to two digits within a ball, nothing outside: 512 x 512 x 57 floats."""
    random = np.random.default_rng(60)
    i, j, k = np.ogrid[:512, :512, :57]
    brain = ((i - 256) / 180) ** 2 + ((j - 256) / 220) ** 2 + ((k - 28) / 30) ** 2 < 1
    values = np.round(random.gamma(2, 1.5, brain.shape).astype(np.float32) * 4) / 4 * brain
    nib.save(nib.Nifti1Image(values, np.diag((-0.4, -0.4, 3.0, 1.0))), path)


def milliseconds(way: str, path: Path, repeats: int) -> tuple[float, list[float]]:
    """Processor time of the middle one of some runs, and what it found."""
    command = [sys.executable, "-c", way + TIMED, str(path), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"A run failed: {done.stderr.strip().splitlines()[-1]}")
    seconds, found = json.loads(done.stdout)
    return 1000 * seconds, found


def compare(name: str, ways: tuple[str, str], path: Path, turns: int, target: float) -> None:
    """Print both ways' milliseconds and their ratio; they have to find the same."""
    runs = [[milliseconds(way, path, repeats=5) for way in ways] for _ in range(turns)]
    for plain, ours in runs:
        assert np.allclose(plain[1], ours[1], rtol=1e-6), (plain[1], ours[1])
    plain_ms, ours_ms = (median(turn[way][0] for turn in runs) for way in range(2))
    print(
        f"{name}: plain {plain_ms:.1f} ms, Insula {ours_ms:.1f} ms,"
        f" {plain_ms / ours_ms:.1f} times as fast (target {target:g})"
    )


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        mask, map_ = Path(folder) / "mask.nii.gz", Path(folder) / "map.nii.gz"
        write_mask(mask)
        write_map(map_)
        compare("measuring a mask", (PLAIN_MEASURE, MEASURE), mask, turns, FASTER_MEASURE)
        ways = (PLAIN_DECOMPRESSION, DECOMPRESSION)
        compare("reading 60 MB", ways, map_, turns, FASTER_DECOMPRESSION)


if __name__ == "__main__":
    main()
