"""How long an outcome model takes with all its diagnostics, beside statsmodels' fit alone.

Six terms of simulated patients, at 750 and at 100,000 rows; twenty imputations pooled; five-fold
cross-validation, twenty times. Run `python benchmarks/outcome.py`; medians of runs in turn.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analytics.outcome.imputation import ImputationPlan, impute
from analytics.outcome.imputed_model import fit_imputed
from analytics.outcome.learners import RegressionLearner
from analytics.outcome.model import fit_outcome
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.validation import ValidationPlan, cross_validate, subjects_of
from data_loader.frame import CohortFrame
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import stroke_cohort, with_blanks

TERMS = "age,sex,nihss_admission,volume_ml,diabetes,age*nihss_admission"
RUNS = 3


def main() -> None:
    """Print a line a question."""
    for rows in (750, 100_000):
        frame, plan = cohort(rows)
        ours = _median_ms(partial(fit_outcome, frame, plan))
        print(f"{rows:>7,} rows: all {ours:.0f} ms", end="")
        if rows < 10_000:  # it takes minutes for more
            print(
                f", statsmodels' fit alone {_median_ms(partial(_statsmodels, frame)):.0f} ms",
                end="",
            )
        print(flush=True)
    frame, plan = cohort(750)
    frame = with_blanks(frame, 0.2, ("age", "nihss_admission", "diabetes"), seed=2)
    print(f"twenty imputations pooled: {_median_ms(partial(_imputed, frame, plan)) / 1000:.1f} s")
    validated = _median_ms(partial(_validated, *cohort(750)))
    print(f"5 x 20 cross-validation: {validated / 1000:.1f} s")


def cohort(rows: int) -> tuple[CohortFrame, Plan]:
    """Simulated patients and the model of their mRS."""
    frame = stroke_cohort(rows, seed=1)
    plan = read_plan(dictionary(), outcome="mrs_3_months", terms=TERMS, allow="volume_ml")
    return frame, plan


def _statsmodels(frame: CohortFrame) -> object:
    values = frame.values.assign(sex=frame.values["sex"] == "M")
    values["both"] = values["age"] * values["nihss_admission"]
    names = ["age", "sex", "nihss_admission", "volume_ml", "diabetes", "both"]
    matrix = values[names].to_numpy(float)
    levels = frame.values["mrs_3_months"].to_numpy(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = OrderedModel(levels, matrix, distr="logit")
        fitted: object = model.fit(method="bfgs", gtol=1e-8, maxiter=5000, disp=False)
    return fitted


def _imputed(frame: CohortFrame, plan: Plan) -> object:
    how = ImputationPlan(imputations=20)
    return fit_imputed(impute(frame, endpoint=plan.endpoint, terms=plan.terms, plan=how), plan)


def _validated(frame: CohortFrame, plan: Plan) -> object:
    subjects = subjects_of(frame, plan, imputes=False)
    return cross_validate(subjects, [RegressionLearner(plan)], ValidationPlan(repeats=20))


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
