"""The patients of one split while their clinical values are drawn."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from data_loader.demo.margins import (
    Mask,
    Scores,
    Spread,
    deal,
    spread_flag,
    spread_integers,
    standardise,
)
from data_loader.demo.patients import Patient
from data_loader.demo.table_one import KNOWN_OF_149, MEAN_SD, PERCENT

Values = dict[str, Scores]
"""Column to values, in the order of the patients; NaN where there is none."""

VISITS: Final = ("24h", "discharge", "3 months")
# Values that one form or one blood sample gives are mostly missing together.
_FORMS: Final = {"Leucocytes": "blood count", "CRP": "blood count", "INR": "blood count"} | {
    f"{scale} {visit}": visit for scale in ("NIHSS", "mRS") for visit in VISITS
}


@dataclass(frozen=True)
class Group:
    """One split's patients, and by column whose value will stand in the files."""

    members: list[Patient]
    split: str
    known: dict[str, Mask]
    rng: np.random.Generator

    @property
    def size(self) -> Scores:
        """Infarct size as scores; the root, since a model in ml and one in log ml both find it."""
        return standardise(np.sqrt([patient.infarct.volume_ml for patient in self.members]))

    @property
    def everyone(self) -> Mask:
        """All of them."""
        return np.ones(len(self.members), dtype=bool)

    def noise(self, sd: float = 1.0) -> Scores:
        """Draw what nothing explains."""
        return sd * self.rng.standard_normal(len(self.members))

    def whose(self, name: str) -> Mask:
        """Tell whose value of a column will be known."""
        return self.known.get(name, self.everyone)

    def integers(self, name: str, *, low: int, high: int) -> Spread:
        """Give the margin of a score or an age in whole numbers."""
        mean, sd = MEAN_SD[self.split][name]
        return partial(spread_integers, mean=mean, sd=sd, low=low, high=high)

    def flag(self, name: str, score: Scores | float, *, printed: str | None = None) -> Scores:
        """Deal a flag with the share that the paper prints."""
        share = PERCENT[self.split][printed or name] / 100
        return deal(score + self.noise(), self.whose(name), partial(spread_flag, share=share))


def draw_group(members: list[Patient], split: str, rng: np.random.Generator) -> Group:
    """Draw whose value of which column is known, as many as in the release; times come later."""
    n = len(members)
    forms = {form: 2 * rng.standard_normal(n) for form in dict.fromkeys(_FORMS.values())}
    known = {}
    for name, count in KNOWN_OF_149.items():
        luck = rng.standard_normal(n) + forms.get(_FORMS.get(name, ""), 0.0)
        known[name] = np.argsort(np.argsort(luck)) < round(count / 149 * n)
    return Group(members, split, known, rng)
