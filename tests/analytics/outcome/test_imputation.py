from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.outcome.encoding import learn_encoder
from analytics.outcome.endpoint import parse_endpoint
from analytics.outcome.imputation import Imputation, ImputationPlan, impute
from analytics.outcome.terms import parse_terms
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

TERMS = "age,sex,nihss_admission,log1p(volume_ml)"


def imputed(
    frame: CohortFrame, *, terms: str = TERMS, outcome: str = "mrs_3_months", **plan: Any
) -> Imputation:
    variables = frame.variables
    return impute(
        frame,
        endpoint=parse_endpoint(outcome, variables),
        terms=parse_terms(terms, variables),
        plan=ImputationPlan(**{"imputations": 3, "iterations": 3, **plan}),
    )


def test_what_complete_cases_get_wrong_is_put_right() -> None:
    """Volume is unknown more often where it is large; its mean is then too low."""
    whole = stroke_cohort(3000, seed=5)
    chance = 1 / (1 + np.exp(-(whole.values["nihss_admission"] - 12) / 2))
    gone = np.random.default_rng(1).random(len(whole)) < chance
    values = whole.values.copy()
    values.loc[gone, "volume_ml"] = np.nan
    frame = CohortFrame(values, whole.structural, whole.variables, whole.provenance)
    made = imputed(frame, iterations=5)
    truth = np.log1p(whole.values["volume_ml"]).mean()
    completed = np.mean([np.log1p(one.values["volume_ml"]).mean() for one in made.frames])
    assert abs(np.log1p(values["volume_ml"]).mean() - truth) > 0.3
    assert completed == pytest.approx(truth, abs=0.06)


