"""The ways to standard space that the demonstration dataset gives, and who has none."""

from pathlib import Path

import numpy as np

from data_loader.demo.anatomy import Grid, draw_head, see_anatomy
from data_loader.demo.patients import Patient
from data_loader.demo.readme import write_readme
from data_loader.itk import read_transform

NAME = "{0}_ses-01_from-ncct_to-MNI152NLin2009aSym_mode-image_xfm.txt"


def transform_of(demo: Path, patient: Patient) -> Path:
    folder = demo / patient.split / "derivatives" / patient.subject / "ses-01"
    return folder / NAME.format(patient.subject)


def test_every_subject_of_a_small_dataset_has_one(demo: Path, small_plan: list[Patient]) -> None:
    for patient in small_plan:
        matrix = read_transform(transform_of(demo, patient))
        # A head is smaller than the template, and never mirrored.
        assert 0.9 < np.linalg.det(matrix) < 1.6


def test_it_leads_where_the_head_was_made_of_but_for_a_few_mm() -> None:
    head = draw_head(70.0, np.random.default_rng(3))
    affine = np.diag([20.0, 20.0, 20.0, 1.0])
    affine[:3, 3] = head.middle_mm - 60
    grid = Grid((7, 7, 7), affine)
    made = see_anatomy(head, grid).mm.reshape(3, -1)
    world = affine[:3, :3] @ np.indices(grid.shape).reshape(3, -1) + affine[:3, 3:]
    given = head.matrix[:, :3] @ world + head.matrix[:, 3:]
    assert np.linalg.norm(given - made, axis=0).max() < 9


def test_three_of_250_have_none_and_one_of_them_a_cut_head(plan: list[Patient]) -> None:
    lacking = [patient for patient in plan if not patient.has_transform]
    assert len(lacking) == 3
    assert [patient.is_cut for patient in plan].count(True) == 1
    assert lacking[0].is_cut
    assert not any(patient.complete for patient in lacking)
    readme = write_readme(plan, seed=1)
    assert all(f"`{patient.split}/{patient.subject}`" in readme for patient in lacking)
    assert "a few mm" in readme


def test_the_upper_part_of_a_grid_stays_where_it_was() -> None:
    affine = np.diag([-2.0, 2.0, 5.0, 1.0])
    cut = Grid((4, 4, 10), affine).upper(0.4)
    assert cut.shape == (4, 4, 4)
    np.testing.assert_allclose(cut.affine @ [1, 2, 3, 1], affine @ [1, 2, 9, 1])
