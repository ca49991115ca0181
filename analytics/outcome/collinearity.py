"""How far terms say the same, and how many subjects stand behind each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.outcome.encoding import Encoder

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Inflation:
    """By how much the other terms widen the interval of one.

    Attributes:
        term: text of the term.
        gvif: generalised variance inflation factor of its columns: Fox & Monette, J Am Stat
            Assoc 1992;87:178; of a single column, the VIF.
        df: its columns.
        per_column: gvif to the power of 1 / df, comparable with a VIF.
    """

    term: str
    gvif: float
    df: int
    per_column: float


@dataclass(frozen=True)
class Information:
    """Subjects that count, for each estimated column.

    Attributes:
        value: their number over the columns.
        basis: what is counted.
    """

    value: float
    basis: str


def inflation_of(matrix: Float, encoder: Encoder) -> tuple[Inflation, ...]:
    """Variance inflation of every term, from the correlations of the columns.

    Args:
        matrix: shape (n, columns).
        encoder: says which columns belong to which term.
    """
    if matrix.shape[1] < 2:
        return ()
    correlation = np.corrcoef(matrix, rowvar=False)
    whole = _log_determinant(correlation, range(len(correlation)))
    found = []
    for term in dict.fromkeys(predictor.term for predictor in encoder.predictors):
        own = encoder.columns_of(term)
        others = [n for n in range(len(correlation)) if n not in own]
        logarithm = _log_determinant(correlation, own) + _log_determinant(correlation, others)
        gvif = float(np.exp(logarithm - whole))
        found.append(Inflation(term, gvif, len(own), gvif ** (1 / len(own))))
    return tuple(found)


def _log_determinant(correlation: npt.NDArray[Any], places: Iterable[int]) -> float:
    chosen = correlation[np.ix_(list(places), list(places))]
    return float(np.linalg.slogdet(chosen)[1])


def information_of(response: Float, *, scale: str, columns: int) -> Information | None:
    """Subjects that count, for each column.

    Args:
        response: of the subjects used, shape (n,).
        scale: of the endpoint: binary, ordinal or linear.
        columns: estimated.

    Returns:
        Events or non-events, whichever are fewer; of an ordinal outcome n less the sum of n_j³
        over n² (Harrell, Regression Modeling Strategies, 2nd edition, section 4.4); of a linear
        one, subjects. None without a column.
    """
    if not columns:
        return None
    counts = np.unique(response, return_counts=True)[1].astype(float)
    n = counts.sum()
    match scale:
        case "binary":
            counted, basis = counts.min(), "events or non-events, whichever are fewer"
        case "ordinal":
            counted, basis = n - (counts**3).sum() / n**2, "effective sample size"
        case _:
            counted, basis = n, "subjects"
    return Information(float(counted) / columns, basis)
