"""What became of each subject's images, in a dataset small enough to be counted by eye."""

import pytest

from data_loader.build import build_index
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index, IndexFolder
from tests.images import Content, box, soop_mask, write_dataset

NCCT = "{split}/raw_data/{subject}/ses-01/{subject}_ses-01_ncct.nii.gz"
MASK = "{split}/derivatives/{subject}/ses-02/{subject}_ses-02_space-ncct_lesion-msk.nii.gz"
FILES: dict[tuple[str, str], dict[str, Content]] = {
    ("train", "sub-stroke0001"): {NCCT: box(), MASK: box()},
    ("train", "sub-stroke0002"): {NCCT: b"no image"},
    ("train", "sub-stroke0003"): {MASK: None, NCCT: box()},
    ("test", "sub-stroke0004"): {NCCT: box()},
    ("test", "sub-stroke0005"): {NCCT: None},
}
"""Image by split and subject; None is a link that leads nowhere."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("states")
    files: dict[str, Content] = {
        name.format(split=split, subject=subject): content
        for (split, subject), images in FILES.items()
        for name, content in images.items()
    }
    split = write_dataset(folder / "split", files)
    participants = "participant_id\tage\nsub-1\t50\nsub-2\t60\n"
    plain: dict[str, Content] = {"participants.tsv": participants, soop_mask("sub-1"): box()}
    build_index([split, write_dataset(folder / "plain", plain)], folder / "index", measure=None)
    return IndexFolder(folder / "index").current()


def _states(index: Index, cohort: Cohort = EVERYONE, **how: bool) -> dict[str, dict[str, str]]:
    rows = index.image_states(cohort, **{"of_all": True, "in_order": True, **how})
    return {row["subject"]: row["states"] for row in rows}


def test_a_kind_is_expected_where_others_of_the_split_have_it(index: Index) -> None:
    assert _states(index) == {
        "sub-stroke0001": {"ncct": "ok", "lesion": "ok"},
        "sub-stroke0002": {"ncct": "unreadable", "lesion": "none"},
        "sub-stroke0003": {"ncct": "ok", "lesion": "absent"},
        "sub-stroke0004": {"ncct": "ok"},
        "sub-stroke0005": {"ncct": "absent"},
        "sub-1": {"lesion": "ok"},
        "sub-2": {"lesion": "none"},
    }


def test_most_gaps_come_first(index: Index) -> None:
    found = list(_states(index, of_all=False, in_order=False))
    assert found[0] == "sub-stroke0002"
    assert sorted(found[1:]) == ["sub-2", "sub-stroke0003", "sub-stroke0005"]


def test_totals(index: Index) -> None:
    *rows, everyone = index.image_state_counts(EVERYONE)
    assert {(row["kind"], row["state"]): row["subjects"] for row in rows} == {
        ("ncct", "ok"): 3,
        ("ncct", "unreadable"): 1,
        ("ncct", "absent"): 1,
        ("lesion", "ok"): 2,
        ("lesion", "none"): 2,
        ("lesion", "absent"): 1,
    }
    assert (everyone["subjects"], everyone["lacking"]) == (7, 4)


def test_what_is_expected_does_not_depend_on_the_cohort(index: Index) -> None:
    cohort, _ = Cohort.parse("subject=sub-stroke0002", index.variables)
    assert _states(index, cohort) == {"sub-stroke0002": {"ncct": "unreadable", "lesion": "none"}}


def test_nobody(index: Index) -> None:
    cohort, _ = Cohort.parse("age=<0", index.variables)
    (everyone,) = index.image_state_counts(cohort)
    assert everyone["subjects"] == 0
    assert _states(index, cohort) == {}
