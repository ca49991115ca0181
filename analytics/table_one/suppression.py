"""Hide small counts of a Table 1, and everything that would give them away.

A count from 1 to one below the minimum is hidden wherever it stands: of a level, of known or of
missing values, in a column or in that of all; others with it, until none can be solved for
(`hidden`). With a count go the numbers computed from it: percentages, means, tests, differences.
Least and largest values, which are one person's, are never shown beside a minimum count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analytics.table_one.comparison import Comparison
from analytics.table_one.effect import Smd
from analytics.table_one.groups import OVERALL
from analytics.table_one.hidden import Counts, hidden_cells
from analytics.table_one.result import Level, TableOne, VariableRow, is_flag
from analytics.table_one.summary import Known, Numbers, Share
from analytics.table_one.values import Bool, Float, Int

NOT_TOLD = "it would tell a hidden count"

_SIDES = {"median": 2, "q1": 4, "q3": 4}
"""So many times the minimum of known values leave it on each side of a quantile."""


def suppress(table: TableOne) -> TableOne:
    """The same table without what its minimum count forbids."""
    least = table.choices.minimum_cell
    has_total = len(table.columns) > 1 and table.columns[-1].key == OVERALL
    hidden = _hidden(table.rows, least, has_total=has_total)
    # Structural blanks repeat what another variable counts.
    for row in table.rows:
        if any(hidden[name].any() for name in _conditions(row) if name in hidden):
            hidden[row.variable.name][:] = True
    rows = [_suppressed(row, hidden[row.variable.name], table) for row in table.rows]
    return replace(table, rows=tuple(rows))


def _hidden(rows: Sequence[VariableRow], least: int, *, has_total: bool) -> dict[str, Bool]:
    """By variable, what is hidden of its counts.

    Variables that are missing alike, such as all that are measured on one mask, are missing in the
    same subjects for all that a reader knows: what one hides of its missing values, all do.
    """
    counts = {row.variable.name: _counts(row, has_total=has_total) for row in rows}
    hidden = {name: hidden_cells(one, least) for name, one in counts.items()}
    alike: dict[bytes, list[str]] = {}
    for name, one in counts.items():
        alike.setdefault(one.cells[-2:].tobytes(), []).append(name)
    for names in alike.values():
        _hide_alike(names, counts, hidden, least)
    return hidden


def _hide_alike(
    names: Sequence[str], counts: Mapping[str, Counts], hidden: dict[str, Bool], least: int
) -> None:
    """Hide the same missing values of all these variables, and what that asks for, until it holds."""
    before, missing = -1, np.zeros(0, dtype=np.bool_)
    while int(missing.sum()) > before:
        before = int(missing.sum())
        missing = np.logical_or.reduce([hidden[name][-2] for name in names])
        for name in names if len(names) > 1 else ():
            also = hidden[name].copy()
            also[-2] |= missing
            hidden[name] = hidden_cells(counts[name], least, also=also)


def _conditions(row: VariableRow) -> list[str]:
    """Variables that decide where this one's blanks are structural."""
    collected = ["dataset"] if row.variable.datasets else []
    return [*row.variable.applies_when, *collected]


def _counts(row: VariableRow, *, has_total: bool) -> Counts:
    """Levels, or known values, then missing ones, then structural blanks."""
    shares = [[share.count for share in level.shares] for level in row.levels]
    values = shares or [[known.n for known in row.known]]
    missing = [known.missing for known in row.known]
    cells = np.array([*values, missing, [known.structural for known in row.known]], dtype=np.intp)
    fixed = np.zeros(cells.shape, dtype=np.bool_)
    fixed[-1] = True
    return Counts(cells, has_total, fixed, _costs(row, cells))


def _costs(row: VariableRow, cells: Int) -> Float:
    """Few counts rather than many, small ones rather than large; what isn't printed is cheap."""
    costs = 1 + cells / (1 + cells.sum())
    if is_flag(row):
        costs[0] = 0.5
    return np.asarray(costs)


def _suppressed(row: VariableRow, hidden: Bool, table: TableOne) -> VariableRow:
    """One row as it may be shown; `hidden` is laid out as its counts are."""
    if hidden.all():
        nothing = len(row.known)
        known, numbers = (Known(None, None, None),) * nothing, (None,) * nothing
        return _without_comparison(replace(row, known=known, numbers=numbers, levels=()))
    # Of levels, the number of known values would tell how many are missing.
    no_n = hidden[-2] if row.levels else hidden[0]
    known = tuple(
        replace(one, n=None if no_n[c] else one.n, missing=None if hidden[-2, c] else one.missing)
        for c, one in enumerate(row.known)
    )
    levels = tuple(
        replace(level, shares=_shares(level, hidden[place], no_n))
        for place, level in enumerate(row.levels)
    )
    shown = replace(row, known=known, levels=levels, numbers=_numbers(row, no_n, table))
    return _without_comparison(shown) if hidden.any() else shown


def _shares(level: Level, hidden: Bool, no_n: Bool) -> tuple[Share, ...]:
    return tuple(
        Share() if hidden[c] else replace(share, percent=None if no_n[c] else share.percent)
        for c, share in enumerate(level.shares)
    )


def _numbers(row: VariableRow, no_n: Bool, table: TableOne) -> tuple[Numbers | None, ...]:
    """Summaries that tell no hidden number of values.

    Unrounded, a mean tells of how many whole numbers it is; rounded, only of few. All columns
    together tell, by the means of each, how many are in which.
    """
    if row.levels:
        return ()
    least = table.choices.minimum_cell
    found: list[Numbers | None] = []
    for c, (numbers, known) in enumerate(zip(row.numbers, row.known, strict=True)):
        n = known.n or 0
        if numbers is None or 0 < n < least:
            found.append(None)
        elif not no_n[c] and not (no_n.any() and table.columns[c].key == OVERALL):
            found.append(_kept(numbers, n, least))
        elif no_n[c] and table.columns[c].key != OVERALL and n >= 2 * 10**row.digits:
            found.append(_rounded(_kept(numbers, n, least), row))
        else:
            found.append(None)
    return tuple(found)


def _kept(numbers: Numbers, n: int, least: int) -> Numbers:
    """Without extremes, which are one person's, and quantiles with too few beyond them."""
    gone = {name: None for name, sides in _SIDES.items() if n < sides * least}
    return replace(numbers, min=None, max=None, **gone)


def _rounded(numbers: Numbers, row: VariableRow) -> Numbers:
    """As in print; quantiles as the values are, since a quarter of one tells n modulo 4."""
    values = numbers.as_dict().items()
    digits = {name: min(row.digits, row.own_digits) for name in _SIDES}
    return Numbers(
        **{n: None if v is None else round(v, digits.get(n, row.digits)) for n, v in values}
    )


def _without_comparison(row: VariableRow) -> VariableRow:
    """Without what has all counts in it: with the margins it would tell a hidden one."""
    comparison = row.comparison and Comparison(reason=NOT_TOLD)
    smds = tuple(Smd(reason=NOT_TOLD, columns=smd.columns) for smd in row.smds)
    levels = tuple(replace(level, difference=None) for level in row.levels)
    return replace(
        row, comparison=comparison, smds=smds, levels=levels, difference=None, is_hidden=True
    )
