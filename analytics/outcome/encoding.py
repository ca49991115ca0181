"""Terms as columns of numbers: what is learned from the data, and the columns that follow.

Knots and levels are learned once, from the complete cases; the same encoding then gives the
columns of any values: of an imputed table, of a fold, of a grid along which one predicts.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.crossed_variable import parts_of
from analytics.outcome.spline import spline_basis
from analytics.outcome.terms import Part, Term
from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Encoding:
    """A part with what was learned of its values.

    Attributes:
        part: what is encoded.
        knots: of a spline, in the variable's unit.
        levels: codes that occur, the first being the reference.
    """

    part: Part
    knots: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What is added to the part's text to name each column: `sex[M]`, `rcs(age,4)'`."""
        if self.levels:
            return tuple(f"[{level}]" for level in self.levels[1:])
        return tuple("'" * n for n in range(len(self.knots) - 1)) if self.knots else ("",)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        stem = self.part.variable.name if self.levels else self.part.text
        return tuple(f"{stem}{suffix}" for suffix in self.suffixes)

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns as a table names them."""
        variable, label = self.part.variable, self.part.label
        if self.levels:
            first, *others = map(variable.level_label, self.levels)
            # Levels of a crossed variable say themselves what they are of.
            stem = "" if len(parts_of(variable)) > 1 else f"{label}: "
            return tuple(f"{stem}{other} against {first}" for other in others)
        return tuple(f"{label}{suffix}" for suffix in self.suffixes)

    @property
    def shorts(self) -> tuple[str, ...]:
        """The columns as a table names them under a heading of the part's own."""
        if self.levels:
            return tuple(map(self.part.variable.level_label, self.levels[1:]))
        curves = range(1, len(self.knots) - 1)
        return ("linear", *(f"curve {n}" for n in curves)) if self.knots else (self.part.label,)

    def matrix(self, values: pd.DataFrame) -> Float:
        """Columns for these values, shape (n, columns); NaN where a value is blank."""
        column = values[self.part.variable.name]
        if self.levels:
            return _indicators(codes_of(column), self.levels)
        numbers = column.to_numpy(float)
        match self.part.transform:
            case "per":
                numbers = numbers / self.part.units
            case "log1p":
                with np.errstate(invalid="ignore", divide="ignore"):
                    numbers = np.log1p(numbers)
            case "rcs":
                return spline_basis(numbers, self.knots)
        return np.asarray(numbers[:, None])


def learn_encoding(part: Part, values: pd.DataFrame) -> Encoding:
    """Learn the knots or the levels of a part.

    Args:
        part: what to encode.
        values: rows to learn from, without blanks.

    Raises:
        AnalysisError: a spline's knots coincide, or the reference level doesn't occur.
    """
    column = values[part.variable.name]
    if part.transform == "rcs":
        return Encoding(part, knots=_learn_knots(part, column.to_numpy(float)))
    if part.transform == "levels":
        return Encoding(part, levels=_learn_levels(part, codes_of(column)))
    return Encoding(part)


def codes_of(column: "pd.Series[Any]") -> npt.NDArray[np.object_]:
    """Codes as text: `1` for the number 1.0; None for a blank."""
    if not pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.astype(object).where(column.notna(), None).to_numpy(object))
    numbers = column.to_numpy(float)
    known, places = np.unique(numbers, return_inverse=True)
    texts = [None if np.isnan(number) else f"{number:g}" for number in known]
    return np.asarray(np.array(texts, dtype=object)[places])


@dataclass(frozen=True)
class Predictor:
    """One column of a design.

    Attributes:
        name: names the coefficient in JSON.
        label: as a table names it.
        short: as a table names it under a heading of its term.
        term: text of the term that it belongs to.
    """

    name: str
    label: str
    short: str
    term: str


