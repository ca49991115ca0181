"""A model with imputation, validation and added terms: what is asked, done, said and written."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.outcome.export import study_file, study_report
from analytics.outcome.imputation import ImputationPlan, impute
from analytics.outcome.imputed_model import fit_imputed
from analytics.outcome.model import fit_outcome
from analytics.outcome.model_tables import estimates_table
from analytics.outcome.numbers import model_numbers
from analytics.outcome.study import Study, StudyPlan, read_study, run_study
from analytics.outcome.study_numbers import study_numbers
from analytics.outcome.study_words import study_methods
from analytics.table_one.wording import NOTHING
from analytics.tables.formats import RESULT_FORMATS
from data_loader.errors import AnalysisError
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort, with_blanks

FRAME = with_blanks(stroke_cohort(160, seed=7), 0.2, ("age", "diabetes"), seed=8)
ASKED: dict[str, Any] = {
    "outcome": "mrs_3_months",
    "terms": "age,nihss_admission,diabetes",
    "add": "log1p(volume_ml)",
    "allow": "volume_ml",
    "impute": 3,
    "validate": True,
    "seed": 5,
}


def asked(**changed: Any) -> StudyPlan:
    return read_study(dictionary(), **(ASKED | changed))


def shorter(plan: StudyPlan) -> StudyPlan:
    assert plan.validation
    return replace(plan, validation=replace(plan.validation, repeats=2, resamples=10))


@pytest.fixture(scope="module")
def study() -> Study:
    return run_study(FRAME, shorter(asked()))


def test_what_is_asked_beside_a_model_changes_none_of_its_numbers(study: Study) -> None:
    found, alone = study_numbers(study), model_numbers(fit_outcome(FRAME, asked().plan))
    said = {"warnings", "request"}
    assert {name: found[name] for name in alone if name not in said} == {
        name: alone[name] for name in alone if name not in said
    }
    assert found.keys() - alone.keys() == {"imputation", "validation", "added_terms"}


def test_pooled_numbers_are_those_of_the_function(study: Study) -> None:
    plan = asked().plan
    how = ImputationPlan(imputations=3, seed=5)
    filled = impute(FRAME, endpoint=plan.endpoint, terms=plan.terms, plan=how)
    again = fit_imputed(filled, plan)
    terms = study_numbers(study)["imputation"]["terms"]
    assert [one["term"] for one in terms] == [
        *("age", "nihss_admission", "diabetes", "log1p(volume_ml)"),
    ]
    # Rubin: the estimate is the mean over imputations.
    means = np.mean([fit.estimates for fit in again.fits], axis=0)[:4]
    assert [one["estimate"] for one in terms] == pytest.approx(means, rel=1e-12)
    # Age and diabetes have blanks, the NIHSS has none.
    missing = {one["term"]: one["missing_information"] for one in terms}
    assert missing["nihss_admission"] < missing["age"]
    assert missing["nihss_admission"] < missing["diabetes"]
    assert study_numbers(study)["imputation"]["n"] == 160


def test_pooled_estimates_are_given_where_the_complete_cases_part_the_outcome() -> None:
    whole = stroke_cohort(160, seed=7)
    values = whole.values
    # Of diabetics with a good outcome no age is known: among complete cases diabetes parts them.
    parted = (values["mrs_3_months"] <= 2) & (values["diabetes"] == 1)
    frame = replace(whole, values=values.assign(age=values["age"].mask(parted)))
    plan = asked(model="good", add="", validate=False, terms="age,nihss_admission,diabetes")
    found = run_study(frame, plan)
    assert not found.model.converged
    assert "diabetes parts the levels of the outcome" in found.warnings[0]
    assert found.imputed
    assert found.imputed.n == 160
    diabetes = estimates_table(found.model, found.pooled).rows[-1].cells
    (pooled,) = (one for one in found.imputed.coefficients if one.coefficient.term == "diabetes")
    assert [cell.text for cell in diabetes[1:5]] == [NOTHING] * 4
    assert diabetes[-3].value == pooled.coefficient.odds_ratio
    assert pooled.missing_information < 1
    for extension in RESULT_FORMATS:
        assert study_file(found, extension)


def test_validation_and_added_terms_are_in_the_numbers(study: Study) -> None:
    found = study_numbers(study)
    measures = found["validation"]["models"][0]["measures"]
    assert measures.keys() >= {"c", "brier", "slope", "intercept"}
    assert all(one.keys() == {"value", "ci_low", "ci_high"} for one in measures.values())
    optimism = found["validation"]["bootstrap"]["measures"]["c"]
    difference = optimism["apparent"]["value"] - optimism["corrected"]["value"]
    assert difference == pytest.approx(optimism["optimism"])
    added = found["added_terms"]
    assert added["added"] == ["log1p(volume_ml)"]
    apparent = {key: one["value"] for key, one in added["apparent"].items()}
    assert apparent["difference"] == pytest.approx(apparent["with"] - apparent["without"])
    curve = added["decision_curve"]
    assert curve["event"] == "mRS at three months above 2"
    # Acting for everybody at a threshold near 0 is worth the share that has the event.
    outcome = FRAME.values["mrs_3_months"].to_numpy(float)
    share = float((outcome > 2).mean())
    assert curve["treat_all"][0] == pytest.approx(share - (1 - share) / 99)


def test_it_is_said_in_methods_and_results(study: Study) -> None:
    report = study_report(study)
    methods, results, items = (text for _, text in report.paragraphs)
    assert "imputed 3 times by chained equations" in methods
    assert "(seed 5)" in methods
    assert "5-fold cross-validation" in methods
    assert "10 bootstrap resamples" in methods
    assert methods.count("Models were validated by") == 1
    assert "Pooled over 3 imputations of 160 subjects" in results
    assert "of the information missing" in results
    assert "Cross-validated: c (concordance)" in results
    assert "With log1p(volume_ml): F = " in results
    assert "internal validation" in items
    titles = [table.title for table in report.tables]
    assert "Odds ratios of mRS at three months, pooled over 3 imputations" in titles
    assert titles[-1] == "What log1p(volume_ml) adds"


@pytest.mark.parametrize("extension", RESULT_FORMATS)
def test_it_becomes_every_kind_of_file(study: Study, extension: str) -> None:
    assert study_file(study, extension)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"add": ""},
        {"impute": 0},
        {"by": "sex", "terms": ""},
        {"validate": False, "impute": 0},
        {"learners": "forest,boosting"},
        {"folds": 10, "repeats": 3},
        {"folds": 4, "validate": False},
    ],
)
def test_a_request_reads_to_the_same_study(changed: dict[str, Any]) -> None:
    plan = asked(**changed)
    assert read_study(dictionary(), **plan.request) == plan  # type: ignore[arg-type]  # as read


def test_folds_and_repeats_are_those_asked_for_and_said() -> None:
    plan = asked(folds=3, repeats=2, impute=0)
    assert plan.validation
    found = run_study(FRAME, replace(plan, validation=replace(plan.validation, resamples=5)))
    numbers, script = study_numbers(found), study_file(found, "script").decode()
    assert (numbers["validation"]["folds"], numbers["validation"]["repeats"]) == (3, 2)
    assert found.validated
    assert found.nested
    for cross in (found.validated.cross, found.nested.validation):
        assert cross.folds.held_out.shape[0] == 2
        assert set(cross.folds.held_out.ravel()) == {0, 1, 2}
    assert "3-fold" in study_methods(found)
    assert "repeated 2 times" in study_methods(found)
    assert "'folds': 3" in script
    assert "'repeats': 2" in script


def test_progress_goes_up_to_the_whole() -> None:
    told: list[tuple[int, int]] = []
    plan = shorter(asked(learners="penalised", model="good"))
    run_study(FRAME, plan, progress=lambda done, total: told.append((done, total)))
    # Imputations, folds, resamples, each variable of two models, folds of the nested models.
    total = 3 + 10 + 10 + 4 * 2 + 10
    assert told == [(done, total) for done in range(1, total + 1)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"add": "age"}, "the model has it already"),
        ({"learners": "neural"}, "no learner 'neural'"),
        ({"learners": "forest", "validate": False}, "--validate"),
        ({"folds": 1}, "2 to 20 folds, repeated 1 to 200 times, not 1 folds 20 times"),
        ({"folds": 21}, "not 21 folds"),
        ({"repeats": 0}, "not 5 folds 0 times"),
        ({"repeats": 201}, "not 5 folds 201 times"),
        ({"folds": 4, "validate": False, "add": ""}, "--validate"),
        ({"impute": 1}, "at least 2 imputations"),
        ({"seed": -1}, "whole number from 0"),
        ({"allow": ""}, "--allow-post-treatment volume_ml"),
    ],
)
def test_what_cannot_be_asked_is_said(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=said.replace("(", r"\(")):
        asked(**changed)


def test_three_groups_are_compared_in_the_numbers() -> None:
    random = np.random.default_rng(1)
    frame = frame_of(
        {
            "mrs_3_months": random.integers(0, 7, 90).astype(float),
            "age": random.normal(70, 10, 90).round(),
            "center": np.repeat([1.0, 2.0, 3.0], 30),
        }
    )
    plan = read_study(dictionary(), outcome="mrs_3_months", terms="age", by="center").plan
    found = json.loads(study_file(Study(fit_outcome(frame, plan)), "json"))
    assert found["win_odds"] is None
    comparison = found["comparison"]
    assert comparison["kruskal_wallis"].keys() == {"statistic", "p", "df"}
    assert comparison["kruskal_wallis"]["df"] == 2
    assert len(comparison["contrasts"]) == 2
    assert [group["n"] for group in comparison["groups"]] == [30, 30, 30]
