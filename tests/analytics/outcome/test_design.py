"""Outcome and terms as numbers, and who is left out."""

from typing import Any

import numpy as np
import pytest

from analytics.outcome.design import Design, build_design
from analytics.outcome.endpoint import parse_endpoint
from analytics.outcome.terms import parse_terms
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.variables import dictionary
from tests.analytics.outcome.simulated import frame_of, stroke_cohort

NAN = float("nan")


def design(frame: CohortFrame, terms: str, *, outcome: str = "mrs_3_months", **more: Any) -> Design:
    endpoint = parse_endpoint(outcome, frame.variables, model=more.pop("model", None))
    return build_design(frame, endpoint=endpoint, terms=parse_terms(terms, frame.variables), **more)


def test_everyone_left_out_is_counted_once_structural_blanks_apart() -> None:
    frame = frame_of(
        {
            "mrs_3_months": [0, NAN, 2, 3, 4, 7, 1, 2],
            "age": [60, NAN, NAN, 70, 80, 75, 66, 61],
            "alert_to_door_min": [30, 10, 20, NAN, NAN, 5, 40, 55],
            "wake_up": [1, 1, 1, 0, 1, 1, 1, 1],
        },
        structural={"alert_to_door_min": np.arange(8) == 3},
    )
    found = design(frame, "age,alert_to_door_min")
    assert [(one.reason, one.n) for one in found.excluded] == [
        ("mRS at three months missing", 1),
        ("mRS at three months outside its range", 1),
        ("Age missing", 1),
        ("Alert to door doesn't apply", 1),
        ("Alert to door missing", 1),
    ]
    assert found.subjects == ("made/sub-0", "made/sub-6", "made/sub-7")
    assert sum(one.n for one in found.excluded) + found.n == 8


def test_constant_twice_named_and_aliased_terms_are_left_out_and_said() -> None:
    frame = stroke_cohort(60, seed=0)
    frame.values["diabetes"] = 1.0
    found = design(frame, "age,age,age/10,diabetes,sex,levels(sex,M),nihss_admission")
    assert found.encoder.names == ("age", "sex[M]", "nihss_admission")
    assert found.notes == (
        "age is named twice and counts once.",
        "age/10 is left out: it says the same as age.",
        "diabetes is left out: it is 1 for every subject used.",
        "sex[F] is left out: it says the same as sex[M].",
    )
    assert np.linalg.matrix_rank(np.column_stack([np.ones(60), found.matrix])) == 4


def test_a_variable_with_one_level_is_said() -> None:
    frame = stroke_cohort(20, seed=0)
    frame.values["sex"] = "F"
    assert design(frame, "age,sex").notes == (
        "sex is left out: it is female for every subject used.",
    )
    with pytest.raises(AnalysisError, match="No term is left"):
        design(frame, "sex")


@pytest.mark.parametrize(("n", "said"), [(0, "no subjects"), (1, "One subject is too few")])
def test_cohorts_of_nobody_and_of_one_are_refused(n: int, said: str) -> None:
    frame = stroke_cohort(20, seed=0)
    few = frame_of({name: frame.values[name][:n].to_numpy() for name in frame.variables})
    with pytest.raises(AnalysisError, match=said):
        design(few, "age")


def test_if_nobody_is_complete_the_reasons_are_named() -> None:
    frame = frame_of({"mrs_3_months": [1, NAN], "age": [NAN, 70]})
    with pytest.raises(AnalysisError, match="missing: 1, Age missing: 1"):
        design(frame, "age")


def test_transformations_give_the_numbers_that_they_name() -> None:
    frame = stroke_cohort(200, seed=0)
    found = design(frame, "age/10,log1p(volume_ml),sex*nihss_admission")
    values = frame.values
    male = (values["sex"] == "M").to_numpy(float)
    np.testing.assert_allclose(
        found.matrix,
        np.column_stack(
            [
                values["age"] / 10,
                np.log1p(values["volume_ml"]),
                male,
                values["nihss_admission"],
                male * values["nihss_admission"],
            ]
        ),
    )


