"""Terms as a reader writes them."""

import pytest

from analytics.outcome.terms import HARRELL_QUANTILES, parse_terms, variables_of
from data_loader.errors import AnalysisError
from data_loader.variables import dictionary

VARIABLES = dictionary()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("age", ["age"]),
        ("age, nihss_admission ,", ["age", "nihss_admission"]),
        ("age/10", ["age/10"]),
        ("log1p( volume_ml )", ["log1p(volume_ml)"]),
        ("rcs(age)", ["rcs(age,5)"]),
        ("rcs(age,3),sex", ["rcs(age,3)", "sex"]),
        ("rcs(age,0.2,0.5,0.8)", ["rcs(age,0.2,0.5,0.8)"]),
        ("rcs(age,0.1,0.5,0.9)", ["rcs(age,3)"]),
        ("sex", ["sex"]),
        ("levels(sex,M)", ["levels(sex,M)"]),
        ("levels(mrs_premorbid)", ["levels(mrs_premorbid)"]),
        ("sex*age", ["sex", "age", "sex:age"]),
        ("sex:rcs(age,4)", ["sex:rcs(age,4)"]),
        (
            "sex*age*diabetes",
            [
                "sex",
                "age",
                "diabetes",
                "sex:age",
                "sex:diabetes",
                "age:diabetes",
                "sex:age:diabetes",
            ],
        ),
    ],
)
def test_a_list_of_terms_is_read_and_written_back(text: str, read: list[str]) -> None:
    terms = parse_terms(text, VARIABLES)
    assert [term.text for term in terms] == read
    assert parse_terms(",".join(read), VARIABLES) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nosuch", "no variable"),
        ("age;1", "can't be read"),
        ("age/0", "can't be read"),
        ("exp(age)", "can't be read"),
        ("log1p(sex)", "has levels, not numbers"),
        ("rcs(age,2)", "3 to 7 knots"),
        ("rcs(age,0.5,0.1,0.9)", "rising quantiles"),
        ("rcs(age,x)", "can't be read"),
        ("log1p(age,3)", "can't be read"),
        ("age*age", "with itself"),
        ("levels(nosuch)", "no variable"),
        ("__import__(os)", "can't be read"),
        ("sex/10", "has levels"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        parse_terms(text, VARIABLES)


def test_variables_of_terms_come_once_in_order() -> None:
    terms = parse_terms("sex*age,rcs(age,3)", VARIABLES)
    assert [variable.name for variable in variables_of(terms)] == ["sex", "age"]


def test_labels_say_what_is_done_with_a_variable() -> None:
    labels = [t.label for t in parse_terms("age/10,log1p(volume_ml),rcs(age,3),sex", VARIABLES)]
    assert labels == [
        "Age, per 10 years",
        "log(1 + Infarct volume (ml))",
        "Age (years), spline",
        "Sex",
    ]


def test_knots_are_harrells() -> None:
    assert HARRELL_QUANTILES[4] == (0.05, 0.35, 0.65, 0.95)
