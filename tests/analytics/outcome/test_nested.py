import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.outcome.imputation import ImputationPlan, impute
from analytics.outcome.imputed_model import fit_imputed
from analytics.outcome.nested import NestedComparison, compare_nested
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.validation import ValidationPlan
from analytics.outcome.validation_tables import nested_table
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

REFERENCE = Path(__file__).parents[2] / "reference" / "validation"
CLINIC = "age,nihss_admission,glucose_mg_dl,bmi"


def plan_of(terms: str, **how: Any) -> Plan:
    asked = {"outcome": "mrs_3_months", "allow": "volume_ml", **how}
    if "volume_ml" not in terms:
        asked.pop("allow")
    return read_plan(dictionary(), terms=terms, **asked)


def validate_csv() -> CohortFrame:
    table = pd.read_csv(REFERENCE / "validate.csv")
    named = {"mrs": "mrs_3_months", "age": "age", "nihss": "nihss_admission", "bmi": "bmi",
             "glucose": "glucose_mg_dl", "volume": "volume_ml"}  # fmt: skip
    return frame_of({name: table[column].to_numpy(float) for column, name in named.items()})


def compared(model: str) -> NestedComparison:
    base = plan_of(CLINIC, model=model)
    full = plan_of(f"{CLINIC},log1p(volume_ml)", model=model)
    return compare_nested(validate_csv(), base, full, ValidationPlan(repeats=2))


class TestAgainstR:
    R = json.loads((REFERENCE / "validate.json").read_text(encoding="utf-8"))

    def test_the_likelihood_ratio_is_that_of_anova(self) -> None:
        found = compared("ordinal").test
        expected = self.R["ordinal_lr"]
        assert found.name == "likelihood ratio test"
        assert (found.df, found.df2) == (expected["df"], None)
        assert found.statistic == pytest.approx(expected["chi2"], abs=1e-5)
        assert found.p == pytest.approx(expected["p"], rel=1e-4)

    def test_the_difference_of_aucs_is_that_of_roc_test(self) -> None:
        found = compared("good")
        base, full, difference = found.apparent
        expected = self.R["delong"]
        assert found.test.statistic == pytest.approx(self.R["binary_lr"]["chi2"], abs=1e-5)
        assert base.value == pytest.approx(expected["small"], abs=1e-9)
        assert full.value == pytest.approx(expected["large"], abs=1e-9)
        assert [difference.ci_low, difference.ci_high] == pytest.approx(expected["ci"], abs=1e-6)


def test_held_out_subjects_show_the_difference_too() -> None:
    found = compared("good")
    assert found.added == ("log1p(volume_ml)",)
    assert found.validated_difference is not None
    assert 0 < found.validated_difference.value < 0.15
    table = nested_table(found)
    assert [column.heading for column in table.columns] == ["", "Without", "With", "Difference"]
    assert table.rows[2].cells[3].text == "χ² 18.40, 1 df, p <0.001"


def test_over_imputations_the_test_is_pooled() -> None:
    frame = with_blanks(stroke_cohort(1000, seed=1), 0.2, ("volume_ml",), seed=2)
    base, full = plan_of("age,nihss_admission"), plan_of("age,nihss_admission,log1p(volume_ml)")
    made = impute(frame, endpoint=full.endpoint, terms=full.terms,
                  plan=ImputationPlan(imputations=5, iterations=3))  # fmt: skip
    how = ValidationPlan(repeats=1, imputes=True)
    pooled = fit_imputed(made, full)
    found = compare_nested(frame, base, full, how, imputed=pooled)
    assert found.test.df2 is not None
    assert found.test.p < 0.001
    # Of one coefficient D1 is the square of its pooled estimate over its standard error.
    (volume,) = [c.coefficient for c in pooled.coefficients if "volume" in c.coefficient.term]
    assert volume.estimate is not None
    assert volume.se is not None
    assert found.test.statistic == pytest.approx((volume.estimate / volume.se) ** 2)
    assert found.validation.subjects.n == pooled.n == 1000
    with pytest.raises(AnalysisError, match="on the same subjects"):
        compare_nested(frame, base, full, how)


@pytest.mark.parametrize(
    ("base", "full"),
    [
        (plan_of("age,sex"), plan_of("age,nihss_admission")),
        (plan_of("age"), plan_of("age")),
        (plan_of("age"), plan_of("age,sex", model="good")),
    ],
)
def test_models_that_are_not_nested_are_refused(base: Plan, full: Plan) -> None:
    with pytest.raises(AnalysisError, match="Nested models"):
        compare_nested(stroke_cohort(60, seed=1), base, full, ValidationPlan(repeats=1))


def test_by_cluster_the_test_is_an_f() -> None:
    frame = stroke_cohort(300, seed=3)
    values = frame.values.copy()
    values["center"] = [str(n % 2 + 1) for n in range(300)]
    base, full = plan_of("age,sex"), plan_of("age,sex,nihss_admission")
    columns = {name: values[name].to_numpy() for name in values if name in dictionary()}
    columns["center"] = values["center"].to_numpy(float)
    columns.pop("dataset")
    clustered = frame_of(columns)
    one, other = (
        plan_of(text, cluster="center") for text in ("age,sex", "age,sex,nihss_admission")
    )
    found = compare_nested(clustered, one, other, ValidationPlan(repeats=1)).test
    assert (found.name, found.df, found.df2) == ("Wald test (F)", 1, 1)
    assert compare_nested(frame, base, full, ValidationPlan(repeats=1)).test.df2 is None
