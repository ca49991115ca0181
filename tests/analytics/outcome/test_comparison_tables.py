"""What a reader of a comparison sees."""

from analytics.outcome.compare import compare_groups
from analytics.outcome.comparison_tables import comparison_tables
from analytics.tables.table import Table
from data_loader.cohort import EVERYONE
from data_loader.index import Index
from tests.analytics.outcome.simulated import frame_of


def texts(table: Table) -> dict[str, list[str]]:
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}


def test_effects_say_which_way_they_read(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["mrs_discharge", "sex"])
    effects, cuts = comparison_tables(compare_groups(frame, "mrs_discharge", by="sex"))
    shown = texts(effects)
    assert shown["Common odds ratio of a higher (worse) mRS at discharge"][0] == "0.99"
    assert shown["Read the other way: of a lower (better) one"][0] == "1.01"
    assert shown["Win odds"] == ["1.01", "0.79 to 1.28", ""]
    assert any(row.is_heading and "male (n = 183)" in row.cells[0].text for row in effects.rows)
    assert texts(cuts)["0 to 2 (good)"][:2] == ["87 (47.5)", "86 (49.4)"]
    assert texts(cuts)["0 to 2 (good)"][2] == "\u22121.9 (\u221212.1 to 8.4)"


def test_every_mark_has_its_footnote(soop: Index) -> None:
    frame = soop.frame(EVERYONE, ["mrs_discharge", "etiology"])
    for table in comparison_tables(compare_groups(frame, "mrs_discharge", by="etiology")):
        marks = {mark for row in table.rows for mark in row.marks}
        marks |= {mark for column in table.columns for mark in column.marks}
        assert marks == {mark for mark, _ in table.footnotes if mark}
        assert [mark for mark, _ in table.footnotes if mark] == sorted(marks)


def test_what_is_not_defined_is_said_and_nothing_is_nan() -> None:
    frame = frame_of({"mrs_3_months": [0, 1, 4, 5], "wake_up": [0, 0, 1, 1]})
    tables = comparison_tables(compare_groups(frame, "mrs_3_months", by="wake_up"))
    effects = tables[0]
    assert texts(effects)["Win odds"][0] == "not defined"
    assert any("overlap" in sentence for _, sentence in effects.footnotes)
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert not any("nan" in text or "inf" in text for text in cells)


def test_a_score_other_than_the_mrs_has_no_cuts_and_no_utility() -> None:
    frame = frame_of({"nihss_24h": [3, 7, 5, 12, 4, 9], "wake_up": [0, 0, 0, 1, 1, 1]})
    (effects,) = comparison_tables(compare_groups(frame, "nihss_24h", by="wake_up"))
    assert not any("utility" in name for name in texts(effects))
