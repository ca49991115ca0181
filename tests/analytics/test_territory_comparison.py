"""Groups compared by territory, beside scipy and statsmodels."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, mannwhitneyu, rankdata
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from analytics.territory_comparison import RegionComparison, compare_regions
from tests.analytics.territory_rows import IDS, Cohort, cohort_of

SIZES = (60, 40)
TERRITORIES = list(IDS)[:8]


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    rng = np.random.default_rng(6)
    infarcts = []
    for subject in range(sum(SIZES)):
        ml = rng.exponential(10, 8) * (rng.random(8) < 0.3)
        ml[2] += 6 * (subject < SIZES[0]) * rng.random()
        ml[7] *= rng.random() < 0.1
        infarcts.append(dict(zip(TERRITORIES, ml.round(1), strict=True)) | {"outside atlas": 0.5})
    return cohort_of(infarcts)


@pytest.fixture(scope="module")
def groups() -> list[np.ndarray]:
    first = np.arange(sum(SIZES)) < SIZES[0]
    return [first, ~first]


@pytest.fixture(scope="module")
def found(cohort: Cohort, groups: list[np.ndarray]) -> tuple[RegionComparison, ...]:
    return compare_regions(cohort.volumes, groups)


def test_only_territories_are_tested(found: tuple[RegionComparison, ...]) -> None:
    assert [each.region.label for each in found] == TERRITORIES


def test_volumes_are_compared_by_ranks_and_adjusted(
    cohort: Cohort, groups: list[np.ndarray], found: tuple[RegionComparison, ...]
) -> None:
    p = []
    for at, each in enumerate(found):
        first, second = (cohort.volumes.ml[members, at] for members in groups)
        test = mannwhitneyu(first, second, method="asymptotic", use_continuity=True)
        p.append(test.pvalue)
        assert each.volume.p == pytest.approx(test.pvalue, rel=1e-9)
        assert each.more is not None
        assert each.more.value == pytest.approx(test.statistic / (SIZES[0] * SIZES[1]))
        assert (each.more.ci_low or 1) < test.statistic / (SIZES[0] * SIZES[1])
        assert (each.more.ci_high or 0) > test.statistic / (SIZES[0] * SIZES[1])
    adjusted = multipletests(p, method="holm")[1]
    assert [each.volume.p_adjusted for each in found] == pytest.approx(adjusted.tolist())


def test_the_group_with_more_has_the_higher_chance(found: tuple[RegionComparison, ...]) -> None:
    planted = found[2]
    assert planted.more is not None
    assert (planted.more.ci_low or 0) > 0.5
    assert (planted.volume.p_adjusted or 1) < 0.05


def test_involvement_is_compared_by_counts(
    cohort: Cohort, groups: list[np.ndarray], found: tuple[RegionComparison, ...]
) -> None:
    names = set()
    for at, each in enumerate(found):
        counts = [int(cohort.volumes.is_involved[members, at].sum()) for members in groups]
        table = [counts, [n - count for n, count in zip(SIZES, counts, strict=True)]]
        is_chi2 = each.involved.test == "Pearson chi-squared test"
        expected = (
            chi2_contingency(table, correction=False).pvalue if is_chi2 else fisher_exact(table)[1]
        )
        names.add(each.involved.test)
        assert each.involved.p == pytest.approx(expected, rel=1e-6)
        low, high = confint_proportions_2indep(
            counts[0], SIZES[0], counts[1], SIZES[1], compare="diff", method="newcomb"
        )
        assert each.difference is not None
        assert each.difference.low == pytest.approx(100 * low, rel=1e-6, abs=1e-9)
        assert each.difference.high == pytest.approx(100 * high, rel=1e-6, abs=1e-9)
    assert names == {"Pearson chi-squared test", "Fisher exact test"}


def test_more_than_two_groups_have_effects_of_their_own(cohort: Cohort) -> None:
    third = np.arange(sum(SIZES)) % 3
    members = [third == group for group in range(3)]
    for at, each in enumerate(compare_regions(cohort.volumes, members)):
        assert each.volume.test == "Kruskal-Wallis test"
        assert (each.more, each.difference) == (None, None)
        ranks = rankdata(cohort.volumes.ml[:, at])
        between = sum(m.sum() * (ranks[m].mean() - ranks.mean()) ** 2 for m in members)
        assert each.epsilon_squared is not None
        share = between / ((ranks - ranks.mean()) ** 2).sum()
        assert each.epsilon_squared.value == pytest.approx(share)
        counts = [int(cohort.volumes.is_involved[m, at].sum()) for m in members]
        others = [int(m.sum()) - count for m, count in zip(members, counts, strict=True)]
        # Bergsma's correction, of two levels and three groups.
        n = sum(SIZES)
        phi = max(0, chi2_contingency([counts, others]).statistic / n - 2 / (n - 1))
        assert each.cramers_v is not None
        assert each.cramers_v.value == pytest.approx(np.sqrt(phi / (1 - 1 / (n - 1))))


def test_two_groups_have_no_effects_of_several(found: tuple[RegionComparison, ...]) -> None:
    assert {(each.epsilon_squared, each.cramers_v) for each in found} == {(None, None)}


def test_a_group_that_always_has_more_is_said_to(cohort: Cohort) -> None:
    lone = cohort_of([{"MCA-L": 5}, {"MCA-L": 6}, {"MCA-L": 1}, {"MCA-L": 2}])
    first = np.array([True, True, False, False])
    mca = compare_regions(lone.volumes, [first, ~first])[2]
    assert mca.more is not None
    assert (mca.more.value, mca.more.ci_low) == (1, None)
