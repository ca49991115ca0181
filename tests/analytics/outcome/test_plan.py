"""What may be asked of a model, and what is refused."""

from typing import Any

import pytest

from analytics.outcome.plan import read_plan, suggested_terms
from data_loader.errors import AnalysisError
from data_loader.variables import dictionary

VARIABLES = dictionary()


def plan(**asked: Any) -> Any:
    return read_plan(VARIABLES, **{"outcome": "mrs_3_months", "terms": "age"} | asked)


def test_what_is_known_only_after_treatment_is_refused_unless_named() -> None:
    with pytest.raises(AnalysisError, match=r"Infarct volume is known only after treatment.*"):
        plan(terms="age,log1p(volume_ml)")
    with pytest.raises(AnalysisError, match="--allow-post-treatment volume_ml,tici"):
        plan(terms="volume_ml,tici")
    allowed = plan(terms="volume_ml,tici", allow="volume_ml, tici")
    assert [variable.name for variable in allowed.late] == ["volume_ml", "tici"]
    with pytest.raises(AnalysisError, match="TICI"):
        plan(terms="volume_ml,tici", allow="volume_ml")


def test_a_score_at_another_time_is_known_only_after_treatment() -> None:
    with pytest.raises(AnalysisError, match="mRS at 24 h is known only after treatment"):
        plan(terms="mrs_24h")
    with pytest.raises(AnalysisError, match="mRS at three months is known only after"):
        plan(outcome="mrs_24h", terms="mrs_3_months")
    with pytest.raises(AnalysisError, match="TICI after intervention is known"):
        plan(by="tici")


def test_the_outcome_cannot_explain_itself_even_by_name() -> None:
    with pytest.raises(AnalysisError, match="can't explain itself"):
        plan(terms="mrs_3_months", allow="mrs_3_months")
    with pytest.raises(AnalysisError, match="can't explain itself"):
        plan(by="mrs_3_months", allow="mrs_3_months")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"terms": ""}, "such as age,nihss_admission"),
        ({"model": "nosuch"}, "there are ordinal, partial"),
        ({"model": "partial"}, "need the terms"),
        ({"free": "age", "model": "ordinal"}, "not ordinal"),
        ({"free": "sex"}, "none of the terms"),
        ({"firth": True}, "two levels"),
        ({"firth": True, "model": "good", "cluster": "center"}, "no errors by cluster"),
        ({"hc3": True}, "linear models"),
        ({"by": "age"}, "a measure, not a group"),
        ({"by": "nosuch"}, "no variable"),
        ({"cluster": "nosuch"}, "no variable"),
        ({"allow": "nosuch"}, "no variable"),
    ],
)
def test_what_does_not_go_together_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        plan(**asked)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"model": "good", "firth": True, "terms": "rcs(age,4),sex*nihss_admission"},
        {"by": "sex", "terms": "age/10,levels(mrs_premorbid)"},
        {"by": "diabetes", "free": "age", "model": "partial"},
        {"outcome": "nihss_24h-nihss_admission", "hc3": True},
        {"terms": "age,volume_ml", "allow": "volume_ml", "cluster": "center"},
    ],
)
def test_a_plan_can_be_asked_for_again(asked: dict[str, Any]) -> None:
    first = plan(**asked)
    assert read_plan(VARIABLES, **first.request) == first


def test_groups_are_the_first_term_and_freed_terms_choose_the_model() -> None:
    assert [term.text for term in plan(by="sex").terms] == ["sex", "age"]
    assert plan(free="age").model == "partial"
    assert plan(cluster="center").names == ("mrs_3_months", "age", "center")


def test_the_convention_leaves_out_what_comes_later_unless_wanted() -> None:
    assert "volume_ml" not in suggested_terms(VARIABLES)
    assert suggested_terms(VARIABLES, allow_post_treatment=True)[-2:] == ("volume_ml", "center")
