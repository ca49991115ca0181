"""An mRS by group: counted as a reader would by hand."""

import numpy as np
import pytest

from analytics.outcome.describe import GroupScores, describe_mrs, distribution_table
from data_loader.cohort import EVERYONE
from data_loader.errors import AnalysisError
from data_loader.index import Index
from tests.analytics.outcome.simulated import frame_of
from tests.analytics.outcome.trials import MR_CLEAN


def test_counts_of_soop_are_those_of_its_table(soop: Index) -> None:
    """`awk` over participants.tsv: sex F with mRS 0 to 6, and the rows whose mRS is n/a."""
    frame = soop.frame(EVERYONE, ["mrs_discharge", "sex"])
    female, male = describe_mrs(frame, "mrs_discharge", by="sex").groups
    assert female.counts == (24, 36, 26, 24, 38, 16, 10)
    assert (female.n, female.missing, male.n, male.missing) == (174, 91, 183, 92)
    assert female.n + female.missing == 265
    assert female.quartiles == (1, 3, 4)


def test_cut_points_are_running_shares() -> None:
    group = GroupScores("0", "control", tuple(MR_CLEAN[0].tolist()))
    assert sum(group.percents) == pytest.approx(100)
    # Good outcome of the control group as printed: 51 of 267, 19.1 %.
    assert group.cut_points[2] == pytest.approx(100 * 51 / 267)
    assert len(group.cut_points) == 6


def test_missing_structural_and_impossible_values_are_told_apart() -> None:
    frame = frame_of(
        {"mrs_3_months": [0, 6, np.nan, np.nan, 7, 2.5], "sex": ["F", "F", "F", "F", "F", None]},
        {"mrs_3_months": np.array([False, False, False, True, False, False])},
    )
    described = describe_mrs(frame, "mrs_3_months", by="sex")
    (female,) = described.groups
    assert female.counts == (1, 0, 0, 0, 0, 0, 1)
    assert (female.missing, female.not_applicable, female.implausible) == (1, 1, 1)
    said = " ".join(described.notes)
    assert "1 whose Sex is missing" in said
    assert "Nobody is in: male" in said
    assert "1 whose value is no mRS" in said


def test_everyone_is_one_group_and_an_empty_cohort_has_zeros() -> None:
    (everyone,) = describe_mrs(frame_of({"mrs_24h": []}), "mrs_24h").groups
    assert (everyone.n, everyone.quartiles) == (0, None)
    assert everyone.percents == (0,) * 7
    assert describe_mrs(frame_of({"mrs_24h": [], "sex": []}), "mrs_24h", by="sex").groups == ()


def test_levels_keep_their_order_and_the_reference_comes_first() -> None:
    frame = frame_of({"mrs_24h": [1] * 4, "tici": ["3", "2b", "2c", "0"]})
    described = describe_mrs(frame, "mrs_24h", by="tici")
    assert [group.code for group in described.groups] == ["0", "2b", "2c", "3"]
    turned = describe_mrs(frame, "mrs_24h", by="tici", reference="3")
    assert [group.code for group in turned.groups] == ["3", "0", "2b", "2c"]


def test_too_many_groups_and_no_mrs_are_refused() -> None:
    frame = frame_of({"mrs_24h": [1] * 14, "nihss_24h": list(range(14))})
    with pytest.raises(AnalysisError, match="14 groups"):
        describe_mrs(frame, "mrs_24h", by="nihss_24h")
    with pytest.raises(AnalysisError, match="no mRS"):
        describe_mrs(frame, "nihss_24h")


def test_table_shows_counts_shares_and_the_missing() -> None:
    frame = frame_of({"mrs_3_months": [0, 2, 2, 6, np.nan], "wake_up": [1, 1, 1, 1, 1]})
    table = distribution_table(describe_mrs(frame, "mrs_3_months", by="wake_up"))
    cells = dict(zip([column.key for column in table.columns], table.rows[0].cells, strict=True))
    assert cells["group"].text == "Wake-up stroke: yes"
    assert (cells["mrs_2"].text, cells["mrs_2"].value) == ("2 (50.0)", 2)
    assert (cells["median"].text, cells["missing"].value) == ("2 [1.5, 3]", 1)
    assert "not_applicable" not in cells
