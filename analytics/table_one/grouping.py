"""Who stands in which column: by the levels of variables, or in one of two cohorts."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.table_one.choices import Choices
from analytics.table_one.crossing import cross, levels_of
from analytics.table_one.groups import OVERALL, Column, Groups
from analytics.table_one.wording import inside
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame

MOST_COLUMNS = 24
"""More don't fit on any page."""


def group_by(frame: CohortFrame, choices: Choices) -> Groups:
    """Put the subjects of a cohort into columns by the levels of variables.

    Raises:
        AnalysisError: a variable isn't in the frame, or has no levels or too many.
    """
    rows = len(frame)
    if not rows:
        raise AnalysisError("The cohort has no subjects; widen it.")
    if not choices.by:
        everyone = (Column(OVERALL, "all", "", rows),)
        return Groups(frame, everyone, np.zeros(rows, dtype=np.intp), np.ones(rows, bool))
    crossed = cross([levels_of(frame, name) for name in choices.by])
    count = len(crossed.columns)
    if not count:
        raise AnalysisError(f"No subject has a known {' and '.join(choices.by)}.")
    if count > MOST_COLUMNS:
        raise AnalysisError(
            f"{', '.join(choices.by)} would make {count} columns; at most"
            f" {MOST_COLUMNS} fit: group by something else, or narrow the cohort."
        )
    blank = int((crossed.codes < 0).sum())
    return Groups(
        frame=frame,
        columns=crossed.columns,
        codes=crossed.codes,
        once=np.ones(rows, bool),
        by=crossed.by,
        is_ordered=len(choices.by) == 1 and frame.variables[choices.by[0]].kind == "ordinal",
        notes=_blank_note(blank, crossed.by, hide=choices.minimum_cell > 0),
    )


def _blank_note(n: int, by: str, *, hide: bool) -> tuple[str, ...]:
    """Who is in no column; not how many where small counts are hidden."""
    if not n:
        return ()
    who = "Subjects" if hide else f"{n:,} subjects" if n > 1 else "1 subject"
    return (
        f"{who} without a known {inside(by)} {'is' if n == 1 and not hide else 'are'} left out.",
    )


def group_cohorts(first: CohortFrame, second: CohortFrame, *, labels: tuple[str, str]) -> Groups:
    """Put two cohorts of one index side by side; subjects of both stand in both columns.

    Args:
        first: values of the one.
        second: the same variables of the other.
        labels: as a reader sees the two.
    """
    sizes = (len(first), len(second))
    if not all(sizes):
        raise AnalysisError("One of the two cohorts has no subjects; widen it.")
    values = pd.concat([first.values, second.values], ignore_index=True)
    once = ~values.duplicated(["dataset", "subject"]).to_numpy()
    sentences = (first.provenance.sentence, second.provenance.sentence)
    provenance = replace(
        first.provenance,
        sentence=f"Two cohorts: {sentences[0]} {sentences[1]}",
        n=int(once.sum()),
    )
    structural = {
        name: np.concatenate([blank, second.structural[name]])
        for name, blank in first.structural.items()
    }
    return Groups(
        frame=replace(first, values=values, structural=structural, provenance=provenance),
        columns=tuple(
            Column(f"cohort {place}", label, "", n)
            for place, (label, n) in enumerate(zip(labels, sizes, strict=True), start=1)
        ),
        codes=np.repeat(np.arange(2), sizes),
        once=once,
        by="cohort",
        shared=len(values) - int(once.sum()),
    )
