"""The territories of a cohort as tables; percentages are whole, since atlases differ by more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from analytics.outcome.effect import Effect
from analytics.table_one.comparison import Comparison
from analytics.table_one.effect import Difference
from analytics.table_one.summary import Numbers, Share
from analytics.table_one.wording import NOTHING, fixed, numbers_text, p_value, span
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow
from analytics.territories import NO_TERRITORY
from analytics.territory_comparison import RegionComparison
from analytics.territory_notes import pattern_notes, region_notes
from analytics.territory_summary import RegionSummary, TerritorySummary

Part = Literal["volume", "subjects"]
"""Of what is said of a region: how much of the infarcts, and how many subjects."""

_PARTS: tuple[Part, ...] = ("volume", "subjects")
_TITLES: Mapping[Part, str] = {"volume": "Infarct volume", "subjects": "Subjects"}
_V = "Cramér's V"
_TENTH = "\N{GREATER-THAN OR EQUAL TO} 10 %"


def territory_tables(summary: TerritorySummary) -> tuple[Table, ...]:
    """What is printed: of groups, volumes and subjects stand apart, since the page has an edge."""
    patterns = pattern_table(summary)
    if len(summary.groups) == 1:
        return territory_table(summary), patterns
    return territory_table(summary, "volume"), territory_table(summary, "subjects"), patterns


def territory_table(summary: TerritorySummary, *only: Part) -> Table:
    """A row a region: volume, share and involvement by group, and how groups compare.

    Args:
        summary: of a cohort.
        only: which part; both by default.
    """
    parts: tuple[Part, ...] = only or _PARTS
    compared = {found.region: found for found in summary.comparisons}
    rows = []
    for regions in zip(*(group.regions for group in summary.groups), strict=True):
        region = regions[0].region
        cells = [cell for each in regions for cell in _region_cells(each, parts)]
        if summary.comparisons:
            cells += _comparison_cells(compared.get(region), parts)
        rows.append(TableRow((Cell(region.label), *cells), key=region.label))
    what = "Infarcts" if parts == _PARTS else _TITLES[parts[0]]
    place = "arterial territory" if summary.level == 2 else "part of territory"
    return Table(
        title=f"{what} by {place}{_by(summary)}",
        columns=tuple(_columns(summary, parts)),
        rows=tuple(rows),
        footnotes=tuple(("", sentence) for sentence in region_notes(summary, parts)),
    )


def pattern_table(summary: TerritorySummary) -> Table:
    """Circulation, side, neighbouring territories and infarcts outside all of them, by group.

    A row's key is what a cohort's query would have: `circulation=anterior`.
    """
    groups = summary.groups
    columns = [
        Column(f"n_{at}", group.label, sub=f"n = {group.n:,}, n (%)")
        for at, group in enumerate(groups)
    ]
    if summary.pattern_effects:
        columns.append(Column("cramers_v", _V, "95 % CI"))
    if summary.pattern_comparisons:
        columns.append(Column("p", "p"))
    rows = (
        *_block("Circulation", "circulation", [g.circulation for g in groups], summary),
        *_block("Side", "lesion_side", [group.sides for group in groups], summary),
        *_zones(summary),
        _row(
            "Outside all territories",
            [group.no_dominant for group in groups],
            summary,
            key=f"dominant_territory={NO_TERRITORY}",
        ),
    )
    return Table(
        title=f"Pattern of the infarcts{_by(summary)}",
        columns=(Column("pattern", "Pattern", align="left"), *columns),
        rows=rows,
        footnotes=tuple(("", sentence) for sentence in pattern_notes(summary)),
    )


def _by(summary: TerritorySummary) -> str:
    return f", by {summary.by.label}" if summary.by else ""


def _columns(summary: TerritorySummary, parts: Sequence[Part]) -> Iterator[Column]:
    yield Column("region", "Territory" if summary.level == 2 else "Part", align="left")
    for at, group in enumerate(summary.groups):
        over = f"{group.label} (n = {group.n:,})"
        if "volume" in parts:
            yield Column(f"mean_{at}", "ml", "mean ± SD", spanner=over)
            yield Column(f"median_{at}", "ml where any", "median [IQR]", spanner=over)
            yield Column(f"percent_{at}", "% of infarct", "mean", spanner=over)
        if "subjects" in parts:
            yield Column(f"any_{at}", "any", "n (%)", spanner=over)
            yield Column(f"involved_{at}", _TENTH, "n (%)", spanner=over)
            yield Column(f"dominant_{at}", "dominant", "n (%)", spanner=over)
    if summary.comparisons:
        is_pair = len(summary.groups) == 2
        if "volume" in parts:
            effect = ("more", "more in first") if is_pair else ("epsilon_squared", "ε²")
            yield Column(*effect, "95 % CI", spanner="Volume")
            yield Column("p_volume", "p", "adjusted", spanner="Volume")
        if "subjects" in parts:
            over = "Involvement"
            effect = ("difference", "difference, %") if is_pair else ("cramers_v", _V)
            yield Column(*effect, "95 % CI", spanner=over)
            yield Column("p_involved", "p", "adjusted", spanner=over)


def _region_cells(found: RegionSummary, parts: Sequence[Part]) -> Iterator[Cell]:
    if "volume" in parts:
        yield _numbers(found.ml, "mean")
        yield _numbers(found.ml_where_any, "median")
        mean = found.percent.mean
        yield Cell(NOTHING) if mean is None else Cell(whole_percent(mean), mean, 0)
    if "subjects" in parts:
        yield _share(found.any)
        yield _share(found.involved)
        yield _share(found.dominant)


def _comparison_cells(found: RegionComparison | None, parts: Sequence[Part]) -> Iterator[Cell]:
    if found is None:  # no territory: nothing is tested
        yield from [EMPTY] * (2 * len(parts))
        return
    if "volume" in parts:
        yield _effect(found.more or found.epsilon_squared)
        yield _p(found.volume)
    if "subjects" in parts:
        is_pair = found.cramers_v is None
        yield _difference(found.difference) if is_pair else _effect(found.cramers_v)
        yield _p(found.involved)


def _numbers(numbers: Numbers, summary: Literal["mean", "median"]) -> Cell:
    value = numbers.mean if summary == "mean" else numbers.median
    return Cell(NOTHING) if value is None else Cell(numbers_text(numbers, summary, 1), value, 1)


def _share(share: Share) -> Cell:
    if share.percent is None:
        return Cell(NOTHING)
    return Cell(f"{share.count:,} ({whole_percent(share.percent)})", share.count, 0)


def whole_percent(percent: float) -> str:
    """A whole percentage; nothing and all are said of nothing and all alone."""
    if 0 < percent < 0.5:
        return "<1"
    return ">99" if 99.5 <= percent < 100 else fixed(percent, 0)


def _p(comparison: Comparison) -> Cell:
    p = comparison.p_adjusted
    return Cell(p_value(p), p, 3)


def _effect(effect: Effect | None) -> Cell:
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


def _block(
    heading: str,
    variable: str,
    groups: Sequence[Mapping[str, Share]],
    summary: TerritorySummary,
) -> Iterator[TableRow]:
    if not groups[0]:
        return
    yield _heading(heading, summary, compared=variable)
    for label in groups[0]:
        shares = [group[label] for group in groups]
        yield _row(label, shares, summary, key=f"{variable}={label}", indent=1)


def _zones(summary: TerritorySummary) -> Iterator[TableRow]:
    if not summary.border_zones:
        return
    yield _heading("Neighbouring territories", summary)
    for at, zone in enumerate(summary.border_zones):
        shares = [group.border_zones[at] for group in summary.groups]
        yield _row(zone.label, shares, summary, key=zone.query, indent=1)


def _heading(text: str, summary: TerritorySummary, *, compared: str = "") -> TableRow:
    """Of a single group it bears no number, and is a heading."""
    cells = (Cell(text), *[EMPTY] * len(summary.groups), *_pattern_comparison(summary, compared))
    return TableRow(cells, is_heading=not summary.pattern_comparisons)


def _row(
    label: str, shares: Sequence[Share], summary: TerritorySummary, *, key: str, indent: int = 0
) -> TableRow:
    cells = (Cell(label), *map(_share, shares), *_pattern_comparison(summary, key))
    return TableRow(cells, indent=indent, key=key)


def _pattern_comparison(summary: TerritorySummary, compared: str) -> Iterator[Cell]:
    found = summary.pattern_comparisons.get(compared)
    if summary.pattern_effects:
        yield EMPTY if found is None else _effect(summary.pattern_effects[compared])
    if summary.pattern_comparisons:
        yield EMPTY if found is None else Cell(p_value(found.p), found.p, 3)