class TestWhatIsImputed:
    def test_known_values_stay_and_blanks_take_values_that_occur(self) -> None:
        names = ("age", "sex", "nihss_admission", "volume_ml")
        frame = with_blanks(stroke_cohort(200, seed=2), 0.2, names, seed=3)
        made = imputed(frame)
        assert [one.variable.name for one in made.imputed] == ["age", "sex", "nihss_admission",
                                                               "volume_ml"]  # fmt: skip
        for completed in made.frames:
            assert not completed.values.isna().to_numpy().any()
            for name in names:
                given, filled = frame.values[name], completed.values[name]
                known = given.notna()
                assert filled[known].tolist() == given[known].tolist()
                assert set(filled) <= set(given[known])

    def test_a_blank_that_cannot_have_a_value_is_never_filled(self) -> None:
        whole = stroke_cohort(120, seed=2)
        never = np.arange(120) < 15
        values = {name: whole.values[name].to_numpy() for name in whole.variables}
        values["alert_to_door_min"] = np.where(np.arange(120) % 9 == 8, np.nan, 60.0 + never)
        values["alert_to_door_min"][never] = np.nan
        frame = frame_of(values, {"alert_to_door_min": never})
        made = imputed(frame, terms="age,alert_to_door_min")
        assert [(one.reason, one.n) for one in made.excluded] == [
            ("Alert to door doesn't apply", 15)
        ]
        assert all(len(completed) == 105 for completed in made.frames)
        helped = imputed(frame, terms="age", auxiliary=(frame.variables["alert_to_door_min"],))
        assert helped.auxiliary == ()
        assert "doesn't apply to every subject" in helped.notes[0]
        assert (
            helped.frames[0].values["alert_to_door_min"].isna().sum()
            == np.isnan(values["alert_to_door_min"]).sum()
        )

    def test_subjects_without_an_outcome_help_and_are_analysed_only_if_asked(self) -> None:
        frame = with_blanks(stroke_cohort(150, seed=4), 0.3, ("mrs_3_months", "age"), seed=5)
        unknown = int(frame.values["mrs_3_months"].isna().sum())
        made = imputed(frame)
        assert made.excluded[-1].n == unknown
        assert len(made.frames[0]) == 150 - unknown
        assert "were not analysed" in made.sentence()
        kept = imputed(frame, keeps_imputed_outcome=True)
        assert len(kept.frames[0]) == 150
        assert kept.frames[0].values["mrs_3_months"].between(0, 6).all()
        assert "were analysed too" in kept.sentence()

    def test_codes_of_text_stay_codes_that_an_encoder_reads(self) -> None:
        frame = with_blanks(stroke_cohort(100, seed=6), 0.2, ("sex",), seed=7)
        completed = imputed(frame, terms="sex,age").frames[0]
        encoder = learn_encoder(parse_terms("sex,age", frame.variables), completed.values)
        assert encoder.names == ("sex[M]", "age")
        assert not np.isnan(encoder.matrix(completed.values)).any()

    def test_categories_are_drawn_by_what_goes_with_them(self) -> None:
        random = np.random.default_rng(8)
        nihss = random.integers(0, 30, 600).astype(float)
        cause = np.array(["cardiac", "large artery", "small vessel"])[
            np.clip(2 - nihss // 10 + random.integers(-1, 1, 600), 0, 2).astype(int)
        ]
        frame = frame_of({"mrs_3_months": random.integers(0, 7, 600).astype(float),
                          "nihss_admission": nihss, "etiology": cause})  # fmt: skip
        gone = with_blanks(frame, 0.3, ("etiology",), seed=9)
        made = imputed(gone, terms="nihss_admission,etiology")
        assert made.imputed[0].method == "multinomial regression"
        was_blank = gone.values["etiology"].isna()
        drawn = made.frames[0].values.loc[was_blank, "etiology"]
        truth = pd.Series(cause)[was_blank]
        # By their shares alone 40 % would be right.
        assert (drawn == truth).mean() > 0.5


class TestSeed:
    def test_the_same_seed_gives_the_same_digits(self) -> None:
        frame = with_blanks(stroke_cohort(90, seed=1), 0.3, ("age", "sex"), seed=2)
        first, again, other = imputed(frame), imputed(frame), imputed(frame, seed=2)
        for one, two in zip(first.frames, again.frames, strict=True):
            pd.testing.assert_frame_equal(one.values, two.values, check_exact=True)
        assert not first.frames[0].values.equals(other.frames[0].values)

    def test_the_first_of_many_are_those_of_few(self) -> None:
        frame = with_blanks(stroke_cohort(90, seed=1), 0.3, ("age", "sex"), seed=2)
        few, many = imputed(frame, imputations=2), imputed(frame, imputations=4)
        for one, two in zip(few.frames, many.frames, strict=False):
            pd.testing.assert_frame_equal(one.values, two.values, check_exact=True)

    def test_traces_follow_every_chain(self) -> None:
        frame = with_blanks(stroke_cohort(90, seed=1), 0.3, ("age", "sex"), seed=2)
        traces = imputed(frame, iterations=4).traces
        assert set(traces) == {"age", "sex"}
        assert traces["age"].mean.shape == traces["age"].sd.shape == (3, 4)
        assert np.all((traces["age"].mean > 50) & (traces["age"].mean < 90))


class TestRefused:
    def test_a_variable_of_which_nothing_is_known(self) -> None:
        frame = with_blanks(stroke_cohort(60, seed=1), 1.0, ("volume_ml",), seed=2)
        with pytest.raises(AnalysisError, match="Infarct volume is known in none of the 60"):
            imputed(frame)

    def test_fewer_known_than_predictors(self) -> None:
        frame = with_blanks(stroke_cohort(30, seed=1), 0.9, ("volume_ml",), seed=2)
        with pytest.raises(AnalysisError, match="too few to impute it from 4 predictors"):
            imputed(frame)

    def test_an_outcome_that_nobody_has(self) -> None:
        frame = with_blanks(stroke_cohort(60, seed=1), 1.0, ("mrs_3_months",), seed=2)
        with pytest.raises(AnalysisError, match="mRS at three months is known in none"):
            imputed(frame)

    def test_nobody(self) -> None:
        with pytest.raises(AnalysisError, match="No subject has any"):
            imputed(stroke_cohort(0, seed=1))

    def test_a_single_imputation(self) -> None:
        with pytest.raises(AnalysisError, match="at least 2 imputations"):
            ImputationPlan(imputations=1)


class TestHardCases:
    def test_a_level_predicted_perfectly_is_drawn_nearly_always(self) -> None:
        nihss = np.arange(200) % 20.0
        frame = frame_of({"mrs_3_months": np.arange(200) % 7.0, "nihss_admission": nihss,
                          "diabetes": (nihss > 9).astype(float)})  # fmt: skip
        gone = with_blanks(frame, 0.2, ("diabetes",), seed=3)
        made = imputed(gone, terms="nihss_admission,diabetes")
        for completed in made.frames:
            agree = completed.values["diabetes"] == frame.values["diabetes"]
            assert agree.mean() > 0.97

    def test_a_level_that_one_subject_has(self) -> None:
        whole = stroke_cohort(80, seed=1)
        premorbid = np.zeros(80)
        premorbid[:20], premorbid[40] = 1, 5
        values = {name: whole.values[name].to_numpy() for name in whole.variables}
        frame = frame_of({**values, "mrs_premorbid": premorbid})
        gone = with_blanks(frame, 0.2, ("mrs_premorbid", "sex"), seed=8)
        made = imputed(gone, terms="age,sex,mrs_premorbid")
        assert set(made.frames[0].values["mrs_premorbid"]) <= {0, 1, 5}
        methods = {one.variable.name: one.method for one in made.imputed}
        assert methods["mrs_premorbid"] in ("proportional-odds regression", "logistic regression")

    def test_the_only_value_that_occurs_is_taken_and_said(self) -> None:
        whole = stroke_cohort(60, seed=1)
        values = {name: whole.values[name].to_numpy() for name in whole.variables}
        frame = frame_of({**values, "diabetes": np.zeros(60)})
        made = imputed(with_blanks(frame, 0.2, ("diabetes",), seed=2), terms="age,diabetes")
        assert made.notes == (
            "Diabetes is no wherever it is known, and was taken to be so elsewhere.",
        )
        assert (made.frames[0].values["diabetes"] == 0).all()

    def test_nothing_missing(self) -> None:
        made = imputed(stroke_cohort(50, seed=1))
        assert made.sentence() == "No value was missing, so none was imputed."

    def test_whoever_follows_it_can_stop_it(self) -> None:
        frame = with_blanks(stroke_cohort(60, seed=1), 0.2, ("age",), seed=2)
        seen = []

        def stop(done: int, total: int) -> None:
            seen.append((done, total))
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            impute(
                frame,
                endpoint=parse_endpoint("mrs_3_months", frame.variables),
                terms=parse_terms("age", frame.variables),
                plan=ImputationPlan(imputations=9),
                progress=stop,
            )
        assert seen == [(1, 9), (2, 9)]
