import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.outcome.rubin import joint_test, pool
from data_loader.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "validation" / "mice_pool.json"


@pytest.fixture(scope="module")
def mice() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return read


def test_agrees_with_mice(mice: dict[str, Any]) -> None:
    found = pool(mice["estimates"], mice["covariances"], complete_df=mice["complete_df"])
    for name, by_mice in {
        "estimate": "estimate",
        "se": "se",
        "t": "statistic",
        "df": "df",
        "p": "p",
        "ci_low": "ci_low",
        "ci_high": "ci_high",
        "increase": "riv",
        "share": "lambda",
        "missing_information": "fmi",
    }.items():
        assert getattr(found, name) == pytest.approx(mice[by_mice], rel=1e-8), name


def test_the_joint_test_agrees_with_mitml(mice: dict[str, Any]) -> None:
    found = joint_test(
        mice["estimates"], mice["covariances"], complete_df=mice["complete_df"], places=[1, 2]
    )
    expected = mice["joint"]
    assert found.df1 == expected["df1"]
    for name in ("statistic", "df2", "p"):
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-8), name


def test_estimates_that_all_agree_have_the_variance_of_one() -> None:
    found = pool(np.ones((4, 2)), np.tile(np.diag([0.25, 0.01]), (4, 1, 1)), complete_df=100)
    assert found.se.tolist() == [0.5, 0.1]
    assert found.share.tolist() == [0, 0]
    assert (found.ci_high - 1).tolist() == pytest.approx([0.992, 0.1984], abs=1e-3)


def test_one_imputation_is_not_pooled() -> None:
    with pytest.raises(AnalysisError, match="at least two"):
        pool(np.ones((1, 1)), np.ones((1, 1, 1)), complete_df=9)
