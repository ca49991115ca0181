"""Two groups at one cut: published examples, and zeros."""

import pytest

from analytics.outcome.dichotomies import CONTINUITY, compare_at


@pytest.mark.parametrize(
    ("first", "second", "limits"),
    [
        # Newcombe, Stat Med 1998;17:873, table II, method 10: its p1 - p2 has p1 as our second.
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.1705, 0.8090)),
        ((2, 7), (6, 7), (0.0582, 0.8062)),
        ((0, 29), (5, 56), (-0.0381, 0.1926)),
        ((0, 20), (0, 10), (-0.1611, 0.2775)),
        ((0, 10), (10, 10), (0.6075, 1.0000)),
    ],
)
def test_intervals_of_newcombe(
    first: tuple[int, int], second: tuple[int, int], limits: tuple[float, float]
) -> None:
    at = compare_at(2, events=(first[0], second[0]), n=(first[1], second[1]))
    difference = at.risk_difference
    assert (difference.ci_low, difference.ci_high) == pytest.approx(limits, abs=5e-5)


def test_a_zero_is_corrected_and_said() -> None:
    at = compare_at(0, events=(0, 3), n=(20, 20))
    # By hand: (3.5 / 17.5) / (0.5 / 20.5) and (3.5 / 21) / (0.5 / 21).
    assert at.odds_ratio.value == pytest.approx(8.2)
    assert at.risk_ratio.value == pytest.approx(7)
    assert at.odds_ratio.note == at.risk_ratio.note == CONTINUITY


def test_a_full_group_has_a_risk_ratio_without_correction() -> None:
    at = compare_at(5, events=(15, 20), n=(20, 20))
    assert at.risk_ratio.value == pytest.approx(4 / 3)
    assert at.risk_ratio.note == ""
    assert at.odds_ratio.note == CONTINUITY


@pytest.mark.parametrize(("events", "who"), [((0, 0), "nobody"), ((8, 5), "everybody")])
def test_ratios_of_none_and_all_are_not_defined(events: tuple[int, int], who: str) -> None:
    at = compare_at(0, events=events, n=(8, 5))
    assert at.risk_difference.value == 0
    assert (at.odds_ratio.value, at.risk_ratio.value) == (None, None)
    assert at.odds_ratio.note.startswith(who)
