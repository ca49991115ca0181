"""Territories of cohorts made by hand: what is counted, and what is left out."""

import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from analytics.table_one.summary import Share
from analytics.territory_summary import RegionSummary, TerritoryGroup
from analytics.territory_tables import pattern_table, territory_table
from data_loader.errors import AnalysisError
from tests.analytics.territory_rows import IDS, cohort_of


def _region(group: TerritoryGroup, label: str) -> RegionSummary:
    (found,) = (each for each in group.regions if each.region.label == label)
    return found


def test_involvement_is_counted_from_a_tenth_of_the_infarct() -> None:
    cohort = cohort_of([{"MCA-L": 9, "ACA-L": 1}, {"MCA-L": 9.01, "ACA-L": 0.99}, {"PCA-R": 4}])
    (group,) = cohort.summary().groups
    aca, mca, pca = (_region(group, label) for label in ("ACA-L", "MCA-L", "PCA-R"))
    assert (aca.any.count, aca.involved.count, aca.dominant.count) == (2, 1, 0)
    assert (mca.any.count, mca.involved.count, mca.dominant.count) == (2, 2, 2)
    assert (pca.any.count, pca.involved.count, pca.dominant.count) == (1, 1, 1)
    assert mca.ml.mean == pytest.approx(18.01 / 3)
    assert mca.ml.median == 9
    assert mca.percent.mean == pytest.approx((90 + 90.1 + 0) / 3)
    assert mca.percent_of_all == pytest.approx(100 * 18.01 / 24)


def test_ventricle_and_what_lies_outside_have_shares_but_dominate_nothing() -> None:
    cohort = cohort_of([{"ventricle-L": 8, "outside atlas": 9, "VB-L": 3}, {"outside atlas": 5}])
    (group,) = cohort.summary().groups
    assert _region(group, "VB-L").dominant.count == 1
    assert _region(group, "outside atlas").involved.count == 2
    assert _region(group, "outside atlas").dominant.count == 0
    assert group.no_dominant == Share(1, 50.0)


def test_of_equal_territories_the_first_dominates() -> None:
    (group,) = cohort_of([{"PCA-L": 5, "MCA-R": 5}]).summary().groups
    assert _region(group, "MCA-R").dominant.count == 1
    assert _region(group, "PCA-L").dominant.count == 0


def test_who_is_left_out_is_counted_with_the_reason() -> None:
    failed = "The brain masks overlap too little."
    cohort = cohort_of([{"MCA-L": 1}, {}, None, failed, failed])
    (group,) = cohort.summary().groups
    assert group.n == 1
    assert group.left_out == {
        failed: 2,
        "the infarct mask is empty": 1,
        "no infarct mask was measured": 1,
    }
    known, *others = (sentence for _, sentence in territory_table(cohort.summary()).footnotes)
    notes = " ".join(others)
    assert "Left out: 2 (The brain masks overlap too little)." in notes
    assert "Left out: 1 (no infarct mask was measured)." in notes
    assert "Approximate, not validated." in notes
    way = "Standard space: given in MNI152 (2); registration failed or was not trusted (2)."
    assert way in notes
    assert known == "1 of 5 subjects has an infarct in standard space."


def test_neighbours_of_one_side_make_a_border_zone() -> None:
    cohort = cohort_of(
        [
            {"ACA-L": 5, "MCA-L": 5},
            {"ACA-L": 5, "MCA-R": 5},
            {"MCA-R": 5, "PCA-R": 1, "ACA-R": 4},
            {"PCA-L": 5, "VB-L": 5},
        ]
    )
    found = cohort.summary()
    (group,) = found.groups
    labels = [zone.label.replace("\N{EN DASH}", "-") for zone in found.border_zones]
    counts = {at: share.count for at, share in zip(labels, group.border_zones, strict=True)}
    assert counts == {
        "ACA-MCA left": 1,
        "ACA-MCA right": 1,
        "MCA-PCA left": 0,
        "MCA-PCA right": 1,
    }


def test_sides_and_circulation_are_those_of_the_subjects() -> None:
    sides = pd.Categorical(["left", "right", None, "right"], ["left", "right", "both"])
    circulation = pd.Categorical(["anterior", None, None, "posterior"], ["anterior", "posterior"])
    cohort = cohort_of(
        [{"MCA-L": 1}, {"MCA-R": 1}, None, {"VB-R": 1}], lesion_side=sides, circulation=circulation
    )
    (group,) = cohort.summary().groups
    assert {side: share.count for side, share in group.sides.items()} == {
        "left": 1,
        "right": 2,
        "both": 0,
    }
    assert group.circulation["posterior"].count == 1
    assert group.circulation["posterior"].percent == pytest.approx(100 / 3)


