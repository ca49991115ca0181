"""How long a lesion-symptom map takes, and how often noise gives a finding.

Run as `python benchmarks/symptom_map.py [DATASET]` on masks in MNI152, with scores made up for all
of their subjects. Beside it stands the plain way, scipy's `brunnermunzel` and statsmodels' least
squares voxel by voxel, timed on some voxels and multiplied. `--noise 200` maps that many scores that
have nothing to do with the lesions, with 199 permutations each, and counts the maps with a finding.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, brunnermunzel

from analytics.brunner_munzel import BrunnerMunzel
from analytics.family_wise import ALPHA, Statistic, correct
from analytics.lesion_patterns import LesionPatterns, lesion_patterns
from analytics.lesion_regression import LesionRegression
from analytics.symptom_map import Symptom, SymptomMap, SymptomPlan, map_symptom
from benchmarks.lesion_map import DATASET, built
from data_loader.cohort import EVERYONE
from data_loader.standard_index import CohortRuns

TARGET_S = 20
VOXELS = 200
Floats = npt.NDArray[np.float64]


def scores(subjects: int) -> dict[str, Floats]:
    """Scores of one kind each: few levels, many levels, none alike."""
    rng = np.random.default_rng(1)
    return {
        "mRS": rng.integers(0, 7, subjects).astype(float),
        "NIHSS": np.minimum(rng.exponential(8, subjects), 42).round(),
        "continuous": rng.normal(size=subjects),
    }


def covariates_of(lesions: CohortRuns) -> dict[str, Floats]:
    """Log volume, and an age made up."""
    sizes = np.diff(lesions.runs)[:, 0]
    place = np.searchsorted(lesions.subjects, lesions.of)
    ml = np.bincount(place, weights=sizes, minlength=len(lesions.subjects)) / 1000
    age = np.random.default_rng(2).normal(70, 12, len(ml))
    return {"log volume": np.log1p(ml), "age": age}


def timed(work: Callable[[], SymptomMap], runs: int) -> tuple[SymptomMap, list[float]]:
    """What the work gives, and the seconds of each run."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return found, seconds


def plain_ranks(patterns: LesionPatterns, score: Floats) -> float:
    """Seconds a voxel of scipy's test."""
    status = patterns.matrix[:VOXELS].toarray() > 0
    began = time.perf_counter()
    for row in status:
        brunnermunzel(score[~row], score[row])
    return (time.perf_counter() - began) / len(status)


def plain_linear(patterns: LesionPatterns, score: Floats, covariates: Floats) -> float:
    """Seconds a voxel of statsmodels' least squares."""
    import statsmodels.api as sm

    status = patterns.matrix[:VOXELS].toarray()
    began = time.perf_counter()
    for row in status:
        design = np.column_stack([np.ones(len(score)), covariates, row])
        assert np.isfinite(sm.OLS(score, design).fit().tvalues[-1])
    return (time.perf_counter() - began) / len(status)


def print_times(lesions: CohortRuns, runs: int) -> None:
    """Print a row a map."""
    n = len(lesions.subjects)
    known = scores(n)
    covariates = covariates_of(lesions)
    patterns = lesion_patterns(lesions, least=max(10, -(-n // 20)))
    print(f"{n} subjects, 1,000 permutations, medians of {runs} runs; the plain way on {VOXELS}")
    print(f"voxels, multiplied\n\n{'':26}{'s':>7}{'most':>7}{'voxels':>10}{'plain, h':>10}")
    maps = [(name, Symptom(name, values), SymptomPlan()) for name, values in known.items()]
    adjusted = Symptom("NIHSS", known["NIHSS"], covariates)
    maps.append(("NIHSS, 2 covariates", adjusted, SymptomPlan(method="linear")))
    for name, symptom, plan in maps:
        found, seconds = timed(partial(map_symptom, lesions, symptom, plan=plan), runs)
        one = (
            plain_linear(patterns, symptom.values, np.array([*covariates.values()]).T)
            if symptom.covariates
            else plain_ranks(patterns, symptom.values)
        )
        hours = one * len(found.voxels) * 1001 / 3600
        times = f"{median(seconds):7.1f}{max(seconds):7.1f}"
        print(f"{name:26}{times}{len(found.voxels):10,}{hours:10.0f}")
    print(f"\ntarget: {TARGET_S} s on two cores")


def print_noise(lesions: CohortRuns, maps: int) -> None:
    """Print how many maps of noise have a finding."""
    n = len(lesions.subjects)
    patterns = lesion_patterns(lesions, least=max(10, -(-n // 20)))
    covariates = np.array([*covariates_of(lesions).values()]).T
    rng = np.random.default_rng(3)
    low, high = binom.interval(0.95, maps, ALPHA)
    print(f"\n{maps} maps of noise, 199 permutations each; {low:.0f} to {high:.0f} are expected")
    makers: dict[str, Callable[[], Statistic]] = {
        "Brunner-Munzel, mRS": lambda: BrunnerMunzel(rng.integers(0, 7, n).astype(float)),
        "linear, 2 covariates": lambda: LesionRegression(
            rng.normal(size=n) + covariates[:, 0], covariates
        ),
    }
    for name, make in makers.items():
        found = 0
        for seed in range(maps):
            result = correct(make(), patterns, permutations=199, seed=seed, report=lambda *_: None)
            found += bool((result.p <= ALPHA).any())
        print(f"{name:26}{found:4} have a finding ({100 * found / maps:.1f} %)")


def main() -> None:
    """Print the times, and the findings in noise where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="?", type=Path, default=DATASET)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--noise", type=int, default=0, help="maps of noise; 0 for none")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lesions = built(arguments.dataset, Path(name)).lesion_runs(EVERYONE)
        if not len(lesions.subjects):
            sys.exit(f"There are no masks in MNI152 in {arguments.dataset}.")
        print_times(lesions, arguments.runs)
        if arguments.noise:
            print_noise(lesions, arguments.noise)


if __name__ == "__main__":
    main()
