"""What comes after recanalisation: its grade, NIHSS and mRS at each visit, and who dies."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from data_loader.demo.group import VISITS, Group, Values
from data_loader.demo.margins import (
    Mask,
    Scores,
    deal,
    deal_above,
    spread_flag,
    spread_integers,
    standardise,
)
from data_loader.demo.table_one import DEAD_PERCENT, MEAN_SD, PERCENT

_DEAD_MRS: Final = 6
_DEAD_NIHSS: Final = 42  # as trials count it


def draw_outcome(group: Group, values: Values) -> Values:
    """Draw the columns of the outcome file from those of the baseline file."""
    tici = _deal_tici(group)
    course = _draw_course(group, values, tici)
    dead = _deal_deaths(group, course)
    outcome: Values = {"TICI postinterventional": tici}
    for name, scores in course.items():
        scale, visit = name.split(" ", 1)
        survivors = _Survivors(
            known=group.whose(name),
            dead=dead[visit],
            counted_as=_DEAD_MRS if scale == "mRS" else _DEAD_NIHSS,
            mean_sd=MEAN_SD[group.split][name],
        )
        # Hardly anybody is better than before the stroke.
        least = values["mRS premorbid"] if scale == "mRS" else np.zeros(len(scores))
        outcome[name] = survivors.deal(scores, least=least)
    return outcome


def _draw_course(group: Group, values: Values, tici: Scores) -> Values:
    explained = np.stack(
        [
            standardise(values["Age"]),
            standardise(values["NIHSS at admission"]),
            standardise(values["mRS premorbid"]),
            group.size,
            tici - tici.mean(),
        ]
    )
    unexplained = group.noise()  # the same at all visits

    def score(*weights: float, shared: float) -> Scores:
        fixed = np.dot([*weights, -0.2], explained)
        return np.asarray(fixed + shared * unexplained + group.noise(0.7))

    return {
        "mRS 24h": score(0.2, 1.0, 0.1, 0.7, shared=0.6),
        "mRS discharge": score(0.35, 0.9, 0.1, 0.9, shared=0.8),
        "mRS 3 months": score(0.65, 0.7, 0.3, 1.1, shared=0.9),
        "NIHSS 24h": score(0.1, 0.9, 0.0, 0.6, shared=0.6),
        "NIHSS discharge": score(0.15, 0.7, 0.0, 0.6, shared=0.8),
    }


def _deal_tici(group: Group) -> Scores:
    """Give 0, 1 or 2 for 2b, 2c or 3; what the paper's two shares leave is 2b."""
    percent = PERCENT[group.split]
    full, good = percent["TICI 3"] / 100, (percent["TICI 3"] + percent["TICI 2c"]) / 100

    def spread(n: int) -> Scores:
        return spread_flag(n, share=full) + spread_flag(n, share=good)

    return deal(group.noise() - 0.1 * group.size, group.whose("TICI postinterventional"), spread)


def _deal_deaths(group: Group, course: Values) -> dict[str, Mask]:
    """Say who is dead at each visit: at every later one too."""
    # Who is lost to follow-up is alive: a death is never forgotten.
    dead_later = group.whose("mRS 3 months")
    dead = {}
    for visit in reversed(VISITS):
        known = group.whose(f"mRS {visit}")
        dead[visit] = np.zeros(len(known), dtype=bool)
        for part in (known, ~known):
            wanted = round(DEAD_PERCENT[group.split][visit] / 100 * part.sum())
            eligible = np.flatnonzero(part & dead_later)
            worst = eligible[np.argsort(-course[f"mRS {visit}"][eligible], kind="stable")]
            dead[visit][worst[:wanted]] = True
        dead_later = dead[visit]
    return dead


@dataclass(frozen=True)
class _Survivors:
    """Who can still be examined at a visit, and the printed margin with the dead counted in."""

    known: Mask
    dead: Mask
    counted_as: int
    mean_sd: tuple[float, float]

    def deal(self, scores: Scores, *, least: Scores) -> Scores:
        dealt = np.full(len(scores), float(self.counted_as))
        for part in (self.known, ~self.known):
            alive = part & ~self.dead
            if alive.any():
                mean, sd = self._moments(float(self.dead[part].mean()))
                spread = partial(spread_integers, mean=mean, sd=sd, low=0, high=self.counted_as - 1)
                everyone = np.ones(int(alive.sum()), dtype=bool)
                dealt[alive] = deal_above(scores[alive], everyone, spread, least=least[alive])
        return dealt

    def _moments(self, share: float) -> tuple[float, float]:
        """Mean and SD without a share of dead; in groups of a few, the nearest that can be."""
        mean, sd = self.mean_sd
        mean_alive = max((mean - self.counted_as * share) / (1 - share), 0.3)
        square_alive = (sd**2 + mean**2 - self.counted_as**2 * share) / (1 - share)
        return mean_alive, max(square_alive - mean_alive**2, 0.5 * mean_alive) ** 0.5
