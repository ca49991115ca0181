import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from analytics.outcome.curves import curves_at, curves_of, usual_cut
from analytics.outcome.folds import draw_folds, draw_resample
from analytics.outcome.imputation import ImputationPlan, impute
from analytics.outcome.learners import Predict, RegressionLearner
from analytics.outcome.model import fit_outcome
from analytics.outcome.optimism import bootstrap_optimism
from analytics.outcome.performance import Truth
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.validated_model import validate_outcome
from analytics.outcome.validation import (
    CrossValidation,
    Subjects,
    ValidationPlan,
    cross_validate,
    subjects_of,
)
from analytics.outcome.validation_tables import validation_tables
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import Variable, dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

REFERENCE = Path(__file__).parents[2] / "reference" / "validation"
TERMS = "age,sex,nihss_admission,log1p(volume_ml)"


def plan_of(terms: str = TERMS, **how: Any) -> Plan:
    asked = {"outcome": "mrs_3_months", "allow": "volume_ml", **how}
    return read_plan(dictionary(), terms=terms, **asked)


def validated(
    frame: CohortFrame, plan: Plan, *, imputes: bool = False, **how: Any
) -> CrossValidation:
    few = ValidationPlan(**{"repeats": 2, "imputes": imputes, **how})
    return cross_validate(subjects_of(frame, plan, imputes=imputes), [RegressionLearner(plan)], few)


def of_first(found: CrossValidation, name: str) -> float:
    measure = found.models[0].measures[name]
    assert measure is not None
    return measure.value


def validate_csv() -> CohortFrame:
    table = pd.read_csv(REFERENCE / "validate.csv")
    named = {"mrs": "mrs_3_months", "age": "age", "nihss": "nihss_admission", "bmi": "bmi",
             "glucose": "glucose_mg_dl", "volume": "volume_ml"}  # fmt: skip
    return frame_of({name: table[column].to_numpy(float) for column, name in named.items()})


FIVE = "age,nihss_admission,glucose_mg_dl,bmi,log1p(volume_ml)"


class TestAgainstOthers:
    def test_held_out_probabilities_are_those_of_sklearn_in_the_same_folds(self) -> None:
        frame = validate_csv()
        plan = plan_of("age,nihss_admission,glucose_mg_dl", model="good")
        found = validated(frame, plan, repeats=1)
        x = frame.values[["age", "nihss_admission", "glucose_mg_dl"]].to_numpy(float)
        x = (x - x.mean(axis=0)) / x.std(axis=0)
        good = frame.values["mrs_3_months"].to_numpy(float) <= 2
        for fold in range(5):
            out = found.folds.held_out[0] == fold
            model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x[~out], good[~out])
            ours = found.models[0].predicted[0, out, 0]
            assert ours == pytest.approx(model.predict_proba(x[out])[:, 1], abs=1e-5)

    @pytest.mark.parametrize("model", ["good", "ordinal"])
    def test_optimism_is_that_of_rms_within_the_error_of_simulation(self, model: str) -> None:
        plan, how = plan_of(FIVE, model=model), ValidationPlan(resamples=400, seed=2)
        subjects = subjects_of(validate_csv(), plan, imputes=False)
        found = bootstrap_optimism(subjects, RegressionLearner(plan), how).measures
        r = json.loads((REFERENCE / "validate.json").read_text(encoding="utf-8"))
        r = r["binary" if model == "good" else "ordinal"]
        ranked = found["auc" if model == "good" else "c"]
        assert ranked is not None
        # rms puts predictions of an ordinal outcome in bins before it ranks them.
        near = 1e-6 if model == "good" else 2e-3
        assert 2 * ranked.apparent.value - 1 == pytest.approx(r["dxy"]["apparent"], abs=near)
        assert 2 * ranked.optimism == pytest.approx(r["dxy"]["optimism"], abs=0.012)
        if model == "good":
            for name, near in (("slope", 0.025), ("brier", 0.002), ("intercept", 0.02)):
                ours = found[name]
                assert ours is not None
                assert ours.apparent.value == pytest.approx(r[name]["apparent"], abs=1e-6)
                assert ours.corrected.value == pytest.approx(r[name]["corrected"], abs=near)


