"""Are the columns alike? Standardised mean differences in order, and the sentence that answers."""

from dataclasses import dataclass

from analytics.table_one.effect import ALIKE
from analytics.table_one.result import TableOne
from analytics.table_one.wording import interval, joined, sentence_case
from data_loader.variables import Variable

_NAMED = 5
"""Variables, and columns, that the sentence names at most."""


@dataclass(frozen=True)
class Balance:
    """How far apart the columns are in one variable.

    Attributes:
        variable: which.
        smd: standardised mean difference; of more than two columns, the largest of any pair.
        low: lower end of its 95 % interval; None where it has none.
        high: upper end.
        by_chance: what its size stays below in 95 of 100 draws from one population, as do those of
            all other pairs; None where columns share subjects.
        columns: labels of the two columns.
    """

    variable: Variable
    smd: float
    low: float | None
    high: float | None
    by_chance: float | None
    columns: tuple[str, str]

    @property
    def size(self) -> float:
        """Without its sign."""
        return abs(self.smd)


def balances(table: TableOne) -> list[Balance]:
    """The SMDs that are defined, the largest first: the points of a love plot."""
    found = []
    for row in table.rows:
        smd = row.smd
        if smd is not None and smd.value is not None:
            first, second = (table.columns[place].full_label for place in smd.columns)
            found.append(
                Balance(row.variable, smd.value, smd.low, smd.high, smd.by_chance, (first, second))
            )
    return sorted(found, key=lambda balance: -balance.size)


def alike_sentence(table: TableOne) -> str:
    """Whether the columns are alike, and where they are not; empty where nothing was compared."""
    found = balances(table)
    if not found:
        return ""
    who = _who(table)
    apart = [balance for balance in found if balance.size >= ALIKE]
    if not apart:
        return f"{who} are alike in all {len(found)} variables: every |SMD| is below {ALIKE}."
    close = len(found) - len(apart)
    sentence = (
        f"{who} are alike (|SMD| below {ALIKE}) in {close or 'none'} of {len(found)} variables"
    )
    beyond = [b for b in apart if b.by_chance is not None and b.size > b.by_chance]
    if not any(balance.by_chance is not None for balance in apart):
        return f"{sentence}; they differ most in {_named(apart)}."
    others = "the other one" if len(apart) == 1 else f"the {len(apart)} others"
    others = others if close else "them"
    if not beyond:
        return (
            f"{sentence}; in {others}, most of all {_named(apart)}, they differ no more than draws"
            " of these sizes from one population would in 95 of 100 cases."
        )
    where = others if len(beyond) == len(apart) else f"{len(beyond)} of {others}"
    return (
        f"{sentence}; in {where} they differ more than chance explains in 95 of 100 cases:"
        f" {_named(beyond)}."
    )


def _who(table: TableOne) -> str:
    if len(table.groups) > _NAMED:
        return f"The {len(table.groups)} columns"
    return sentence_case(joined([column.full_label for column in table.groups]))


def _named(found: list[Balance]) -> str:
    named = [f"{b.variable.label} ({interval(b.smd, b.low, b.high, 2)})" for b in found[:_NAMED]]
    more = len(found) - len(named)
    return joined([*named, f"{more} more"] if more else named)
