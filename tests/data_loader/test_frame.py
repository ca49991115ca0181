"""Values as analytics take them, from real tables."""

import numpy as np

from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index


def test_numbers_are_floats_text_is_objects_and_rows_keep_the_order(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["sex", "age"])
    rows = soop.subjects(EVERYONE, columns=["sex", "age"])
    assert list(frame.values.columns) == ["dataset", "subject", "age", "sex"]
    assert frame.values["subject"].tolist() == [row["subject"] for row in rows]
    ages = [np.nan if row["age"] is None else row["age"] for row in rows]
    np.testing.assert_array_equal(frame.values["age"].to_numpy(float), ages)
    assert frame.values["sex"].tolist() == [row["sex"] for row in rows]


def test_a_frame_knows_its_cohort(soop: Index) -> None:
    cohort, _ = Cohort.parse("sex=F", soop.variables)
    frame = soop.frame(cohort, ["age"])
    assert len(frame) == frame.provenance.n == soop.count(cohort)
    assert frame.provenance.query == "sex=F"
    assert "female" in frame.provenance.lines()[0]
    assert "v1.1.2, CC0" in frame.provenance.lines()[1]