def noise(seed: int, n: int = 150) -> CohortFrame:
    """An outcome that nothing explains, and predictors of which half the values are missing."""
    random = np.random.default_rng(seed)
    names = ("age", "bmi", "glucose_mg_dl", "crp_mg_dl", "leucocytes_g_l", "inr")
    values = {name: random.normal(50, 10, n) for name in names}
    frame = frame_of({"mrs_3_months": random.integers(0, 7, n).astype(float), **values})
    return with_blanks(frame, 0.5, names, seed + 1)


NOISE = "age,bmi,glucose_mg_dl,crp_mg_dl,leucocytes_g_l,inr"


class TestLeakage:
    def test_noise_has_an_auc_of_a_half_with_imputation_inside_the_folds(self) -> None:
        plan = plan_of(NOISE, model="good")
        found = [of_first(validated(noise(seed), plan, imputes=True), "auc") for seed in range(12)]
        assert np.mean(found) == pytest.approx(0.5, abs=0.03)

    def test_imputation_that_saw_the_outcome_before_the_folds_is_found_out(self) -> None:
        plan = plan_of(NOISE, model="good")
        found = []
        for seed in range(12):
            made = impute(
                noise(seed),
                endpoint=plan.endpoint,
                terms=plan.terms,
                plan=ImputationPlan(imputations=2, iterations=10),
            )
            found.append(of_first(validated(made.frames[0], plan), "auc"))
        assert np.mean(found) > 0.54

    def test_nothing_is_learned_from_those_held_out(self) -> None:
        frame = with_blanks(stroke_cohort(60, seed=1), 0.2, ("age",), seed=2)
        plan = plan_of("age", model="good")
        subjects = subjects_of(frame, plan, imputes=True)
        spy = Spy()
        cross_validate(subjects, [spy], ValidationPlan(repeats=3))
        assert len(spy.learned) == len(spy.asked) == 15
        for learned, asked in zip(spy.learned, spy.asked, strict=True):
            assert not learned & asked
            assert len(learned | asked) == 60

    def test_the_value_of_one_held_out_changes_no_other_prediction(self) -> None:
        frame = with_blanks(stroke_cohort(80, seed=1), 0.2, ("age", "sex"), seed=2)
        plan = plan_of("rcs(age,3),sex,nihss_admission", model="good")
        values = frame.values.copy()
        values.loc[7, ["age", "nihss_admission"]] = [1000.0, 42.0]
        changed = replace(frame, values=values)
        one, other = (validated(of, plan, imputes=True, repeats=1) for of in (frame, changed))
        same_fold = one.folds.held_out[0] == one.folds.held_out[0][7]
        same_fold[7] = False
        for found, again in ((one, other),):
            before, after = found.models[0].predicted[0, :, 0], again.models[0].predicted[0, :, 0]
            assert before[same_fold].tolist() == after[same_fold].tolist()
            assert before[~same_fold].tolist() != after[~same_fold].tolist()


@dataclass
class Spy:
    """Predicts nothing, and remembers of whom it learned and for whom it was asked."""

    name: str = "Spy"
    variables: tuple[Variable, ...] = ()
    learned: list[set[str]] = field(default_factory=list)
    asked: list[set[str]] = field(default_factory=list)

    def learn(self, values: pd.DataFrame, truth: Truth, seed: int) -> Predict:
        self.learned.append(set(values["subject"]))

        def predict(others: pd.DataFrame) -> npt.NDArray[np.float64]:
            self.asked.append(set(others["subject"]))
            return np.random.default_rng(seed).random((len(others), truth.width))

        return predict


class TestFolds:
    def test_every_fold_has_its_share_of_every_level(self) -> None:
        response = np.repeat([0.0, 1, 2, 3], [50, 23, 7, 4])
        folds = draw_folds(response, is_linear=False, repeats=3)
        for held_out in folds.held_out:
            sizes = np.bincount(held_out)
            assert sizes.max() - sizes.min() <= 1
            for level in range(4):
                counts = np.bincount(held_out[response == level], minlength=5)
                assert counts.max() - counts.min() <= 1

    def test_a_resample_that_loses_a_level_is_drawn_again(self) -> None:
        response = np.repeat([0.0, 1], [60, 2])
        random = np.random.default_rng(0)
        drawn = [draw_resample(random, response, is_linear=False) for _ in range(60)]
        assert all((response[places] == 1).any() for places, _ in drawn)
        assert sum(thrown for _, thrown in drawn) > 0

    def test_the_same_seed_gives_the_same_digits(self) -> None:
        frame, plan = stroke_cohort(120, seed=3), plan_of()
        first, again, other = (validated(frame, plan, seed=seed) for seed in (4, 4, 5))
        assert (first.models[0].predicted == again.models[0].predicted).all()
        assert of_first(first, "c") == of_first(again, "c")
        assert of_first(first, "c") != of_first(other, "c")


