"""A cohort: which subjects, as a URL query, as an SQL clause and as an English sentence.

One filter a variable, `name=alternative,alternative`; a subject is in if every filter has an
alternative that holds. An alternative is

================  =======================================================================
`F`  `0`  `2b`    this code or number; `=missing` where the code is one of the words below
`60..80`          from 60 to 80, both included; either end may be left out
`60..<80`         from 60 to below 80
`>=15`  `<3`      a comparison
`missing`         a value that is not known
`not-applicable`  a blank that is none: the value can't exist for this subject
================  =======================================================================

`subject=sub-1,soop/sub-3` lists subjects; `lesion_at` and `lesion_in` say where the infarct lies
(`data_loader.lesion_filter`). An alternative that holds a comma is quoted as in CSV.
Nothing of a query is evaluated: names come from the index, values are bound.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from data_loader.blanks import NEVER, Clause, structural
from data_loader.errors import CohortError
from data_loader.lesion_filter import LESION_KEYS, LesionFilter, read_lesion_filter
from data_loader.query_text import joined, quoted_cell, shown
from data_loader.schema import quoted
from data_loader.variables import Variable

SUBJECT = "subject"
MISSING = "missing"
NOT_APPLICABLE = "not-applicable"

CHOICE_KEYS = frozenset({"by", "against"}) | {
    *("rows", "style", "summary", "tests", "adjust", "blanks", "cells", "columns", "smd", "names"),
    *("endpoint", "bars", "regression", "terms", "free", "errors", "penalty", "allow"),
    *("weights", "along", "cut", "reading"),
    *("impute", "seed", "validate", "folds", "repeats", "add", "learners"),
    *("map_kind", "map_least", "map_score", "map_method", "map_terms", "map_tested"),
    *("map_permutations", "map_seed", "map_shown"),
    *("atlas_level", "lengths"),
}
"""Keys of a page's URL that say what is computed of the cohort, each read by its page."""

VIEW_KEYS = (
    CHOICE_KEYS
    | {"charts", "scale", "sort", "page"}
    | {"code", "severity", "gaps", "gaps_sort", "gaps_page", "overlay"}
    | {"left", "right", "preset", "layout", "over", "opacity", "at"}
)
"""Keys of a page's URL that choose a view, not subjects."""

_T = TypeVar("_T")

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})?\.\.(<?)({_NUMBER})?")
_COMPARISON = re.compile(rf"(>=|<=|>|<)\s*({_NUMBER})")
_LABEL = re.compile(r"(?:[a-z0-9-]+/)?(?:sub-)?[A-Za-z0-9]+")

FULL_LABEL = "CASE WHEN subject LIKE 'sub-%' THEN subject ELSE 'sub-' || subject END"
"""SQL of a subject's label as lists have it: some profiles have labels without `sub-`."""

_SAFE = "/:.,;()|<>=*!"


@dataclass(frozen=True)
class Interval:
    """A range of numbers; an end that is None is open to infinity."""

    low: float | None = None
    high: float | None = None
    low_included: bool = True
    high_included: bool = True

    def clause(self, column: str) -> Clause:
        """SQL that a value of the column lies within."""
        parts: list[str] = []
        values: list[object] = []
        for bound, included, sign in (
            (self.low, self.low_included, ">"),
            (self.high, self.high_included, "<"),
        ):
            if bound is not None:
                parts.append(f"{column} {sign}{'=' if included else ''} ?")
                values.append(bound)
        return f"({' AND '.join(parts)})", tuple(values)

    def __str__(self) -> str:
        if self.low is None or (self.high is None and not self.low_included):
            bound, sign = (self.high, "<") if self.low is None else (self.low, ">")
            included = self.high_included if self.low is None else self.low_included
            return f"{sign}{'=' if included else ''}{_text(bound)}"
        if self.high is None:
            return f">={_text(self.low)}"
        return f"{_text(self.low)}..{'' if self.high_included else '<'}{_text(self.high)}"

    @property
    def words(self) -> str:
        """As a reader says it."""
        if self.low is None:
            return f"{'at most' if self.high_included else 'below'} {_text(self.high)}"
        if self.high is None:
            return f"{'at least' if self.low_included else 'above'} {_text(self.low)}"
        return f"{_text(self.low)} to {'' if self.high_included else 'below '}{_text(self.high)}"


