"""Who stands in which column: by the levels of variables, or in one of two cohorts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.table_one.choices import Choices
from analytics.table_one.groups import OVERALL, Column, Groups
from analytics.table_one.values import Int, values_of
from analytics.table_one.wording import inside, joined, sentence_case
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import Variable

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
    codes = np.zeros(rows, dtype=np.intp)
    parts: list[list[tuple[str, str]]] = [[]]
    for name in choices.by:
        found, labels = _levels(frame, name)
        codes = np.where((codes < 0) | (found < 0), -1, codes * len(labels) + found)
        parts = [[*part, label] for part in parts for label in labels]
    counts = np.bincount(codes[codes >= 0], minlength=len(parts))
    occurring = np.flatnonzero(counts)
    if not len(occurring):
        raise AnalysisError(f"No subject has a known {' and '.join(choices.by)}.")
    if len(occurring) > MOST_COLUMNS:
        raise AnalysisError(
            f"{', '.join(choices.by)} would make {len(occurring)} columns; at most"
            f" {MOST_COLUMNS} fit: group by something else, or narrow the cohort."
        )
    places = np.full(len(parts) + 1, -1, dtype=np.intp)
    places[occurring] = np.arange(len(occurring))
    variables = [frame.variables[name] for name in choices.by]
    by = sentence_case(joined([inside(variable.label) for variable in variables]))
    return Groups(
        frame=frame,
        columns=tuple(_column(parts[place], variables, int(counts[place])) for place in occurring),
        codes=places[codes],
        once=np.ones(rows, bool),
        by=by,
        is_ordered=len(variables) == 1 and variables[0].kind == "ordinal",
        notes=_blank_note(int((codes < 0).sum()), by, hide=choices.minimum_cell > 0),
    )


def _column(parts: Sequence[tuple[str, str]], variables: Sequence[Variable], n: int) -> Column:
    keys, labels = zip(*parts, strict=True)
    named = [_named(v, label) for v, label in zip(variables, labels, strict=True)]
    if len(parts) > 1:
        return Column(",".join(keys), named[-1], ", ".join(named[:-1]), n)
    spanner = "" if named[0] == labels[0] else variables[0].label
    return Column(keys[0], labels[0], spanner, n)


def _named(variable: Variable, label: str) -> str:
    """A level that says what it is of: not `yes`, nor `3`."""
    return label if variable.is_text or variable.levels else f"{variable.label} {label}"


def _levels(frame: CohortFrame, name: str) -> tuple[Int, list[tuple[str, str]]]:
    if name not in frame.variables:
        raise AnalysisError(f"“{name[:60]}” is no variable that can group; it isn't there.")
    values = values_of(frame, name)
    is_score = values.variable.kind in ("ordinal", "count")
    if not (values.is_named or is_score):
        raise AnalysisError(
            f"{values.variable.label} has no levels to group by; choose one that has."
        )
    labels = [(str(level), values.variable.level_label(level)) for level in values.levels]
    return values.codes, labels


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
