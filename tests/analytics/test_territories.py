"""Territories of all real SOOP infarcts, against the table published with the masks."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analytics.standard_space import SIZE, voxels_of
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index


def test_shares_of_regions_are_those_that_were_published(soop: Index, real_data: Path) -> None:
    atlas = soop.atlas
    assert atlas is not None
    if not atlas.sha256.startswith("36c26bfba462baa5"):
        pytest.skip("the published atlas wasn't fetched; `insula atlas fetch` gets it")
    with (real_data / "expected" / "soop_artery.tsv").open(encoding="utf-8") as file:
        expected = {
            (row["participant_id"], int(column.split("_")[0])): float(row[column])
            for row in csv.DictReader(file, delimiter="\t")
            for column in row
            if column[0].isdigit()
        }
    found = {
        (row["subject"], row["id"]): row["region_share"]
        for row in soop.territories(EVERYONE)
        if row["level"] == 1 and row["region_share"] is not None
    }
    assert len(expected) == 721 * 31
    assert max(abs(found.get(key, 0.0) - share) for key, share in expected.items()) < 1e-9


def test_the_volume_of_every_infarct_is_kept(soop: Index) -> None:
    volumes = {row["subject"]: row["volume_ml"] for row in soop.lesions(EVERYONE)}
    for level in (1, 2):
        sums: dict[str, float] = {}
        for row in soop.territories(EVERYONE):
            if row["level"] == level:
                sums[row["subject"]] = sums.get(row["subject"], 0.0) + row["ml"]
        assert sums == pytest.approx(volumes)


def test_an_index_keeps_the_regions_that_it_counts_by(soop: Index) -> None:
    atlas = soop.atlas
    assert atlas is not None
    assert tuple(soop.atlas_ids) == atlas.levels
    assert all(ids.shape == (SIZE,) for ids in soop.atlas_ids.values())
    one, _ = Cohort.parse("subject=sub-1", soop.variables)
    voxels = voxels_of(soop.lesion_runs(one).runs)
    stored = {(row["level"], row["id"]): row["ml"] for row in soop.territories(one) if row["ml"]}
    counted = {
        (level, number): count / 1000
        for level, ids in soop.atlas_ids.items()
        for number, count in enumerate(np.bincount(ids[voxels]).tolist())
        if count
    }
    assert counted == pytest.approx(stored)


def test_a_part_of_a_territory_lies_on_one_side_of_the_brain(soop: Index) -> None:
    assert soop.atlas is not None
    x = np.arange(SIZE) % 182 - 91
    for region in soop.atlas.regions:
        if region.side:
            inside = soop.atlas_ids[region.level] == region.id
            share = np.mean(x[inside] > 0)
            assert share > 0.9 if region.side == "right" else share < 0.1