def _text(bound: float | None) -> str:
    if bound is None:
        return ""
    return str(int(bound)) if float(bound).is_integer() and abs(bound) < 1e15 else repr(bound)


@dataclass(frozen=True)
class Filter:
    """What one variable must be: any of the alternatives.

    Attributes:
        variable: the variable.
        codes: codes as text, or numbers that it may equal.
        intervals: ranges that it may lie in.
        missing: whether it may be missing.
        not_applicable: whether its blank may be structural.
        structural: when its blank is.
    """

    variable: Variable
    codes: tuple[str, ...] = ()
    intervals: tuple[Interval, ...] = ()
    missing: bool = False
    not_applicable: bool = False
    structural: Clause = NEVER

    @property
    def clause(self) -> Clause:
        """SQL over the subject table, and the values bound in it."""
        column = quoted(self.variable.name)
        clauses = [interval.clause(column) for interval in self.intervals]
        if self.codes:
            values = self.codes if self.variable.is_text else tuple(map(float, self.codes))
            clauses.append((f"{column} IN ({', '.join('?' for _ in values)})", values))
        blank, bound = self.structural
        if self.missing:
            clauses.append((f"({column} IS NULL AND NOT {blank})", bound))
        if self.not_applicable:
            clauses.append((f"({column} IS NULL AND {blank})", bound))
        sql = " OR ".join(part for part, _ in clauses)
        return f"coalesce({sql}, FALSE)", tuple(v for _, values in clauses for v in values)

    @property
    def expression(self) -> str:
        """The right-hand side of the query, before percent-encoding."""
        reserved = {MISSING, NOT_APPLICABLE}
        parts = [
            f"={code}"
            if code in reserved or (_is_operator(code) and self.variable.is_text)
            else code
            for code in self.codes
        ]
        parts += [str(interval) for interval in self.intervals]
        parts += [MISSING] * self.missing + [NOT_APPLICABLE] * self.not_applicable
        return ",".join(quoted_cell(part) for part in parts)

    @property
    def phrase(self) -> str:
        """What is asked of the variable, as a reader says it."""
        unit = f" {self.variable.unit}" if self.variable.unit else ""
        parts = [f"{self.variable.level_label(code)}{unit}" for code in self.codes]
        parts += [f"{interval.words}{unit}" for interval in self.intervals]
        parts += ["missing"] * self.missing + ["not applicable"] * self.not_applicable
        return f"{_inside_sentence(self.variable.label)} is {joined(parts, 'or')}"


