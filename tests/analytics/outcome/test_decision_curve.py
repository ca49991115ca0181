import numpy as np
import pandas as pd
import pytest
from dcurves import dca

from analytics.outcome.decision_curve import decision_curve
from data_loader.errors import AnalysisError
from tests.analytics.outcome.predictions import read_predictions

MADE = read_predictions()


def test_agrees_with_dcurves() -> None:
    thresholds = np.arange(1, 90) / 100
    table = pd.DataFrame({"event": MADE.event.astype(int), "model": MADE.first})
    expected = dca(data=table, outcome="event", modelnames=["model"], thresholds=thresholds)
    found = decision_curve(MADE.event, MADE.first, thresholds=thresholds)
    for name, curve in (("model", found.net_benefit), ("all", found.treat_all)):
        by_dcurves = expected.loc[expected["model"] == name, "net_benefit"].to_numpy()
        assert curve == pytest.approx(by_dcurves, abs=1e-9), name


def test_by_hand() -> None:
    event = np.array([True, True, False, False, False])
    found = decision_curve(event, np.array([0.9, 0.2, 0.6, 0.1, 0.1]), thresholds=np.array([0.5]))
    # One true and one false positive, which weighs 0.5 / 0.5.
    assert found.net_benefit.tolist() == [0]
    assert found.treat_all.tolist() == pytest.approx([2 / 5 - 3 / 5])


def test_the_interval_is_that_of_resampling() -> None:
    random = np.random.default_rng(2)
    at_30 = np.array([0.3])
    found = decision_curve(MADE.event, MADE.first, thresholds=at_30)
    drawn = []
    for _ in range(1500):
        at = random.integers(250, size=250)
        drawn.append(decision_curve(MADE.event[at], MADE.first[at], thresholds=at_30).net_benefit)
    half = 1.96 * float(np.std(drawn))
    assert (found.ci_high - found.net_benefit)[0] == pytest.approx(half, rel=0.1)


def test_repeats_are_averaged() -> None:
    both = decision_curve(MADE.event, np.stack([MADE.first, MADE.second]))
    one, two = (decision_curve(MADE.event, p) for p in (MADE.first, MADE.second))
    assert both.net_benefit == pytest.approx((one.net_benefit + two.net_benefit) / 2)


@pytest.mark.parametrize("threshold", [0, 1, 1.5])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float) -> None:
    with pytest.raises(AnalysisError, match="above 0 and below 1"):
        decision_curve(MADE.event, MADE.first, thresholds=np.array([threshold]))
