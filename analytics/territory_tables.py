"""The territories of a cohort as tables; percentages are whole, since atlases differ by more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from analytics.outcome.effect import Effect
from analytics.table_one.comparison import Comparison
from analytics.table_one.effect import Difference
from analytics.table_one.summary import Numbers, Share
from analytics.table_one.wording import NOTHING, fixed, numbers_text, p_value, span
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow
from analytics.territory_comparison import RegionComparison
from analytics.territory_summary import RegionSummary, TerritorySummary

_TENTH = "\N{GREATER-THAN OR EQUAL TO} 10 %, n (%)"


def territory_table(summary: TerritorySummary) -> Table:
    """A row a region: volume, share and involvement by group, and how groups compare."""
    compared = {found.region: found for found in summary.comparisons}
    rows = []
    for regions in zip(*(group.regions for group in summary.groups), strict=True):
        region = regions[0].region
        cells = [cell for each in regions for cell in _region_cells(each, summary)]
        if summary.comparisons:
            cells += _comparison_cells(compared.get(region), summary)
        rows.append(TableRow((Cell(region.label), *cells), key=region.label))
    return Table(
        title=f"Infarcts by {'arterial territory' if summary.level == 2 else 'part of territory'}"
        f"{_by(summary)}",
        columns=tuple(_columns(summary)),
        rows=tuple(rows),
        footnotes=tuple(("", sentence) for sentence in _region_notes(summary)),
    )


def pattern_table(summary: TerritorySummary) -> Table:
    """Circulation, side, neighbouring territories and infarcts outside all of them, by group."""
    groups = summary.groups
    columns = [
        Column(f"n_{at}", group.label, sub=f"n = {group.n:,}, n (%)")
        for at, group in enumerate(groups)
    ]
    rows = (
        *_block("Circulation", [group.circulation for group in groups]),
        *_block("Side", [group.sides for group in groups]),
        *_block("Neighbouring territories", [group.border_zones for group in groups]),
        _row("Outside all territories", [group.no_dominant for group in groups], indent=0),
    )
    return Table(
        title=f"Pattern of the infarcts{_by(summary)}",
        columns=(Column("pattern", "", align="left"), *columns),
        rows=rows,
        footnotes=tuple(("", sentence) for sentence in _pattern_notes(summary)),
    )


def _by(summary: TerritorySummary) -> str:
    return f", by {summary.by.label}" if summary.by else ""


def _columns(summary: TerritorySummary) -> Iterator[Column]:
    yield Column("region", "Territory" if summary.level == 2 else "Part", align="left")
    for at, group in enumerate(summary.groups):
        spanner = f"{group.label} (n = {group.n:,})"
        yield Column(f"mean_{at}", "ml, mean ± SD", spanner=spanner)
        yield Column(f"median_{at}", "ml, median [IQR]", spanner=spanner)
        if len(summary.groups) == 1:
            yield Column(f"percent_{at}", "% of infarct, mean", spanner=spanner)
            yield Column(f"any_{at}", "any, n (%)", spanner=spanner)
        yield Column(f"involved_{at}", _TENTH, spanner=spanner)
        yield Column(f"dominant_{at}", "dominant, n (%)", spanner=spanner)
    if summary.comparisons:
        if len(summary.groups) == 2:
            yield Column("more", "more in the first (95 % CI)", spanner="Volume")
        yield Column("p_volume", "p", spanner="Volume")
        if len(summary.groups) == 2:
            yield Column("difference", "difference, % (95 % CI)", spanner="Involvement")
        yield Column("p_involved", "p", spanner="Involvement")


def _region_cells(found: RegionSummary, summary: TerritorySummary) -> Iterator[Cell]:
    yield _numbers(found.ml, "mean")
    yield _numbers(found.ml, "median")
    if len(summary.groups) == 1:
        mean = found.percent.mean
        yield Cell(NOTHING) if mean is None else Cell(fixed(mean, 0), mean, 0)
        yield _share(found.any)
    yield _share(found.involved)
    yield _share(found.dominant)


def _comparison_cells(found: RegionComparison | None, summary: TerritorySummary) -> Iterator[Cell]:
    is_pair = len(summary.groups) == 2
    if found is None:  # no territory: nothing is tested
        yield from [EMPTY] * (4 if is_pair else 2)
        return
    if is_pair:
        yield _chance(found.more)
    yield _p(found.volume)
    if is_pair:
        yield _difference(found.difference)
    yield _p(found.involved)


def _numbers(numbers: Numbers, summary: Literal["mean", "median"]) -> Cell:
    value = numbers.mean if summary == "mean" else numbers.median
    return Cell(NOTHING) if value is None else Cell(numbers_text(numbers, summary, 1), value, 1)


def _share(share: Share) -> Cell:
    if share.percent is None:
        return Cell(NOTHING)
    return Cell(f"{share.count:,} ({fixed(share.percent, 0)})", share.count, 0)


def _p(comparison: Comparison) -> Cell:
    p = comparison.p_adjusted
    return Cell(p_value(p), p, 3)


def _chance(effect: Effect | None) -> Cell:
    if effect is None or effect.value is None:
        return Cell(NOTHING)
    text = fixed(effect.value, 2)
    if effect.ci_low is not None and effect.ci_high is not None:
        text = f"{text} ({span(fixed(effect.ci_low, 2), fixed(effect.ci_high, 2))})"
    return Cell(text, effect.value, 2)


def _difference(difference: Difference | None) -> Cell:
    if difference is None:
        return Cell(NOTHING)
    ends = span(fixed(difference.low, 0), fixed(difference.high, 0))
    return Cell(f"{fixed(difference.value, 0)} ({ends})", difference.value, 0)


def _block(heading: str, groups: Sequence[Mapping[str, Share]]) -> Iterator[TableRow]:
    if not groups[0]:
        return
    yield TableRow((Cell(heading), *[EMPTY] * len(groups)), is_heading=True)
    for label in groups[0]:
        yield _row(label, [group[label] for group in groups], indent=1)


def _row(label: str, shares: Sequence[Share], *, indent: int) -> TableRow:
    return TableRow((Cell(label), *map(_share, shares)), indent=indent)


def _region_notes(summary: TerritorySummary) -> Iterator[str]:
    yield "n: subjects with an infarct in standard space; volumes are over all of them."
    yield (
        "Dominant: no other territory holds more of the infarct; ventricles and what lies outside"
        " the atlas are no territories."
    )
    if summary.comparisons:
        yield from _comparison_notes(summary)
    yield from _common_notes(summary)


def _comparison_notes(summary: TerritorySummary) -> Iterator[str]:
    of = summary.comparisons
    tests = {
        what: " or ".join(dict.fromkeys(found.test for found in each if found.test))
        for what, each in (
            ("Volume", [found.volume for found in of]),
            ("Involvement, of at least 10 % of the infarct", [found.involved for found in of]),
        )
    }
    made = "; ".join(f"{what}: {names}" for what, names in tests.items() if names)
    yield f"{made}. Each adjusted for {len(of)} territories by Holm."
    if len(summary.groups) == 2:
        first, second = (group.label for group in summary.groups)
        yield (
            f"More in the first: chance that a subject of “{first}” has a larger volume there than"
            f" one of “{second}”, equals counted half (area under the ROC curve, interval by"
            " DeLong on the log odds). Difference: the first less the second, interval by Newcombe."
        )


def _pattern_notes(summary: TerritorySummary) -> Iterator[str]:
    yield (
        "Circulation (anterior: ACA and MCA; posterior: PCA and vertebro-basilar) and side: that"
        " which holds at least 90 % of what lies in territories; both where neither does."
    )
    yield (
        "Neighbouring territories: each holds at least 10 % of the infarct, on one side; volumes"
        " alone don't tell a border-zone infarct from two emboli."
    )
    yield from _common_notes(summary)


def _common_notes(summary: TerritorySummary) -> Iterator[str]:
    for group in summary.groups:
        for reason, count in group.left_out.items():
            whom = f" of “{group.label}”" if len(summary.groups) > 1 else ""
            yield f"Left out{whom}: {count:,}, {reason.rstrip('.')}."
    yield from summary.notes
    yield summary.way
    yield from summary.atlas.lines()
