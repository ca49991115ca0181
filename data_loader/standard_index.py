"""Answers about standard space that an index keeps in memory, once a version."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from data_loader.atlas import AtlasInfo, Region
from data_loader.mni152 import SHAPE

Runs: TypeAlias = npt.NDArray[np.int32]
"""A row a run, of two columns: number of its first voxel, and of the one behind its last."""


@dataclass(frozen=True)
class CohortRuns:
    """The infarcts of a cohort in standard space.

    Attributes:
        subjects: positions in the index of those whose infarct is in standard space, also of those
            whose mask is empty there, ascending.
        of: position in the index of each run's subject, ascending.
        runs: of all infarcts, one below the other.
    """

    subjects: npt.NDArray[np.intp]
    of: npt.NDArray[np.int32]
    runs: Runs


class LesionRuns:
    """All runs of an index."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        columns = cursor.execute(
            "SELECT subject, first, behind FROM lesion_runs ORDER BY subject, first"
        ).fetchnumpy()
        self._of, first, behind = (np.asarray(columns[n]) for n in ("subject", "first", "behind"))
        self._runs = np.column_stack((first, behind)).astype(np.int32)
        placed = cursor.execute("SELECT DISTINCT subject FROM territory_volumes ORDER BY subject")
        self._placed = np.asarray(placed.fetchnumpy()["subject"])

    def of(self, members: npt.NDArray[np.bool_]) -> CohortRuns:
        """The runs of some subjects.

        Args:
            members: whether each subject, in the order of the index, is one of them.
        """
        subjects = self._placed[members[self._placed]]
        if len(subjects) == len(self._placed):
            return CohortRuns(subjects, self._of, self._runs)
        kept = members[self._of]
        return CohortRuns(subjects, self._of[kept], self._runs[kept])


def read_atlas(cursor: duckdb.DuckDBPyConnection) -> AtlasInfo | None:
    """The atlas by which an index counts, or None."""
    regions = [Region(**row) for row in _dicts(cursor, "atlas_regions ORDER BY position")]
    for row in _dicts(cursor, "(SELECT * EXCLUDE (labels) FROM atlas)"):
        return AtlasInfo(**row, regions=tuple(regions))
    return None


def read_atlas_ids(
    cursor: duckdb.DuckDBPyConnection, levels: Sequence[int]
) -> Mapping[int, npt.NDArray[np.uint8]]:
    """Of each level, the id of the region at every voxel of standard space, by voxel number."""
    found = cursor.execute("SELECT labels FROM atlas").fetchone()
    if found is None:
        return {}
    volumes = np.frombuffer(isal_zlib.decompress(found[0]), np.uint8).reshape(-1, math.prod(SHAPE))
    return dict(zip(levels, volumes, strict=True))


def _dicts(cursor: duckdb.DuckDBPyConnection, source: str) -> list[dict[str, Any]]:
    result = cursor.execute(f"SELECT * EXCLUDE (position) FROM {source}")  # noqa: S608
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
