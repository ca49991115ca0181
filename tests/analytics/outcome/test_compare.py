"""Groups compared, against R on published tables and on SOOP, and where nothing is defined."""

from typing import Any

import numpy as np
import pytest

from analytics.crossed_frame import frame_of
from analytics.outcome.compare import Comparison, compare_groups
from analytics.outcome.contrast import ComparedGroup, Contrast, contrast_counts
from analytics.outcome.dichotomies import compare_at
from analytics.outcome.ranks import rank_test, win_odds
from analytics.outcome.utility import WEIGHT_SETS, compare_utility
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.index import Index
from tests.analytics.outcome.simulated import frame_of as simulated_frame
from tests.analytics.outcome.trials import ALTEPLASE, MR_CLEAN, TABLES, by_r

GROUPS = (ComparedGroup("0", "control", 0), ComparedGroup("1", "treated", 0))


def contrast(counts: Any, weights: str = "wang_2020") -> Contrast:
    (one,) = contrast_counts(np.asarray(counts), GROUPS, weights=WEIGHT_SETS[weights])
    return one


def is_r(found: Any, expected: Any, *, rel: float = 1e-9) -> None:
    """Every number that R gives is there, to as many digits."""
    for key, value in expected.items():
        if isinstance(value, dict):
            is_r(found[key], value, rel=rel)
        else:
            assert found[key] == pytest.approx(value, rel=rel, abs=1e-12), key


@pytest.mark.parametrize("trial", TABLES)
def test_effects_of_published_trials_are_those_of_r(trial: str) -> None:
    counts, expected = TABLES[trial], by_r()[trial]
    found = contrast(counts).as_dict()
    test = rank_test(counts)
    is_r({"statistic": test.statistic, "p": test.p}, expected["wilcoxon"])
    is_r(found["win_odds"], expected["win_odds"])
    wald = {k: v for k, v in expected["common_odds_ratio"].items() if "profile" not in k}
    is_r(found["common_odds_ratio"], wald, rel=1e-6)
    # R's profile limits are read off a spline through some twenty points.
    is_r(found["common_odds_ratio"], expected["common_odds_ratio"], rel=1e-4)
    for cut, by_cut in zip(found["cuts"], expected["cuts"], strict=True):
        is_r(cut, by_cut, rel=1e-7)
    for name, utility in expected["utility"].items():
        is_r(contrast(counts, name).as_dict()["utility"], utility)


def test_odds_ratio_of_mr_clean_reads_both_ways() -> None:
    """As printed in the trial: odds of a better outcome 1.66 (1.21 to 2.28)."""
    ratio = contrast(MR_CLEAN).common_odds_ratio
    better = ratio.reversed
    assert better.odds.value == pytest.approx(1.662272, abs=1e-6)
    assert better.profile.ci_low == pytest.approx(1.214062, abs=1e-5)
    assert better.profile.ci_high == pytest.approx(2.279929, abs=1e-5)
    assert ratio.odds.value is not None
    assert ratio.odds.value * 1.662272 == pytest.approx(1, abs=1e-6)


def test_win_odds_split_ties() -> None:
    won = win_odds(ALTEPLASE)
    assert won is not None
    assert won.odds.value == pytest.approx(1.294573, abs=1e-6)
    assert won.wins / won.losses == pytest.approx(1.358, abs=5e-4)  # as if ties were no pairs
    assert won.wins + won.ties + won.losses == pytest.approx(1)
    # genodds prints the placebo's odds, from Agresti's variance: 0.772 (0.599, 0.996).
    limits = won.odds.ci_high, won.odds.value, won.odds.ci_low
    assert [1 / limit for limit in limits if limit] == pytest.approx(
        [0.599, 0.772, 0.996], abs=2e-3
    )


