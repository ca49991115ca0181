"""Outcome models against R: the script and its numbers are in tests/reference/outcome."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.outcome.brant import check_proportionality, wald
from analytics.outcome.cut_points import fit_cuts
from analytics.outcome.dfbeta import influence_on
from analytics.outcome.discrimination import concordance
from analytics.outcome.fitting import fit_columns
from analytics.outcome.linear import fit_linear
from analytics.outcome.model import OutcomeModel, fit_outcome
from analytics.outcome.ordinal import CumulativeFit, fit_cumulative
from analytics.outcome.plan import read_plan
from analytics.outcome.prediction import predict_along, probabilities
from data_loader.cohort import Cohort
from data_loader.index import Index
from tests.analytics.outcome.simulated import frame_of, stroke_cohort

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "reference" / "outcome" / "models.json").read_text()
)
TERMS = "age,sex,nihss_admission,prior_stroke"
Z = 1.959963984540054


def close(value: object, reference: object, tolerance: float) -> None:
    np.testing.assert_allclose(
        np.asarray(value, dtype=float), np.asarray(reference, dtype=float), rtol=0, atol=tolerance
    )


def model_of(index: Index, **asked: Any) -> OutcomeModel:
    plan = read_plan(index.variables, **{"outcome": "mrs_discharge", "terms": TERMS} | asked)
    return fit_outcome(index.frame(Cohort(), plan.names), plan)


def made() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The numbers that models.R makes: whole-number arithmetic, alike everywhere."""
    i = np.arange(1, 241)
    y = np.minimum(6, ((i * 53) % 97 + 3 * (((i * 37) % 101) // 5)) // 24)
    return np.column_stack([(i * 37) % 101 / 10, i % 3 == 0]).astype(float), y.astype(float)


def test_proportional_odds_are_those_of_clm() -> None:
    x, y = made()
    fit, r = fit_cumulative(x, y), REFERENCE["made"]
    close(fit.estimates[:2], r["estimate"], 1e-6)
    close(fit.estimates[2:], r["threshold"], 1e-6)
    close(np.sqrt(np.diag(fit.covariance)), r["se"] + r["threshold_se"], 1e-6)
    close(fit.log_likelihood, r["log_likelihood"], 1e-6)
    close(fit.log_likelihood_null, r["null_log_likelihood"], 1e-6)
    close(fit.aic, r["aic"], 1e-6)
    assert fit.converged
    limits = [fit.profile_limits(place, z=Z) for place in (0, 1)]
    # R lays a spline through its profile.
    close(np.array(limits, dtype=float).T, [r["profile_low"], r["profile_high"]], 1e-4)
    close(fit.estimates[:2], r["polr"], 1e-5)
    close(concordance(y, fit.linear_predictor(x)).value, r["c"], 1e-9)


def test_brant_and_the_odds_ratios_by_cut_are_those_of_logistic_regressions() -> None:
    x, y = made()
    cuts, r = fit_cuts(x, y), REFERENCE["made"]
    close(cuts.estimates, r["cut_estimate"], 1e-6)
    close(cuts.se, r["cut_se"], 1e-6)
    brant = check_proportionality(cuts, ("x", "z"))
    assert brant is not None
    assert brant.overall.df == r["brant"]["df"]
    close(brant.overall.chi2, r["brant"]["chi2"], 1e-6)
    close(brant.overall.p, r["brant"]["p"], 1e-8)
    close([test.chi2 for test in brant.terms], r["brant"]["term_chi2"], 1e-6)


def test_no_test_is_made_of_a_matrix_that_is_no_covariance() -> None:
    # Few subjects at a cut: what Brant stacks then has directions of negative variance.
    assert wald(np.eye(2), np.ones(2), np.array([[1.0, 2], [2, 1]])) is None
    assert wald(np.eye(2), np.ones(2), np.array([[1.0, 0], [0, -1]])) is None


def test_mr_clean_gives_its_published_common_odds_ratio() -> None:
    counts = [[1, 15, 35, 44, 81, 32, 59], [6, 21, 49, 43, 52, 13, 49]]
    level = np.tile(np.arange(7.0), 2)
    control = np.repeat([1.0, 0.0], 7)
    fit = fit_cumulative(control[:, None], level, weights=np.ravel(counts).astype(float))
    r = REFERENCE["mr_clean"]
    assert np.exp(fit.estimates[0]) == pytest.approx(1.662272, abs=1e-6)
    profile = np.exp(np.array(fit.profile_limits(0, z=Z), dtype=float))
    close(profile, [1.214062, 2.279929], 3e-6)
    close(np.sqrt(fit.covariance[0, 0]), r["se"], 1e-8)
    close(fit.log_likelihood, r["log_likelihood"], 1e-8)


def test_a_model_of_soop_is_that_of_r(soop: Index) -> None:
    model, r = model_of(soop), REFERENCE["ordinal"]
    assert model.n == r["n"]
    assert model.converged
    found = model.coefficients
    assert [c.term for c in found] == ["age", "sex[M]", "nihss_admission", "prior_stroke"]
    close([c.estimate for c in found], r["estimate"], 1e-6)
    close([c.se for c in found], r["se"], 1e-6)
    # R lays a spline through its profile, and warns that this one is bent.
    close([np.log(c.or_profile_high or 0) for c in found], r["profile_high"], 2e-3)
    close([t.estimate for t in model.thresholds], r["threshold"], 1e-6)
    close([t.se for t in model.thresholds], r["threshold_se"], 1e-6)
    close(model.log_likelihood, r["log_likelihood"], 1e-6)
    assert model.brant is not None
    close(model.brant.overall.chi2, r["brant"]["chi2"], 1e-6)
    close([c.odds_ratio for c in model.cut_points], np.exp(np.ravel(r["cut_estimate"])), 1e-6)
    assert model.discrimination is not None
    close(model.discrimination.value, r["c"], 1e-9)
    assert [one.n for one in model.excluded] == [485]
    assert not model.warnings


def test_freed_terms_are_those_of_clm_with_nominal_effects_and_of_vgam(soop: Index) -> None:
    model, r = model_of(soop, free="sex"), REFERENCE["partial"]
    found = {c.term: c for c in model.coefficients}
    common = [found[name] for name in ("age", "nihss_admission", "prior_stroke")]
    freed = [found[f"sex[M]@{cut}|{cut + 1}"] for cut in range(6)]
    close([c.estimate for c in common], r["common"], 1e-6)
    close([c.se for c in common], r["common_se"], 1e-6)
    close([c.estimate for c in freed], r["freed"], 1e-6)
    close([c.se for c in freed], r["freed_se"], 1e-6)
    close([c.estimate for c in freed], r["vglm_freed"], 1e-6)
    close(model.log_likelihood, r["vglm_log_likelihood"], 1e-6)


def test_splines_levels_and_products_are_those_of_r(soop: Index) -> None:
    plan = read_plan(
        soop.variables,
        outcome="mrs_discharge",
        terms="rcs(age,4),etiology,sex*nihss_admission",
        cluster="race",  # R left out who has none
    )
    model = fit_outcome(soop.frame(Cohort(), plan.names), plan)
    fit, r = model.fit, REFERENCE["spline"]
    assert isinstance(fit, CumulativeFit)
    close(model.design.encoder.encodings[0][0].knots, r["knots"], 1e-9)
    close(fit.estimates[: len(r["estimate"])], r["estimate"], 1e-6)
    close(np.sqrt(np.diag(fit.model_covariance))[: len(r["se"])], r["se"], 1e-6)
    close(fit.log_likelihood, r["log_likelihood"], 1e-6)


def test_errors_by_cluster_are_those_of_robcov(soop: Index) -> None:
    plan = read_plan(
        soop.variables, outcome="mrs_discharge", terms="age,sex,nihss_admission", cluster="race"
    )
    frame = soop.frame(Cohort(), [*plan.names, "etiology"])
    known = frame.values["etiology"].notna() & frame.values["race"].notna()
    known &= frame.values["mrs_discharge"].notna()
    used = frame.values[known]
    x = np.column_stack([used["age"], used["sex"] == "M", used["nihss_admission"]]).astype(float)
    groups = (used["race"] + used["etiology"].str[0]).to_numpy(object)
    fit = fit_cumulative(x, used["mrs_discharge"].to_numpy(float), clusters=groups)
    assert len(set(groups)) == REFERENCE["cluster"]["clusters"]
    close(np.sqrt(np.diag(fit.covariance))[:3], REFERENCE["cluster"]["se"], 1e-6)


def test_a_dichotomy_and_its_auc_are_those_of_glm_and_proc(soop: Index) -> None:
    model, r = model_of(soop, model="good"), REFERENCE["good"]
    found = model.coefficients
    close([c.estimate for c in found], r["estimate"], 1e-6)
    close([c.se for c in found], r["se"], 1e-6)
    close([np.log(c.or_profile_low or 0) for c in found], r["profile_low"], 1e-4)
    close([np.log(c.or_profile_high or 0) for c in found], r["profile_high"], 1e-4)
    assert model.intercept is not None
    close([model.intercept.estimate, model.intercept.se], [r["intercept"], r["intercept_se"]], 1e-6)
    close(model.log_likelihood, r["log_likelihood"], 1e-6)
    assert model.discrimination is not None
    area = model.discrimination
    close([area.value, area.ci_low, area.ci_high], [r["auc"], r["auc_low"], r["auc_high"]], 1e-6)
    assert model.thresholds == ()
    assert model.brant is None


def test_firths_penalty_is_that_of_brglm2(soop: Index) -> None:
    model, r = model_of(soop, model="death", firth=True), REFERENCE["firth"]
    found = model.coefficients
    close([c.estimate for c in found], r["estimate"][1:], 1e-6)
    close([c.se for c in found], r["se"][1:], 1e-6)
    close([np.log(c.or_profile_low or 0) for c in found], r["profile_low"], 1e-4)
    close([np.log(c.or_profile_high or 0) for c in found], r["profile_high"], 1e-4)
    close([c.p for c in found], r["p"], 1e-5)
    close(model.log_likelihood, r["log_likelihood"], 1e-6)
    assert any("columns" in line or "column" in line for line in model.warnings)


def test_a_separated_table_has_firths_finite_estimate() -> None:
    event = np.repeat([0.0, 0.0, 1.0], [10, 4, 6])
    sex = np.repeat(["F", "M"], 10)
    frame = frame_of({"mrs_3_months": event * 6, "sex": sex})
    asked: dict[str, Any] = {"outcome": "mrs_3_months", "terms": "sex", "model": "death"}
    plain = fit_outcome(frame, read_plan(frame.variables, **asked))
    assert not plain.converged
    assert plain.coefficients[0].estimate is None
    assert plain.coefficients[0].p is None
    assert "--firth" in " ".join(plain.warnings)
    firth = fit_outcome(frame, read_plan(frame.variables, **asked, firth=True))
    assert firth.converged
    close(firth.coefficients[0].estimate, REFERENCE["separated"]["estimate"][1], 1e-6)


@pytest.mark.parametrize(
    ("errors", "key"), [("classical", "se"), ("HC3", "hc3"), ("cluster", "cluster")]
)
def test_least_squares_are_those_of_lm_and_sandwich(soop: Index, errors: str, key: str) -> None:
    frame = soop.frame(Cohort(), ["nihss_admission", "age", "sex", "bmi"])
    used = frame.values.dropna()
    x = np.column_stack([used["age"], used["sex"] == "M", used["bmi"]]).astype(float)
    y = used["nihss_admission"].to_numpy(float)
    groups = np.digitize(x[:, 0], [50, 60, 65, 70, 75, 80], right=True).astype(object)
    clusters = groups if errors == "cluster" else None
    fit, r = fit_linear(x, y, hc3=errors == "HC3", clusters=clusters), REFERENCE["linear"]
    assert (fit.errors, len(y)) == (errors, r["n"])
    # R has the intercept first.
    close(np.roll(fit.estimates, 1), r["estimate"], 1e-9)
    close(np.roll(np.sqrt(np.diag(fit.covariance)), 1), r[key], 1e-9)
    close([fit.log_likelihood, fit.aic], [r["log_likelihood"], r["aic"]], 1e-8)
    close(np.roll(fit.changes[0], 1), r["influence"], 1e-9)
    if errors == "classical":
        close(np.roll(fit.p_values(), 1), r["p"], 1e-9)


def test_variance_inflation_is_that_of_regressing_each_term_on_the_others(soop: Index) -> None:
    model = model_of(soop, outcome="nihss_admission", model="linear", terms="age,sex,bmi")
    close([one.gvif for one in model.inflation], REFERENCE["linear"]["vif"], 1e-9)


def test_probabilities_and_their_errors_are_those_of_clm(soop: Index) -> None:
    model, r = model_of(soop), REFERENCE["probability"]
    assert isinstance(model.fit, CumulativeFit)
    at = np.array([[50.0, 1, 10, 0], [80, 1, 10, 0]])
    value, slopes = probabilities(model.fit, at)
    variance = np.einsum("klm,mn,kln->kl", slopes, model.fit.covariance, slopes)
    close(value, r["value"], 1e-7)
    close(np.sqrt(variance), r["se"], 1e-7)


def test_a_subjects_influence_is_what_leaving_it_out_changes() -> None:
    frame = stroke_cohort(150, seed=3)
    choices: list[dict[str, Any]] = [{}, {"free": "sex"}, {"model": "good"}]
    for asked in (*choices, {"model": "death", "firth": True}):
        plan = read_plan(
            frame.variables, outcome="mrs_3_months", terms="age,sex,nihss_admission", **asked
        )
        model = fit_outcome(frame, plan)
        influence = influence_on(model, "age")
        assert set(influence.subjects) == set(model.design.subjects)
        for subject, change in list(zip(influence.subjects, influence.change, strict=True))[:5]:
            kept = frame.values["subject"] != subject.removeprefix("made/")
            without = frame_of({n: frame.values[n][kept].to_numpy() for n in frame.variables})
            left = fit_outcome(without, plan)
            exact = model.coefficients[0].estimate - left.coefficients[0].estimate  # type: ignore[operator]
            assert change == pytest.approx(exact, rel=0.2)


def test_predictions_add_up_and_hold_the_others_where_they_say() -> None:
    frame = stroke_cohort(300, seed=1)
    plan = read_plan(
        frame.variables, outcome="mrs_3_months", terms="rcs(age,3),sex*nihss_admission"
    )
    model = fit_outcome(frame, plan)
    along = predict_along(model, "nihss_admission")
    close(along.bands.value.sum(axis=1), np.ones(len(along.at)), 1e-12)
    assert (along.bands.low < along.bands.value).all()
    assert (along.bands.value < along.bands.high).all()
    assert along.bands.value[-1, 6] > along.bands.value[0, 6]
    assert set(along.held) == {"Age (years)", "Sex"}
    assert "not for care" in along.sentence
    assert list(predict_along(model, "sex").at) == ["F", "M"]


def test_unadjusted_estimates_are_fits_of_one_term_on_the_same_subjects(soop: Index) -> None:
    model = model_of(soop)
    for place, coefficient in enumerate(model.unadjusted):
        alone = fit_columns(model.design, model.plan, columns=(place,))
        assert coefficient.estimate == alone.estimates[0]
        assert coefficient.term == model.coefficients[place].term


def test_the_reverse_reading_is_the_same_model_of_the_reversed_scale() -> None:
    x, y = made()
    forward, backward = fit_cumulative(x, y), fit_cumulative(x, -y)
    close(backward.estimates[:2], -forward.estimates[:2], 1e-9)
    frame = stroke_cohort(200, seed=2)
    plan = read_plan(frame.variables, outcome="mrs_3_months", terms="age")
    found = fit_outcome(frame, plan).coefficients[0]
    assert found.reversed.odds_ratio == pytest.approx(1 / (found.odds_ratio or 0))
    assert found.reversed.or_low == pytest.approx(1 / (found.or_high or 0))
    assert found.reversed.p == found.p
