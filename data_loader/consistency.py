"""Values of one subject that can't all be true, or hardly."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from data_loader.values import Value
from data_loader.variables import Variable, dictionary

Row = Mapping[str, Value]

DEAD = 6
"""mRS of a patient who died."""

DETERIORATION = 4
"""NIHSS points by which a rise is a neurological deterioration (ECASS II: Hacke et al., Lancet
1998;352:1245-51)."""

LARGE_ML = 300.0
"""Infarct volume above which a mask is worth a look; the largest of ISLES'24 has 318 ml."""

CLEAR_SIDE = 0.5
"""Laterality index beyond which a mask lies on one side, wherever the scanner's middle was."""

_MRS = ("mrs_premorbid", "mrs_admission", "mrs_24h", "mrs_discharge", "mrs_3_months")
_NIHSS = ("nihss_admission", "nihss_24h", "nihss_discharge")
_FROM_DOOR = (
    "door_to_imaging_min",
    "door_to_groin_min",
    "door_to_first_series_min",
    "door_to_recanalization_min",
)
_ROUNDING_MIN = 1.0
"""Times are written to the minute."""


@dataclass(frozen=True)
class Finding:
    """What doesn't fit.

    Attributes:
        code: a key of `problems.REMEDIES`.
        sentence: what is wrong, to be read by a person.
        variable: name of the variable that doesn't fit the ones before it.
    """

    code: str
    sentence: str
    variable: str


def inconsistencies(row: Row, variables: Mapping[str, Variable]) -> Iterator[Finding]:
    """Check the values of one subject against each other.

    Args:
        row: variable name to value; what is missing is checked against nothing.
        variables: of the index, by name; inferred ones may be percentages.
    """
    for check in _CHECKS:
        yield from check(row)
    yield from _percentages(row, variables)


def are_opposite(one: float | None, other: float | None) -> bool:
    """Whether two laterality indices clearly name opposite sides."""
    if one is None or other is None:
        return False
    return min(abs(one), abs(other)) >= CLEAR_SIDE and one * other < 0


def _known(row: Row, names: tuple[str, ...]) -> list[tuple[str, float]]:
    found = ((name, row.get(name)) for name in names)
    return [(name, float(value)) for name, value in found if isinstance(value, int | float)]


def _said(row: Row, *names: str) -> str:
    known = dictionary()
    return ", ".join(
        f"{known[name].label} is {known[name].shown(row[name])}"
        + (f" {unit}" if (unit := known[name].unit) else "")
        for name in names
    )


def _deaths(row: Row) -> Iterator[Finding]:
    for (early, before), (late, after) in pairwise(_known(row, _MRS)):
        if before == DEAD and after < DEAD:
            yield Finding("death-then-better", f"{_said(row, early, late)}.", late)


def _mrs_order(row: Row) -> Iterator[Finding]:
    premorbid, admission = (row.get(name) for name in _MRS[:2])
    if isinstance(premorbid, int) and premorbid == DEAD:
        yield Finding("mrs-order", f"{_said(row, _MRS[0])}: dead before the stroke.", _MRS[0])
    elif isinstance(premorbid, int) and isinstance(admission, int) and admission < premorbid:
        sentence = f"{_said(row, *_MRS[:2])}: better with the stroke than before."
        yield Finding("mrs-order", sentence, _MRS[1])


def _nihss_rise(row: Row) -> Iterator[Finding]:
    for (early, before), (late, after) in pairwise(_known(row, _NIHSS)):
        if after - before >= DETERIORATION:
            sentence = f"{_said(row, early, late)}: a rise of {after - before:.0f} points."
            yield Finding("nihss-rise", sentence, late)


def _time_order(row: Row) -> Iterator[Finding]:
    known = _known(row, _FROM_DOOR)
    orders = [*combinations(known, 2), *combinations(_known(row, _ONSET), 2)]
    for (early, before), (late, after) in orders:
        if before > after + _ROUNDING_MIN:
            yield Finding("time-order", f"{_said(row, early, late)}.", late)
    first, lasted, end = _FROM_DOOR[2], "time_of_intervention_min", _FROM_DOOR[3]
    times = dict(_known(row, (first, lasted, end)))
    if len(times) == 3 and times[end] > times[first] + times[lasted] + 2 * _ROUNDING_MIN:
        sentence = f"{_said(row, first, lasted, end)}: recanalization after the last series."
        yield Finding("time-order", sentence, end)


_ONSET = ("alert_to_door_min", "onset_to_door_min")
"""An alert comes after the onset, so its time to the door is the shorter one."""


def _doors(row: Row) -> Iterator[Finding]:
    alert, onset = _ONSET
    if row.get("in_house") == 1 and row.get(onset) is not None:
        sentence = f"{_said(row, onset)}, yet the stroke happened in the hospital."
        yield Finding("in-house-onset", sentence, onset)
    if row.get("wake_up") == 0 and row.get(alert) is not None:
        sentence = f"{_said(row, alert)}, yet it was no wake-up stroke."
        yield Finding("alert-not-wake-up", sentence, alert)


_CHECKS: tuple[Callable[[Row], Iterator[Finding]], ...] = (
    _deaths,
    _mrs_order,
    _nihss_rise,
    _time_order,
    _doors,
)


def _percentages(row: Row, variables: Mapping[str, Variable]) -> Iterator[Finding]:
    for name, variable in variables.items():
        value = row.get(name) if variable.inferred and "%" in variable.label else None
        if isinstance(value, int | float) and not 0 <= value <= 100:
            sentence = f"{variable.label} is {value:g}, outside 0 to 100."
            yield Finding("percentage-impossible", sentence, name)
