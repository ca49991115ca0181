"""Two groups of real subjects, beside what the index counts by itself at single voxels."""

import pytest

from analytics.lesion_groups import groups_against, groups_by
from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index


def _cohort(index: Index, query: str) -> Cohort:
    cohort, notices = Cohort.parse(query, index.variables)
    assert not notices
    return cohort


@pytest.mark.parametrize("at", [(36, -5, 6), (-33, -6, 13), (-28, -69, -27)])
def test_a_difference_is_that_of_the_groups_at_every_voxel(
    soop: Index, at: tuple[int, int, int]
) -> None:
    found = groups_by(soop, EVERYONE, "sex")
    difference = found.difference(least=1)
    x, y, z = at
    voxel = (x + 91, y + 126, z + 72)
    counted = [
        soop.count(_cohort(soop, f"sex={code}&lesion_at={x},{y},{z}")) for code in ("F", "M")
    ]
    assert found.names == ("female", "male")
    assert [int(counts[voxel]) for counts in difference.counts] == counted
    shares = [100 * k / n for k, n in zip(counted, difference.n, strict=True)]
    assert difference.percent[voxel] == pytest.approx(shares[0] - shares[1], abs=1e-4)


def test_groups_are_of_those_whose_lesion_is_known_within_the_cohort(soop: Index) -> None:
    found = groups_by(soop, _cohort(soop, "age=>=70"), "sex")
    for code, lesions in zip(("F", "M"), found.lesions, strict=True):
        wanted = soop.lesion_runs(_cohort(soop, f"age=>=70&sex={code}"))
        assert lesions.subjects.tolist() == wanted.subjects.tolist()
        assert (lesions.runs == wanted.runs).all()


def test_those_who_have_a_flag_come_first(soop: Index) -> None:
    found = groups_by(soop, EVERYONE, "prior_stroke")
    assert found.names == ("Prior stroke yes", "Prior stroke no")
    assert len(found.lesions[0].subjects) < len(found.lesions[1].subjects)


@pytest.mark.parametrize(
    ("query", "by", "said"),
    [
        ("", "hat", "“hat” is no variable"),
        ("", "lesion_side", "has 3 values"),
        ("sex=F", "sex", "has one value"),
        ("sex=missing", "sex", "no known value"),
    ],
)
def test_what_gives_no_two_groups_is_said(soop: Index, query: str, by: str, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        groups_by(soop, _cohort(soop, query), by)


def test_a_second_cohort_may_share_subjects(soop: Index) -> None:
    found = groups_against(soop, _cohort(soop, "sex=F"), _cohort(soop, "age=>=70"))
    both = soop.lesion_runs(_cohort(soop, "sex=F&age=>=70"))
    assert found.shared == len(both.subjects) > 0