def _inside_sentence(label: str) -> str:
    """Lower-case a label's first letter, unless it begins with an abbreviation."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def _is_operator(code: str) -> bool:
    return code.startswith(("=", "<", ">")) or ".." in code


@dataclass(frozen=True)
class Cohort:
    """A selection of subjects: those for whom every filter holds, and who are listed if any are.

    Attributes:
        filters: one a variable, in the order in which they were set.
        lesions: where the infarct lies, one of each name.
        subjects: listed labels, `sub-1` or `dataset/sub-1`; empty where all may be in.
    """

    filters: tuple[Filter, ...] = ()
    lesions: tuple[LesionFilter, ...] = ()
    subjects: tuple[str, ...] = field(default=())

    @classmethod
    def parse(cls, query: str, variables: Mapping[str, Variable]) -> tuple["Cohort", list[str]]:
        """Read a query, as in a URL.

        Args:
            query: with or without its question mark.
            variables: those of the index, by name.

        Returns:
            The cohort of all that can be read, and a sentence for each part that can't.
        """
        texts: dict[str, list[str]] = {}
        try:
            pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=200)
        except ValueError:
            return cls(), ["The address has too many parts; it was left out."]
        for name, text in pairs:
            if name not in VIEW_KEYS:
                texts.setdefault(name, []).append(text)
        cohort, notices = cls(), []
        for name, parts in texts.items():
            try:
                cohort = cohort.with_filter(name, ",".join(parts), variables)
            except CohortError as error:
                notices.append(str(error))
        return cohort, notices

    def with_filter(self, name: str, text: str, variables: Mapping[str, Variable]) -> "Cohort":
        """The same cohort with one filter set anew, or dropped where the text is blank.

        Args:
            name: of a variable, `subject`, `lesion_at` or `lesion_in`.
            text: alternatives, as in a query.
            variables: those of the index, by name.

        Raises:
            CohortError: the filter can't be read.
        """
        if name == SUBJECT:
            return replace(self, subjects=tuple(dict.fromkeys(_labels(text))))
        if name in LESION_KEYS:
            others = tuple(lesion for lesion in self.lesions if lesion.name != name)
            wanted = (read_lesion_filter(name, text, variables),) if text.strip() else ()
            return replace(self, lesions=(*others, *wanted))
        if name not in variables:
            raise CohortError(f"{shown(name)} is no variable of this index; it was left out.")
        if not text.strip():
            return self.without(name)
        text = text.encode(errors="replace").decode()  # half characters can't be bound
        found = _read_filter(variables[name], text, structural(variables[name], variables))
        names = [known.variable.name for known in self.filters]
        if name not in names:
            return replace(self, filters=(*self.filters, found))
        kept = (found if f.variable.name == name else f for f in self.filters)
        return replace(self, filters=tuple(kept))

    def toggled(self, name: str, text: str, variables: Mapping[str, Variable]) -> "Cohort":
        """The same cohort with alternatives of one filter added, or taken away if it has them.

        Raises:
            CohortError: the filter can't be read.
        """
        now, then = self.filter_of(name), self.with_filter(name, text, variables).filter_of(name)
        if now is None or then is None:
            return self.with_filter(name, text, variables)
        both = replace(
            now,
            codes=_either(now.codes, then.codes),
            intervals=_either(now.intervals, then.intervals),
            missing=now.missing != then.missing,
            not_applicable=now.not_applicable != then.not_applicable,
        )
        return self.with_filter(name, both.expression, variables)

    def without(self, name: str) -> "Cohort":
        """The same cohort less one filter; `subject` is the list of subjects."""
        if name == SUBJECT:
            return replace(self, subjects=())
        filters = tuple(f for f in self.filters if f.variable.name != name)
        lesions = tuple(lesion for lesion in self.lesions if lesion.name != name)
        return replace(self, filters=filters, lesions=lesions)

    def filter_of(self, name: str) -> Filter | None:
        """The filter on a variable, if there is one."""
        return next((f for f in self.filters if f.variable.name == name), None)

    @property
    def is_everyone(self) -> bool:
        """Whether nothing is asked."""
        return not self.filters and not self.lesions and not self.subjects

    @property
    def steps(self) -> tuple[tuple[str, str, Clause], ...]:
        """Name, phrase and SQL clause of every condition, in the order in which they were set."""
        steps = (
            *((f.variable.name, f.phrase, f.clause) for f in self.filters),
            *((lesion.name, lesion.phrase, lesion.clause) for lesion in self.lesions),
        )
        if not self.subjects:
            return steps
        several = f"among {len(self.subjects)} listed"
        phrase = f"label is {several if len(self.subjects) > 1 else self.subjects[0]}"
        return (*steps, (SUBJECT, phrase, _listed(self.subjects)))

    def where(self) -> Clause:
        """SQL over the subject table that is TRUE or FALSE, and the values bound in it."""
        clauses = [clause for _, _, clause in self.steps]
        sql = " AND ".join(sql for sql, _ in clauses) or "TRUE"
        return sql, tuple(value for _, values in clauses for value in values)

    def query(self) -> str:
        """As in a URL, without a question mark; `parse` reads it back."""
        pairs = [(f.variable.name, f.expression) for f in self.filters]
        pairs += [(lesion.name, lesion.expression) for lesion in self.lesions]
        if self.subjects:
            pairs.append((SUBJECT, ",".join(self.subjects)))
        return "&".join(f"{quote(name)}={quote(text, safe=_SAFE)}" for name, text in pairs)

    def sentence(self) -> str:
        """As a reader says it."""
        if self.is_everyone:
            return "All subjects."
        return f"Subjects whose {joined([phrase for _, phrase, _ in self.steps], 'and')}."


EVERYONE = Cohort()


def _either(ours: tuple[_T, ...], theirs: tuple[_T, ...]) -> tuple[_T, ...]:
    """What is in one of the two, but not in both."""
    return tuple(x for x in (*ours, *theirs) if (x in ours) != (x in theirs))


def _listed(subjects: Sequence[str]) -> Clause:
    marks = ", ".join("?" for _ in subjects)
    sql = f"({FULL_LABEL} IN ({marks}) OR dataset || '/' || {FULL_LABEL} IN ({marks}))"
    labels = tuple(map(_full_label, subjects))
    return sql, (*labels, *labels)


def _full_label(label: str) -> str:
    """A label as `FULL_LABEL` has it, behind its dataset if it names one."""
    dataset, slash, subject = label.rpartition("/")
    return f"{dataset}{slash}{subject if subject.startswith('sub-') else f'sub-{subject}'}"


def _labels(text: str) -> Iterable[str]:
    for label in re.split(r"[\s,;]+", text.strip()):
        if not label:
            continue
        if not _LABEL.fullmatch(label):
            raise CohortError(f"{shown(label)} is no subject label; the list was left out.")
        yield _full_label(label)


def _read_filter(variable: Variable, text: str, blank: Clause) -> Filter:
    found = Filter(variable, structural=blank)
    for part in _cells(variable, text):
        if part == MISSING:
            found = replace(found, missing=True)
        elif part == NOT_APPLICABLE:
            found = replace(found, not_applicable=True)
        elif variable.is_text:
            codes = _codes(variable, part)
            found = replace(found, codes=tuple(dict.fromkeys((*found.codes, *codes))))
        else:
            found = _with_number(found, variable, part)
    return found


def _cells(variable: Variable, text: str) -> list[str]:
    try:
        (cells,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise _unreadable(variable, text) from None
    parts = [cell.strip() for cell in cells if cell.strip()]
    if not parts:
        raise _unreadable(variable, text)
    return parts


def _with_number(found: Filter, variable: Variable, part: str) -> Filter:
    if comparison := _COMPARISON.fullmatch(part):
        sign, bound = comparison.group(1), _bound(variable, comparison.group(2))
        included = "=" in sign
        interval = (
            Interval(low=bound, low_included=included)
            if sign[0] == ">"
            else Interval(high=bound, high_included=included)
        )
    elif (found_range := _RANGE.fullmatch(part)) and (found_range.group(1) or found_range.group(3)):
        low, high = (
            _bound(variable, end) if end else None
            for end in (found_range.group(1), found_range.group(3))
        )
        if low is not None and high is not None and low > high:
            raise CohortError(f"{variable.label}: {shown(part)} runs backwards; it was left out.")
        interval = Interval(low, high, high_included=not found_range.group(2))
    else:
        code = _text(_bound(variable, part.removeprefix("="), part))
        return replace(found, codes=tuple(dict.fromkeys((*found.codes, code))))
    return replace(found, intervals=tuple(dict.fromkeys((*found.intervals, interval))))


def _bound(variable: Variable, text: str, part: str | None = None) -> float:
    if re.fullmatch(_NUMBER, text):
        value = float(text)
        if math.isfinite(value):
            return value
    for code, meaning in variable.levels.items():
        if text.casefold() == meaning.casefold():
            return float(code)
    raise _unreadable(variable, part or text)


def _codes(variable: Variable, part: str) -> list[str]:
    """The codes that one alternative of a text variable stands for."""
    if part.startswith("="):
        if part == "=":
            raise _unreadable(variable, part)
        return [part[1:]]
    order = list(variable.levels)
    if variable.kind == "ordinal" and _is_operator(part):
        return _ordered_codes(variable, part, order)
    for code, meaning in variable.levels.items():
        if part.casefold() in (code.casefold(), meaning.casefold()):
            return [code]
    return [part]


def _ordered_codes(variable: Variable, part: str, order: list[str]) -> list[str]:
    """Codes in a range of levels, such as `2b..3` or `>=2b`."""
    comparison = re.fullmatch(r"(>=|<=|>|<)\s*(.+)", part)
    low, _, high = part.partition("..")
    ends = [comparison.group(2)] if comparison else [end for end in (low, high) if end]
    if not ends or any(end not in order for end in ends):
        raise _unreadable(variable, part)
    if comparison is None:
        first = order.index(low) if low else 0
        found = order[first : order.index(high) + 1 if high else None]
    else:
        place, sign = order.index(ends[0]), comparison.group(1)
        above, below = place + (sign == ">"), place + (sign == "<=")
        found = order[above:] if sign[0] == ">" else order[:below]
    if not found:
        raise CohortError(f"{variable.label}: {shown(part)} holds for no level; it was left out.")
    return found


def _unreadable(variable: Variable, text: str) -> CohortError:
    wanted = "a code or `missing`" if variable.is_text else "such as 60..80, >=15, 3 or missing"
    return CohortError(
        f"{variable.label}: {shown(text)} can't be read, where {wanted} is expected;"
        " it was left out."
    )
