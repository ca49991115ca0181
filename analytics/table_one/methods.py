"""The methods paragraph of a Table 1, written from the choices made and the tests that were done."""

from collections.abc import Iterator

from analytics.table_one.choices import Summary
from analytics.table_one.comparison import Comparison
from analytics.table_one.result import TableOne
from analytics.table_one.wording import inside, joined, sentence_case

_SUMMARIES: dict[Summary, str] = {
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
    yield from _summaries(table)
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
    yield f"Computed with Insula {table.provenance.program_version}."


def _columns(table: TableOne) -> str:
    columns = joined([f"{c.full_label} (n = {c.n:,})" for c in table.groups])
    if len(table.groups) < 2:
        return f"Characteristics were described for {table.columns[0].n:,} subjects."
    return f"Characteristics were compared by {inside(table.by)}: {columns}."


def _summaries(table: TableOne) -> Iterator[str]:
    """One sentence for all variables that were summarised and compared alike."""
    alike: dict[tuple[Summary, str], list[str]] = {}
    for row in table.rows:
        test = row.comparison.test if row.comparison and row.comparison.test else ""
        alike.setdefault((row.summary, test), []).append(inside(row.variable.label))
    for summary, words in _SUMMARIES.items():
        for (used, test), labels in alike.items():
            if used == summary:
                be = "was" if len(labels) == 1 else "were"
                tested = f" and compared by the {test}" if test else ""
                yield f"{sentence_case(joined(labels))} {be} given as {words}{tested}."


def _tests(table: TableOne) -> Iterator[str]:
    done = [row.comparison for row in table.rows if row.comparison and row.comparison.test]
    if any(comparison.test == "Wilcoxon rank-sum test" for comparison in done):
        yield (
            "The Wilcoxon test used the normal approximation with corrections for ties and"
            " continuity."
        )
    yield from _exact(done, table)
    if done:
        yield _ADJUSTED[table.choices.adjust].format(n=len(done))


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
    found = [smd for row in table.rows for smd in row.smds if smd.value is not None]
    if not found:
        return
    of = " for every pair of columns, of which the largest is given" * (len(table.groups) > 2)
    methods = "; ".join(dict.fromkeys(smd.method for smd in found))
    yield f"Standardised mean differences were computed{of}: {methods}."
    if any(row.smd and row.smd.low is not None for row in table.rows):
        yield "Their intervals are those of Hedges and Olkin (1985)."
