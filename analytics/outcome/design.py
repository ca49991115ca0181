"""Outcome and terms of a cohort as numbers, with who was left out and why.

Complete cases: a subject is in if the outcome and every term are known. Whoever is out is
counted once, under the first reason that holds in the order outcome, terms, cluster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.crossed_variable import parts_of
from analytics.outcome.encoding import Encoder, Encoding, codes_of, learn_encoder
from analytics.outcome.endpoint import Endpoint
from analytics.outcome.tall import times, total
from analytics.outcome.terms import Term, variables_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

_ALIASED = 1e-7
"""Share of a column's spread below which what other columns leave of it is rounding, as in R."""


@dataclass(frozen=True)
class Excluded:
    """Subjects left out for one reason.

    Attributes:
        reason: as a reader is told it.
        n: how many.
    """

    reason: str
    n: int


@dataclass(frozen=True)
class Design:
    """Numbers that a model is fitted to.

    Attributes:
        endpoint: what is explained.
        response: shape (n,), as `Endpoint.read` gives it.
        encoder: terms to columns, constant and aliased columns left out.
        matrix: shape (n, columns), without an intercept.
        values: the rows of the cohort's table that are used.
        clusters: code of each subject's cluster, shape (n,); None where subjects are independent.
        excluded: who was left out, by reason.
        notes: sentences about what was left out of the terms.
    """

    endpoint: Endpoint
    response: Float
    encoder: Encoder
    matrix: Float
    values: pd.DataFrame
    clusters: npt.NDArray[np.object_] | None
    excluded: tuple[Excluded, ...]
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Subjects used."""
        return len(self.response)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Subjects used, as `dataset/subject`."""
        pairs = zip(self.values["dataset"], self.values["subject"], strict=True)
        return tuple(f"{dataset}/{subject}" for dataset, subject in pairs)


def build_design(
    frame: CohortFrame,
    *,
    endpoint: Endpoint,
    terms: tuple[Term, ...],
    cluster: Variable | None = None,
) -> Design:
    """Turn a cohort into numbers to fit.

    Args:
        frame: values of the variables that endpoint, terms and cluster need.
        endpoint: what is explained.
        terms: what explains it; may be empty.
        cluster: whose codes tell apart groups of subjects that may be alike.

    Raises:
        AnalysisError: nobody is left, or a term can't be made of these values.
    """
    once = tuple({term.text: term for term in terms}.values())
    twice = {term.text for n, term in enumerate(terms) if term in terms[:n]}
    response = endpoint.read(frame.values)
    kept, excluded = _complete(frame, response, endpoint=endpoint, terms=once, cluster=cluster)
    if not kept.any():
        raise AnalysisError(_nobody(len(frame), excluded))
    if kept.sum() == 1:
        raise AnalysisError("One subject is too few for a model; widen the cohort.")
    values = frame.values[kept]
    encoder = learn_encoder(once, values)
    matrix = encoder.matrix(values)
    places, dropped = independent_columns(matrix, encoder.names)
    single = [
        encoding for parts in encoder.encodings for encoding in parts if len(encoding.levels) == 1
    ]
    dropped = (*dict.fromkeys(map(_single_sentence, single)), *dropped)
    if once and not places:
        raise AnalysisError(f"No term is left to explain anything: {' '.join(dropped)}")
    return Design(
        endpoint=endpoint,
        response=response[kept],
        encoder=replace(encoder, kept=places),
        matrix=matrix[:, list(places)],
        values=values,
        clusters=codes_of(values[cluster.name]) if cluster else None,
        excluded=excluded,
        notes=(*(f"{text} is named twice and counts once." for text in sorted(twice)), *dropped),
    )


def _single_sentence(encoding: Encoding) -> str:
    variable = encoding.part.variable
    level = variable.level_label(encoding.levels[0])
    return f"{variable.name} is left out: it is {level} for every subject used."


def independent_columns(
    matrix: Float, names: tuple[str, ...]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Find the columns that say something which those before them don't.

    Args:
        matrix: shape (n, columns).
        names: of the columns.

    Returns:
        Places of the columns to keep, and a sentence for each that is left out.
    """
    kept: list[int] = []
    sentences: list[str] = []
    basis = np.empty((len(matrix), 0))
    for place, name in enumerate(names):
        column = matrix[:, place] - matrix[:, place].mean()
        spread = _length(column)
        if spread <= _ALIASED * _length(matrix[:, place]):
            value = f"{matrix[0, place]:g}"
            sentences.append(f"{name} is left out: it is {value} for every subject used.")
            continue
        # Twice, since one pass leaves rounding where columns are nearly alike.
        rest = column
        for _ in range(2):
            rest = rest - times(basis, total(rest, basis))
        left = _length(rest)
        if left <= _ALIASED * spread:
            sentences.append(_alias_sentence(matrix, place, kept, names))
            continue
        kept.append(place)
        basis = np.asfortranarray(np.column_stack([basis, rest / left]))
    return tuple(kept), tuple(sentences)


def _length(column: Float) -> float:
    return float(np.sqrt(np.square(column).sum()))


def _alias_sentence(matrix: Float, place: int, kept: list[int], names: tuple[str, ...]) -> str:
    for other in kept:
        if abs(np.corrcoef(matrix[:, other], matrix[:, place])[0, 1]) > 1 - 1e-12:
            return f"{names[place]} is left out: it says the same as {names[other]}."
    return f"{names[place]} is left out: it follows from the terms before it."


def _complete(
    frame: CohortFrame,
    response: Float,
    *,
    endpoint: Endpoint,
    terms: tuple[Term, ...],
    cluster: Variable | None,
) -> tuple[Bool, tuple[Excluded, ...]]:
    kept = np.ones(len(frame), dtype=bool)
    excluded = []
    for reason, out in _reasons(frame, response, endpoint=endpoint, terms=terms, cluster=cluster):
        counted = int((kept & out).sum())
        if counted:
            excluded.append(Excluded(reason, counted))
            kept &= ~out
    return kept, tuple(excluded)


def _reasons(
    frame: CohortFrame,
    response: Float,
    *,
    endpoint: Endpoint,
    terms: tuple[Term, ...],
    cluster: Variable | None,
) -> Iterator[tuple[str, Bool]]:
    """Every reason for which a subject may be out, and whom it concerns."""
    yield from _blanks(frame, endpoint.variables)
    yield f"{endpoint.label} outside its range", np.isnan(response)
    used = [part for variable in variables_of(terms) for part in parts_of(variable)]
    yield from _blanks(frame, used)
    for part in {part.text: part for term in terms for part in term.parts}.values():
        if part.transform == "log1p":
            numbers = frame.values[part.variable.name].to_numpy(float)
            yield f"{part.text} isn't defined", np.asarray(numbers <= -1)
    yield from _blanks(frame, (cluster,) if cluster else ())


def _blanks(frame: CohortFrame, variables: Sequence[Variable]) -> Iterator[tuple[str, Bool]]:
    for variable in variables:
        blank = frame.values[variable.name].isna().to_numpy()
        structural = frame.structural[variable.name]
        yield f"{variable.label} doesn't apply", blank & structural
        yield f"{variable.label} missing", blank & ~structural


def _nobody(n: int, excluded: tuple[Excluded, ...]) -> str:
    if n == 0:
        return "The cohort has no subjects; widen it."
    why = ", ".join(f"{one.reason}: {one.n}" for one in excluded)
    return (
        f"None of the {n} subjects has all values that the model needs ({why});"
        " drop a term, or impute."
    )
