"""A model in words, tables, numbers."""

import json
import math
from typing import Any

import numpy as np
import pytest

from analytics.outcome.export import model_file, model_report
from analytics.outcome.model import OutcomeModel, fit_outcome
from analytics.outcome.numbers import model_numbers
from analytics.outcome.plan import read_plan
from analytics.outcome.words import methods_paragraph, results_paragraph
from analytics.tables.formats import RESULT_FORMATS
from data_loader.errors import AnalysisError, InsulaError
from data_loader.frame import CohortFrame
from tests.analytics.outcome.simulated import frame_of, stroke_cohort

FRAME = stroke_cohort(250, seed=5)


def fitted(frame: CohortFrame = FRAME, **asked: Any) -> OutcomeModel:
    asked = {"outcome": "mrs_3_months", "terms": "age,nihss_admission"} | asked
    return fit_outcome(frame, read_plan(frame.variables, **asked))


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [found for inner in value.values() for found in numbers_in(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in numbers_in(inner)]
    return [value] if isinstance(value, float) else []


KINDS: list[dict[str, Any]] = [
    {},
    {"free": "age"},
    {"model": "good", "by": "sex"},
    {"model": "death", "firth": True},
    {"outcome": "nihss_admission", "terms": "age,sex", "model": "linear", "hc3": True},
    {"terms": "rcs(age,4),sex*nihss_admission", "cluster": "diabetes"},
    {"terms": "age,log1p(volume_ml)", "allow": "volume_ml"},
    {"outcome": "diabetes", "terms": "age"},
]


@pytest.mark.parametrize("asked", KINDS)
def test_every_kind_of_model_becomes_every_kind_of_file(asked: dict[str, Any]) -> None:
    model = fitted(**asked)
    for extension in RESULT_FORMATS:
        assert model_file(model, extension)
    found = json.loads(model_file(model, "json"))
    assert all(map(math.isfinite, numbers_in(found)))
    assert found["converged"] is True
    assert [term["term"] for term in found["terms"]] == [c.term for c in model.coefficients]
    assert found["terms"][0]["estimate"] == model.coefficients[0].estimate


def test_the_keys_of_the_numbers_are_those_that_are_promised() -> None:
    found = model_numbers(fitted(by="sex"))
    assert found.keys() >= {
        *("n", "excluded", "converged", "log_likelihood", "aic", "terms", "thresholds", "brant"),
        *("cut_points", "auc", "win_odds", "wilcoxon", "warnings"),
    }
    assert found["terms"][0].keys() == {
        *("term", "estimate", "se", "ci_low", "ci_high", "p", "odds_ratio", "or_low", "or_high"),
        *("or_profile_low", "or_profile_high"),
    }
    assert found["terms"][0]["term"] == "sex[M]"
    assert found["thresholds"][0].keys() == {"level", "estimate", "se"}
    assert found["brant"].keys() == {"chi2", "df", "p", "terms"}
    assert found["brant"]["terms"][0].keys() == {"term", "chi2", "df", "p"}
    assert found["cut_points"][0].keys() == {"cut", "term", "odds_ratio", "or_low", "or_high"}
    assert found["auc"].keys() >= {"value", "ci_low", "ci_high"}
    assert found["win_odds"].keys() == {"value", "ci_low", "ci_high"}
    assert found["wilcoxon"].keys() == {"statistic", "p"}


def test_methods_say_what_was_chosen() -> None:
    said = methods_paragraph(
        fitted(terms="rcs(age,3),sex,log1p(volume_ml)", allow="volume_ml", free="sex")
    )
    knots = np.quantile(FRAME.values["age"].to_numpy(float), (0.1, 0.5, 0.9))
    for part in (
        "partial proportional odds, Sex having an odds ratio at every cut",
        "knots at " + ", ".join(f"{knot:g}" for knot in knots),
        "reference: female",
        "log(1 + Infarct volume (ml))",
        "Known only after treatment, and asked for all the same: Infarct volume.",
        "complete cases",
        "the model was not chosen by the test",
    ):
        assert part in said


def test_results_say_the_numbers_of_the_model() -> None:
    frame = stroke_cohort(250, seed=5)
    frame.values.loc[:9, "age"] = np.nan
    model = fitted(frame, model="good")
    said = results_paragraph(model)
    one = model.coefficients[1]
    assert "240" in said
    assert "Age missing: 10" in said
    assert f"{model.events} of them had good outcome (mRS at three months 0 to 2)." in said
    assert f"{one.odds_ratio:.3f} (95 % CI {one.or_low:.3f} to {one.or_high:.3f}" in said
    assert model.discrimination is not None
    assert f"The AUC was {model.discrimination.value:.2f}" in said


@pytest.mark.parametrize("extension", ["json", "html", "csv", "tex"])
def test_every_export_says_that_a_term_is_known_only_after_treatment(extension: str) -> None:
    model = fitted(terms="age,volume_ml", allow="volume_ml")
    said = "Infarct volume is known only after treatment"
    assert said in model_file(model, extension).decode()


def test_the_script_bears_the_warning_and_the_request() -> None:
    model = fitted(terms="age,volume_ml", allow="volume_ml")
    source = model_file(model, "script").decode()
    assert "known only after treatment" in source
    assert "'allow': 'volume_ml'" in source
    compile(source, "outcome.py", "exec")


def test_the_report_lists_who_was_left_out_and_the_items_it_answers() -> None:
    report = model_report(fitted())
    titles = [table.title for table in report.tables]
    assert titles[0] == "Odds ratios of mRS at three months"
    assert titles[-1] == "Who was left out"
    assert any("beside the common one" in title for title in titles)
    assert "STROBE 16a" in dict(report.paragraphs)["Reporting items answered"]
    assert report.numbers is not None
    assert len(report.numbers) == 4


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(InsulaError, match="is no format of an outcome model"):
        model_file(fitted(), "pdf")


def test_a_separated_model_shows_no_number_that_is_none() -> None:
    severe = FRAME.values["nihss_admission"] > 12
    frame = frame_of(
        {
            "mrs_3_months": np.where(severe, 6, FRAME.values["mrs_3_months"].clip(0, 3)),
            "age": FRAME.values["age"],
            "diabetes": severe.astype(float),
        }
    )
    model = fitted(frame, terms="age,diabetes")
    assert not model.converged
    found = model_numbers(model)
    assert [term["p"] for term in found["terms"]] == [None, None]
    assert found["terms"][1]["estimate"] is None
    assert (found["brant"], found["auc"], found["cut_points"]) == (None, None, [])
    assert "diabetes parts the levels of the outcome (separation)" in found["warnings"][0]
    assert "no estimate is reported" in results_paragraph(model)
    for extension in RESULT_FORMATS:
        assert model_file(model, extension)


def test_levels_that_nobody_has_are_said() -> None:
    few = FRAME.values["mrs_3_months"].isin([0, 2, 3, 6])
    frame = frame_of({name: FRAME.values[name][few].to_numpy() for name in FRAME.variables})
    model = fitted(frame)
    assert [threshold.level for threshold in model.thresholds] == ["0|2", "2|3", "3|6"]
    assert "No subject used has mRS at three months 1, 4, 5" in model.warnings[0]


def test_small_cohorts_give_a_model_or_one_sentence() -> None:
    for n in range(12):
        frame = frame_of({k: FRAME.values[k][:n].to_numpy() for k in FRAME.variables})
        for asked in KINDS:
            try:
                model = fitted(frame, **asked)
            except AnalysisError:
                continue
            found = json.loads(model_file(model, "json"))
            assert all(map(math.isfinite, numbers_in(found)))
            assert model_file(model, "html")


def test_few_events_offer_firths_penalty_and_few_clusters_the_term() -> None:
    frame = frame_of({name: FRAME.values[name][:40].to_numpy() for name in FRAME.variables})
    assert "--firth" in " ".join(fitted(frame, model="good").warnings)
    assert "take the centre as a term" in " ".join(fitted(cluster="sex").warnings)


def test_terms_that_say_nearly_the_same_are_named() -> None:
    values = {name: FRAME.values[name].to_numpy() for name in FRAME.variables}
    noise = np.random.default_rng(0).normal(0, 1, len(FRAME))
    frame = frame_of(values | {"bmi": FRAME.values["age"].to_numpy(float) + noise})
    said = " ".join(fitted(frame, terms="age,bmi").warnings)
    assert "variance inflation above 5" in said
    assert "bmi" in said


def test_brant_is_not_made_of_a_scale_with_many_levels() -> None:
    model = fitted(outcome="nihss_admission", terms="age,sex")
    assert (model.brant, model.cut_points) == (None, ())
