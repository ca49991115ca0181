import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.outcome.fold_imputation import learn_imputer
from analytics.outcome.importance import permutation_importance
from analytics.outcome.learners import RegressionLearner
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.sklearn_learners import KINDS, Kind, SklearnLearner
from analytics.outcome.terms import variables_of
from analytics.outcome.validation import ValidationPlan, cross_validate, subjects_of
from data_loader.errors import AnalysisError
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

HOW = ValidationPlan(repeats=1)


def plan_of(terms: str, **how: Any) -> Plan:
    asked = {"outcome": "mrs_3_months", "allow": "volume_ml", **how}
    return read_plan(dictionary(), terms=terms, **asked)


class TestSklearn:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("model", "outcome", "width"),
        [
            ("good", "mrs_3_months", 1),
            ("ordinal", "mrs_3_months", 6),
            ("linear", "nihss_admission", 1),
        ],
    )
    def test_every_learner_takes_every_outcome(
        self, kind: Kind, model: str, outcome: str, width: int
    ) -> None:
        frame = with_blanks(stroke_cohort(150, seed=1), 0.1, ("age", "sex", "volume_ml"), seed=2)
        plan = plan_of("age,sex,volume_ml", model=model, outcome=outcome)
        subjects = subjects_of(frame, plan, imputes=True)
        learner = SklearnLearner(kind, variables_of(plan.terms))
        found = cross_validate(subjects, [learner], HOW).models[0]
        assert found.failed == 0
        assert found.predicted.shape == (1, 150, width)
        again = cross_validate(subjects, [learner], HOW).models[0]
        assert (found.predicted == again.predicted).all()
        if model != "linear":
            assert ((found.predicted >= 0) & (found.predicted <= 1 + 1e-12)).all()
            assert np.all(np.diff(found.predicted, axis=2) <= 1e-12)

    def test_a_strong_predictor_is_found_by_all(self) -> None:
        made = stroke_cohort(300, seed=3)
        noise = np.random.default_rng(4).normal(0, 4, 300)
        values = made.values.assign(nihss_admission=5 * made.values["mrs_3_months"] + noise)
        frame = replace(made, values=values)
        plan = plan_of("age,nihss_admission,volume_ml", model="good")
        subjects = subjects_of(frame, plan, imputes=False)
        learners = [SklearnLearner(kind, variables_of(plan.terms)) for kind in KINDS]
        found = cross_validate(subjects, [RegressionLearner(plan), *learners], HOW)
        for model in found.models:
            assert model.measures["auc"] is not None
            assert model.measures["auc"].value > 0.75

    def test_a_code_that_a_training_set_lacks_is_no_error(self) -> None:
        frame = stroke_cohort(60, seed=4)
        values = frame.values.copy()
        values.loc[3, "sex"] = "X"
        plan = plan_of("age,sex", model="good")
        subjects = subjects_of(
            type(frame)(values, frame.structural, frame.variables, frame.provenance),
            plan,
            imputes=False,
        )
        learners = [SklearnLearner(kind, variables_of(plan.terms)) for kind in KINDS]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = cross_validate(subjects, [RegressionLearner(plan), *learners], HOW)
        regression, *others = found.models
        assert not any(np.isnan(model.predicted).any() for model in others)
        # Held out, the only X is predicted by all: nobody whom they learned from has that code.
        assert np.isfinite(regression.predicted[0, 3]).all()
        # Learned from, one subject alone separates its own level; those four folds are counted.
        assert regression.failed == 4


class TestImputer:
    def test_a_number_gets_its_mean_given_the_others(self) -> None:
        random = np.random.default_rng(5)
        nihss = random.normal(10, 4, 2000)
        age = 40 + 2 * nihss + random.normal(0, 1, 2000)
        frame = frame_of({"age": age, "nihss_admission": nihss})
        imputer = learn_imputer(tuple(frame.variables.values()), frame.values[:1000])
        gone = frame.values[1000:].copy()
        gone["age"] = np.nan
        filled = imputer.complete(gone)["age"].to_numpy()
        # The line is known, so that what is left is the noise about it.
        assert np.sqrt(np.mean((filled - age[1000:]) ** 2)) == pytest.approx(1, abs=0.1)

    def test_a_category_gets_the_commonest_code_and_a_count_a_whole_number(self) -> None:
        frame = frame_of(
            {
                "sex": np.array(["M", None, "M", "F"], dtype=object),
                "nihss_admission": np.array([3.0, 8, np.nan, 4]),
            }
        )
        imputer = learn_imputer(tuple(frame.variables.values()), frame.values)
        filled = imputer.complete(frame.values)
        assert filled["sex"].tolist() == ["M", "M", "M", "F"]
        assert filled["nihss_admission"].tolist()[:2] == [3, 8]
        assert filled["nihss_admission"][2] == round(filled["nihss_admission"][2])

    def test_what_is_known_stays(self) -> None:
        names = ("age", "sex", "volume_ml", "diabetes")
        frame = with_blanks(stroke_cohort(200, seed=6), 0.3, names, seed=7)
        imputer = learn_imputer(tuple(frame.variables.values()), frame.values)
        filled = imputer.complete(frame.values)
        assert not filled.isna().to_numpy().any()
        for name in names:
            known = frame.values[name].notna()
            pd.testing.assert_series_equal(filled[name][known], frame.values[name][known])

    def test_a_predictor_of_which_nothing_is_known_is_refused(self) -> None:
        frame = with_blanks(stroke_cohort(20, seed=6), 1, ("age",), seed=7)
        with pytest.raises(AnalysisError, match="Age is known in no subject"):
            learn_imputer(tuple(frame.variables.values()), frame.values)


def test_importance_puts_what_matters_first() -> None:
    plan = plan_of("diabetes,nihss_admission,sex", model="good")
    subjects = subjects_of(stroke_cohort(300, seed=8), plan, imputes=False)
    learner = RegressionLearner(plan)
    folds = cross_validate(subjects, [learner], HOW).folds
    found = permutation_importance(subjects, learner, folds)
    assert found[0].variable.name == "nihss_admission"
    assert found[0].loss > 0.1
    assert all(abs(one.loss) < 0.03 for one in found[1:])
