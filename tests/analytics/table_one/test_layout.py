"""A Table 1 in print: cells, headings, footnotes, what a methods section says."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.table_one import Choices, as_frame, table_one
from analytics.table_one.alike import alike_sentence, balances
from analytics.table_one.comparison import Comparison
from analytics.table_one.layout import printed_table
from analytics.table_one.methods import methods_paragraph
from analytics.table_one.numbers import numbers_table
from analytics.table_one.result import TableOne
from analytics.table_one.summary import Numbers
from analytics.table_one.wording import (
    fixed,
    numbers_text,
    p_value,
    sentence_case,
    span,
)
from analytics.table_one.wording import (
    test_sentence as sentence_of,
)
from analytics.tables.table import Table
from data_loader.variables import Variable, dictionary

MINUS, DASH = "\u2212", "\u2013"


def made(**choices: Any) -> TableOne:
    """Sixteen subjects of two groups, with blanks of both kinds."""
    known = dictionary()
    names = ("age", "sex", "diabetes", "nihss_admission", "alert_to_door_min", "inr")
    table = pd.DataFrame(
        {
            "group": ["a"] * 8 + ["b"] * 8,
            "age": [60.5, 71, 80, 55, 62, 68, 77, 90, 45, 66, 58, 70, 73, 81, 69, None],
            "sex": list("FFMMFMFM") + list("MMMFMFMM"),
            "diabetes": [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, None],
            "nihss_admission": [3, 5, 8, 8, 12, 15, 20, 4, 2, 2, 4, 6, 6, 7, 9, 11],
            "alert_to_door_min": [None] * 6 + [70, 95] + [None] * 5 + [40, 55, 61],
            "inr": [1.0, 1.1, 0.9, 1.2, 1.0, 1.1, 2.4, 1.0, 1.0, 0.9, 1.1, 1.0, 1.3, 1.0, 1.1, 1.0],
        }
    )
    frame = as_frame(table, [known[name] for name in names])
    structural = frame.structural["alert_to_door_min"]
    structural[:4] = True
    return table_one(frame, Choices(by=("group",), **choices))


def texts(table: Table) -> dict[str, list[str]]:
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}


def test_cells_of_the_journal_style() -> None:
    printed = texts(printed_table(made()))
    assert printed["Age (years), mean ± SD"][:3] == [
        "70.4 ± 11.5",
        "66.0 ± 11.6 (n = 7)",
        "68.4 ± 11.4 (n = 15)",
    ]
    assert printed["female"][:3] == ["4 (50.0)", "2 (25.0)", "6 (37.5)"]
    assert printed["Diabetes, n (%)"][:3] == ["2 (25.0)", "4/7 (57.1)", "6/15 (40.0)"]
    assert printed["NIHSS at admission, median [IQR]"][0] == f"8 [4.8{DASH}12.8]"
    assert printed["Alert to door (min), median [IQR]"][0] == f"82 [76{DASH}89] (n = 2)"
    assert printed["INR, mean ± SD"][0] == "1.21 ± 0.49"


def test_cells_of_the_papers_style() -> None:
    printed = texts(printed_table(made(style="paper")))
    assert printed["Age (years), mean ± SD"][0] == "70.4 ± 11.5"
    assert printed["NIHSS at admission, mean ± SD"][0] == "9.4 ± 5.9"
    assert printed["INR, mean ± SD"][0] == "1.2 ± 0.5"
    assert printed["female"][:3] == ["50.0", "25.0", "37.5"]
    assert printed["Diabetes, %"][:2] == ["25.0", "57.1 (n = 7)"]


def test_missing_values_as_rows() -> None:
    table = printed_table(made(blanks="rows"))
    labels = [row.cells[0].text for row in table.rows]
    place = labels.index("Age (years), mean ± SD")
    assert [cell.text for cell in table.rows[place].cells[1:3]] == ["70.4 ± 11.5", "66.0 ± 11.6"]
    assert [cell.text for cell in table.rows[place + 1].cells[:4]] == ["Missing", "0", "1", "1"]
    place = labels.index("Alert to door (min), median [IQR]")
    assert [cell.text for cell in table.rows[place + 1].cells[:4]] == ["Missing", "2", "5", "7"]
    assert [cell.text for cell in table.rows[place + 2].cells[:4]] == [
        "Not applicable",
        "4",
        "0",
        "4",
    ]
    hidden = texts(printed_table(made(blanks="none")))
    assert hidden["Diabetes, n (%)"][1] == "4 (57.1)"


def test_variables_stand_under_the_headings_of_the_dictionary() -> None:
    rows = printed_table(made()).rows
    headings = [row.cells[0].text for row in rows if row.is_heading]
    assert headings == ["Demographics", "Medical history", "NIHSS", "Times", "Laboratory"]
    indents = {row.cells[0].text: row.indent for row in rows}
    assert (indents["Sex, n (%)"], indents["female"], indents["Times"]) == (1, 2, 0)


def test_every_footnote_names_its_test_from_the_result() -> None:
    table = printed_table(made(tests={"sex": "fisher", "age": "none"}))
    sentences = dict(table.footnotes)
    marks = {row.cells[0].text: row.marks for row in table.rows}
    said = {label: [sentences[mark] for mark in own] for label, own in marks.items()}
    assert said["Sex, n (%)"] == ["Fisher exact test."]
    assert said["Age (years), mean ± SD"] == []
    assert said["NIHSS at admission, median [IQR]"] == ["Wilcoxon rank-sum test."]
    assert said["Alert to door (min), median [IQR]"] == [
        "Wilcoxon rank-sum test.",
        "Not applicable, and not counted as missing: 4 in a; 4 in all.",
        "Exists only for wake-up strokes.",
    ]
    unmarked = " ".join(sentence for mark, sentence in table.footnotes if not mark)
    assert "SD with n \u2212 1" in unmarked
    assert "linear interpolation (type 7)" in unmarked
    assert "percentages are of known values" in unmarked
    assert "not adjusted" in unmarked
    assert all(row.marks == tuple(dict.fromkeys(row.marks)) for row in table.rows)


def test_columns_that_are_not_asked_for_are_not_there() -> None:
    def keys(**choices: Any) -> list[str]:
        return [column.key for column in printed_table(made(**choices)).columns[1:]]

    assert keys() == ["a", "b", "overall", "difference", "p", "smd"]
    assert keys(adjust="holm") == ["a", "b", "overall", "difference", "p", "p_adjusted", "smd"]
    assert keys(smd=False, difference=False, overall=False) == ["a", "b", "p"]
    assert keys(tests={"all": "none"}, smd=False, difference=False) == ["a", "b", "overall"]


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0004, "<0.001"),
        (0.001, "0.001"),
        (0.0235, "0.024"),
        (0.45, "0.450"),
        (0.9991, ">0.999"),
        (0.9989, "0.999"),
        (None, DASH),
    ],
)
def test_p_values_of_three_digits(p: float | None, text: str) -> None:
    assert p_value(p) == text


def test_numbers_in_print() -> None:
    assert fixed(-0.04, 1) == "0.0"  # never minus zero
    assert fixed(-1234.56, 1) == f"{MINUS}1,234.6"
    assert span(f"{MINUS}1", "2") == f"{MINUS}1 to 2"
    assert span("1", "2") == f"1{DASH}2"
    single = Numbers(mean=5.0, sd=None, median=5.0, q1=5.0, q3=5.0, min=5.0, max=5.0)
    assert numbers_text(single, "mean", 1) == "5.0"
    assert numbers_text(single, "range", 1) == f"5{DASH}5"
    assert numbers_text(Numbers(median=4.5), "median", 1) == "4.5 [hidden]"
    assert sentence_case("mRS at 24 h") == "mRS at 24 h"


def test_a_monte_carlo_footnote_says_how_many_tables_and_which_seed() -> None:
    drawn = Comparison("Fisher test, Monte Carlo", 0.2, columns=(0, 1), replicates=9999, seed=3)
    assert sentence_of(drawn, ["a", "b"]) == "Fisher test, Monte Carlo with 9,999 tables, seed 3."
    assert sentence_of(drawn, ["a", "b", "c"]).endswith(
        "of a and b only, the others having no known values."
    )


def test_methods_say_what_was_done_and_nothing_else() -> None:
    text = methods_paragraph(made(adjust="bh", tests={"sex": "chi2"}))
    assert "compared by group: a (n = 8) and b (n = 8)." in text
    assert (
        "Age and INR were given as mean ± standard deviation and compared by the Welch t-test."
        in text
    )
    assert (
        "Sex was given as number and percentage of known values and compared by the Pearson" in text
    )
    assert "Diabetes was given" in text
    assert "Fisher exact test" in text
    assert "adjusted for 6 tests by the method of Benjamini and Hochberg (1995)" in text
    assert "(Yang and Dalton 2012)" in text
    bare = methods_paragraph(made(tests={"all": "none"}, smd=False))
    assert "compared by the" not in bare
    assert "p-values" not in bare
    assert "Standardised" not in bare


def columns_apart(shift: float, n: int) -> TableOne:
    random = np.random.default_rng(4)
    ages = random.normal(70, 10, n)
    table = pd.DataFrame(
        {"group": ["a", "b"] * (n // 2), "age": ages, "bmi": random.normal(25, 4, n)}
    )
    table.loc[table["group"] == "a", "age"] += shift
    return table_one(as_frame(table), Choices(by=("group",)))


def test_the_sentence_says_whether_columns_are_alike() -> None:
    alike = alike_sentence(columns_apart(0, 20_000))
    assert alike == "a and b are alike in all 2 variables: every |SMD| is below 0.1."
    apart = columns_apart(10, 400)
    sentence = alike_sentence(apart)
    assert "are alike (|SMD| below 0.1) in 1 of 2 variables" in sentence
    assert "in the other one they differ more than chance explains" in sentence
    assert "age (" in sentence
    found = balances(apart)
    assert [one.variable.name for one in found] == ["age", "bmi"]
    assert found[0].size == pytest.approx(1.0, abs=0.15)
    small = alike_sentence(columns_apart(3, 40))
    assert "no more than draws of these sizes from one population would" in small
    assert alike_sentence(made(smd=False)) == ""


def test_numbers_behind_the_table_are_numbers() -> None:
    table = numbers_table(made())
    keys = [column.key for column in table.columns]
    first = dict(zip(keys, table.rows[0].cells, strict=True))
    assert first["variable"].text == "age"
    assert first["mean"].value == pytest.approx(70.4375)
    assert first["n"].value == 8
    assert "p_adjusted" not in keys


def test_labels_of_one_letter_and_empty_groups() -> None:
    frame = as_frame(
        pd.DataFrame({"x": [1.0, 2.0]}), [Variable("x", "x", "continuous", "baseline", "")]
    )
    table = printed_table(table_one(frame))
    assert table.title == "Characteristics"
    assert [row.cells[0].text for row in table.rows] == ["x, mean ± SD"]
