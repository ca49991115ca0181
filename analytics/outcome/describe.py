"""An mRS by group: how many have each level, and who has none.

The numbers behind Grotta bars: percentages are of those whose mRS is known, and whoever lacks one
is counted beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from analytics.outcome.endpoint import is_mrs
from analytics.outcome.groups import Group, split_groups
from analytics.table_one.wording import NOTHING
from analytics.tables.table import Cell, Column, Table, TableRow
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance
from data_loader.variables import Variable

MRS_LEVELS = tuple(range(7))


@dataclass(frozen=True)
class GroupScores:
    """The mRS of one group.

    Attributes:
        code: the group's level, as in the source.
        label: as a reader sees it.
        counts: subjects at mRS 0 to 6.
        missing: subjects whose mRS is missing.
        not_applicable: subjects who can't have one, since it was not collected of them.
        implausible: subjects whose recorded value is no mRS.
    """

    code: str
    label: str
    counts: tuple[int, ...]
    missing: int = 0
    not_applicable: int = 0
    implausible: int = 0

    @property
    def n(self) -> int:
        """Subjects whose mRS is known."""
        return sum(self.counts)

    @property
    def percents(self) -> tuple[float, ...]:
        """Percentages of the known at mRS 0 to 6; zeros where none is known."""
        return tuple(100 * count / max(self.n, 1) for count in self.counts)

    @property
    def cut_points(self) -> tuple[float, ...]:
        """Percentages of the known at mRS 0, 0 to 1, and so on to 0 to 5."""
        return tuple(100 * below / max(self.n, 1) for below in accumulate(self.counts[:-1]))

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """First quartile, median and third, by linear interpolation (R's type 7)."""
        if not self.n:
            return None
        low, middle, high = np.quantile(np.repeat(MRS_LEVELS, self.counts), (0.25, 0.5, 0.75))
        return float(low), float(middle), float(high)


@dataclass(frozen=True)
class MrsDistribution:
    """An mRS by group.

    Attributes:
        outcome: which mRS.
        by: what splits the cohort; None for everyone together.
        groups: in the order of the levels.
        notes: sentences about who is not shown.
        provenance: which subjects of which data these are.
    """

    outcome: Variable
    by: Variable | None
    groups: tuple[GroupScores, ...]
    notes: tuple[str, ...]
    provenance: Provenance


def describe_mrs(
    frame: CohortFrame, outcome: str, *, by: str | None = None, reference: str | None = None
) -> MrsDistribution:
    """Count an mRS by group.

    Args:
        frame: holds the values of `outcome` and `by`.
        outcome: name of an mRS, at any time point.
        by: name of the variable that splits the cohort; None for everyone together.
        reference: code of the group to show first; by default the first level.

    Raises:
        AnalysisError: the outcome is no mRS, or the cohort can't be split that way.
    """
    variable = frame.variables[outcome]
    if not is_mrs(variable):
        raise AnalysisError(f"{variable.label} is no mRS; choose one of its time points.")
    split = split_groups(frame, by, reference=reference)
    values = frame.values[outcome].to_numpy(float)
    structural = frame.structural[outcome]
    groups = tuple(_count(group, values, structural) for group in split.groups)
    strange = sum(group.implausible for group in groups)
    notes = list(split.notes)
    if strange:
        notes.append(f"Left out: {strange:,} whose value is no mRS (0 to 6).")
    return MrsDistribution(variable, split.variable, groups, tuple(notes), frame.provenance)


def mrs_levels(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Levels as integers; -1 where a value is blank or no mRS."""
    is_level = np.isin(values, MRS_LEVELS)
    return np.where(is_level, np.where(is_level, values, 0), -1).astype(np.int64)


def _count(
    group: Group, values: npt.NDArray[np.float64], structural: npt.NDArray[np.bool_]
) -> GroupScores:
    mine, blank = values[group.members], np.isnan(values[group.members])
    levels = mrs_levels(mine)
    counts = np.bincount(levels[levels >= 0], minlength=len(MRS_LEVELS))
    inapplicable = int((blank & structural[group.members]).sum())
    return GroupScores(
        code=group.code,
        label=group.label,
        counts=tuple(int(count) for count in counts),
        missing=int(blank.sum()) - inapplicable,
        not_applicable=inapplicable,
        implausible=int((~blank & (levels < 0)).sum()),
    )


def distribution_table(distribution: MrsDistribution) -> Table:
    """The distribution as a table, a row a group."""
    groups = distribution.groups
    by = distribution.by.label if distribution.by else ""
    inapplicable = any(group.not_applicable for group in groups)
    columns = [
        Column("group", by, align="left"),
        Column("n", "n known"),
        *(Column(f"mrs_{level}", str(level), spanner="mRS, n (%)") for level in MRS_LEVELS),
        Column("median", "Median [IQR]"),
        Column("missing", "Missing"),
        *([Column("not_applicable", "Not collected")] if inapplicable else []),
    ]
    rows = [TableRow(tuple(_cells(group, inapplicable=inapplicable))) for group in groups]
    split = f" by {by}" if by else ""
    notes = ["Percentages are of those whose mRS is known.", *distribution.notes]
    return Table(
        title=f"{distribution.outcome.label}{split}",
        columns=tuple(columns),
        rows=tuple(rows),
        footnotes=tuple(("", note) for note in notes),
    )


def _cells(group: GroupScores, *, inapplicable: bool) -> Sequence[Cell]:
    quartiles = group.quartiles
    middle = Cell(NOTHING)
    if quartiles:
        low, median, high = quartiles
        middle = Cell(f"{median:g} [{low:g}, {high:g}]", median)
    return [
        Cell(group.label, group.code or None),
        Cell(f"{group.n:,}", group.n),
        *(
            Cell(f"{count:,} ({percent:.1f})", count)
            for count, percent in zip(group.counts, group.percents, strict=True)
        ),
        middle,
        Cell(f"{group.missing:,}", group.missing),
        *([Cell(f"{group.not_applicable:,}", group.not_applicable)] if inapplicable else []),
    ]
