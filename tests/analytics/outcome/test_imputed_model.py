import csv
import json
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.outcome.imputation import Imputation, ImputationPlan, impute
from analytics.outcome.imputed_model import ImputedModel, fit_imputed
from analytics.outcome.model import fit_outcome
from analytics.outcome.model_tables import estimates_table
from analytics.outcome.plan import Plan, read_plan
from analytics.table_one.wording import NOTHING
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.index import Index
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

REFERENCE = Path(__file__).parents[2] / "reference" / "validation"


def plan_of(terms: str, **how: Any) -> Plan:
    asked = {"outcome": "mrs_3_months", "allow": "volume_ml", **how}
    return read_plan(dictionary(), terms=terms, **asked)


def fitted(frame: CohortFrame, terms: str, **how: str) -> ImputedModel:
    plan = plan_of(terms, **how)
    few = ImputationPlan(imputations=3, iterations=3)
    return fit_imputed(impute(frame, endpoint=plan.endpoint, terms=plan.terms, plan=few), plan)


def completed_by_mice() -> Imputation:
    table = pd.read_csv(REFERENCE / "completed.csv")
    frames = tuple(
        frame_of(
            {
                "mrs_3_months": rows["mrs"].to_numpy(float),
                "age": rows["age"].to_numpy(float),
                "nihss_admission": rows["nihss"].to_numpy(float),
                "sex": rows["sex"].to_numpy(object),
            }
        )
        for _, rows in table.groupby(".imp")
    )
    plan = ImputationPlan(imputations=3)
    return Imputation(frames, plan, (), (), (), {}, ())


class TestAgainstR:
    def test_completed_tables_are_fitted_and_pooled_as_by_clm_and_mice(self) -> None:
        imputation = completed_by_mice()
        found = fit_imputed(imputation, plan_of("age,nihss_admission,sex"))
        r = json.loads((REFERENCE / "pooled_clm.json").read_text(encoding="utf-8"))
        thresholds, slopes = slice(0, 4), slice(4, None)
        for name, key in {"estimate": "estimate", "se": "se", "p": "p", "ci_low": "ci_low",
                          "ci_high": "ci_high"}.items():  # fmt: skip
            ours = [getattr(one.coefficient, name) for one in found.coefficients]
            assert ours == pytest.approx(r[key][slopes], abs=1e-6), name
        assert [one.df for one in found.coefficients] == pytest.approx(r["df"][slopes], rel=1e-5)
        assert [one.missing_information for one in found.coefficients] == pytest.approx(
            r["fmi"][slopes], rel=1e-5
        )
        assert [one.estimate for one in found.thresholds] == pytest.approx(
            r["estimate"][thresholds], abs=1e-5
        )
        assert [one.se for one in found.thresholds] == pytest.approx(r["se"][thresholds], abs=1e-5)
        alone = found.unadjusted[0].coefficient
        assert [alone.estimate, alone.se] == pytest.approx(list(r["age_alone"].values()), abs=1e-6)

    def test_they_stand_beside_those_of_the_complete_cases(self) -> None:
        imputation, plan = completed_by_mice(), plan_of("age,nihss_admission,sex")
        pooled = fit_imputed(imputation, plan).estimates
        model = fit_outcome(imputation.frames[0], plan)
        found = estimates_table(model, pooled)
        alone = estimates_table(model)
        r = json.loads((REFERENCE / "pooled_clm.json").read_text(encoding="utf-8"))
        assert [one.key for one in found.columns][-3:] == ["pooled", "pooled_p", "fmi"]
        assert len(found.rows) == 3
        for row, before, place in zip(found.rows, alone.rows, (4, 5, 6), strict=True):
            assert row.cells[:-3] == before.cells
            ratio, p, missing = (cell.value for cell in row.cells[-3:])
            assert ratio == pytest.approx(exp(r["estimate"][place]), abs=1e-5)
            assert p == pytest.approx(r["p"][place], abs=1e-6)
            assert missing == pytest.approx(r["fmi"][place], rel=1e-5)
        # A level that only the imputed have has a row of its own.
        known = replace(model, coefficients=model.coefficients[:2])
        last = estimates_table(known, pooled).rows[-1]
        assert last.cells[3].text == NOTHING
        assert last.cells[-3].value == pytest.approx(exp(r["estimate"][6]), abs=1e-5)

    def test_soop_agrees_with_mice_within_the_error_of_simulation(self, soop: Index) -> None:
        plan = read_plan(
            soop.variables,
            outcome="mrs_discharge",
            terms="age,sex,nihss_admission,prior_stroke,bmi,race,log1p(volume_ml)",
            allow="volume_ml",
        )
        imputation = impute(
            soop.frame(EVERYONE, plan.names),
            endpoint=plan.endpoint,
            terms=plan.terms,
            plan=ImputationPlan(imputations=40, seed=11),
        )
        found = fit_imputed(imputation, plan)
        assert found.n == 357
        with (REFERENCE / "mice_soop.csv").open(encoding="utf-8") as file:
            mice = list(csv.DictReader(file))
        for one, row in zip(found.coefficients, mice, strict=True):
            assert one.coefficient.estimate is not None
            # Means over 40 and over 200 imputations, which differ by chance.
            chance = np.sqrt(float(row["b"]) * (1 / 40 + 1 / 200))
            assert abs(one.coefficient.estimate - float(row["estimate"])) < 4 * chance
            assert one.coefficient.se == pytest.approx(np.sqrt(float(row["t"])), rel=0.03)


