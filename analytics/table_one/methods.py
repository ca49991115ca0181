"""The methods paragraph of a Table 1, written from the choices made and the tests that were done."""

from collections.abc import Iterator

from analytics.table_one.comparison import Comparison
from analytics.table_one.effect import RANKS, SHARES
from analytics.table_one.result import TableOne
from analytics.table_one.wording import joined

_SUMMARIES = {
    "mean": "mean ± standard deviation",
    "median": "median and interquartile range",
    "range": "least and largest value",
    "count": "number and percentage of known values",
}

_ADJUSTED = {
    "none": "p-values are two-sided and were not adjusted for multiple testing.",
    "holm": "p-values are two-sided and were adjusted for {n} tests by the method of Holm (1979).",
    "bh": "p-values are two-sided and were adjusted for {n} tests by the method of Benjamini and"
    " Hochberg (1995).",
}


def methods_paragraph(table: TableOne) -> str:
    """What was done, in the past tense of a methods section."""
    return " ".join(_sentences(table))


def _sentences(table: TableOne) -> Iterator[str]:
    yield _columns(table)
    for summary, words in _SUMMARIES.items():
        labels = [row.variable.label for row in table.rows if row.summary == summary]
        if labels:
            yield f"{_listed(labels)} {_is(labels)} given as {words}."
    yield "Missing values were left out of summaries, percentages and tests."
    if any(known.structural for row in table.rows for known in row.known):
        yield "Values that can't exist for a subject were not counted as missing."
    if table.shared:
        yield "The two cohorts share subjects, so that no tests were made and no intervals given."
    yield from _tests(table)
    yield from _smds(table)
    least = table.choices.minimum_cell
    if least:
        yield (
            f"Counts from 1 to {least - 1} were hidden, with as many others as keep them from being"
            " worked out from the margins."
        )
    made = table.provenance
    yield f"Computed with Insula {made.program_version}."


def _columns(table: TableOne) -> str:
    columns = joined([f"{c.label} (n = {c.n:,})" for c in table.groups])
    if len(table.groups) < 2:
        return f"Characteristics are given for {table.columns[0].n:,} subjects."
    return f"Characteristics are given by {table.by}: {columns}."


def _tests(table: TableOne) -> Iterator[str]:
    by_test: dict[str, list[str]] = {}
    for row in table.rows:
        if row.comparison and row.comparison.test:
            by_test.setdefault(row.comparison.test, []).append(row.variable.label)
    for test, labels in by_test.items():
        yield f"{_listed(labels)} {_is(labels)} compared by the {test}."
    done = [row.comparison for row in table.rows if row.comparison]
    if any(comparison.test == "Wilcoxon rank-sum test" for comparison in done):
        yield (
            "The Wilcoxon test used the normal approximation with corrections for ties and"
            " continuity."
        )
    yield from _exact(done, table)
    if by_test:
        tests = sum(comparison.p is not None for comparison in done)
        yield _ADJUSTED[table.choices.adjust].format(n=tests)


def _exact(done: list[Comparison], table: TableOne) -> Iterator[str]:
    if any(c.test and c.test.startswith("Fisher") for c in done) and not _chosen(table, "fisher"):
        yield "The exact test took the place of χ² where an expected count was below 5."
    drawn = next((c for c in done if c.replicates), None)
    if drawn:
        yield (
            "Where listing all tables was too dear, p was estimated from"
            f" {drawn.replicates:,} tables drawn at random (seed {drawn.seed}) as (b + 1) / (m + 1)."
        )


def _chosen(table: TableOne, test: str) -> bool:
    return test in table.choices.tests.values()


def _smds(table: TableOne) -> Iterator[str]:
    methods = {smd.method for row in table.rows for smd in row.smds if smd.value is not None}
    if not methods:
        return
    of = " for every pair of columns, of which the largest is given" * (len(table.groups) > 2)
    yield (
        f"Standardised mean differences were computed{of}: of numbers, the difference of means over"
        " the root of the mean variance"
        + "; of levels, the distance of their shares by Yang and Dalton (2012)"
        * (SHARES in methods)
        + "; of ordinal scores, the same of their ranks" * (RANKS in methods)
        + ", with intervals by Hedges and Olkin (1985)."
        * (len(table.groups) == 2 and not table.shared)
        + "." * (len(table.groups) != 2 or bool(table.shared))
    )


def _listed(labels: list[str]) -> str:
    text = joined(labels)
    return text[:1].upper() + text[1:]


def _is(labels: list[str]) -> str:
    return "is" if len(labels) == 1 else "are"
