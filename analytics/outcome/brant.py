"""Brant's test of whether odds are proportional: Biometrics 1990;46:1171."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from analytics.outcome.cut_points import CutFits

Float = npt.NDArray[np.float64]

_LEAST = 1e-10
"""Eigenvalue of a correlation matrix below which it can't be inverted."""


@dataclass(frozen=True)
class WaldTest:
    """A test that some combinations of estimates are zero.

    Attributes:
        term: what is tested; empty for all terms together.
        chi2: the statistic.
        df: degrees of freedom.
        p: of chi-squared.
    """

    term: str
    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class Brant:
    """Whether the estimates differ between cuts.

    Attributes:
        overall: all columns together.
        terms: each column alone.
    """

    overall: WaldTest
    terms: tuple[WaldTest, ...]


def check_proportionality(fits: CutFits, names: Sequence[str]) -> Brant | None:
    """Test that the estimates are the same at every cut.

    Args:
        fits: logistic regressions at the cuts.
        names: of the columns.

    Returns:
        None where fewer than two cuts could be fitted, or where few subjects at a cut leave the
        stacked covariance with directions of no or negative variance.
    """
    cuts, columns = fits.estimates.shape
    if cuts < 2:
        return None
    stacked = fits.estimates.ravel()
    every = tuple(range(columns))
    tests = [
        wald(_contrasts(cuts, columns, tested), stacked, fits.covariance, term=term)
        for term, tested in (("", every), *zip(names, [(n,) for n in every], strict=True))
    ]
    overall, *terms = tests
    if overall is None:
        return None
    return Brant(overall, tuple(test for test in terms if test is not None))


def wald(
    contrasts: Float, estimates: Float, covariance: Float, *, term: str = ""
) -> WaldTest | None:
    """Test that contrasts of estimates are all zero.

    Args:
        contrasts: shape (df, m).
        estimates: shape (m,).
        covariance: shape (m, m).
        term: what is tested.

    Returns:
        None where the contrasts determine each other, or the matrix is no covariance.
    """
    difference = contrasts @ estimates
    spread = contrasts @ covariance @ contrasts.T
    if np.diag(spread).min() <= 0:
        return None
    scale = np.sqrt(np.diag(spread))
    correlation = spread / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation).min() < _LEAST:
        return None
    standard = difference / scale
    chi2 = float(standard @ np.linalg.solve(correlation, standard))
    return WaldTest(term, chi2, len(contrasts), float(chdtrc(len(contrasts), chi2)))


def _contrasts(cuts: int, columns: int, tested: tuple[int, ...]) -> Float:
    """The first cut's estimate less that of each other cut, for the tested columns."""
    rows = np.zeros(((cuts - 1) * len(tested), cuts * columns))
    for row, (cut, column) in enumerate((c, t) for c in range(1, cuts) for t in tested):
        rows[row, column], rows[row, cut * columns + column] = 1, -1
    return rows