class TestKinds:
    def test_an_ordinal_outcome(self) -> None:
        found = validated(stroke_cohort(400, seed=1), plan_of())
        assert list(found.models[0].measures) == [
            "c", "brier", "brier_scaled", "slope", "intercept", "in_the_large",
        ]  # fmt: skip
        assert 0.7 < of_first(found, "c") < 0.85
        assert of_first(found, "slope") == pytest.approx(1, abs=0.15)
        assert np.all(np.diff(found.models[0].predicted, axis=2) <= 0)

    def test_a_linear_outcome(self) -> None:
        found = validated(
            stroke_cohort(400, seed=1),
            plan_of("log1p(volume_ml),age", outcome="nihss_admission", model="linear"),
        )
        assert list(found.models[0].measures) == [
            "r_squared", "rmse", "slope", "intercept", "in_the_large",
        ]  # fmt: skip
        assert of_first(found, "slope") == pytest.approx(1, abs=0.15)

    def test_a_difference_is_paired(self) -> None:
        plan, less = plan_of(), plan_of("age,sex")
        subjects = subjects_of(stroke_cohort(300, seed=2), plan, imputes=False)
        learners = [RegressionLearner(less, "less"), RegressionLearner(plan)]
        found = cross_validate(subjects, learners, ValidationPlan(repeats=2))
        difference = found.difference(1, 0, "c")
        assert difference is not None
        assert difference.ci_low > 0
        apart = [one.estimates()["c"] for one in found.models]
        assert apart[0] is not None
        assert apart[1] is not None
        assert difference.value == pytest.approx(apart[1].value - apart[0].value)
        assert difference.se < np.hypot(apart[0].se, apart[1].se)
        same = found.difference(1, 1, "c")
        assert same is not None
        assert (same.value, same.se) == (0, 0)

    def test_the_interval_grows_with_few_subjects_and_not_shrinks_with_repeats(self) -> None:
        plan = plan_of()
        ses = []
        for n, repeats in ((150, 1), (150, 8), (600, 1)):
            measure = validated(stroke_cohort(n, seed=5), plan, repeats=repeats).models[0].measures
            assert measure["c"] is not None
            ses.append(measure["c"].se)
        assert ses[1] == pytest.approx(ses[0], rel=0.15)
        assert ses[2] < 0.65 * ses[0]


class TestCurves:
    def test_the_usual_cut_of_an_mrs_is_above_2(self) -> None:
        plan = plan_of()
        for levels, expected in (((0, 1, 2, 3, 4, 5, 6), 2), ((0, 1, 4, 6), 1), ((3, 4, 6), 0)):
            response = np.array(levels, dtype=float)
            truth = Truth("ordinal", response, tuple(map(float, levels)))
            assert usual_cut(plan.endpoint, truth) == expected

    def test_held_out_curves_are_below_those_of_the_fit(self) -> None:
        frame, plan = stroke_cohort(120, seed=7), plan_of(model="good")
        model = fit_outcome(frame, plan)
        own = curves_of(model.design, model.fit)
        found = validated(frame, plan)
        truth = found.subjects.truth
        held_out = curves_at(plan.endpoint, truth, found.models[0].predicted, cut=0)
        assert held_out.roc.auc.value < own.roc.auc.value
        assert own.happened.sum() == held_out.happened.sum() == model.events
        assert model.discrimination is not None
        assert own.roc.auc.value == pytest.approx(model.discrimination.value)


