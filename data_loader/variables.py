"""The dictionary of variables: what a column is called, what it means, what it may hold."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

Kind = Literal["continuous", "count", "ordinal", "binary", "categorical", "duration"]
Timepoint = Literal["design", "baseline", "outcome"]
KINDS: tuple[Kind, ...] = ("continuous", "count", "ordinal", "binary", "categorical", "duration")


@dataclass(frozen=True)
class Variable:
    """One column of the subject table.

    Attributes:
        name: the key in URLs, JSON and SQL: lower-case letters, digits and underscores.
        label: what a reader sees.
        kind: how it is summarised and drawn.
        timepoint: outcome means known only after recanalisation.
        group: the heading under which tables list it.
        unit: as printed beside values; durations are in minutes.
        plausible: closed interval; values outside are kept and listed.
        reference: closed interval that is called normal, for adults.
        levels: code to meaning, in order; empty where any value may occur.
        aliases: column names in source files beside name and label, matched without regard to
            case, hyphens and underscores; a variable without any is made by this program, and
            read from no file.
        applies_when: variable to code; where it fails a blank is structural, not missing.
        log_axis: drawn on a log axis.
        note: what a footnote says.
        inferred: not in the dictionary; kind guessed from the values.
        datasets: those of an index that collect it; elsewhere a blank is structural.
        regions: labels of the atlas that it was counted by, for filters on where infarcts lie.
    """

    name: str
    label: str
    kind: Kind
    timepoint: Timepoint
    group: str
    unit: str | None = None
    plausible: tuple[float, float] | None = None
    reference: tuple[float, float] | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    applies_when: Mapping[str, int] = field(default_factory=dict)
    log_axis: bool = False
    note: str | None = None
    inferred: bool = False
    datasets: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether codes are text; else they are numbers."""
        if self.levels:
            return not all(re.fullmatch(r"\d+", code) for code in self.levels)
        return self.kind == "categorical"

    @property
    def is_discrete(self) -> bool:
        """Whether it is drawn as a bar a level rather than as bins of a range."""
        return self.kind in ("binary", "categorical") or self.is_text

    @property
    def sql_type(self) -> str:
        """Type of its DuckDB column."""
        if self.is_text:
            return "VARCHAR"
        return "DOUBLE" if self.kind in ("continuous", "duration") else "BIGINT"

    @property
    def heading(self) -> str:
        """Label with its unit, as a column header."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def level_label(self, code: object) -> str:
        """What a reader sees for a code; the code itself where no meaning is given."""
        if self.kind == "binary" and not self.levels:
            return {"0": "no", "1": "yes"}.get(str(code), str(code))
        return self.levels.get(str(code), str(code))

    def shown(self, value: object) -> str:
        """A value as a reader sees it, without its unit: a level's meaning, or four digits."""
        if value is None:
            return ""
        if self.is_discrete:
            return self.level_label(value)
        if isinstance(value, float):
            digits = 0 if abs(value) >= 1000 or self.kind == "duration" else 4
            return f"{value:,.0f}" if digits == 0 else f"{value:.{digits}g}"
        return str(value)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for storing in an index; `Variable.of` reads them back."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Variable":
        """Read what `as_dict` wrote, or a table of `variables.toml` with its name added."""
        known = dict(values)
        for pair in ("plausible", "reference", "aliases", "datasets", "regions"):
            if known.get(pair) is not None:
                known[pair] = tuple(known[pair])
        return cls(**known)


@cache
def dictionary() -> Mapping[str, Variable]:
    """Every variable of `variables.toml` by name, in the order of the file."""
    text = (Path(__file__).parent / "variables.toml").read_text(encoding="utf-8")
    return {name: Variable.of({"name": name, **v}) for name, v in tomllib.loads(text).items()}


def match_column(column: str, extra: Mapping[str, str]) -> Variable | None:
    """Find the variable that a source column holds.

    Args:
        column: header as written in the file.
        extra: column to variable name, from the profile; these win.

    Returns:
        The variable of the dictionary, or None where it is not in it.
    """
    by_profile = {_normal(alias): name for alias, name in extra.items()}
    if _normal(column) in by_profile:
        return dictionary()[by_profile[_normal(column)]]
    return _by_alias().get(_normal(column)) or _with_unit(column)


def _normal(column: str) -> str:
    """A header without regard to case and to how its words are joined."""
    return re.sub(r"[\s_-]+", " ", column.casefold()).strip()


def _with_unit(column: str) -> Variable | None:
    """A header such as `Glucose (mg/dl)`; CRP in mg/l is not CRP in mg/dl."""
    named = re.fullmatch(r"(.+)[(\[](.+)[)\]]\s*", column)
    variable = _by_alias().get(_normal(named[1])) if named else None
    if named is None or variable is None or variable.unit is None:
        return None
    return variable if named[2].strip().casefold() in _spellings(variable.unit) else None


def _spellings(unit: str) -> set[str]:
    others = {"min": {"minutes", "hh:mm:ss"}, "years": {"y", "yrs"}, "G/l": {"10^9/l", "10e9/l"}}
    return {unit.casefold(), *others.get(unit, ())}


@cache
def _by_alias() -> Mapping[str, Variable]:
    return {
        _normal(alias): variable
        for variable in dictionary().values()
        if variable.aliases
        for alias in (variable.name, variable.label, *variable.aliases)
    }


def infer_variable(column: str, values: list[str]) -> Variable:
    """Describe a column that the dictionary lacks, from its known values.

    Numbers become continuous, or binary where only 0 and 1 occur; the rest is categorical.
    """
    name = re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_") or "column"
    name = name if name[0].isalpha() else f"x_{name}"
    kind: Kind = "categorical"
    if values and set(values) <= {"0", "1"}:
        kind = "binary"
    elif values and all(_is_number(value) for value in values):
        kind = "continuous"
    variable = Variable(
        name=name, label=column.strip(), kind=kind, timepoint="baseline", group="Other"
    )
    return replace(variable, inferred=True)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE) is not None
