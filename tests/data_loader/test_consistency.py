"""Values of one subject against each other: what is listed, and what must not be."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from data_loader.consistency import are_opposite, inconsistencies
from data_loader.problems import REMEDIES
from data_loader.values import Value
from data_loader.variables import infer_variable


class Case(NamedTuple):
    """A subject's values, and the code, variable and part of the sentence of each finding."""

    row: Mapping[str, Value]
    found: list[tuple[str, str, str]]


def door(imaging: float, groin: float, series: float, recanalization: float) -> dict[str, Value]:
    return {
        "door_to_imaging_min": imaging,
        "door_to_groin_min": groin,
        "door_to_first_series_min": series,
        "door_to_recanalization_min": recanalization,
    }


CASES = {
    "nothing known": Case({}, []),
    "an ordinary course": Case(
        door(12, 60, 70, 100)
        | {
            "mrs_premorbid": 0,
            "mrs_admission": 4,
            "mrs_24h": 3,
            "mrs_discharge": 2,
            "mrs_3_months": 1,
            "nihss_admission": 12,
            "nihss_24h": 15,
            "nihss_discharge": 4,
            "time_of_intervention_min": 30.0,
            "onset_to_door_min": 90.0,
            "in_house": 0,
            "wake_up": 0,
        },
        [],
    ),
    "dies later": Case({"mrs_24h": 5, "mrs_discharge": 6, "mrs_3_months": 6}, []),
    "death then better": Case(
        {"mrs_discharge": 6, "mrs_3_months": 3},
        [
            (
                "death-then-better",
                "mrs_3_months",
                "mRS at discharge is 6, mRS at three months is 3.",
            )
        ],
    ),
    "death, nothing known, better": Case(
        {"mrs_24h": 6, "mrs_discharge": None, "mrs_3_months": 0},
        [("death-then-better", "mrs_3_months", "mRS at 24 h is 6")],
    ),
    "dead before": Case(
        {"mrs_premorbid": 6}, [("mrs-order", "mrs_premorbid", "dead before the stroke")]
    ),
    "better with the stroke": Case(
        {"mrs_premorbid": 3, "mrs_admission": 2}, [("mrs-order", "mrs_admission", "better")]
    ),
    "as before": Case({"mrs_premorbid": 3, "mrs_admission": 3}, []),
    "NIHSS rises by three": Case({"nihss_admission": 5, "nihss_24h": 8}, []),
    "NIHSS rises by four": Case(
        {"nihss_admission": 5, "nihss_24h": 9}, [("nihss-rise", "nihss_24h", "a rise of 4 points")]
    ),
    "NIHSS rises later": Case(
        {"nihss_admission": 5, "nihss_24h": 2, "nihss_discharge": 20},
        [("nihss-rise", "nihss_discharge", "a rise of 18 points")],
    ),
    "groin before imaging": Case(
        door(60, 30, 70, 100),
        [
            (
                "time-order",
                "door_to_groin_min",
                "Door to imaging is 60 min, Door to groin is 30 min.",
            )
        ],
    ),
    "the same to the minute": Case(door(30.9, 30, 30, 30), []),
    "recanalized first": Case(
        {"door_to_imaging_min": 60.0, "door_to_recanalization_min": 20.0},
        [("time-order", "door_to_recanalization_min", "Door to recanalization is 20 min")],
    ),
    "recanalized after the last series": Case(
        door(10, 20, 30, 90) | {"time_of_intervention_min": 40.0},
        [("time-order", "door_to_recanalization_min", "after the last series")],
    ),
    "alert before onset": Case(
        {"wake_up": 1, "alert_to_door_min": 200.0, "onset_to_door_min": 90.0},
        [("time-order", "onset_to_door_min", "Alert to door is 200 min")],
    ),
    "a wake-up stroke": Case(
        {"wake_up": 1, "alert_to_door_min": 60.0, "onset_to_door_min": 400.0}, []
    ),
    "in-house with onset to door": Case(
        {"in_house": 1, "onset_to_door_min": 90.0},
        [("in-house-onset", "onset_to_door_min", "Onset to door is 90 min, yet")],
    ),
    "alert outside wake-up": Case(
        {"wake_up": 0, "alert_to_door_min": 30.0},
        [("alert-not-wake-up", "alert_to_door_min", "no wake-up stroke")],
    ),
    "alert, unknown whether wake-up": Case({"wake_up": None, "alert_to_door_min": 30.0}, []),
    "a percentage that can't be": Case(
        {"stenosis": 120.0}, [("percentage-impossible", "stenosis", "Stenosis % is 120")]
    ),
    "a percentage": Case({"stenosis": 99.0}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_inconsistencies(name: str) -> None:
    case = CASES[name]
    found = list(inconsistencies(case.row, {"stenosis": infer_variable("Stenosis %", ["1"])}))
    assert [(f.code, f.variable) for f in found] == [(code, name) for code, name, _ in case.found]
    for finding, (_, _, says) in zip(found, case.found, strict=True):
        assert says in finding.sentence
        assert finding.sentence.endswith(".")
        assert finding.code in REMEDIES


@pytest.mark.parametrize(
    ("one", "other", "opposite"),
    [
        (1.0, -1.0, True),
        (-0.6, 0.5, True),
        (1.0, 0.9, False),
        (1.0, -0.4, False),
        (0.2, -1.0, False),
        (None, -1.0, False),
        (1.0, None, False),
    ],
)
def test_sides(one: float | None, other: float | None, opposite: bool) -> None:
    assert are_opposite(one, other) is opposite
