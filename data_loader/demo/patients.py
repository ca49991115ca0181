"""Who is in the demonstration dataset, and what infarct each patient is to have.

The infarct is planned before anything clinical is drawn, so that clinical values can depend on it
without an image being made.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

TERRITORIES: Final = ("ACA", "MCA", "PCA", "VB")
_SHARES: Final = (0.05, 0.79, 0.06, 0.10)
# The largest infarct that leaves some of the territory alive, ml.
_LARGEST_ML: Final = {"ACA": 70.0, "MCA": 300.0, "PCA": 55.0, "VB": 45.0}
_MEDIAN_ML, _LOG_SD = 12.2, 1.43
_SMALLEST_ML: Final = 0.05
COMPLETE_SUBJECTS: Final = 12
# Of 250: how many lack a transform to MNI152, so that their CT has to be registered. The first of
# them was scanned from the vertex down to the ventricles only: too little to register by.
_WITHOUT_TRANSFORM: Final = 3


@dataclass(frozen=True)
class Infarct:
    """What the images are to show.

    Attributes:
        side: `left` or `right` of the patient.
        territory: one of `TERRITORIES`.
        volume_ml: volume of all components together.
        components: how many unconnected pieces are aimed at.
    """

    side: str
    territory: str
    volume_ml: float
    components: int


@dataclass(frozen=True)
class Patient:
    """One row of the plan: identity, infarct and which files are made.

    Attributes:
        number: of the subject.
        split: `train` or `test`.
        center: 1 or 2.
        infarct: that the images are to show.
        complete: whether every image is made.
        has_transform: whether the way to MNI152 is given.
        is_cut: whether the CT shows the upper part of the head only.
    """

    number: int
    split: str
    center: int
    infarct: Infarct
    complete: bool
    has_transform: bool = True
    is_cut: bool = False

    @property
    def subject(self) -> str:
        """The BIDS label with its prefix, as in the release: `sub-stroke0001`."""
        return f"sub-stroke{self.number:04d}"


def plan_patients(subjects: int, *, seed: int) -> list[Patient]:
    """Plan the patients in order of their number, test ones in the gaps of the train ones."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0, 1]))
    tests = round(0.4 * subjects)
    splits = rng.permutation(["test"] * tests + ["train"] * (subjects - tests))
    centers = np.zeros(subjects, dtype=int)
    infarcts: dict[int, Infarct] = {}
    for split, share in (("train", 2 / 3), ("test", 1 / 2)):
        members = np.flatnonzero(splits == split)
        first = round(share * len(members))
        centers[members] = rng.permutation([1] * first + [2] * (len(members) - first))
        planned = _plan_infarcts(len(members), rng)
        infarcts.update(zip(members.tolist(), planned, strict=True))
    complete = _choose_complete(splits, infarcts)
    lacking = _choose_lacking(infarcts, complete)
    return [
        Patient(
            i + 1,
            str(splits[i]),
            int(centers[i]),
            infarcts[i],
            i in complete,
            has_transform=i not in lacking,
            is_cut=i in lacking[:1],
        )
        for i in range(subjects)
    ]


def _plan_infarcts(n: int, rng: np.random.Generator) -> list[Infarct]:
    if not n:
        return []
    volumes = _MEDIAN_ML * np.exp(_LOG_SD * rng.permutation(ndtri((np.arange(n) + 0.5) / n)))
    return [_plan_infarct(float(volume_ml), rng) for volume_ml in volumes]


def _plan_infarct(volume_ml: float, rng: np.random.Generator) -> Infarct:
    territory = str(rng.choice(TERRITORIES, p=_SHARES))
    if volume_ml > _LARGEST_ML[territory]:
        territory = "MCA"
    volume_ml = float(np.clip(volume_ml, _SMALLEST_ML, _LARGEST_ML["MCA"]))
    side = "left" if rng.random() < 0.53 else "right"
    typical = 5.5 * (volume_ml / 12.0) ** 0.15
    components = int(np.clip(np.ceil(typical * np.exp(0.95 * rng.standard_normal())), 1, 84))
    # A piece of less than about three voxels would not survive the grid.
    return Infarct(side, territory, volume_ml, min(components, 1 + int(volume_ml / 0.06)))


def _choose_complete(splits: NDArray[np.str_], infarcts: dict[int, Infarct]) -> set[int]:
    """Choose who gets every image: MCA infarcts that leave room for a penumbra, first ids first."""
    wanted = max(1, min(COMPLETE_SUBJECTS, round(COMPLETE_SUBJECTS * len(splits) / 250)))
    chosen: list[int] = []
    for split, n in (("test", wanted // 3), ("train", wanted - wanted // 3)):
        members = np.flatnonzero(splits == split).tolist()
        chosen += sorted(members, key=lambda i: (not _shows_mismatch(infarcts[i]), i))[:n]
    return set(chosen)


def _choose_lacking(infarcts: dict[int, Infarct], complete: set[int]) -> list[int]:
    """Choose whose way to MNI152 isn't given: middling MCA infarcts, first ids first."""
    middling = (i for i in sorted(infarcts) if _shows_mismatch(infarcts[i]) and i not in complete)
    return list(middling)[: round(_WITHOUT_TRANSFORM * len(infarcts) / 250)]


def _shows_mismatch(infarct: Infarct) -> bool:
    return infarct.territory == "MCA" and 6.0 <= infarct.volume_ml <= 110.0
