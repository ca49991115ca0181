"""Damaged images are measured or refused with a code; `benchmarks/fuzz.py` tries many more."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.fuzz import broken_gzips, mutated_headers, outcome_of


@pytest.mark.parametrize("seed", range(3))
def test_mutated_headers(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "image.nii.gz"
    for content in mutated_headers(150, np.random.default_rng(seed)):
        path.write_bytes(content)
        outcome_of(path, is_whole_or_refused=False)


@pytest.mark.parametrize("seed", range(3))
def test_broken_gzips_are_whole_or_refused(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "image.nii.gz"
    for content in broken_gzips(60, np.random.default_rng(seed)):
        path.write_bytes(content)
        outcome_of(path, is_whole_or_refused=True)
