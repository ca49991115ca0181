"""List what can't be in a printed Table 1: its sums, its columns, its percentages, its means.

Where a cell doesn't say of how many values it is, some may be missing: then the least number of
missing values with which it can be is looked for, and said.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from analytics.table_one.possible import MOST_MISSING, Part, can_have_sd, least_missing, whole_sums
from analytics.table_one.printed import PrintedColumn, PrintedRow, PrintedTable, read_printed
from analytics.table_one.printed_cell import Cell
from analytics.table_one.wording import joined


@dataclass(frozen=True)
class Finding:
    """One thing that can't be.

    Attributes:
        variable: as printed.
        level: as printed; empty for none.
        column: its name.
        sentence: what can't be.
        missing: the least number of missing values with which it can; None where none helps.
    """

    variable: str
    level: str
    column: str
    sentence: str
    missing: int | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.variable, self.level) if part)
        if self.missing is None:
            return f"{where} in {self.column}: {self.sentence}."
        return (
            f"{where} in {self.column}: {self.sentence}, unless {self.missing} or more are missing."
        )


@dataclass(frozen=True)
class CheckedTable:
    """What came of checking a table.

    Attributes:
        rows: lines that were checked.
        findings: what can't be, in the order of the table.
    """

    rows: int
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """A sentence a finding, then how many there are."""
        n, never = len(self.findings), sum(finding.missing is None for finding in self.findings)
        found = f"{n} finding{'s' * (n != 1)}, {never} of which no missing values explain"
        said = found if n else "nothing that can't be"
        return [*map(str, self.findings), f"{self.rows} rows checked: {said}."]


def check_table(path: Path) -> CheckedTable:
    """Check a printed table in a CSV file, whose form `printed` describes.

    Raises:
        AnalysisError: it can't be read.
    """
    table = read_printed(path)
    findings = [*_subjects(table)]
    for _, rows in groupby(table.rows, key=lambda row: row.variable):
        levels = list(rows)
        for row in levels:
            findings += _row(row, table)
        findings += _sums(levels, table)
    return CheckedTable(len(table.rows), tuple(findings))


def _parts(table: PrintedTable) -> tuple[list[int], int] | None:
    """Places of the columns that together are the one of all, and its own."""
    whole = [place for place, column in enumerate(table.columns) if column.is_all]
    parts = [place for place, column in enumerate(table.columns) if not column.is_all]
    if len(whole) != 1 or len(parts) < 2 or any(c.n is None for c in table.columns):
        return None
    return parts, whole[0]


def _n(column: PrintedColumn, cell: Cell) -> int:
    return cell.n if cell.n is not None else column.n or 0


def _subjects(table: PrintedTable) -> Iterator[Finding]:
    if (found := _parts(table)) is None:
        return
    parts, whole = found
    counts, n = [table.columns[place].n or 0 for place in parts], table.columns[whole].n
    if sum(counts) != n:
        sentence = f"{joined(list(map(str, counts)))} make {sum(counts)}, not {n}"
        yield Finding("Subjects", "", table.columns[whole].name, sentence)


def _row(row: PrintedRow, table: PrintedTable) -> Iterator[Finding]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        for sentence, missing in _cell(row, column, cell):
            yield Finding(row.variable, row.level, column.name, sentence, missing)
    if found := _parts(table):
        yield from _whole(row, table, *found)


Said = tuple[str, int | None]


def _cell(row: PrintedRow, column: PrintedColumn, cell: Cell) -> Iterator[Said]:
    if cell.n is not None and column.n is not None and cell.n > column.n:
        yield f"{cell.n} known values are more than the {column.n} subjects", None
    if list(cell.quantiles) != sorted(cell.quantiles, key=lambda quantile: quantile.value):
        yield "the median doesn't lie between the quartiles", None
    if not _n(column, cell):
        return
    if cell.percent:
        yield from _percentage(column, cell)
    if cell.mean and row.is_whole:
        yield from _whole_numbers(row, column, cell)


def _percentage(column: PrintedColumn, cell: Cell) -> Iterator[Said]:
    n, percent = _n(column, cell), cell.percent
    if percent is None:
        return
    if cell.count is not None:
        missing = _least(cell, n, lambda left: _is_share(cell, left))
        if missing != 0:
            made = f"{100 * cell.count / n:.{percent.decimals + 1}f}"
            yield f"{cell.count} of {n} are {made} %, not {percent} %", missing
        return
    missing = _share(column, cell).least_missing()
    if missing != 0:
        below = int(percent.value * n / 100)
        near = [f"{c} are {100 * c / n:.{percent.decimals + 1}f} %" for c in (below, below + 1)]
        yield f"{percent} % of {n} can't be, as {joined(near)}", missing


def _is_share(cell: Cell, n: int) -> bool:
    if cell.count is None or cell.percent is None or cell.count > n:
        return False
    return cell.percent.low <= 100 * cell.count / n <= cell.percent.high


def _least(cell: Cell, n: int, holds: Callable[[int], bool]) -> int | None:
    """The least number of missing values with which something holds of those that are left."""
    most = 0 if cell.n is not None else min(n - 1, MOST_MISSING)
    return next((missing for missing in range(most + 1) if holds(n - missing)), None)


def _whole_numbers(row: PrintedRow, column: PrintedColumn, cell: Cell) -> Iterator[Said]:
    n, mean, sd, scale = _n(column, cell), cell.mean, cell.sd, row.scale
    if mean is None:
        return
    if scale and (mean.high < scale[0] or mean.low > scale[1]):
        yield f"a mean of {mean} lies outside of {scale[0]} to {scale[1]}", None
        return
    missing = _least(cell, n, lambda left: bool(whole_sums(mean, left)))
    if missing != 0:
        yield f"a mean of {mean} of {n} whole numbers can't be (GRIM)", missing
    elif sd is not None and n > 1:
        missing = _least(cell, n, lambda left: can_have_sd(mean, sd, left, scale=scale))
        if missing != 0:
            yield (
                f"a mean of {mean} with an SD of {sd} of {n} whole numbers can't be (GRIMMER)",
                missing,
            )


def _share(column: PrintedColumn, cell: Cell) -> Part:
    percent = cell.percent
    low, high = (percent.low / 100, percent.high / 100) if percent else (0.0, 1.0)
    return Part(low, high, _n(column, cell), is_whole=True, may_miss=cell.n is None)


def _mean(row: PrintedRow, column: PrintedColumn, cell: Cell) -> Part:
    low, high = (cell.mean.low, cell.mean.high) if cell.mean else (0.0, 0.0)
    return Part(low, high, _n(column, cell), is_whole=row.is_whole, may_miss=cell.n is None)


def _whole(
    row: PrintedRow, table: PrintedTable, parts: Sequence[int], whole: int
) -> Iterator[Finding]:
    """Whether the column of all is what its parts make."""
    cells, columns = row.cells, table.columns
    everyone = [*parts, whole]
    if all(cells[place].count is not None for place in everyone):
        counts = [cells[place].count or 0 for place in parts]
        if sum(counts) != cells[whole].count:
            made = f"{joined(list(map(str, counts)))} make {sum(counts)}, not {cells[whole].count}"
            yield Finding(row.variable, row.level, columns[whole].name, made)
        return
    if all(cells[place].percent for place in everyone):
        made_of, unit = [_share(columns[place], cells[place]) for place in everyone], " %"
    elif all(cells[place].mean for place in everyone):
        made_of, unit = [_mean(row, columns[place], cells[place]) for place in everyone], ""
    else:
        return
    loosely = [replace(part, is_whole=False) for part in made_of]
    if least_missing(loosely[:-1], loosely[-1]) == 0:
        return
    if any(part.least_missing() is None for part in made_of):
        return  # said of that cell already
    missing = least_missing(made_of[:-1], made_of[-1])
    yield Finding(
        row.variable, row.level, columns[whole].name, _unlike(row, made_of, everyone, unit), missing
    )


def _unlike(row: PrintedRow, made_of: Sequence[Part], everyone: Sequence[int], unit: str) -> str:
    printed = [row.cells[place].percent or row.cells[place].mean for place in everyone]
    said = [f"{one}{unit} of {part.n}" for one, part in zip(printed, made_of, strict=True)]
    values = [one.value if one else 0.0 for one in printed[:-1]]
    sizes = [part.n for part in made_of[:-1]]
    made = sum(v * n for v, n in zip(values, sizes, strict=True)) / sum(sizes)
    decimals = printed[-1].decimals if printed[-1] else 1
    return f"{said[-1]} can't be, as {joined(said[:-1])} make {made:.{decimals}f}{unit}"


def _sums(rows: Sequence[PrintedRow], table: PrintedTable) -> Iterator[Finding]:
    """Whether the levels of a variable add up to all known values."""
    levels = [row for row in rows if row.level]
    for place, column in enumerate(table.columns):
        shares = [p for row in levels if (p := row.cells[place].percent) is not None]
        if len(shares) < 2 or len(shares) < len(levels):
            continue
        total = sum(share.value for share in shares)
        if abs(total - 100) > sum(share.half for share in shares):
            decimals = max(share.decimals for share in shares)
            sentence = f"the levels add up to {total:.{decimals}f} %, not to 100 %"
            yield Finding(levels[0].variable, "", column.name, sentence)
