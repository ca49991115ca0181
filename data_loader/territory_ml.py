"""Infarct volume by region of the atlas, of a whole index."""

import duckdb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def read_territory_ml(cursor: duckdb.DuckDBPyConnection, *, subjects: int, regions: int) -> Floats:
    """Lay the volumes out by subject and region.

    Args:
        cursor: of the index.
        subjects: how many it has.
        regions: how many its atlas has, over all levels.

    Returns:
        Shape (subjects, regions); NaN where the infarct isn't in standard space.
    """
    columns = cursor.execute("SELECT subject, region, ml FROM territory_volumes").fetchnumpy()
    ml = np.full((subjects, regions), np.nan)
    ml[np.asarray(columns["subject"]), np.asarray(columns["region"])] = columns["ml"]
    return ml
