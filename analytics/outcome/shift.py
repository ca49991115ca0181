"""How the mRS moves from one time point to the next, as counts between them.

Unknown is a state of its own. Death is absorbing: who is recorded as alive after it is named, and
nobody's death is carried forward to a time point at which nothing was recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analytics.outcome.describe import MRS_LEVELS, mrs_levels
from analytics.outcome.endpoint import is_mrs
from analytics.tables.table import Cell, Column, Table, TableRow
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance
from data_loader.variables import Variable

UNKNOWN = len(MRS_LEVELS)
"""The state after mRS 0 to 6."""

STATES = (*map(str, MRS_LEVELS), "unknown")

MRS_POINTS = ("mrs_premorbid", "mrs_admission", "mrs_24h", "mrs_discharge", "mrs_3_months")
"""In the order of time."""

_DEAD = 6
_MOST_NAMED = 5


@dataclass(frozen=True)
class Flow:
    """From one time point to the next.

    Attributes:
        counts: subjects by state before and state after, each 0 to 6 and unknown, shape (8, 8).
    """

    counts: npt.NDArray[np.int64]

    @property
    def known(self) -> int:
        """Subjects whose mRS is known at both."""
        return int(self.counts[:UNKNOWN, :UNKNOWN].sum())

    @property
    def better(self) -> int:
        """Subjects whose mRS falls."""
        return int(np.tril(self.counts[:UNKNOWN, :UNKNOWN], -1).sum())

    @property
    def same(self) -> int:
        """Subjects whose mRS stays."""
        return int(np.trace(self.counts[:UNKNOWN, :UNKNOWN]))

    @property
    def worse(self) -> int:
        """Subjects whose mRS rises, death included."""
        return self.known - self.better - self.same

    @property
    def died(self) -> int:
        """Subjects known to live before and dead after."""
        return int(self.counts[:_DEAD, _DEAD].sum())


@dataclass(frozen=True)
class MrsShift:
    """How the mRS moves.

    Attributes:
        points: the time points, in order.
        flows: one between each and the next.
        n: subjects shown.
        notes: sentences about who isn't shown, and about records that can't be.
        provenance: which subjects of which data these are.
    """

    points: tuple[Variable, ...]
    flows: tuple[Flow, ...]
    n: int
    notes: tuple[str, ...]
    provenance: Provenance

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """Subjects in each state at each time point."""
        first = self.flows[0].counts.sum(axis=1)
        later = (flow.counts.sum(axis=0) for flow in self.flows)
        return tuple(tuple(map(int, row)) for row in (first, *later))


def mrs_points(variables: Mapping[str, Variable]) -> tuple[str, ...]:
    """The time points of the mRS that an index has, in the order of time."""
    return tuple(name for name in MRS_POINTS if name in variables)


def describe_shift(frame: CohortFrame, points: Sequence[str]) -> MrsShift:
    """Count how the mRS moves from each time point to the next.

    Args:
        frame: holds the values of the time points.
        points: names of mRS variables in the order of time, at least two.

    Raises:
        AnalysisError: there are fewer than two time points, or one is no mRS.
    """
    variables = tuple(frame.variables[name] for name in points)
    if len(points) < 2:
        raise AnalysisError("A shift needs the mRS at two time points or more.")
    for variable in variables:
        if not is_mrs(variable):
            raise AnalysisError(f"{variable.label} is no mRS; choose time points of the mRS.")
    columns = [mrs_levels(frame.values[name].to_numpy(float)) for name in points]
    states = np.column_stack([np.where(column < 0, UNKNOWN, column) for column in columns])
    kept = ~np.any([frame.structural[name] for name in points], axis=0)
    subjects = (frame.values["dataset"] + "/" + frame.values["subject"]).to_numpy(object)
    notes = _left_out(int((~kept).sum()), variables)
    notes += _impossible(states[kept], subjects[kept], variables)
    return MrsShift(
        points=variables,
        flows=tuple(_flow(before, after) for before, after in pairwise(states[kept].T)),
        n=int(kept.sum()),
        notes=tuple(notes),
        provenance=frame.provenance,
    )


def _flow(before: npt.NDArray[np.int64], after: npt.NDArray[np.int64]) -> Flow:
    size = len(STATES)
    return Flow(np.bincount(before * size + after, minlength=size**2).reshape(size, size))


def _left_out(n: int, variables: tuple[Variable, ...]) -> list[str]:
    if not n:
        return []
    points = ", ".join(variable.label for variable in variables)
    return [f"Left out: {n:,} of whom one of these was not collected: {points}."]


def _impossible(
    states: npt.NDArray[np.int64], subjects: npt.NDArray[np.object_], points: tuple[Variable, ...]
) -> list[str]:
    is_dead = states == _DEAD
    said = []
    before = is_dead[:, 0] & (points[0].timepoint == "baseline")
    if before.any():
        said.append(f"{_named(subjects[before])} dead at {points[0].label}, which can't be.")
    was_dead = np.logical_or.accumulate(is_dead, axis=1)[:, :-1]
    risen = (was_dead & (states[:, 1:] < _DEAD)).any(axis=1)
    if risen.any():
        said.append(f"{_named(subjects[risen])} alive after an mRS of 6; shown as recorded.")
    silent = int((was_dead & (states[:, 1:] == UNKNOWN)).any(axis=1).sum())
    if silent:
        said.append(
            f"{silent:,} known to be dead have no mRS at a later time point; they are shown as"
            " unknown there."
        )
    return said


def _named(subjects: npt.NDArray[np.object_]) -> str:
    shown = ", ".join(subjects[:_MOST_NAMED])
    more = f" and {len(subjects) - _MOST_NAMED:,} more" if len(subjects) > _MOST_NAMED else ""
    return f"{shown}{more} {'are' if len(subjects) > 1 else 'is'}"


def shift_tables(shift: MrsShift) -> tuple[Table, Table]:
    """The shift as tables: who gets better and worse, and the counts between all states."""
    return _changes(shift), _transitions(shift)


def _links(shift: MrsShift) -> list[tuple[str, Flow]]:
    names = [f"{before.label} to {after.label}" for before, after in pairwise(shift.points)]
    return list(zip(names, shift.flows, strict=True))


def _changes(shift: MrsShift) -> Table:
    rows = []
    for name, flow in _links(shift):
        counts = flow.better, flow.same, flow.worse, flow.died
        shares = [
            Cell(f"{count:,} ({100 * count / max(flow.known, 1):.1f})", count) for count in counts
        ]
        unknown = shift.n - flow.known
        known = Cell(f"{flow.known:,}", flow.known)
        rows.append(TableRow((Cell(name), known, *shares, Cell(f"{unknown:,}", unknown))))
    return Table(
        title="Change of the mRS from each time point to the next",
        columns=(
            Column("step", "", align="left"),
            Column("known", "n known at both"),
            Column("better", "Lower (better)", sub="n (%)"),
            Column("same", "Same", sub="n (%)"),
            Column("worse", "Higher (worse)", sub="n (%)"),
            Column("died", "of them dead", sub="n (%)"),
            Column("unknown", "Unknown at either"),
        ),
        rows=tuple(rows),
        footnotes=tuple(("", note) for note in shift.notes),
    )


def _transitions(shift: MrsShift) -> Table:
    rows = []
    for name, flow in _links(shift):
        rows.append(TableRow((Cell(name), *[Cell("")] * (len(STATES) + 1)), is_heading=True))
        for state, counts in zip(STATES, flow.counts.tolist(), strict=True):
            cells = [Cell(f"{count:,}", count) for count in (*counts, sum(counts))]
            rows.append(TableRow((Cell(state), *cells), indent=1))
    return Table(
        title="mRS at each time point and at the next, subjects",
        columns=(
            Column("before", "Before", align="left"),
            *(Column(f"after_{state}", state, spanner="After") for state in STATES),
            Column("all", "All"),
        ),
        rows=tuple(rows),
        footnotes=tuple(("", note) for note in shift.notes),
    )
