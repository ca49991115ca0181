"""How long `insula index` takes, beside measuring the same masks the plain way.

Run as `python benchmarks/index.py [DATASET]`. Every way is a process of its own, start-up and
storing included, and they take turns, so that whatever else the machine does falls on all alike.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

PLAIN = """
import sys
from pathlib import Path
import nibabel as nib
import numpy as np
from scipy import ndimage

for path in sorted(Path(sys.argv[1]).rglob("*lesion*.nii.gz")):
    image = nib.load(path)
    mask = image.get_fdata() > 0.5
    ndimage.label(mask)
    ndimage.label(mask, np.ones((3, 3, 3)))
"""

FASTER_ON_ONE_CORE = 10.0
FASTER_ON_TWO = 1.7
ROOT = Path(__file__).resolve().parents[1]


def seconds(command: list[str], folder: Path) -> float:
    """Wall time of one process; it keeps to the cores and cache folder that it is given."""
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - began
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed: {done.stderr}")
    return taken


def index_command(dataset: Path, folder: Path, workers: int) -> list[str]:
    """`insula index` into a folder."""
    program = [sys.executable, "-m", "app", "index", str(dataset)]
    return [*program, "--index", str(folder / "index"), "--workers", str(workers)]


def measure(dataset: Path, runs: int, plain_runs: int) -> dict[str, list[float]]:
    """Seconds by way, the ways taken in turn."""
    taken: dict[str, list[float]] = {"plain": [], "one worker": [], "two workers": []}
    for turn in range(runs):
        for way, times in taken.items():
            if way == "plain" and turn >= plain_runs:
                continue
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                command = (
                    [sys.executable, "-c", PLAIN, str(dataset)]
                    if way == "plain"
                    else index_command(dataset, folder, 1 + (way == "two workers"))
                )
                times.append(seconds(command, folder))
    return taken


def main() -> None:
    """Print medians and ratios beside their targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT.parent / "shared" / "data" / "soop"
    parser.add_argument("dataset", nargs="?", type=Path, default=default)
    parser.add_argument("--runs", type=int, default=7, help="of each way but the plain one")
    parser.add_argument("--plain-runs", type=int, default=3)
    arguments = parser.parse_args()
    masks = len(list(arguments.dataset.rglob("*lesion*.nii.gz")))
    if not masks:
        sys.exit(f"There are no lesion masks in {arguments.dataset}.")
    taken = measure(arguments.dataset, arguments.runs, arguments.plain_runs)
    print(f"{masks} masks, medians of {arguments.runs} runs ({arguments.plain_runs} plain)\n")
    print(f"{'':14}{'s':>8}{'ms a mask':>12}{'least':>8}{'most':>8}")
    for way, times in taken.items():
        middle = median(times)
        per_mask = 1000 * middle / masks
        print(f"{way:14}{middle:8.2f}{per_mask:12.2f}{min(times):8.2f}{max(times):8.2f}")
    plain, one, two = (median(times) for times in taken.values())
    print(
        f"\none worker is {plain / one:.1f} times as fast as plain (target {FASTER_ON_ONE_CORE:g})"
    )
    print(f"two workers are {one / two:.2f} times as fast as one (target {FASTER_ON_TWO:g})")


if __name__ == "__main__":
    main()
