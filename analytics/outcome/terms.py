"""Terms of a model as a reader writes them.

A list parted by commas; each term is

=====================  ==================================================================
`age`                  the value as it is; a level each where the variable has levels
`age/10`               per 10 units
`log1p(volume_ml)`     log(1 + value)
`rcs(age,4)`           restricted cubic spline with 4 knots at Harrell's quantiles; 5 by default
`rcs(age,0.1,0.5,0.9)` the same with knots at these quantiles
`levels(sex,M)`        each level against M; without a level, against the first
`sex*age`              both, and their product (of three, every product among them)
`sex:age`              the product alone
=====================  ==================================================================

Nothing of the text is evaluated: names come from the index.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Transform = Literal["raw", "per", "log1p", "rcs", "levels"]

HARRELL_QUANTILES: Mapping[int, tuple[float, ...]] = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975),
}
"""Knots by their number: Harrell, Regression Modeling Strategies, 2nd edition, table 2.3."""

_CALL = re.compile(r"(?P<function>[a-z0-9]+)\(\s*(?P<name>\w+)\s*(?:,(?P<rest>[^()]*))?\)")
_PER = re.compile(r"(?P<name>\w+)\s*/\s*(?P<units>\d+\.?\d*)")


@dataclass(frozen=True)
class Part:
    """One variable as it enters a term.

    Attributes:
        variable: the variable.
        transform: what is done with its values.
        units: of a `per` transform, the step that an estimate is about.
        quantiles: of a spline, where its knots lie.
        reference: of levels, the code that the others are held against; None for the first.
    """

    variable: Variable
    transform: Transform = "raw"
    units: float = 1.0
    quantiles: tuple[float, ...] = ()
    reference: str | None = None

    @property
    def text(self) -> str:
        """As it is written; reads back to the same part."""
        name = self.variable.name
        match self.transform:
            case "per":
                return f"{name}/{self.units:g}"
            case "log1p":
                return f"log1p({name})"
            case "rcs":
                knots = len(self.quantiles)
                usual = self.quantiles == HARRELL_QUANTILES.get(knots)
                inner = str(knots) if usual else ",".join(f"{q:g}" for q in self.quantiles)
                return f"rcs({name},{inner})"
            case "levels" if self.reference is not None:
                return f"levels({name},{self.reference})"
        # Where levels are the only reading of a variable, its name is enough.
        return f"levels({name})" if self._is_forced else name

    @property
    def label(self) -> str:
        """As a table names it."""
        heading = self.variable.heading
        match self.transform:
            case "per":
                unit = f" {self.variable.unit}" if self.variable.unit else ""
                return f"{self.variable.label}, per {self.units:g}{unit}"
            case "log1p":
                return f"log(1 + {heading})"
            case "rcs":
                return f"{heading}, spline"
        return self.variable.label if self.transform == "levels" else heading

    @property
    def _is_forced(self) -> bool:
        return self.transform == "levels" and not has_levels(self.variable)


@dataclass(frozen=True)
class Term:
    """One term: a part, or the product of several.

    Attributes:
        parts: in the order in which they are written.
    """

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """As it is written; names the term in JSON."""
        return ":".join(part.text for part in self.parts)

    @property
    def label(self) -> str:
        """As a table names it."""
        return " x ".join(part.label for part in self.parts)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that it needs."""
        return tuple(part.variable for part in self.parts)


def has_levels(variable: Variable) -> bool:
    """Whether a variable enters a model as levels unless something else is asked for."""
    return variable.kind == "categorical" or variable.is_text


def parse_terms(text: str, variables: Mapping[str, Variable]) -> tuple[Term, ...]:
    """Read a list of terms.

    Args:
        text: the terms, parted by commas.
        variables: those of the index, by name.

    Returns:
        The terms in order; a product written with `*` after the terms that it is made of.

    Raises:
        AnalysisError: a term can't be read, or names no variable of the index.
    """
    return tuple(term for piece in _pieces(text) for term in _read_piece(piece, variables))


def variables_of(terms: Iterable[Term]) -> tuple[Variable, ...]:
    """The variables that terms need, each once, in the order of the terms."""
    return tuple({v.name: v for term in terms for v in term.variables}.values())


def _pieces(text: str) -> Iterator[str]:
    """Parts between commas that stand outside brackets."""
    for piece in re.split(r",(?![^()]*\))", text):
        if piece.strip():
            yield piece.strip()


def _read_piece(piece: str, variables: Mapping[str, Variable]) -> list[Term]:
    names = re.split(r"[*:]", piece)
    parts = tuple(_read_part(name.strip(), variables) for name in names)
    if len({part.variable.name for part in parts}) < len(parts):
        raise AnalysisError(f"{piece!r} multiplies a variable with itself; use rcs() for a curve.")
    sizes = range(1, len(parts) + 1) if "*" in piece else (len(parts),)
    return [Term(some) for size in sizes for some in combinations(parts, size)]


def _read_part(text: str, variables: Mapping[str, Variable]) -> Part:
    if text in variables:
        variable = variables[text]
        return Part(variable, "levels" if has_levels(variable) else "raw")
    per, call = _PER.fullmatch(text), _CALL.fullmatch(text)
    if per and float(per["units"]) > 0:
        return Part(_number(per["name"], variables), "per", units=float(per["units"]))
    if call and call["function"] in get_args(Transform):
        return _read_call(call["function"], call["name"], call["rest"] or "", variables)
    if re.fullmatch(r"\w+", text):
        raise AnalysisError(f"{text!r} is no variable of this index.")
    raise AnalysisError(
        f"The term {text[:60]!r} can't be read; terms are written like"
        " age, age/10, log1p(volume_ml), rcs(age,4), levels(sex,M), sex*age."
    )


def _read_call(function: str, name: str, rest: str, variables: Mapping[str, Variable]) -> Part:
    match function:
        case "log1p" if not rest:
            return Part(_number(name, variables), "log1p")
        case "rcs":
            return Part(_number(name, variables), "rcs", quantiles=_quantiles(name, rest))
        case "levels":
            return Part(_known(name, variables), "levels", reference=rest.strip() or None)
    raise AnalysisError(f"{function}({name},{rest}) can't be read; write {function}({name}).")


def _quantiles(name: str, rest: str) -> tuple[float, ...]:
    try:
        given = tuple(map(float, rest.split(","))) if rest.strip() else (5.0,)
    except ValueError:
        given = ()
    if len(given) == 1 and given[0] in HARRELL_QUANTILES:
        return HARRELL_QUANTILES[int(given[0])]
    inside = all(0 < quantile < 1 for quantile in given)
    if len(given) >= 3 and inside and list(given) == sorted(set(given)):
        return given
    raise AnalysisError(
        f"rcs({name},{rest}) can't be read; give 3 to 7 knots, as in rcs({name},4), or at least"
        f" three rising quantiles, as in rcs({name},0.1,0.5,0.9)."
    )


def _known(name: str, variables: Mapping[str, Variable]) -> Variable:
    if name not in variables:
        raise AnalysisError(f"{name!r} is no variable of this index.")
    return variables[name]


def _number(name: str, variables: Mapping[str, Variable]) -> Variable:
    variable = _known(name, variables)
    if has_levels(variable):
        raise AnalysisError(
            f"{variable.label} has levels, not numbers; it can only enter as {name}."
        )
    return variable
