"""Cohorts of lesions in standard space, made by hand."""

import numpy as np
import numpy.typing as npt

from analytics.standard_space import SIZE, runs_of
from data_loader.standard_index import CohortRuns

FIRST_PLACE = SIZE // 2
"""The voxel of the first column of a cohort made by hand; the others follow it."""


def cohort_of(lesioned: npt.ArrayLike) -> CohortRuns:
    """A cohort from lesion status, shape (subjects, places)."""
    status = np.asarray(lesioned, dtype=bool)
    runs = [runs_of(np.flatnonzero(row) + FIRST_PLACE) for row in status]
    of = np.repeat(np.arange(len(runs)), [len(each) for each in runs]).astype(np.int32)
    return CohortRuns(np.arange(len(runs)), of, np.vstack(runs))


def random_status(rng: np.random.Generator, *, subjects: int, places: int) -> npt.NDArray[np.bool_]:
    """Lesion status along a line of places, each lesion one stretch of it."""
    start = rng.integers(-places // 3, places, subjects)[:, None]
    length = rng.integers(places // 8, places // 2, subjects)[:, None]
    place = np.arange(places)
    return np.asarray((place >= start) & (place < start + length))