class TestSmallAndSparse:
    def test_a_level_that_one_subject_has_is_joined_and_said(self) -> None:
        frame = stroke_cohort(100, seed=8)
        values = frame.values.copy()
        values["mrs_3_months"] = values["mrs_3_months"].clip(upper=4)
        values.loc[3, "mrs_3_months"] = 6
        found = validated(replace(frame, values=values), plan_of())
        assert found.subjects.truth.levels == (0, 1, 2, 3, 4)
        assert "mRS at three months 6 has one subject" in found.notes[0]

    def test_a_level_rarer_than_folds_is_said(self) -> None:
        frame = stroke_cohort(100, seed=8)
        values = frame.values.copy()
        values["mrs_3_months"] = values["mrs_3_months"].clip(upper=4)
        values.loc[[3, 50], "mrs_3_months"] = 6
        found = validated(replace(frame, values=values), plan_of())
        assert any("Level 6 of the outcome has 2 subjects" in note for note in found.notes)
        assert found.models[0].failed == 0

    def test_training_sets_that_are_separated_are_counted(self) -> None:
        frame = stroke_cohort(100, seed=8)
        values = frame.values.copy()
        values["diabetes"] = 0.0
        # Those few with diabetes all died but one: without that one there is no finite estimate.
        values.loc[:5, "diabetes"] = 1.0
        values.loc[:4, "mrs_3_months"], values.loc[5, "mrs_3_months"] = 6, 0
        plan = plan_of("age,diabetes", model="death")
        found = validated(replace(frame, values=values), plan)
        assert 0 < found.models[0].failed < 10
        assert f"in {found.models[0].failed} of 10 training sets" in found.notes[-1]
        assert np.isnan(found.models[0].predicted).any()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda f: f.values.iloc[:0], "The cohort has no subjects"),
            (lambda f: f.values.iloc[:1], "One subject is too few"),
            (lambda f: f.values.iloc[:6], "too few for 5 folds"),
            (lambda f: f.values.assign(mrs_3_months=3.0), "one level among the 100"),
        ],
    )
    def test_what_cannot_be_validated_is_said(
        self, change: Callable[[CohortFrame], pd.DataFrame], sentence: str
    ) -> None:
        whole = stroke_cohort(100, seed=8)
        values = change(whole)
        never = {name: np.zeros(len(values), dtype=bool) for name in whole.structural}
        frame = replace(whole, values=values, structural=never)
        with pytest.raises(AnalysisError, match=sentence):
            validated(frame, plan_of())

    def test_one_event_is_refused(self) -> None:
        frame = stroke_cohort(100, seed=8)
        values = frame.values.copy()
        values["mrs_3_months"] = 3.0
        values.loc[0, "mrs_3_months"] = 6.0
        with pytest.raises(AnalysisError, match="One subject alone has death"):
            validated(replace(frame, values=values), plan_of(model="death"))

    def test_a_model_that_can_never_be_learned(self) -> None:
        frame = stroke_cohort(80, seed=8)
        values = frame.values.copy()
        values["diabetes"] = (values["mrs_3_months"] > 2).astype(float)
        with pytest.raises(AnalysisError, match="Regression can't be validated: The terms sep"):
            validated(replace(frame, values=values), plan_of("age,diabetes", model="good"))


class TestWhole:
    def test_progress_counts_every_step_once_and_can_stop(self) -> None:
        frame, plan = stroke_cohort(100, seed=9), plan_of(model="good")
        how = ValidationPlan(repeats=2, resamples=5)
        steps: list[tuple[int, int]] = []
        found = validate_outcome(frame, plan, how, progress=lambda *step: steps.append(step))
        total = 10 + 5 + 4
        assert steps == [(done, total) for done in range(1, total + 1)]
        assert found.curves is not None

        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            validate_outcome(frame, plan, how, progress=stop)

    def test_tables_print_every_measure(self) -> None:
        frame, plan = stroke_cohort(100, seed=9), plan_of(model="good")
        tables = validation_tables(
            validate_outcome(frame, plan, ValidationPlan(repeats=2, resamples=5))
        )
        titles = [table.title for table in tables]
        assert titles == [
            "Cross-validated performance",
            "Performance corrected for optimism",
            "Predicted and observed probability: good outcome (mRS at three months 0 to 2)",
            "Permutation importance, Regression",
        ]
        assert [row.cells[0].text for row in tables[0].rows] == [
            "AUC", "Brier score", "Scaled Brier score", "Calibration slope",
            "Calibration intercept", "Calibration in the large",
        ]  # fmt: skip
        for table in tables:
            assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_subjects_without_a_term_are_left_out_or_kept_for_imputation() -> None:
    frame, plan = with_blanks(stroke_cohort(100, seed=1), 0.3, ("age",), seed=2), plan_of()
    blank = int(frame.values["age"].isna().sum())
    complete: Subjects = subjects_of(frame, plan, imputes=False)
    assert (complete.n, complete.excluded[0].n) == (100 - blank, blank)
    assert subjects_of(frame, plan, imputes=True).n == 100