@pytest.mark.parametrize(
    ("by", "case"), [("sex", "soop_sex"), ("prior_stroke", "soop_prior_stroke")]
)
def test_two_groups_of_soop(soop: Index, by: str, case: str) -> None:
    frame, expected = soop.frame(EVERYONE, ["mrs_discharge", by]), by_r()[case]
    found = compare_groups(frame, "mrs_discharge", by=by).as_dict()
    assert [group["n"] for group in found["groups"]] == expected["n"]
    is_r(found["wilcoxon"], expected["wilcoxon"])
    is_r(found["win_odds"], expected["win_odds"])
    is_r(found["common_odds_ratio"], expected["common_odds_ratio"], rel=1e-4)
    is_r(found["contrasts"][0]["utility"], expected["utility"]["wang_2020"])
    for cut, by_cut in zip(found["contrasts"][0]["cuts"], expected["cuts"], strict=True):
        is_r(cut, by_cut, rel=1e-7)


@pytest.mark.parametrize(
    ("by", "case"),
    [("etiology", "soop_etiology"), ("sex,prior_stroke", "soop_sex_prior_stroke")],
)
def test_several_groups_of_soop(soop: Index, by: str, case: str) -> None:
    frame, expected = frame_of(soop, EVERYONE, ["mrs_discharge", by]), by_r()[case]
    found = compare_groups(frame, "mrs_discharge", by=by).as_dict()
    assert [group["n"] for group in found["groups"]] == expected["n"]
    assert [group["code"] for group in found["groups"]] == expected["groups"]
    is_r(found["kruskal_wallis"], expected["kruskal_wallis"])
    assert "wilcoxon" not in found
    ratios = [one["common_odds_ratio"] for one in found["contrasts"]]
    for ratio, by_clm in zip(ratios, expected["common_odds_ratios"], strict=True):
        is_r(ratio, by_clm, rel=1e-4)


def test_another_reference_turns_the_effects_around(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["mrs_discharge", "sex"])
    usual = compare_groups(frame, "mrs_discharge", by="sex").as_dict()
    turned = compare_groups(frame, "mrs_discharge", by="sex", reference="M").as_dict()
    assert (usual["reference"], turned["reference"]) == ("F", "M")
    for effect, key in (("win_odds", "value"), ("common_odds_ratio", "odds_ratio")):
        assert usual[effect][key] * turned[effect][key] == pytest.approx(1)


def made(mrs: list[float], group: list[float]) -> Comparison:
    frame = simulated_frame({"mrs_3_months": mrs, "wake_up": group})
    return compare_groups(frame, "mrs_3_months", by="wake_up")


def test_one_level_has_no_test_and_no_odds_ratio() -> None:
    compared = made([3, 3, 3, 3, 3, 3], [0, 0, 0, 1, 1, 1])
    (only,) = compared.contrasts
    assert (compared.test.p, compared.test.note) == (None, "all known values are the same")
    assert only.win_odds is not None
    assert (only.win_odds.odds.value, only.win_odds.odds.ci_low) == (1, None)
    assert only.common_odds_ratio.odds.value is None
    assert "same value" in only.common_odds_ratio.odds.note


def test_groups_that_do_not_overlap_have_no_finite_ratio() -> None:
    (only,) = made([0, 1, 1, 2, 4, 4, 5, 6], [0, 0, 0, 0, 1, 1, 1, 1]).contrasts
    assert only.win_odds is not None
    assert only.win_odds.odds.value is None
    assert only.common_odds_ratio.odds.value is None
    assert "overlap" in only.common_odds_ratio.odds.note


def test_a_group_whose_scores_are_all_missing() -> None:
    compared = made([0, 1, 2, np.nan, np.nan], [0, 0, 0, 1, 1])
    assert [group.n for group in compared.groups] == [3, 0]
    assert compared.groups[1].left_out == 2
    (only,) = compared.contrasts
    assert (compared.test.statistic, only.win_odds) == (None, None)
    assert only.common_odds_ratio.odds.note == "a group is empty"
    assert all(cut.risk_difference.value is None for cut in only.dichotomies)
    assert "2 of these groups" in " ".join(compared.notes)


