"""Territories of the real SOOP cohort, against rows of the index counted one by one."""

import pytest

from analytics.territory_cohort import cohort_territories
from analytics.territory_summary import TerritorySummary
from analytics.territory_tables import pattern_table, territory_table
from data_loader.cohort import EVERYONE
from data_loader.index import Index


def summary_of(soop: Index, by: str) -> TerritorySummary:
    return cohort_territories(soop, EVERYONE, by=by)


def test_volumes_and_dominance_are_those_of_the_rows(soop: Index) -> None:
    (everyone,) = summary_of(soop, "").groups
    rows = [row for row in soop.territories(EVERYONE) if row["level"] == 2]
    assert everyone.n == len({row["subject"] for row in rows}) == 721
    for region in everyone.regions:
        held = [row for row in rows if row["label"] == region.region.label and row["ml"] > 0]
        total = sum(row["ml"] for row in held)
        assert (region.ml.mean or 0) * everyone.n == pytest.approx(total)
    assert sum(region.dominant.count or 0 for region in everyone.regions) <= everyone.n


def test_dominant_territories_are_those_that_a_cohort_is_filtered_by(soop: Index) -> None:
    (everyone,) = summary_of(soop, "").groups
    values = soop.frame(EVERYONE, ["dominant_territory"]).values["dominant_territory"]
    expected = values.value_counts().to_dict()
    found = {r.region.label: r.dominant.count for r in everyone.regions if r.dominant.count}
    assert found == {label: count for label, count in expected.items() if label != "none"}
    assert everyone.no_dominant.count == expected.get("none", 0)


def test_groups_are_compared_and_printed(soop: Index) -> None:
    found = summary_of(soop, "sex")
    assert len(found.groups) == 2
    assert sum(group.n for group in found.groups) <= 721
    assert found.comparisons
    table = territory_table(found)
    assert len(table.rows) > len(found.groups[0].regions) // 2
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert pattern_table(found).rows
