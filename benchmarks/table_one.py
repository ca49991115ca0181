"""How long a Table 1 of thirty variables by split takes, at 250 and at 100,000 subjects.

Run `python benchmarks/table_one.py`; medians of runs, laid out for print. Where the Python package
`tableone` is installed, its table of the same variables is made in turn with ours: it is no
dependency, so put it elsewhere, as in `pip install --target DIR tableone tabulate --no-deps`, and
run with `PYTHONPATH=DIR:.`
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
from analytics.table_one.layout import printed_table
from data_loader.frame import CohortFrame

RUNS = 5


MOST_MS = {250: 150.0, 100_000: 3000.0}
TIMES_AS_FAST = 5.0


def main() -> None:
    """Print medians beside their targets."""
    for subjects, most in MOST_MS.items():
        table = made(subjects)
        rows = [name for name in table if name != "split"]
        frame, choices = as_frame(table), Choices(by=("split",), variables=tuple(rows))
        ways: dict[str, Callable[[], object]] = {"insula": partial(_printed, frame, choices)}
        if find_spec("tableone") and subjects < 1000:
            ways["tableone"] = partial(_tableone, table, rows)
        took = _medians_ms(ways)
        print(f"{subjects:,} subjects: {took['insula']:.0f} ms (target {most:g})")
        if "tableone" in took:
            times = took["tableone"] / took["insula"]
            print(
                f"  tableone {took['tableone']:.0f} ms: {times:.1f} times (target {TIMES_AS_FAST:g})"
            )
        elif subjects < 1000:
            print("  tableone isn't installed: nothing to compare with")


def _printed(frame: CohortFrame, choices: Choices) -> object:
    return printed_table(table_one(frame, choices))


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


def _medians_ms(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds by way, the ways taken in turn after one run of each."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(RUNS + 1):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            if run:
                took[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in took.items()}


if __name__ == "__main__":
    main()