def test_a_third_group_that_is_empty_leaves_a_test_of_two() -> None:
    frame = simulated_frame(
        {"mrs_3_months": [0, 1, 2, 3, np.nan], "tici": ["0", "0", "3", "3", "2b"]},
    )
    found = compare_groups(frame, "mrs_3_months", by="tici").as_dict()
    assert [group["n"] for group in found["groups"]] == [2, 0, 2]
    # wilcox.test(c(0, 1), c(2, 3), exact = FALSE): W = 0, p-value = 0.2453
    assert found["wilcoxon"]["statistic"] == 0
    assert found["wilcoxon"]["p"] == pytest.approx(0.2453, abs=5e-5)
    assert "kruskal_wallis" not in found


def test_groups_of_one_have_no_interval() -> None:
    (only,) = made([1, 3], [0, 1]).contrasts
    assert only.utility is not None
    assert only.utility.difference.value == pytest.approx(0.54 - 0.83)
    assert (only.utility.difference.ci_low, only.utility.p) == (None, None)
    (only,) = made([1, 3, 5], [0, 0, 1]).contrasts
    assert only.common_odds_ratio.odds.value is None


@pytest.mark.parametrize(
    ("outcome", "by", "sentence"),
    [
        ("mrs_3_months", "wake_up", "Everybody in this cohort is in one group"),
        ("mrs_3_months", "sex", "is known of nobody"),
        ("mrs_3_months", "age", "is a measure, not a group"),
        ("mrs_3_months", "mrs_3_months", "own levels"),
        ("age", "wake_up", "is no score"),
        ("tici", "wake_up", "is no score"),
    ],
)
def test_what_cannot_be_compared_is_said(outcome: str, by: str, sentence: str) -> None:
    values = {"mrs_3_months": [1, 2], "wake_up": [1, 1], "sex": [None, None], "age": [60, 70]}
    frame = simulated_frame({**values, "tici": ["3", "2b"]})
    with pytest.raises(AnalysisError, match=sentence):
        compare_groups(frame, outcome, by=by)


def test_a_reference_that_nobody_has_is_named() -> None:
    frame = simulated_frame({"mrs_3_months": [1, 2], "wake_up": [0, 1]})
    with pytest.raises(AnalysisError, match="levels here are: 0, 1"):
        compare_groups(frame, "mrs_3_months", by="wake_up", reference="2")


def test_groups_known_only_after_treatment_bear_a_warning() -> None:
    frame = simulated_frame({"mrs_3_months": [1, 2, 3, 4], "tici": ["2b", "3", "3", "2b"]})
    assert "after treatment" in " ".join(compare_groups(frame, "mrs_3_months", by="tici").notes)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """1,000 trials of 150 in each arm, drawn from the arms of MR CLEAN."""
    random = np.random.default_rng(20240229)
    shares = MR_CLEAN / MR_CLEAN.sum(axis=1, keepdims=True)
    worth = np.array(WEIGHT_SETS["dawn"].weights)
    wins = np.tril(np.outer(*shares), -1).sum() + np.trace(np.outer(*shares)) / 2
    true = {
        "win odds": wins / (1 - wins),
        "utility": float((shares[1] - shares[0]) @ worth),
        "risk difference": float((shares[1] - shares[0])[:3].sum()),
    }
    held = dict.fromkeys(true, 0)
    for _ in range(1000):
        counts = np.array([random.multinomial(150, arm) for arm in shares])
        won, utility = win_odds(counts), compare_utility(counts, WEIGHT_SETS["dawn"])
        good = counts[:, :3].sum(axis=1).tolist()
        risk = compare_at(2, events=(good[0], good[1]), n=(150, 150)).risk_difference
        assert won is not None
        for name, found in zip(true, (won.odds, utility.difference, risk), strict=True):
            assert found.ci_low is not None
            assert found.ci_high is not None
            held[name] += found.ci_low <= true[name] <= found.ci_high
    assert all(935 <= count <= 965 for count in held.values()), held
