"""What a chart shows: lengths, filters behind bars, blanks apart."""

from typing import Any

import pytest

from dashboard.figures.distribution import distribution, lies, rows
from data_loader.cohort import Cohort
from data_loader.index import Index


def _figure(soop: Index, name: str, query: str = "", *, as_share: bool = False) -> dict[str, Any]:
    cohort, _ = Cohort.parse(query, soop.variables)
    scale, members = soop.scale(name), soop.members(cohort)
    bars = rows(scale, whole=scale.count(), cohort=scale.count(members))
    n = soop.size, int(members.sum())
    chosen = cohort.filter_of(name)
    return distribution(scale, bars, n=n, chosen=chosen, as_share=as_share)


def _bars(figure: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Filter to lengths, the whole's and the cohort's."""
    lengths: dict[str, list[float]] = {}
    for trace in figure["data"]:
        values = trace["x"] if trace.get("orientation") == "h" else trace["y"]
        for expression, length in zip(trace["customdata"], values, strict=True):
            lengths.setdefault(expression, []).append(length)
    return {expression: (pair[0], pair[1]) for expression, pair in lengths.items()}


def test_bars_are_counts_of_the_source_table(soop: Index) -> None:
    # `cut -f2 participants.tsv | sort | uniq -c` gives 265 F, 275 M and 203 n/a; the other blanks
    # are masks without a row.
    bars = _bars(_figure(soop, "sex", "sex=F"))
    blanks = soop.size - 265 - 275
    assert bars == {"F": (265, 265), "M": (275, 0), "missing": (blanks, 0)}


def test_shares_are_of_each_group(soop: Index) -> None:
    bars = _bars(_figure(soop, "age", "sex=F", as_share=True))
    for group in (0, 1):
        assert sum(pair[group] for pair in bars.values()) == pytest.approx(100)


def test_names_lie_and_ranges_stand(soop: Index) -> None:
    assert lies(soop.scale("sex"))
    assert lies(soop.scale("has_mask"))
    assert not lies(soop.scale("mrs_discharge"))
    assert not lies(soop.scale("age"))


def test_a_chosen_range_is_shaded_from_end_to_end(soop: Index) -> None:
    (shade,) = _figure(soop, "age", "age=60..<75")["layout"]["shapes"]
    assert (shade["x0"], shade["x1"]) == (60, 75)
    (shade,) = _figure(soop, "volume_ml", "volume_ml=10..100")["layout"]["shapes"]
    assert (shade["x0"], shade["x1"]) == (1, 2)


def test_a_log_axis_is_labelled_in_millilitres(soop: Index) -> None:
    axis = _figure(soop, "volume_ml")["layout"]["xaxis"]
    assert dict(zip(axis["ticktext"], axis["tickvals"], strict=True))["10"] == 1.0


def test_an_empty_cohort_draws_the_whole(soop: Index) -> None:
    bars = _bars(_figure(soop, "age", "age=>=200"))
    assert all(cohort == 0 for _, cohort in bars.values())
    assert sum(whole for whole, _ in bars.values()) == soop.size
