"""Predictions for 250 made-up subjects, and what R says of them."""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).parents[2] / "reference" / "validation"


class Predictions(NamedTuple):
    level: npt.NDArray[np.float64]
    event: npt.NDArray[np.bool_]
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]
    fold: npt.NDArray[np.intp]

    @property
    def above(self) -> npt.NDArray[np.bool_]:
        """Who is above each of the four cuts."""
        return self.level[:, None] >= np.arange(1, 5)

    @property
    def of_cuts(self) -> npt.NDArray[np.float64]:
        """The first prediction, shifted for each cut as the script does."""
        logit = np.log(self.first / (1 - self.first))[:, None] + np.array([1.8, 0.9, 0, -1.1])
        return np.asarray(1 / (1 + np.exp(-logit)))


def read_predictions() -> Predictions:
    with (FOLDER / "predictions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    level, event, first, second, fold = (
        np.array([float(row[key]) for row in rows])
        for key in ("level", "event", "first", "second", "fold")
    )
    return Predictions(level, event == 1, first, second, fold.astype(np.intp))


def by_r() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / "performance.json").read_text(encoding="utf-8"))
    return read
