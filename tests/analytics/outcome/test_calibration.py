import numpy as np
import pytest

from analytics.outcome.brier import brier, root_mean_square, variance_explained
from analytics.outcome.calibration import calibration_curve, linear_recalibration, recalibration
from data_loader.errors import AnalysisError
from tests.analytics.outcome.predictions import by_r, read_predictions

R = by_r()
MADE = read_predictions()


class TestAgainstR:
    def test_slope_and_intercept_are_those_of_val_prob_with_robust_errors(self) -> None:
        found = recalibration(MADE.event[:, None], MADE.first[:, None])
        assert found.slope.value == pytest.approx(R["val_prob"]["slope"], abs=1e-7)
        assert found.intercept.value == pytest.approx(R["val_prob"]["intercept"], abs=1e-7)
        assert found.slope.se == pytest.approx(R["slope_se"], rel=1e-6)
        assert found.intercept.se == pytest.approx(R["intercept_se"], rel=1e-6)

    def test_calibration_in_the_large_is_that_of_glm_with_an_offset(self) -> None:
        found = recalibration(MADE.event[:, None], MADE.first[:, None])
        assert found.in_the_large.value == pytest.approx(R["in_the_large"], abs=1e-7)

    def test_cuts_of_an_ordinal_outcome_are_clustered_by_subject(self) -> None:
        found = recalibration(MADE.above, MADE.of_cuts)
        assert found.slope.value == pytest.approx(R["cuts_slope"], abs=1e-7)
        assert found.intercept.value == pytest.approx(R["cuts_intercept"], abs=1e-7)
        assert found.slope.se == pytest.approx(R["cuts_slope_se"], rel=1e-6)
        assert found.intercept.se == pytest.approx(R["cuts_intercept_se"], rel=1e-6)

    def test_the_smooth_curve_is_that_of_lowess(self) -> None:
        found = calibration_curve(MADE.event, MADE.first)
        expected = dict(zip(R["lowess"]["x"], R["lowess"]["y"], strict=True))
        assert found.predicted.tolist() == sorted(expected)
        assert found.observed == pytest.approx([expected[x] for x in found.predicted], abs=1e-6)

    def test_brier_is_that_of_val_prob(self) -> None:
        found = brier(MADE.event[:, None], MADE.first[:, None])
        assert found.score.value == pytest.approx(R["val_prob"]["brier"], abs=1e-9)

    @pytest.mark.parametrize(("events", "limits"), list(zip((0, 3, 12), R["wilson"], strict=True)))
    def test_tenths_have_wilsons_interval(self, events: int, limits: list[float]) -> None:
        tenth, = calibration_curve(np.arange(12) < events, np.full(12, 0.3)).tenths  # fmt: skip
        assert [tenth.ci_low, tenth.ci_high] == pytest.approx(limits, abs=1e-12)


class TestTenths:
    def test_ten_of_the_same_size(self) -> None:
        probability = np.linspace(0.01, 0.99, 100)
        tenths = calibration_curve(probability > 0.5, probability).tenths
        assert [tenth.n for tenth in tenths] == [10] * 10
        assert [tenth.observed for tenth in tenths] == [0] * 5 + [1] * 5

    def test_fewer_where_predictions_tie(self) -> None:
        probability = np.repeat([0.2, 0.6], 30)
        tenths = calibration_curve(np.arange(60) % 2 == 0, probability).tenths
        assert [tenth.n for tenth in tenths] == [30, 30]
        assert [tenth.predicted for tenth in tenths] == pytest.approx([0.2, 0.6])


class TestKnownCases:
    def test_predictions_twice_too_extreme_have_half_the_slope(self) -> None:
        random = np.random.default_rng(1)
        logit = random.normal(0, 1, 40_000)
        event = random.random(40_000) < 1 / (1 + np.exp(-logit))
        found = recalibration(event[:, None], 1 / (1 + np.exp(-2 * logit))[:, None])
        assert found.slope.value == pytest.approx(0.5, abs=4 * found.slope.se)
        assert found.slope.se < 0.02

    def test_a_brier_score_by_hand(self) -> None:
        found = brier(np.array([[True], [False]]), np.array([[0.7], [0.1]]))
        assert found.score.value == pytest.approx((0.3**2 + 0.1**2) / 2)
        assert found.scaled.value == pytest.approx(1 - 0.05 / 0.25)

    def test_predicting_the_shares_scales_to_nothing(self) -> None:
        shares = np.tile(MADE.above.mean(axis=0), (250, 1))
        assert brier(MADE.above, shares).scaled.value == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize("scaled", [False, True])
    def test_the_variance_of_brier_is_that_of_resampling(self, *, scaled: bool) -> None:
        random = np.random.default_rng(3)
        found = brier(MADE.above, MADE.of_cuts)
        drawn = []
        for _ in range(1500):
            at = random.integers(250, size=250)
            again = brier(MADE.above[at], MADE.of_cuts[at])
            drawn.append((again.scaled if scaled else again.score).value)
        assert (found.scaled if scaled else found.score).se == pytest.approx(np.std(drawn), rel=0.1)

    def test_linear_predictions(self) -> None:
        random = np.random.default_rng(4)
        predicted = random.normal(10, 3, 500)
        found = 1 + 0.8 * predicted + random.normal(0, 2, 500)
        slope, intercept = np.polyfit(predicted, found, 1)
        again = linear_recalibration(found, predicted)
        assert again.slope.value == pytest.approx(slope)
        assert again.intercept.value == pytest.approx(intercept)
        root, share = root_mean_square(found, predicted), variance_explained(found, predicted)
        assert root.value == pytest.approx(np.sqrt(np.mean((found - predicted) ** 2)))
        drawn = []
        for _ in range(1500):
            at = random.integers(500, size=500)
            of_these = found[at], predicted[at]
            drawn.append([root_mean_square(*of_these).value, variance_explained(*of_these).value,
                          linear_recalibration(*of_these).slope.value])  # fmt: skip
        expected = np.std(drawn, axis=0).tolist()
        assert [root.se, share.se, again.slope.se] == pytest.approx(expected, rel=0.1)


class TestRefused:
    def test_predictions_that_are_all_alike(self) -> None:
        with pytest.raises(AnalysisError, match="predictions that differ"):
            recalibration(MADE.event[:, None], np.full((250, 1), 0.4))

    def test_predictions_without_error(self) -> None:
        with pytest.raises(AnalysisError, match="without error"):
            recalibration(MADE.event[:, None], np.where(MADE.event, 0.9, 0.1)[:, None])
