"""Who is held out when: folds and resamples, alike for all models that are compared."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_loader.errors import AnalysisError

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]

_MOST_DRAWS = 100


@dataclass(frozen=True)
class Folds:
    """Repeated division into folds.

    Attributes:
        held_out: in which fold each subject is held out, shape (repeats, n).
        count: folds of a repeat.
        seed: of the random numbers.
    """

    held_out: Int
    count: int
    seed: int

    @property
    def repeats(self) -> int:
        """How often subjects are divided anew."""
        return len(self.held_out)


def draw_folds(
    response: Float, *, is_linear: bool, count: int = 5, repeats: int = 20, seed: int = 1
) -> Folds:
    """Divide subjects so that every fold has its share of every level of the outcome.

    The subjects of a level are shuffled and dealt out one by one, each level going on where the
    one before it ended: no two folds differ by more than one subject, in all or of a level. A
    number is cut into tenths first.

    Args:
        response: outcome of each subject, shape (n,).
        is_linear: whether it is a number rather than a level.
        count: folds of a repeat.
        repeats: how often.
        seed: of the random numbers.

    Raises:
        AnalysisError: there are fewer subjects than folds, or nothing to divide.
    """
    if count < 2 or repeats < 1:
        raise AnalysisError("Cross-validation takes at least 2 folds and 1 repeat.")
    if len(response) < 2 * count:
        raise AnalysisError(
            f"{len(response)} subjects are too few for {count} folds of at least two; take fewer"
            " folds or widen the cohort."
        )
    strata = _tenths(response) if is_linear else response
    random = np.random.default_rng(seed)
    held_out = np.empty((repeats, len(response)), dtype=np.intp)
    for repeat in range(repeats):
        shuffled = random.permutation(len(response))
        order = shuffled[np.argsort(strata[shuffled], kind="stable")]
        held_out[repeat, order] = np.arange(len(response)) % count
    return Folds(held_out, count, seed)


def _tenths(response: Float) -> Int:
    edges = np.quantile(response, np.arange(1, 10) / 10)
    return np.asarray(np.searchsorted(edges, response))


def draw_resample(
    random: np.random.Generator, response: Float, *, is_linear: bool
) -> tuple[Int, int]:
    """Draw as many subjects with replacement, again while a level of the outcome is lost.

    Returns:
        Their places, and how many draws were thrown away.

    Raises:
        AnalysisError: a level is lost nearly always.
    """
    levels = 2 if is_linear else len(np.unique(response))
    for thrown in range(_MOST_DRAWS):
        places = random.integers(len(response), size=len(response))
        if len(np.unique(response[places])) >= levels:
            return places, thrown
    raise AnalysisError(
        "Levels of the outcome are too rare to be resampled; join them, or widen the cohort."
    )
