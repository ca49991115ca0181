"""Measuring a cohort on one process and on several."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from analytics.lesions import Lesion, measure_lesion
from analytics.measure import measure_lesions
from data_loader.content import LesionMask
from data_loader.errors import ImageError, MeasureInterrupted
from tests.images import box, write_image


@pytest.fixture
def masks(tmp_path: Path) -> list[LesionMask]:
    """Eighty masks of different size; every tenth is no image, and one is gone."""
    paths = []
    for n in range(80):
        path = write_image(tmp_path / f"{n}.nii.gz", box((9, 9, 9), at=(slice(n % 9 + 1), 3, 3)))
        if n % 10 == 0:
            path.write_bytes(b"no image")
        paths.append(path)
    paths[5].unlink()
    return [LesionMask(path) for path in paths]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_mask_is_answered_once(masks: list[LesionMask], workers: int) -> None:
    answers = list(measure_lesions(masks, workers=workers))
    assert sorted(position for position, _ in answers) == list(range(80))
    for position, outcome in answers:
        if position % 10 == 0:
            assert isinstance(outcome, ImageError)
            assert outcome.code == "image-damaged"
        elif position == 5:
            assert isinstance(outcome, ImageError)
            assert (outcome.code, str(outcome)[:16]) == ("file-unreadable", "The file is gone")
        else:
            assert isinstance(outcome, Lesion)
            assert outcome == measure_lesion(masks[position].path)
            assert outcome.voxels == position % 9 + 1


def test_nothing_to_do() -> None:
    assert list(measure_lesions([], workers=2)) == []


def test_memory_that_runs_out_costs_one_mask(
    masks: list[LesionMask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhaust(_: Path, *, in_mni: bool) -> Lesion:
        raise MemoryError

    monkeypatch.setattr("analytics.lesions.measure_lesion", exhaust)
    outcomes = [outcome for _, outcome in measure_lesions(masks[:2], workers=1)]
    assert [o.code for o in outcomes if isinstance(o, ImageError)] == ["image-too-large"] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the worker in /proc")
def test_a_worker_that_dies_is_one_sentence(masks: list[LesionMask]) -> None:
    results = measure_lesions(masks * 3, workers=2)
    next(results)
    os.kill(newest_descendant(), signal.SIGKILL)
    with pytest.raises(MeasureInterrupted, match="finished subjects are kept") as caught:
        list(results)
    assert "\n" not in str(caught.value)


def newest_descendant() -> int:
    """The worker started last: a child of the fork server, itself a child of this process."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    ours = {os.getpid()}
    while found := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= found
    return max(ours)


def test_an_abandoned_run_leaves_no_worker(masks: list[LesionMask]) -> None:
    results = measure_lesions(masks * 3, workers=2)
    next(results)
    results.close()  # type: ignore[attr-defined]


def test_workers_agree_on_real_masks(real_data: Path) -> None:
    paths = sorted((real_data / "soop" / "derivatives").rglob("*_mask.nii.gz"))[:70]
    masks = [LesionMask(path, in_mni=True) for path in paths]
    one = dict(measure_lesions(masks, workers=1))
    two = dict(measure_lesions(masks, workers=2))
    assert one == two
    volumes = [lesion.volume_ml for lesion in one.values() if isinstance(lesion, Lesion)]
    assert np.isfinite(volumes).all()
