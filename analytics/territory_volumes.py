"""Infarct volume by territory of a cohort, a row a subject, and why some have none."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.territories import INVOLVED_SHARE
from data_loader.atlas import AtlasInfo, Region
from data_loader.frame import CohortFrame

NO_MASK = "no infarct mask was measured"
EMPTY_MASK = "the infarct mask is empty"

Floats = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TerritoryVolumes:
    """Volumes at one level of an atlas.

    Attributes:
        regions: by id, what lies outside all of them last.
        ml: of each subject in each region; 0 where the subject is left out.
        left_out: why a subject's infarct isn't known by region; None where it is.
        way: how the infarcts came to standard space, as a footnote says it.
    """

    regions: tuple[Region, ...]
    ml: Floats
    left_out: tuple[str | None, ...]
    way: str

    @property
    def is_known(self) -> Bool:
        """Whether each subject has an infarct in standard space."""
        return np.array([reason is None for reason in self.left_out], dtype=bool)

    @property
    def share(self) -> Floats:
        """The volumes as shares of the subject's infarct, 0 to 1."""
        total = self.ml.sum(axis=1, keepdims=True)
        return np.asarray(self.ml / np.where(total > 0, total, 1))

    @property
    def is_involved(self) -> Bool:
        """Whether each region holds at least a tenth of the infarct."""
        return np.asarray(self.share >= INVOLVED_SHARE)

    @property
    def is_dominant(self) -> Bool:
        """Whether each region is the territory that holds most, the first of equals."""
        in_territory = self.ml * [region.is_territory for region in self.regions]
        most = in_territory.max(axis=1, initial=0)
        found = np.zeros(self.ml.shape, dtype=bool)
        found[np.arange(len(most)), in_territory.argmax(axis=1)] = most > 0
        return found


def territory_volumes(
    frame: CohortFrame,
    atlas: AtlasInfo,
    ml: Floats,
    *,
    registrations: Iterable[Mapping[str, Any]],
    level: int,
) -> TerritoryVolumes:
    """Take one level of a cohort's volumes, and say who has none.

    Args:
        frame: the subjects.
        atlas: by which they were counted.
        ml: `Index.territory_ml` of them, shape (subjects, regions of the atlas).
        registrations: `Index.registrations` of them.
        level: of the atlas.
    """
    places = [place for place, region in enumerate(atlas.regions) if region.level == level]
    ways = {(row["dataset"], row["subject"]): row for row in registrations}
    of_level = ml[:, places]
    is_placed = np.asarray(~np.isnan(of_level).any(axis=1))
    left_out: list[str | None] = []
    for at, subject in enumerate(
        zip(frame.values["dataset"], frame.values["subject"], strict=True)
    ):
        if is_placed[at]:
            left_out.append(None if of_level[at].any() else EMPTY_MASK)
        else:
            left_out.append(ways[subject]["reason"] if subject in ways else NO_MASK)
    return TerritoryVolumes(
        regions=tuple(atlas.regions[place] for place in places),
        ml=np.nan_to_num(of_level),
        left_out=tuple(left_out),
        way=_way(ways.values()),
    )


def _way(registrations: Iterable[Mapping[str, Any]]) -> str:
    ways = Counter(map(_way_of, registrations))
    said = "; ".join(f"{way} ({n:,})" for way, n in ways.most_common())
    return f"Standard space: {said or 'no mask was measured'}."


def _way_of(row: Mapping[str, Any]) -> str:
    if row["reason"]:
        return _NOT_PLACED.get(row["status"], str(row["status"]))
    if row["engine"] is None:
        return "given in MNI152"
    if row["status"] == "given":
        return f"given by {row['engine']}"
    return f"registered by {row['engine']}"


_NOT_PLACED = {"failed": "registration failed or was not trusted"}
"""Status of an infarct that isn't in standard space, where the word alone doesn't say it."""
