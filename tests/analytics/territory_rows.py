"""A cohort by territory made by hand: rows as an index gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.atlas.atlas import territory_regions
from analytics.outcome.groups import split_groups
from analytics.table_one.dataframe import as_frame
from analytics.territory_summary import TerritorySummary, summarise_territories
from analytics.territory_volumes import TerritoryVolumes, territory_volumes
from data_loader.atlas import AtlasInfo
from data_loader.frame import CohortFrame

ATLAS = AtlasInfo(
    name="Atlas made by hand",
    version="1",
    sha256="",
    license=None,
    citation=None,
    note="Approximate, not validated.",
    regions=territory_regions(np.full(11, 100.0)),
)
IDS = {region.label: region.id for region in ATLAS.regions}


@dataclass(frozen=True)
class Cohort:
    """Subjects and their infarcts.

    Attributes:
        frame: with the columns that were given.
        volumes: of the subjects.
    """

    frame: CohortFrame
    volumes: TerritoryVolumes

    def summary(self, by: str | None = None) -> TerritorySummary:
        """The territories of the cohort."""
        return summarise_territories(self.frame, ATLAS, self.volumes, split_groups(self.frame, by))


def cohort_of(
    infarcts: Sequence[Mapping[str, float] | str | None], **columns: Sequence[Any]
) -> Cohort:
    """A cohort from each subject's infarct.

    Args:
        infarcts: ml by territory; a reason where registration failed; None without a mask.
        columns: values of variables.
    """
    labels = [f"sub-{number}" for number in range(len(infarcts))]
    frame = as_frame(pd.DataFrame(columns, index=labels))
    ml = np.full((len(labels), len(IDS)), np.nan)
    registrations = []
    for at, (label, infarct) in enumerate(zip(labels, infarcts, strict=True)):
        way = {"status": "given", "engine": None, "reason": None}
        row: dict[str, str | None] = {"dataset": "dataframe", "subject": label, **way}
        if isinstance(infarct, str):
            registrations.append(row | {"status": "failed", "reason": infarct})
        elif infarct is not None:
            registrations.append(row)
            ml[at] = [infarct.get(region, 0.0) for region in IDS]
    volumes = territory_volumes(frame, ATLAS, ml, registrations=registrations, level=2)
    return Cohort(frame, volumes)
