"""Where the infarct lies, as a filter: counted again by hand on the real masks."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from data_loader.cohort import EVERYONE, Cohort
from data_loader.errors import CohortError
from data_loader.index import Index
from tests.data_loader.cohorts import TABLE, index_of


def cohort_of(index: Index, query: str) -> Cohort:
    cohort, notices = Cohort.parse(query, index.variables)
    assert not notices
    assert Cohort.parse(cohort.query(), index.variables) == (cohort, [])
    return cohort


def subjects_of(index: Index, query: str) -> set[str]:
    return {row["subject"] for row in index.subjects(cohort_of(index, query), columns=["age"])}


@pytest.fixture(scope="module")
def points(real_data: Path) -> dict[str, np.ndarray]:
    """World coordinates of the voxels of a third of the real masks."""
    found = {}
    for path in sorted((real_data / "soop" / "derivatives").rglob("*_mask.nii.gz"))[::3]:
        image = nib.Nifti1Image.from_filename(path)
        voxels = np.argwhere(np.asanyarray(image.dataobj) > 0.5)
        found[path.name.split("_")[0]] = nib.affines.apply_affine(image.affine, voxels)
    return found


@pytest.mark.parametrize(
    ("mm", "radius"),
    [((36, -5, 6), 0), ((-24, -8, 16), 0), ((-24.4, -7.7, 16.2), 5), ((9, -80, 2), 12)],
)
def test_voxels_and_spheres(
    soop: Index, points: dict[str, np.ndarray], mm: tuple[float, float, float], radius: float
) -> None:
    reach = radius or 0.01
    expected = {
        subject
        for subject, at in points.items()
        if (np.linalg.norm(at - mm, axis=1) <= reach).any()
    }
    query = ",".join(map(str, (*mm, radius) if radius else mm))
    found = subjects_of(soop, f"lesion_at={query}")
    assert 3 < len(expected) < len(points)
    assert found & points.keys() == expected


def test_a_point_belongs_to_the_voxel_that_holds_it(soop: Index) -> None:
    assert subjects_of(soop, "lesion_at=36.4,-5.4,6.4") == subjects_of(soop, "lesion_at=36,-5,6")
    assert subjects_of(soop, "lesion_at=150,0,0") == set()


def shares(index: Index, label: str) -> dict[str, float]:
    rows = index.territories(EVERYONE)
    return {row["subject"]: row["share"] for row in rows if row["label"] == label}


def test_regions(soop: Index) -> None:
    mca, pca = shares(soop, "MCA-L"), shares(soop, "PCA-L")
    assert subjects_of(soop, "lesion_in=MCA-L") == {s for s, share in mca.items() if share > 0}
    expected = {s for s in mca if mca[s] >= 0.1 or pca[s] > 0}
    assert subjects_of(soop, "lesion_in=mca-l:10%25,PCA-L") == expected
    assert len(expected) > 100


def test_several_regions_at_once(soop: Index) -> None:
    aca, mca, pca = (shares(soop, label) for label in ("ACA-L", "MCA-L", "PCA-L"))
    both = {s for s in mca if mca[s] >= 0.1 and pca[s] >= 0.1}
    assert 0 < len(both) < len(mca)
    assert subjects_of(soop, "lesion_in=MCA-L:10%25;PCA-L:10%25") == both
    mixed = {s for s in mca if (aca[s] > 0 or pca[s] > 0) and mca[s] >= 0.5}
    assert subjects_of(soop, "lesion_in=ACA-L,PCA-L;MCA-L:50%25") == mixed
    cohort = cohort_of(soop, "lesion_in=MCA-L:10%25;PCA-L;MCA-L:10%25")
    assert cohort.query() == "lesion_in=MCA-L:10%25;PCA-L"
    assert cohort.sentence() == (
        "Subjects whose infarct lies to at least 10 % in MCA-L and in part in PCA-L."
    )


def test_sentence_and_query(soop: Index) -> None:
    cohort = cohort_of(soop, "lesion_at=-24,-8,16,5&lesion_in=MCA-L:10%25,outside atlas&sex=F")
    assert cohort.sentence() == (
        "Subjects whose sex is female, infarct comes within 5 mm of MNI (\u221224, \u22128, 16) and"
        " infarct lies to at least 10 % in MCA-L or in part outside the atlas."
    )
    assert cohort.query() == ("sex=F&lesion_at=-24,-8,16,5&lesion_in=MCA-L:10%25,outside%20atlas")
    assert cohort.without("lesion_at").without("lesion_in") == cohort_of(soop, "sex=F")
    assert cohort.with_filter("lesion_at", " ", soop.variables) == cohort.without("lesion_at")


def test_attrition_tells_those_whose_infarct_isnt_placed(soop: Index) -> None:
    (step,) = soop.attrition(cohort_of(soop, "lesion_at=36,-5,6"))
    assert (step.before, step.unknown) == (842, 842 - 721)
    assert step.after == len(subjects_of(soop, "lesion_at=36,-5,6"))


BAD = (
    *("lesion_at=1,2", "lesion_at=a,b,c", "lesion_at=nan,0,0", "lesion_at=1,2,3,-4"),
    *("lesion_at=1,2,3,4,5", "lesion_at=0,0,1e9", "lesion_in=MCAL", "lesion_in=MCA-L:101%25"),
    *('lesion_in="', "lesion_in=,", "lesion_in=;", "lesion_in=MCA-L;MCAL"),
)


@pytest.mark.parametrize("query", BAD)
def test_what_cant_be_read_is_one_sentence(soop: Index, query: str) -> None:
    cohort, (notice,) = Cohort.parse(query, soop.variables)
    assert cohort == EVERYONE
    assert notice.endswith("it was left out.")
    assert "\n" not in notice


def test_an_index_without_standard_space_says_so(tmp_path: Path) -> None:
    index = index_of(tmp_path, TABLE)
    with pytest.raises(CohortError, match="No infarct of this index is in standard space"):
        EVERYONE.with_filter("lesion_at", "0,0,0", index.variables)
    assert index.atlas is None
    assert len(index.lesion_runs(EVERYONE).runs) == len(index.territories(EVERYONE)) == 0
