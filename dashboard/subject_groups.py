"""Groups of subjects that share dataset, split and centre, and how complete each is.

One statement counts the smallest groups; every larger one is a sum of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from data_loader.cohort import MISSING, Cohort, Filter
from data_loader.completeness import Completeness
from data_loader.index import Index
from data_loader.scan import natural_key
from data_loader.variables import Variable

DESIGN = ("dataset", "split", "center")
RECORDS = {
    (1, 1): "record and mask",
    (1, 0): "record only",
    (0, 1): "mask only",
    (0, 0): "neither",
}
"""Clinical record and infarct mask, present or absent, and how that is said."""

MOST_VALUES = 24
"""Splits or centres that are still told apart."""

_RECORD = ("has_clinical", "has_mask")


@dataclass(frozen=True)
class Group:
    """Subjects that have the same value of some variables.

    Attributes:
        fixed: variable name to that value, None where it is missing.
        label: the value that sets this group apart from its siblings.
        blanks: what is known and missing in it.
        inner: the groups that it falls into.
    """

    fixed: Mapping[str, object]
    label: str
    blanks: Completeness
    inner: tuple["Group", ...] = ()

    @property
    def n(self) -> int:
        """Subjects."""
        return self.blanks.n


class SubjectGroups:
    """The subjects of a cohort, counted in the smallest groups."""

    def __init__(self, index: Index, cohort: Cohort) -> None:
        self._index = index
        known = [name for name in (*DESIGN, *_RECORD) if name in index.variables]
        self._parts = index.completeness(cohort, known)

    def gather(self, fixed: Mapping[str, object]) -> Completeness:
        """The sum of all groups that have these values."""
        parts = [part for part in self._parts if fixed.items() <= part.group.items()]
        return Completeness(
            group=fixed,
            n=sum(part.n for part in parts),
            known=_sums([part.known for part in parts], self._index.variables),
            structural=_sums([part.structural for part in parts], self._index.variables),
        )

    def count(self, fixed: Mapping[str, object]) -> int:
        """Subjects that have these values."""
        return sum(part.n for part in self._parts if fixed.items() <= part.group.items())

    def values(self, name: str, fixed: Mapping[str, object]) -> list[object]:
        """What a variable is among subjects with these values, in order; missing comes last."""
        if name not in self._index.variables:
            return []
        parts = (part for part in self._parts if fixed.items() <= part.group.items())
        order = partial(_order, list(self._index.variables[name].levels))
        return sorted({part.group[name] for part in parts}, key=order)

    def divide(
        self, names: Sequence[str] = DESIGN, fixed: Mapping[str, object] | None = None
    ) -> tuple[Group, ...]:
        """Groups by one variable after the other, less those that don't tell subjects apart."""
        if not names:
            return ()
        fixed, name, inner = fixed or {}, names[0], names[1:]
        values = self.values(name, fixed)
        if len(values) < 2 or (name != "dataset" and len(values) > MOST_VALUES):
            return self.divide(inner, fixed)
        each = [(value, {**fixed, name: value}) for value in values]
        return tuple(
            Group(inside, self.label(name, value), self.gather(inside), self.divide(inner, inside))
            for value, inside in each
        )

    def divide_by_record(self) -> tuple[Group, ...]:
        """Groups by what there is of a subject, clinical record or mask; none if all are alike."""
        each = [(dict(zip(_RECORD, codes, strict=True)), said) for codes, said in RECORDS.items()]
        groups = [Group(fixed, said, self.gather(fixed)) for fixed, said in each]
        found = tuple(group for group in groups if group.n)
        return found if len(found) > 1 else ()

    def label(self, name: str, value: object) -> str:
        """A value as a reader says it."""
        variable = self._index.variables[name]
        return f"{variable.label.lower()} missing" if value is None else variable.level_label(value)


def _sums(each: Sequence[Mapping[str, int]], names: Mapping[str, Variable]) -> dict[str, int]:
    return {name: sum(counts[name] for counts in each) for name in names}


def _order(levels: Sequence[str], value: object) -> tuple[object, ...]:
    text = str(value)
    return (
        value is None,
        levels.index(text) if text in levels else len(levels),
        natural_key(text),
    )


def narrowed(
    cohort: Cohort, fixed: Mapping[str, object], variables: Mapping[str, Variable]
) -> Cohort:
    """Those of a cohort that have these values, of which there must be some.

    A filter that the cohort has on one of the variables gives way to the narrower one.
    """
    for name, value in fixed.items():
        code = Filter(variables[name], codes=(str(value),)).expression
        cohort = cohort.with_filter(name, MISSING if value is None else code, variables)
    return cohort