class TestKinds:
    def test_nothing_missing_gives_the_model_of_complete_cases(self) -> None:
        frame = stroke_cohort(300, seed=1)
        plan = plan_of("age,sex,nihss_admission")
        pooled, plain = fitted(frame, "age,sex,nihss_admission"), fit_outcome(frame, plan)
        for one, other in zip(pooled.coefficients, plain.coefficients, strict=True):
            assert one.coefficient.term == other.term
            assert one.coefficient.estimate == pytest.approx(other.estimate)
            assert one.coefficient.se == pytest.approx(other.se)
            assert one.missing_information < 0.01
        assert pooled.discrimination is not None
        assert plain.discrimination is not None
        assert pooled.discrimination.value == pytest.approx(plain.discrimination.value)

    def test_splines_have_the_same_knots_in_every_imputation(self) -> None:
        frame = with_blanks(stroke_cohort(300, seed=2), 0.3, ("age", "volume_ml"), seed=3)
        found = fitted(frame, "rcs(age,4),log1p(volume_ml)")
        assert len(found.encoder.encodings[0][0].knots) == 4
        assert [one.coefficient.term for one in found.coefficients] == [
            "rcs(age,4)", "rcs(age,4)'", "rcs(age,4)''", "log1p(volume_ml)",
        ]  # fmt: skip
        assert found.test(["rcs(age,4)"]).df1 == 3
        assert all(one.missing_information > 0.1 for one in found.coefficients[:3])

    def test_a_binary_and_a_linear_outcome_have_an_intercept(self) -> None:
        frame = with_blanks(stroke_cohort(300, seed=2), 0.2, ("age",), seed=3)
        good = fitted(frame, "age,nihss_admission", model="good")
        assert good.intercept is not None
        # The odds of a good outcome fall with age: at age 0 they are high.
        assert good.intercept.coefficient.estimate is not None
        assert good.intercept.coefficient.estimate > 0
        assert good.thresholds == ()
        linear = fitted(frame, "age", outcome="nihss_admission", model="linear")
        assert linear.coefficients[0].coefficient.odds_ratio is None
        assert linear.discrimination is None

    def test_a_term_freed_from_proportionality_has_an_estimate_a_cut(self) -> None:
        frame = with_blanks(stroke_cohort(400, seed=2), 0.2, ("age",), seed=3)
        found = fitted(frame, "age,nihss_admission", free="age")
        assert [one.coefficient.term for one in found.coefficients][:2] == ["age@0|1", "age@1|2"]
        assert len(found.coefficients) == 7
        assert found.test(["age"]).df1 == 6


class TestRefused:
    def test_separation_shows_no_numbers(self) -> None:
        frame = stroke_cohort(120, seed=4)
        values = frame.values.copy()
        values["diabetes"] = (values["mrs_3_months"] <= 2).astype(float)
        apart = CohortFrame(values, frame.structural, frame.variables, frame.provenance)
        gone = with_blanks(apart, 0.1, ("age",), seed=5)
        with pytest.raises(AnalysisError, match="did not converge in 3 of 3 imputations"):
            fitted(gone, "age,diabetes", model="good")
