"""Territories of all real SOOP infarcts, against the table published with the masks."""

import csv
from pathlib import Path

import pytest

from data_loader.cohort import EVERYONE
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
