"""What becomes of damaged images: 10,000 mutated headers and 1,000 broken gzip files.

Run as `python benchmarks/fuzz.py [--seed N]`. Each file is indexed (header and length) and measured.
Nothing may crash or take 5 s; each is measured or refused with a code; and a gzip that is read
holds what it held before.
"""

import argparse
import gzip
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from analytics.lesions import lesion_of
from data_loader.errors import ImageError
from data_loader.nifti import read_header, read_volume
from data_loader.problems import REMEDIES

SLOWEST_S = 5.0
MASK = np.zeros((24, 20, 16), np.uint8)
MASK[4:12, 5:9, 2:14] = 1


def mutated_headers(count: int, random: np.random.Generator) -> Iterator[bytes]:
    """Files whose header has one to six bytes, or a whole field, changed."""
    for turn in range(count):
        kind: Any = (nib.Nifti1Image, nib.Nifti2Image)[turn % 4 == 0]
        image = kind(MASK, np.diag((-0.5, -0.5, 3.0, 1.0)))
        content = bytearray(image.to_bytes())
        for _ in range(random.integers(1, 7)):
            at, width = (
                random.integers(0, 540 if turn % 4 == 0 else 348),
                2 ** int(random.integers(4)),
            )
            content[at : at + width] = random.bytes(width)
        yield gzip.compress(content, 1) if turn % 2 else bytes(content)


def broken_gzips(count: int, random: np.random.Generator) -> Iterator[bytes]:
    """Files that are cut, that have bits flipped, blocks missing, or something behind them."""
    whole = gzip.compress(nib.Nifti1Image(MASK, np.eye(4)).to_bytes())
    for turn in range(count):
        content = bytearray(whole)
        at = int(random.integers(0, len(content)))
        if turn % 4 == 0:
            del content[at:]
        elif turn % 4 == 1:
            content[at] ^= 1 << random.integers(8)
        elif turn % 4 == 2:
            del content[at : at + random.integers(1, 40)]
        else:
            content += random.bytes(int(random.integers(1, 400)))
        yield bytes(content)


def outcome_of(path: Path, *, is_whole_or_refused: bool) -> str:
    """The code under which a file is listed, or `measured`; fails where that would be silent."""
    try:
        read_header(path)
        volume = read_volume(path)
        lesion = lesion_of(volume)
    except ImageError as error:
        return error.code if error.code in REMEDIES else sys.exit(f"no remedy for {error.code}")
    assert np.isfinite(lesion.volume_ml), "a volume that is no number"
    assert 0 <= lesion.voxels <= volume.data.size, "more voxels than there are"
    assert not is_whole_or_refused or np.array_equal(volume.data, MASK), "other data, in silence"
    return "measured"


def run(files: Iterator[bytes], suffixes: tuple[str, str], *, is_gzip: bool) -> None:
    """Read every file and print what became of them."""
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for turn, content in enumerate(files):
            path = Path(folder) / f"image{suffixes[turn % 2]}"
            path.write_bytes(content)
            began = time.perf_counter()
            outcomes[outcome_of(path, is_whole_or_refused=is_gzip)] += 1
            slowest = max(slowest, time.perf_counter() - began)
    for code, count in outcomes.most_common():
        print(f"{count:8,} {code}")
    print(f"slowest {slowest:.2f} s (at most {SLOWEST_S:g})\n")
    assert slowest < SLOWEST_S


def main() -> None:
    """Print outcomes by code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=24)
    random = np.random.default_rng(parser.parse_args().seed)
    print("10,000 mutated headers")
    run(mutated_headers(10_000, random), (".nii", ".nii.gz"), is_gzip=False)
    print("1,000 broken gzip files")
    run(broken_gzips(1_000, random), (".nii.gz", ".nii.gz"), is_gzip=True)


if __name__ == "__main__":
    main()
