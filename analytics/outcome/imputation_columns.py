"""Variables as chained equations take them: each value by its place among those that occur."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]
Bool = npt.NDArray[np.bool_]

Method = Literal[
    "predictive mean matching",
    "logistic regression",
    "proportional-odds regression",
    "multinomial regression",
]
METHODS: tuple[Method, ...] = get_args(Method)

MOST_LEVELS = 10
"""An ordinal variable of more levels is matched by predictive means, as NIHSS is."""


@dataclass(frozen=True)
class Column:
    """One variable of the imputation models.

    Attributes:
        variable: which.
        method: how its blanks are drawn.
        values: those that occur, in order.
        scores: a number for each: the value, or its place where codes are text; the logarithm of
            1 + value where the dictionary draws the variable on a log axis; of categories,
            whether it is the commonest.
        found: place of each subject's value, shape (n,); 0 where blank.
        blank: who has none.
        note: what a reader has to know, or nothing.
    """

    variable: Variable
    method: Method
    values: npt.NDArray[Any]
    scores: Float
    found: Int
    blank: Bool
    note: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether there are blanks, and more than one value to fill them with."""
        return bool(self.blank.any()) and len(self.values) > 1

    def started(self, random: np.random.Generator) -> Int:
        """Places with every blank filled by a known value at random."""
        filled = self.found.copy()
        filled[self.blank] = random.choice(self.found[~self.blank], size=int(self.blank.sum()))
        return filled

    def predictors(self, places: Int) -> Float:
        """Columns by which it predicts others, scaled by its known values, shape (n, columns).

        Scores, or an indicator of each category but the commonest; none where it is constant.
        """
        if self.method == "multinomial regression":
            others = np.flatnonzero(self.scores == 0)
            by_place = (np.arange(len(self.values))[:, None] == others[None, :]).astype(float)
        else:
            by_place = self.scores[:, None]
        known = by_place[self.found[~self.blank]]
        spread = known.std(axis=0)
        varies = spread > 0
        scaled = (by_place[:, varies] - known.mean(axis=0)[varies]) / spread[varies]
        return np.asarray(scaled[places])


def read_column(
    frame: CohortFrame, variable: Variable, used: Bool, blank: Bool | None = None
) -> Column:
    """Read one variable of the subjects that take part.

    Args:
        frame: the cohort.
        variable: which.
        used: who takes part, shape (subjects,).
        blank: whose value counts as missing, where that is more than the blanks.

    Raises:
        AnalysisError: nothing is known of it, or it has too many categories to be drawn.
    """
    given = frame.values[variable.name].to_numpy()[used]
    is_blank = frame.values[variable.name].isna().to_numpy() if blank is None else blank
    is_blank = is_blank[used]
    if is_blank.all():
        raise AnalysisError(
            f"{variable.label} is known in none of the {len(is_blank)} subjects and can't be"
            " imputed; leave it out."
        )
    values = _in_order(variable, given[~is_blank])
    places = pd.Categorical(given, categories=values).codes.astype(np.intp)
    found = np.where(is_blank, 0, places)
    method = _method(variable, len(values))
    if is_blank.any() and method == "multinomial regression" and len(values) > MOST_LEVELS:
        raise AnalysisError(
            f"{variable.label} has {len(values)} categories, too many to impute its blanks; leave"
            " it out, or narrow the cohort to subjects who have it."
        )
    note = _only_value(variable, values) if is_blank.any() and len(values) == 1 else ""
    scores = _scores(variable, values, np.bincount(found[~is_blank]))
    return Column(variable, method, values, scores, found, is_blank, note)


def _only_value(variable: Variable, values: npt.NDArray[Any]) -> str:
    only = values[0] if variable.is_text or values[0] % 1 else int(values[0])
    shown = variable.shown(only)
    return f"{variable.label} is {shown} wherever it is known, and was taken to be so elsewhere."


def _in_order(variable: Variable, known: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values = sorted(set(known))
    if variable.is_text:
        order = {code: n for n, code in enumerate(variable.levels)}
        values.sort(key=lambda code: order.get(code, len(order)))
    return np.array(values, dtype=known.dtype)


def _method(variable: Variable, count: int) -> Method:
    if variable.kind in ("continuous", "count", "duration"):
        return "predictive mean matching"
    if count <= 2:
        return "logistic regression"
    if variable.kind == "ordinal" and count > MOST_LEVELS:
        return "predictive mean matching"
    return (
        "proportional-odds regression" if variable.kind == "ordinal" else "multinomial regression"
    )


def _scores(variable: Variable, values: npt.NDArray[Any], counts: Int) -> Float:
    if _method(variable, len(values)) == "multinomial regression":
        return np.asarray(np.arange(len(values)) == np.argmax(counts), dtype=float)
    if variable.is_text:
        return np.arange(len(values), dtype=float)
    numbers = values.astype(float)
    return np.log1p(numbers) if variable.log_axis and numbers.min() >= 0 else numbers
