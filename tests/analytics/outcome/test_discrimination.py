import numpy as np
import pytest

from analytics.outcome.discrimination import auc, concordance, roc_curve
from data_loader.errors import AnalysisError
from tests.analytics.outcome.predictions import by_r, read_predictions

R = by_r()
MADE = read_predictions()


class TestAgainstR:
    def test_auc_and_delong_are_those_of_proc(self) -> None:
        found = auc(MADE.event, MADE.first).estimate()
        assert found.value == pytest.approx(R["auc"], abs=1e-12)
        assert [found.ci_low, found.ci_high] == pytest.approx(R["auc_ci"], abs=1e-9)

    def test_the_paired_difference_is_that_of_proc(self) -> None:
        found = auc(MADE.event, MADE.first) - auc(MADE.event, MADE.second)
        interval = found.estimate()
        assert found.value == pytest.approx(R["difference"], abs=1e-12)
        assert [interval.ci_low, interval.ci_high] == pytest.approx(R["difference_ci"], abs=1e-9)

    def test_the_curve_passes_through_the_points_of_proc(self) -> None:
        found = roc_curve(MADE.event, MADE.first)
        by_proc = zip(R["roc"]["sensitivity"], R["roc"]["specificity"], strict=True)
        expected = {(round(a, 9), round(b, 9)) for a, b in by_proc}
        pairs = zip(found.sensitivity, found.specificity, strict=True)
        assert {(round(a, 9), round(b, 9)) for a, b in pairs} == expected
        assert found.auc.value == pytest.approx(R["auc"], abs=1e-12)

    def test_concordance_is_that_of_survival(self) -> None:
        found = concordance(MADE.level, MADE.first)
        assert found.value == pytest.approx(R["c"], abs=1e-12)
        assert found.se == pytest.approx(R["c_se"], abs=1e-9)

    def test_concordance_within_folds_is_that_of_survival_with_strata(self) -> None:
        found = concordance(MADE.level, MADE.first, strata=MADE.fold)
        assert found.value == pytest.approx(R["c_fold"], abs=1e-12)
        assert found.se == pytest.approx(R["c_fold_se"], abs=1e-9)


def test_concordance_of_two_levels_is_the_auc() -> None:
    found = concordance(MADE.event.astype(float), MADE.first)
    assert found.value == pytest.approx(auc(MADE.event, MADE.first).value, abs=1e-12)


def test_the_curve_begins_with_nobody_positive_and_ends_with_all() -> None:
    event = np.array([False, True, False, True])
    found = roc_curve(event, np.array([0.1, 0.9, 0.4, 0.4]))
    assert found.threshold.tolist() == [np.inf, 0.9, 0.4, 0.1]
    assert found.sensitivity.tolist() == [0, 0.5, 1, 1]
    assert found.specificity.tolist() == [1, 1, 0.5, 0]
    # One of four pairs ties: (1 + 1 + 1 + 1/2) / 4.
    assert found.auc.value == 0.875


def test_an_auc_of_one_event_is_refused() -> None:
    event = np.array([True, False, False])
    with pytest.raises(AnalysisError, match="there are 1 and 2"):
        auc(event, np.array([1.0, 2, 3]))


def test_concordance_of_one_level_is_refused() -> None:
    with pytest.raises(AnalysisError, match="takes two levels"):
        concordance(np.ones(4), np.array([1.0, 2, 3, 4]))