@dataclass(frozen=True)
class Encoder:
    """All terms of a model, learned.

    Attributes:
        terms: in order.
        encodings: for each term, its parts' encodings.
        kept: places of the columns that are used; None for all.
    """

    terms: tuple[Term, ...]
    encodings: tuple[tuple[Encoding, ...], ...]
    kept: tuple[int, ...] | None = None

    @cached_property
    def predictors(self) -> tuple[Predictor, ...]:
        """The columns, in order."""
        every = [
            Predictor(":".join(names), " x ".join(labels), " x ".join(shorts), term.text)
            for term, parts in zip(self.terms, self.encodings, strict=True)
            for names, labels, shorts in zip(
                product(*(part.names for part in parts)),
                product(*(part.labels for part in parts)),
                product(*(part.shorts for part in parts)),
                strict=True,
            )
        ]
        return tuple(every if self.kept is None else (every[n] for n in self.kept))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(predictor.name for predictor in self.predictors)

    def heading(self, term: str) -> str:
        """What stands above the columns of a term that has several."""
        found = next(n for n, one in enumerate(self.terms) if one.text == term)
        references = [
            encoding.part.variable.level_label(encoding.levels[0])
            for encoding in self.encodings[found]
            if encoding.levels
        ]
        against = f", against {' and '.join(references)}" if references else ""
        return f"{self.terms[found].label}{against}"

    def columns_of(self, term: str) -> tuple[int, ...]:
        """Places of the columns that belong to a term."""
        return tuple(n for n, found in enumerate(self.predictors) if found.term == term)

    def matrix(self, values: pd.DataFrame) -> Float:
        """Columns for these values, shape (n, columns); NaN where a value is blank."""
        known: dict[str, Float] = {}
        blocks = [np.empty((len(values), 0))]
        for parts in self.encodings:
            block = np.ones((len(values), 1))
            for encoding in parts:
                text = encoding.part.text
                if text not in known:
                    known[text] = encoding.matrix(values)
                # The last part's columns run fastest, as the names do.
                right = known[text]
                block = (block[:, :, None] * right[:, None, :]).reshape(len(values), -1)
            blocks.append(block)
        whole = np.hstack(blocks)
        return whole if self.kept is None else whole[:, list(self.kept)]


def learn_encoder(terms: tuple[Term, ...], values: pd.DataFrame) -> Encoder:
    """Learn all terms from complete rows.

    Raises:
        AnalysisError: a term can't be learned from these values.
    """
    parts = {part.text: part for term in terms for part in term.parts}
    learned = {text: learn_encoding(part, values) for text, part in parts.items()}
    return Encoder(terms, tuple(tuple(learned[p.text] for p in term.parts) for term in terms))


def _learn_knots(part: Part, numbers: Float) -> tuple[float, ...]:
    knots = tuple(float(knot) for knot in np.quantile(numbers, part.quantiles))
    if len(set(knots)) < len(knots):
        found = ", ".join(f"{knot:g}" for knot in sorted(set(knots)))
        raise AnalysisError(
            f"{part.text} needs {len(knots)} knots at different values, and these subjects give"
            f" {found}; use fewer knots, or {part.variable.name} as it is."
        )
    return knots


def _learn_levels(part: Part, codes: npt.NDArray[np.object_]) -> tuple[str, ...]:
    found = set(codes)
    order = [code for code in part.variable.levels if code in found]
    order += sorted(found - set(order), key=lambda code: (_as_number(code), code))
    if part.reference is None:
        return tuple(order)
    if part.reference not in found:
        raise AnalysisError(
            f"No subject with all values known has {part.variable.label} {part.reference};"
            f" the levels are {', '.join(order)}."
        )
    return (part.reference, *(code for code in order if code != part.reference))


def _as_number(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return np.inf


def _indicators(codes: npt.NDArray[np.object_], levels: tuple[str, ...]) -> Float:
    place = {level: n for n, level in enumerate(levels)}
    at = pd.Series(codes).map(place).to_numpy(float)
    shown = np.asarray(at[:, None] == np.arange(1, len(levels))[None, :], dtype=float)
    shown[np.isnan(at)] = np.nan
    return shown
