"""Where in the brain a lesion goes with a higher or a lower score.

One test a voxel of the score against lesion status, by ranks (Brunner and Munzel) or by a linear
model that takes account of covariates; all of them corrected together by permuting the score.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import orjson

from analytics.brunner_munzel import BrunnerMunzel
from analytics.family_wise import ALPHA, correct
from analytics.lesion_map import lesions_of
from analytics.lesion_patterns import lesion_patterns
from analytics.lesion_regression import LesionRegression
from analytics.standard_space import SHAPE, SIZE
from data_loader.errors import AnalysisError
from data_loader.progress import Report

if TYPE_CHECKING:
    from data_loader.standard_index import CohortRuns

Method = Literal["brunner-munzel", "linear"]

LEAST_SHARE, LEAST_LESIONS = 0.05, 10
"""The minimum by default: this share of the subjects, or this many (Medina et al., Neuropsychologia
2010;48:341) if that is more."""

_FEWEST_LESIONS = 2
_FEWEST_SUBJECTS = 10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Symptom:
    """What is mapped.

    Attributes:
        name: of the score, as in a sentence.
        values: a subject each; NaN where it isn't known.
        covariates: name in a sentence to values; of the linear model only.
    """

    name: str
    values: Floats
    covariates: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class SymptomPlan:
    """How it is mapped.

    Attributes:
        method: by ranks, or by a linear model.
        least: voxels in which fewer subjects have a lesion, or fewer have none, aren't tested; None
            for 5 % of the subjects and no fewer than 10.
        permutations: of the score.
        seed: of their draw.
    """

    method: Method = "brunner-munzel"
    least: int | None = None
    permutations: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class SymptomMap:
    """A map of what it is that goes with a score.

    Attributes:
        score: its name.
        covariates: their names.
        plan: how it was made.
        least: lesions that a voxel had to have.
        n: subjects.
        unknown: subjects left out since their score or a covariate isn't known.
        patterns: distinct lesion patterns among the voxels.
        voxels: numbers of those tested, ascending, as `standard_space` has them.
        lesions: subjects with a lesion, of each.
        statistic: of each: Brunner and Munzel's, or t; positive where a lesion goes with a higher
            score.
        p: of each, corrected for all.
        critical: what the absolute statistic must exceed for a corrected p of at most `ALPHA`.
    """

    score: str
    covariates: tuple[str, ...]
    plan: SymptomPlan
    least: int
    n: int
    unknown: int
    patterns: int
    voxels: npt.NDArray[np.int32]
    lesions: npt.NDArray[np.int32]
    statistic: npt.NDArray[np.float32]
    p: npt.NDArray[np.float32]
    critical: float

    @property
    def is_significant(self) -> npt.NDArray[np.bool_]:
        """Of each voxel tested, whether its corrected p is at most `ALPHA`."""
        return np.asarray(self.p <= ALPHA)

    def volume(self, *, significant: bool = False) -> npt.NDArray[np.float32]:
        """The statistic as a volume of shape `SHAPE`; 0 where nothing was tested.

        Args:
            significant: only voxels whose corrected p is at most `ALPHA`; 0 elsewhere.
        """
        kept = self.is_significant if significant else np.ones(len(self.voxels), dtype=bool)
        values = np.zeros(SIZE, np.float32)
        values[self.voxels[kept]] = self.statistic[kept]
        return values.reshape(SHAPE, order="F")

    def to_bytes(self) -> bytes:
        """The whole map, to be kept in a file; `from_bytes` reads it back."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        numbers = {name: x for name, x in asdict(self).items() if name not in _ARRAYS}
        content = BytesIO()
        np.savez(content, allow_pickle=False, about=orjson.dumps(numbers), **arrays)
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "SymptomMap":
        """Read what `to_bytes` wrote."""
        stored = np.load(BytesIO(content), allow_pickle=False)
        about = orjson.loads(stored["about"].item())
        about["plan"] = SymptomPlan(**about["plan"])
        about["covariates"] = tuple(about["covariates"])
        return cls(**about, **{name: stored[name] for name in _ARRAYS})


_ARRAYS = ("voxels", "lesions", "statistic", "p")


def unheard(done: int, total: int) -> None:
    """Report to nobody."""


def map_symptom(
    lesions: "CohortRuns",
    symptom: Symptom,
    *,
    plan: SymptomPlan | None = None,
    report: Report = unheard,
) -> SymptomMap:
    """Test every voxel.

    Args:
        lesions: of all subjects whose lesion is known in standard space.
        symptom: of the same subjects, in their order.
        plan: how.
        report: told of permutations; what it raises ends the work.

    Raises:
        AnalysisError: there is nothing that can be tested.
    """
    plan = plan or SymptomPlan()
    columns = np.array([symptom.values, *symptom.covariates.values()], dtype=np.float64)
    known = np.asarray(np.isfinite(columns).all(axis=0))
    n = int(known.sum())
    least = _least(plan, n)
    statistic = _statistic(symptom, columns[:, known], plan)
    patterns = lesion_patterns(lesions_of(lesions, known), least=least)
    if not len(patterns.voxels):
        raise AnalysisError(
            f"No voxel has a lesion in at least {least} of the {n} subjects whose"
            f" {symptom.name} is known, and none in as many."
        )
    found = correct(
        statistic, patterns, permutations=plan.permutations, seed=plan.seed, report=report
    )
    return SymptomMap(
        score=symptom.name,
        covariates=tuple(symptom.covariates),
        plan=plan,
        least=least,
        n=n,
        unknown=len(known) - n,
        patterns=len(found.statistic),
        voxels=patterns.voxels.astype(np.int32),
        lesions=patterns.lesions.astype(np.int32)[patterns.pattern],
        statistic=found.statistic.astype(np.float32)[patterns.pattern],
        p=found.p.astype(np.float32)[patterns.pattern],
        critical=found.critical,
    )


def _least(plan: SymptomPlan, n: int) -> int:
    least = max(LEAST_LESIONS, ceil(LEAST_SHARE * n)) if plan.least is None else plan.least
    if least < _FEWEST_LESIONS:
        raise AnalysisError(
            f"A minimum of {least} lesions a voxel is too low; a spread needs {_FEWEST_LESIONS}."
        )
    return least


def _statistic(
    symptom: Symptom, known: Floats, plan: SymptomPlan
) -> BrunnerMunzel | LesionRegression:
    """The test of a score, the first row of what is known, and of its covariates."""
    score, n = known[0], known.shape[1]
    if n < _FEWEST_SUBJECTS:
        raise AnalysisError(
            f"{symptom.name} and a lesion in standard space are known of {n} subjects;"
            f" a map needs {_FEWEST_SUBJECTS}."
        )
    if score.min() == score.max():
        raise AnalysisError(f"{symptom.name} is {score[0]:g} in all {n} subjects: nothing to map.")
    if plan.method == "linear":
        return LesionRegression(score, known[1:].T)
    if symptom.covariates:
        raise AnalysisError("Brunner and Munzel's test takes no covariates; a linear model does.")
    return BrunnerMunzel(score)