def test_nobody_in_standard_space_is_one_sentence() -> None:
    with pytest.raises(AnalysisError, match="Nobody in this cohort"):
        cohort_of([None, {}]).summary()


def test_groups_stand_side_by_side_and_a_blank_is_in_none() -> None:
    cohort = cohort_of(
        [{"MCA-L": 2}, {"MCA-L": 4}, {"PCA-R": 3}, {"ACA-L": 1}],
        arm=["new", "old", "old", None],
    )
    found = cohort.summary("arm")
    assert [(group.label, group.n) for group in found.groups] == [("new", 1), ("old", 2)]
    assert _region(found.groups[1], "MCA-L").involved == Share(1, 50.0)
    assert "missing" in " ".join(found.notes)
    table = territory_table(found)
    assert [row.cells[0].text for row in table.rows] == list(IDS)
    spanners = dict.fromkeys(column.spanner for column in table.columns if column.spanner)
    assert list(spanners) == ["new (n = 1)", "old (n = 2)", "Volume", "Involvement"]
    (mca,) = (row for row in table.rows if row.cells[0].text == "MCA-L")
    volume = ["2.0", "2 [2\N{EN DASH}2]", "100"]
    assert [cell.text for cell in mca.cells[1:7]] == [*volume, *["1 (100)"] * 3]


def test_patterns_are_printed_with_whole_percentages() -> None:
    cohort = cohort_of([{"MCA-L": 2, "ACA-L": 1}, {"outside atlas": 1}, {"MCA-L": 1}])
    rows = {row.cells[0].text: row.cells[1].text for row in pattern_table(cohort.summary()).rows}
    assert rows["ACA\N{EN DASH}MCA left"] == "1 (33)"
    assert rows["Outside all territories"] == "1 (33)"


def test_patterns_of_several_groups_have_an_effect_size() -> None:
    circulation = pd.Categorical(
        ["anterior"] * 30 + ["posterior"] * 30,
        ["anterior", "posterior", "both"],
    )
    arms = ["new"] * 20 + ["old"] * 20 + ["none"] * 20
    cohort = cohort_of([{"MCA-L": 5}] * 60, arm=arms, circulation=circulation)
    found = cohort.summary("arm")
    table = pattern_table(found)
    assert table.columns[-2].heading == "Cramér's V"
    printed = {row.cells[0].text: row.cells[-2].text for row in table.rows}
    # Of 20 and 0, 10 and 10, 0 and 20, χ² is 40 on 2 df: √((40/60 - 2/59)/(1 - 1/59)) = 0.8023.
    assert found.pattern_effects["circulation"].value == pytest.approx(0.8023, abs=5e-5)
    assert printed["Circulation"].startswith("0.80 (")
    assert printed["anterior"] == ""
    assert any("Bergsma" in note for _, note in table.footnotes)


def test_patterns_of_groups_are_compared() -> None:
    circulation = pd.Categorical(
        ["anterior"] * 12 + ["posterior"] * 4 + ["anterior"] * 5 + ["posterior"] * 11,
        ["anterior", "posterior", "both"],
    )
    infarcts = [{"MCA-L": 5, "ACA-L": 5}] * 10 + [{"MCA-L": 5}] * 22
    cohort = cohort_of(infarcts, arm=["new"] * 16 + ["old"] * 16, circulation=circulation)
    found = cohort.summary("arm").pattern_comparisons
    expected = chi2_contingency([[12, 5], [4, 11]], correction=False).pvalue
    assert found["circulation"].p == pytest.approx(expected)
    zone = found["lesion_in=ACA-L:10%;MCA-L:10%"]
    assert zone.p == pytest.approx(chi2_contingency([[10, 0], [6, 16]], correction=False).pvalue)
    table = pattern_table(cohort.summary("arm"))
    printed = {row.cells[0].text: row.cells[-1].text for row in table.rows}
    assert printed["Circulation"] == f"{expected:.3f}"
    assert printed["anterior"] == ""
    assert printed["ACA\N{EN DASH}MCA left"] == "<0.001"
