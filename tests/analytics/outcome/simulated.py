"""Cohorts made of given values, and of known odds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance
from data_loader.variables import dictionary

PROVENANCE = Provenance("", "All subjects.", 0, (), 1, "0", date(2025, 1, 1))


def frame_of(
    values: Mapping[str, Any], structural: Mapping[str, npt.NDArray[np.bool_]] | None = None
) -> CohortFrame:
    """A cohort of these values; the variables are those of the dictionary."""
    n = len(next(iter(values.values())))
    table = pd.DataFrame({"dataset": ["made"] * n, "subject": [f"sub-{k}" for k in range(n)]})
    table = table.astype(object)
    variables = {name: dictionary()[name] for name in values}
    for name, variable in variables.items():
        table[name] = pd.Series(values[name], dtype=object if variable.is_text else float)
    never = {name: np.zeros(n, dtype=bool) for name in values}
    return CohortFrame(table, {**never, **(structural or {})}, variables, PROVENANCE)


def stroke_cohort(n: int, seed: int) -> CohortFrame:
    """A cohort in which age, NIHSS and infarct volume move mRS at three months; nothing is blank."""
    random = np.random.default_rng(seed)
    age = random.normal(70, 12, n).round()
    nihss = random.poisson(random.gamma(3, 4, n)).clip(0, 42).astype(float)
    volume = np.exp(random.normal(1 + 0.08 * nihss, 1)).round(3)
    risk = 0.04 * (age - 70) + 0.1 * (nihss - 12) + 0.5 * (np.log1p(volume) - 2)
    risk += random.logistic(size=n)
    return frame_of(
        {
            "mrs_3_months": np.digitize(risk, [-2.5, -1.3, -0.4, 0.4, 1.3, 2.3]).astype(float),
            "age": age,
            "sex": random.choice(["F", "M"], n),
            "nihss_admission": nihss,
            "volume_ml": volume,
            "diabetes": random.integers(0, 2, n).astype(float),
        }
    )


def with_blanks(frame: CohortFrame, share: float, names: tuple[str, ...], seed: int) -> CohortFrame:
    """The cohort with that share of some variables' values gone at random."""
    random = np.random.default_rng(seed)
    values = frame.values.copy()
    for name in names:
        gone = random.random(len(values)) < share
        values[name] = values[name].where(~gone, None if values[name].dtype == object else np.nan)
    return CohortFrame(values, frame.structural, frame.variables, frame.provenance)
