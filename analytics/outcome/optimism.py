"""How much better a model looks on the subjects it was fitted to than on others: the bootstrap.

The model is fitted to a resample and measured on it and on the subjects themselves; the mean
difference is the optimism, which is taken off what was measured in the first place (Harrell, Lee
and Mark, Stat Med 1996; 15: 361-387).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.outcome.folds import draw_resample
from analytics.outcome.influence import Estimate
from analytics.outcome.learners import Learner
from analytics.outcome.performance import measure_all
from analytics.outcome.validation import Subjects, ValidationPlan
from data_loader.errors import AnalysisError
from data_loader.progress import Report


@dataclass(frozen=True)
class Optimism:
    """One measure, corrected.

    Attributes:
        apparent: on the subjects that the model was fitted to.
        optimism: mean over resamples of what the resample shows less what the subjects show.
        corrected: apparent less optimism, with the apparent interval moved along (Noma et al.,
            Stat Med 2021; 40: 5691-5701); it leaves out that the optimism is an estimate too.
    """

    apparent: Estimate
    optimism: float
    corrected: Estimate


@dataclass(frozen=True)
class BootstrapValidation:
    """A model validated by the bootstrap.

    Attributes:
        name: of the model.
        n: subjects.
        measures: name to corrected measure; None where it isn't defined.
        resamples: how many the means are of.
        seed: of the random numbers.
        notes: sentences that must stand beside the numbers.
    """

    name: str
    n: int
    measures: Mapping[str, Optimism | None]
    resamples: int
    seed: int
    notes: tuple[str, ...]

    def sentence(self) -> str:
        """What was done, for the methods."""
        return (
            f"Optimism was estimated from {self.resamples} bootstrap resamples (seed {self.seed})"
            " in which every step was repeated, and subtracted (Harrell 1996); intervals are those"
            " of the apparent measures, moved by the optimism (Noma 2021)."
        )


def bootstrap_optimism(
    subjects: Subjects,
    learner: Learner,
    plan: ValidationPlan,
    *,
    progress: Report | None = None,
) -> BootstrapValidation:
    """Correct the measures of one model for optimism.

    Args:
        subjects: on whom, from `subjects_of`.
        learner: the model.
        plan: how many resamples, with which seed.
        progress: told after each resample; an exception that it raises ends the work.

    Raises:
        AnalysisError: the model can't be learned from the subjects, or from any resample.
    """
    resamples, seed = plan.resamples, plan.seed
    if resamples < 1:
        raise AnalysisError("The bootstrap takes at least one resample.")
    truth, is_linear = subjects.truth, subjects.truth.scale == "linear"
    fitted = learner.learn(subjects.values, truth, seed)
    apparent = measure_all(truth, fitted(subjects.values))
    differences: dict[str, list[float]] = {name: [] for name in apparent}
    random = np.random.default_rng(seed)
    thrown, reasons = 0, []
    for done in range(resamples):
        places, again = draw_resample(random, truth.response, is_linear=is_linear)
        thrown += again
        drawn, of_drawn = subjects.values.iloc[places], truth.of(places)
        try:
            predict = learner.learn(drawn, of_drawn, seed + done)
        except AnalysisError as error:
            reasons.append(str(error))
        else:
            seen = measure_all(of_drawn, predict(drawn))
            unseen = measure_all(truth, predict(subjects.values))
            for name in apparent:
                one, other = seen[name], unseen[name]
                if one and other:
                    differences[name].append(one.value - other.value)
        if progress:
            progress(done + 1, resamples)
    if len(reasons) == resamples:
        raise AnalysisError(f"{learner.name} can't be validated: {reasons[0]}")
    measures: dict[str, Optimism | None] = {}
    for name, measure in apparent.items():
        measures[name] = None
        if measure and differences[name]:
            optimism = float(np.mean(differences[name]))
            moved = replace(measure, value=measure.value - optimism)
            measures[name] = Optimism(measure.estimate(), optimism, moved.estimate())
    used = resamples - len(reasons)
    return BootstrapValidation(
        learner.name, subjects.n, measures, used, seed, _notes(subjects, thrown, reasons, used)
    )


def _notes(subjects: Subjects, thrown: int, reasons: list[str], used: int) -> tuple[str, ...]:
    notes = list(subjects.notes)
    if thrown:
        notes.append(f"{thrown} resamples that lost a level of the outcome were drawn again.")
    if reasons:
        notes.append(
            f"Nothing was learned in {len(reasons)} of {len(reasons) + used} resamples, which are"
            f" left out ({reasons[0].rstrip('.')})."
        )
    return tuple(notes)
