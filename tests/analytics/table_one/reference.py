"""Numbers by R, made by the scripts beside them, and the frame that they are of."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.table_one import as_frame
from data_loader.frame import CohortFrame
from data_loader.variables import Variable

FOLDER = Path(__file__).parents[2] / "reference" / "table_one"


def by_r(name: str) -> Any:
    """What R says of a table."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def constructed() -> CohortFrame:
    """The frame of `constructed.R`; its scores and `three` are ordinal."""
    table = pd.read_csv(FOLDER / "constructed.csv")
    scores = [Variable(name, name, "ordinal", "baseline", "") for name in ("nihss", "mrs")]
    levels = {"A": "A", "B": "B", "C": "C"}
    three = Variable("three", "three", "ordinal", "design", "", levels=levels)
    return as_frame(table, [*scores, three])
