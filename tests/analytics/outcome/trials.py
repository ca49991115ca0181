"""Published tables of the mRS, and what R says of them (`tests/reference/compare`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MR_CLEAN = np.array([[1, 15, 35, 44, 81, 32, 59], [6, 21, 49, 43, 52, 13, 49]])
"""Control and intervention: Berkhemer et al., N Engl J Med 2015;372:11."""

ALTEPLASE = np.array([[16, 30, 17, 18, 29, 11, 30], [36, 31, 13, 21, 22, 7, 31]])
"""Placebo and alteplase within 90 minutes: Lees et al., Lancet 2010;375:1695."""

TABLES: dict[str, npt.NDArray[np.int64]] = {"mr_clean": MR_CLEAN, "alteplase": ALTEPLASE}


@cache
def by_r() -> dict[str, Any]:
    file = Path(__file__).parents[2] / "reference" / "compare" / "compare.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read
