"""Read a printed Table 1 from a CSV file: what each cell says, of how many values.

One line has the headings: `variable`, `level` if there are any, and a column a group with its number
of subjects, such as `train (n = 150)`; one called all, overall or total has everyone. A variable says
what its numbers are, as in `Age, mean ± SD`, `Sex, %` or `Diabetes, n (%)`. Cells are

============================  ============================================================
`71.6 ± 14.3`  `71.6 (14.3)`  mean and SD
`52.7`  `52.7 %`              percentage
`79 (52.7)`  `79/149 (53.0)`  count, number of known values, percentage
`8 [4-14]`                    median and quartiles
`… (n = 148)`                 of so many known values; `n = 148` alone, for all levels
============================  ============================================================

A column `values` may say `integer`, or `0..6` for whole numbers of a scale; scores of the dictionary
are known. Lines that begin with # are left out. What `insula table-one --format csv` prints is
read too.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.table_one.printed_cell import NUMBER, Cell, read_cell, whole
from data_loader.errors import AnalysisError
from data_loader.variables import Variable, dictionary, match_column

_SUBJECTS = re.compile(rf"(.*?)[\s,]*\(?\s*n\s*=\s*({NUMBER})\s*\)?\s*", re.IGNORECASE)
_STATISTIC = re.compile(r"(.*?),\s*(mean|median|min|n|%)([^,]*)", re.IGNORECASE)
_UNIT = re.compile(r"(.*\S)\s*[(\[][^()\[\]]*[)\]]")
_ALL = {"all", "overall", "total"}
_LABELS = ("variable", "characteristic", "level", "group", "values")
_BESIDE = re.compile(
    r"(difference|smd)\b.*|p([ -](value|adjusted).*)?|statistic|test|footnotes|warnings|cohort|data"
    r"|made_with",
    re.IGNORECASE,
)
_BLANK_ROWS = {"missing", "not applicable"}


@dataclass(frozen=True)
class PrintedColumn:
    """One column.

    Attributes:
        name: as printed, without the number of subjects.
        n: subjects; None where it isn't said.
        is_all: whether it has everyone.
    """

    name: str
    n: int | None
    is_all: bool


@dataclass(frozen=True)
class PrintedRow:
    """One row: a variable, or one of its levels.

    Attributes:
        variable: as printed, without unit and statistic.
        level: as printed; empty for none.
        cells: one a column.
        values: what they are said to be: `integer`, `0..6`, or nothing.
    """

    variable: str
    level: str
    cells: tuple[Cell, ...]
    values: str = ""

    @property
    def scale(self) -> tuple[int, int] | None:
        """Least and largest of whole numbers, where they are known to be of a scale."""
        if ends := re.fullmatch(r"(-?\d+)\.\.(-?\d+)", self.values):
            return int(ends[1]), int(ends[2])
        known = _of_dictionary(self.variable)
        if known and known.kind == "ordinal" and known.plausible and not self.values:
            return int(known.plausible[0]), int(known.plausible[1])
        return None

    @property
    def is_whole(self) -> bool:
        """Whether its values are known to be whole numbers."""
        known = _of_dictionary(self.variable)
        is_score = known is not None and known.kind in ("ordinal", "count")
        return self.values == "integer" or self.scale is not None or (is_score and not self.values)


@dataclass(frozen=True)
class PrintedTable:
    """A printed table as read.

    Attributes:
        columns: of subjects, from left to right.
        rows: from top to bottom.
    """

    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]


def read_printed(path: Path) -> PrintedTable:
    """Read a printed table.

    Raises:
        AnalysisError: it can't be read, or has no columns of subjects.
    """
    lines = _lines(path)
    if not lines:
        raise AnalysisError(f"{path.name} is empty; a table with headings is expected.")
    headings = [cell.strip() for cell in lines[0]]
    labels = {name: headings.index(h) for name in _LABELS for h in headings if h.casefold() == name}
    labels.setdefault("variable", labels.get("characteristic", 0))
    places = [
        place
        for place, heading in enumerate(headings)
        if heading and place not in labels.values() and not _BESIDE.fullmatch(heading)
    ]
    columns = tuple(_column(headings[place]) for place in places)
    if not columns:
        raise AnalysisError(f"{path.name} has no columns such as “train (n = 150)”.")
    padded = [[*line, *[""] * (len(headings) - len(line))] for line in lines[1:]]
    rows = list(_rows(padded, labels, places))
    return PrintedTable(columns, tuple(_with_known(rows, columns)))


def _lines(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        return list(csv.reader(lines, strict=True))
    except OSError as error:
        raise AnalysisError(f"{path} can't be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise AnalysisError(f"{path.name} is no CSV file in UTF-8: {error}.") from None


def _column(heading: str) -> PrintedColumn:
    named = _SUBJECTS.fullmatch(heading)
    name, n = (named[1], whole(named[2])) if named else (heading, None)
    return PrintedColumn(name, n, name.casefold() in _ALL)


def _rows(
    lines: Sequence[Sequence[str]], labels: Mapping[str, int], places: Sequence[int]
) -> Iterator[PrintedRow]:
    current = ""
    for line in lines:
        told = {name: line[place].strip().removeprefix("'") for name, place in labels.items()}
        label, level = told["variable"], told.get("level", "")
        if current and told.get("group", "").endswith(current):
            label, level = current, label  # as our own files have levels
        current = label or current  # a name that isn't repeated
        variable, statistic = _named(current)
        cells = tuple(
            read_cell(line[place].strip(), statistic, has_level=bool(level)) for place in places
        )
        yield PrintedRow(variable, level, cells, told.get("values", "").casefold())


def _named(label: str) -> tuple[str, str]:
    """A variable without its unit, and what its numbers are."""
    found = _STATISTIC.fullmatch(label)
    name, statistic = (found[1], found[2].casefold() + found[3]) if found else (label, "")
    unit = _UNIT.fullmatch(name)
    bare = unit[1] if unit and not _of_dictionary(name) else name
    return bare, statistic


def _with_known(
    rows: Sequence[PrintedRow], columns: Sequence[PrintedColumn]
) -> Iterator[PrintedRow]:
    """Rows that know of how many values they are, if their variable says so anywhere."""
    for row in rows:
        if row.level.casefold() in _BLANK_ROWS:
            continue
        same = [other for other in rows if other.variable == row.variable]
        cells = [
            cell if cell.n is not None else replace(cell, n=_known(same, column, place))
            for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True))
        ]
        yield replace(row, cells=tuple(cells))


def _known(rows: Sequence[PrintedRow], column: PrintedColumn, place: int) -> int | None:
    """Known values of a variable in a column, as a line of their own or of the missing says."""
    for row in rows:
        cell = row.cells[place]
        if cell.n is not None and cell.count is None and cell.percent is None and not row.level:
            return cell.n
    blanks = [r.cells[place].count for r in rows if r.level.casefold() in _BLANK_ROWS]
    if not blanks or column.n is None or None in blanks:
        return None
    return column.n - sum(blank for blank in blanks if blank is not None)


def _of_dictionary(name: str) -> Variable | None:
    by_label = {variable.label.casefold(): variable for variable in dictionary().values()}
    return by_label.get(name.casefold()) or match_column(name, {})
