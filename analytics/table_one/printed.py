"""Read a printed Table 1 from a CSV file: what each cell says, of how many values.

The first columns say what a row is: `variable`, and `level` where it has levels. The others are the
columns of the table, each with its number of subjects: `train (n = 150)`; one called all, overall
or total has everyone. A cell is `71.6 ± 14.3`, `52.7`, `79 (52.7)`, `79/150 (52.7 %)` or
`8 [4-14]`, followed by `(n = 148)` where fewer values are known. What a bare number is, the name of
the variable says: `Sex, %` or `Age, mean`. What `insula table-one --format csv` prints is read too.
"""

import re
from dataclasses import dataclass

from analytics.table_one.possible import Rounded
from data_loader.variables import Variable, dictionary, match_column

_NUMBER = r"[-\u2212+]?\d[\d,]*(?:\.\d+)?"
_OF = rf"(?:\s*\(\s*[nN]\s*=\s*(?P<of>{_NUMBER})\s*\))?"
_CELLS = {
    "known": re.compile(rf"[nN]\s*=\s*(?P<of>{_NUMBER})"),
    "mean": re.compile(rf"(?P<mean>{_NUMBER})\s*(?:±|\+/?-)\s*(?P<sd>{_NUMBER}){_OF}"),
    "median": re.compile(
        rf"(?P<median>{_NUMBER})\s*[\[(]\s*(?P<q1>{_NUMBER})\s*(?:-|\u2013|to|,|;)\s*(?P<q3>{_NUMBER})\s*[\])]{_OF}"
    ),
    "count": re.compile(
        rf"(?P<count>{_NUMBER})(?:\s*/\s*(?P<of>{_NUMBER}))?\s*\(\s*(?P<percent>{_NUMBER})\s*%?\s*\)"
    ),
    "number": re.compile(rf"(?P<number>{_NUMBER})\s*(?P<sign>%)?{_OF}"),
}
_N = re.compile(rf"[\s,]*\(?\s*[nN]\s*=\s*({_NUMBER})\s*\)?\s*$")
_ALL = {"all", "overall", "total", "all subjects"}
_LABELS = ("variable", "characteristic", "level", "group")
_STATISTIC = re.compile(
    r",\s*(mean\s*±\s*SD|mean|median \[IQR\]|min.max|n \(%\)|%|n)\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Cell:
    """What one cell says; None where it doesn't.

    Attributes:
        n: known values, as the cell itself or a row of missing ones says.
        count: subjects with the level.
        percent: of them.
        mean: of the values.
        sd: beside it.
        quantiles: first quartile, median, third.
    """

    n: int | None = None
    count: int | None = None
    percent: Rounded | None = None
    mean: Rounded | None = None
    sd: Rounded | None = None
    quantiles: tuple[Rounded, Rounded, Rounded] | None = None


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
    """

    variable: str
    level: str
    cells: tuple[Cell, ...]

    @property
    def known_variable(self) -> Variable | None:
        """What the dictionary says of it; None where it isn't in it."""
        by_label = {variable.label: variable for variable in dictionary().values()}
        return by_label.get(self.variable) or match_column(self.variable, {})