def test_a_spline_is_linear_beyond_its_knots_and_smooth_between() -> None:
    frame = stroke_cohort(500, seed=0)
    found = design(frame, "rcs(age,4)")
    knots = found.encoder.encodings[0][0].knots
    quantiles = np.quantile(frame.values["age"].to_numpy(float), (0.05, 0.35, 0.65, 0.95))
    np.testing.assert_allclose(knots, quantiles)
    at = np.linspace(knots[0] - 20, knots[-1] + 20, 401)
    grid = frame.values.iloc[:401].assign(age=at)
    columns = found.encoder.matrix(grid)
    bend = np.abs(np.diff(columns, 2, axis=0)).max(axis=1)
    outside = (at[1:-1] < knots[0] - 0.2) | (at[1:-1] > knots[-1] + 0.2)
    assert bend[outside].max() < 1e-9
    assert bend[~outside].max() > 1e-4


def test_knots_at_one_value_are_refused() -> None:
    frame = stroke_cohort(50, seed=0)
    with pytest.raises(AnalysisError, match="4 knots at different values"):
        design(frame, "rcs(diabetes,4)")


def test_reference_levels_come_first_or_as_asked() -> None:
    frame = stroke_cohort(50, seed=0)
    assert design(frame, "sex").encoder.names == ("sex[M]",)
    assert design(frame, "levels(sex,M)").encoder.names == ("sex[F]",)
    with pytest.raises(AnalysisError, match="the levels are F, M"):
        design(frame, "levels(sex,X)")


def test_an_encoding_learned_once_reads_other_values_alike() -> None:
    frame = stroke_cohort(100, seed=0)
    encoder = design(frame, "rcs(age,3),sex").encoder
    one = frame.values.iloc[[5]]
    np.testing.assert_array_equal(encoder.matrix(one)[0], encoder.matrix(frame.values)[5])
    unknown = one.assign(sex="X")
    assert np.isnan(encoder.matrix(unknown)[0, -1])


@pytest.mark.parametrize(
    ("outcome", "model", "read"),
    [
        ("mrs_3_months", None, [0, 2, 3, 6, NAN]),
        ("mrs_3_months", "good", [1, 1, 0, 0, NAN]),
        ("mrs_3_months", "excellent", [1, 0, 0, 0, NAN]),
        ("mrs_3_months", "death", [0, 0, 0, 1, NAN]),
        ("nihss_24h-nihss_admission", None, [-5, 1, NAN, 0, NAN]),
        ("sex", None, [0, 1, 1, 0, NAN]),
        ("tici", None, [4, 6, 0, 3, NAN]),
        ("diabetes", None, [0, 1, 0, 1, NAN]),
    ],
)
def test_endpoints_read_what_their_name_says(outcome: str, model: Any, read: list[float]) -> None:
    frame = frame_of(
        {
            "mrs_3_months": [0, 2, 3, 6, NAN],
            "nihss_admission": [10, 4, 8, 3, NAN],
            "nihss_24h": [5, 5, NAN, 3, 2],
            "sex": ["F", "M", "M", "F", None],
            "tici": ["2b", "3", "0", "2a", None],
            "diabetes": [0, 1, 0, 1, NAN],
        }
    )
    endpoint = parse_endpoint(outcome, frame.variables, model=model)
    np.testing.assert_array_equal(endpoint.read(frame.values), np.array(read, dtype=float))
    assert parse_endpoint(endpoint.text, frame.variables, model=model) == endpoint


@pytest.mark.parametrize(
    ("outcome", "model", "said"),
    [
        ("nosuch", None, "no variable"),
        ("age", "good", "needs an mRS"),
        ("etiology", None, "levels, not numbers"),
        ("etiology", "ordinal", "without an order"),
        ("etiology", "binary", "no two levels"),
        ("sex-age", None, "levels, not numbers"),
        ("nihss_24h-nihss_admission", "ordinal", "modelled as linear"),
    ],
)
def test_endpoints_that_make_no_sense_are_refused(outcome: str, model: Any, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        parse_endpoint(outcome, dictionary(), model=model)
