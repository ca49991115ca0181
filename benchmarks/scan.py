"""How long it takes to index a dataset without measuring, beside pybids and bids2table.

Run as `python benchmarks/scan.py [--other PYTHON]`; PYTHON is an interpreter that has pybids and
bids2table, which are no dependencies of this program. The dataset has 250 subjects and 5,000 files
in the layout of ISLES'24. Insula walks it, reads and checks every header, reads the clinical files
and stores the index; pybids lists it with metadata, bids2table lists it. Each way is a process of
its own that times itself from when it has imported what it needs, and they take turns.

Then 5,000 subjects of 20 files each, by Insula alone: seconds and peak memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.trees import write_tree

FASTER_THAN_PYBIDS = 8.0
FASTER_THAN_BIDS2TABLE = 1.0
MOST_SECONDS, MOST_MB = 30.0, 500.0

INSULA = """
import tempfile
from pathlib import Path
import duckdb
import data_loader.split
from data_loader.build import build_index
from data_loader.index import IndexFolder
def run(root):
    with tempfile.TemporaryDirectory() as folder:
        build_index([Path(root)], Path(folder), measure=None)
        return 20 * IndexFolder(Path(folder)).current().size
"""
PYBIDS = """
from bids import BIDSLayout, BIDSLayoutIndexer
def run(root):
    indexer = BIDSLayoutIndexer(validate=False, index_metadata=True)
    return len(BIDSLayout(root, validate=False, indexer=indexer).get_files())
"""
BIDS2TABLE = """
from bids2table import index_dataset
def run(root):
    folders = ("raw_data", "derivatives", "phenotype")
    return sum(index_dataset(f"{root}/train/{folder}").num_rows for folder in folders)
"""
TIMED = """
import json, resource, sys, time
began, worked = time.perf_counter(), time.process_time()
found = run(sys.argv[1])
taken = time.perf_counter() - began, time.process_time() - worked
print(json.dumps([*taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found]))
"""


class Run(NamedTuple):
    """What one run took: the processor's seconds tell more than the clock's on a busy machine."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    found: int


def timed(python: str, way: str, root: Path) -> Run:
    """Run one way in a process of its own."""
    command = [python, "-c", way + TIMED, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"A run failed: {done.stderr.strip().splitlines()[-1]}")
    return Run(*json.loads(done.stdout.splitlines()[-1]))


def importable(python: str, module: str) -> bool:
    """Whether an interpreter has a module."""
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
    return done.returncode == 0


def compare(root: Path, python: str, turns: int) -> None:
    """Print medians of all ways and their ratios beside the targets."""
    ways = {"insula": (sys.executable, INSULA)}
    for name, module, way in (("pybids", "bids", PYBIDS), ("bids2table", "bids2table", BIDS2TABLE)):
        if importable(python, module):
            ways[name] = (python, way)
        else:
            print(f"{name} is left out: {python} has none; name another with --other.")
    taken: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, (interpreter, way) in ways.items():
            taken[name].append(timed(interpreter, way, root))
    print(f"{'':12}{'s':>8}{'least':>8}{'most':>8}{'cpu s':>8}{'MB':>8}{'found':>8}")
    for name, runs in taken.items():
        seconds = [run.seconds for run in runs]
        middle, cpu = median(seconds), median(run.cpu_seconds for run in runs)
        times = f"{middle:8.3f}{min(seconds):8.3f}{max(seconds):8.3f}{cpu:8.3f}"
        megabytes = max(run.megabytes for run in runs)
        print(f"{name:12}{times}{megabytes:8.0f}{runs[0].found:8,}")
    targets = {"pybids": FASTER_THAN_PYBIDS, "bids2table": FASTER_THAN_BIDS2TABLE}
    for name in taken.keys() & targets.keys():
        print(f"{_ratios(taken[name], taken['insula'])} as {name} (target {targets[name]:g})")


def _ratios(other: list[Run], ours: list[Run]) -> str:
    wall = median(run.seconds for run in other) / median(run.seconds for run in ours)
    cpu = median(run.cpu_seconds for run in other) / median(run.cpu_seconds for run in ours)
    return f"{wall:.1f} times as fast by the clock, {cpu:.1f} times by the processor,"


def main() -> None:
    """Print what each part takes beside its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--large", type=int, default=5000, help="subjects of the large dataset")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = write_tree(Path(folder) / "isles24", 250)
        print(f"{files:,} files, medians of {arguments.turns} runs")
        compare(Path(folder) / "isles24", arguments.other, arguments.turns)
    if arguments.large:
        with tempfile.TemporaryDirectory() as folder:
            files = write_tree(Path(folder) / "isles24", arguments.large)
            run = timed(sys.executable, INSULA, Path(folder) / "isles24")
            print(
                f"{files:,} files: {run.seconds:.1f} s (target {MOST_SECONDS:g}),"
                f" {run.megabytes:.0f} MB (target {MOST_MB:g})"
            )


if __name__ == "__main__":
    main()
