"""How long a Table 1 of thirty variables by split takes, at 250 and at 100,000 subjects.

Run `python benchmarks/table_one.py`; medians of runs. Where the Python package `tableone` is
installed, its table of the same variables is made in turn with ours.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from analytics.table_one import Choices, table_one
from analytics.table_one.dataframe import as_frame

RUNS = 5


def main() -> None:
    """Print one table."""
    for subjects in (250, 100_000):
        table = made(subjects)
        rows = [name for name in table if name != "split"]
        frame, choices = as_frame(table), Choices(by=("split",), variables=tuple(rows))
        ours = _median_ms(partial(table_one, frame, choices))
        print(f"{subjects:>7,} subjects: insula {ours:8.0f} ms", end="")
        if find_spec("tableone") and subjects < 1000:
            theirs = _median_ms(partial(_tableone, table, rows))
            print(f", tableone {theirs:8.0f} ms, {theirs / ours:.1f} times", end="")
        print()


def made(subjects: int) -> pd.DataFrame:
    """Ten numbers, ten flags, five scores and five categories, a tenth of each missing."""
    random = np.random.default_rng(1)
    columns: dict[str, object] = {"split": random.choice(["train", "test"], subjects)}
    for place in range(10):
        columns[f"number_{place}"] = random.gamma(2, 10, subjects)
        columns[f"flag_{place}"] = random.integers(0, 2, subjects).astype(float)
    for place in range(5):
        scores = pd.Categorical(random.integers(0, 7, subjects), range(7), ordered=True)
        columns[f"score_{place}"] = scores
        columns[f"category_{place}"] = random.choice(["a", "b", "c", "d"], subjects).astype(object)
    table = pd.DataFrame(columns)
    for name in table.columns[1:]:
        table.loc[random.random(subjects) < 0.1, name] = None
    return table


def _tableone(table: pd.DataFrame, rows: list[str]) -> object:
    continuous = [name for name in rows if name.startswith("number")]
    categorical = [name for name in rows if not name.startswith("number")]
    made_by: Any = import_module("tableone").TableOne
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table_made: object = made_by(
            table,
            columns=rows,
            continuous=continuous,
            categorical=categorical,
            groupby="split",
            pval=True,
            smd=True,
        )
    return table_made


def _median_ms(work: Callable[[], object]) -> float:
    work()
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main()
