"""Arterial territories of a cohort's infarcts: how much of them, in how many subjects, by group."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.association import cramers_v
from analytics.border_zones import BorderZone, border_zones
from analytics.outcome.effect import Effect
from analytics.outcome.groups import Group, Groups
from analytics.table_one.comparison import Comparison
from analytics.table_one.summary import Numbers, Share, summarise_numbers
from analytics.territory_comparison import RegionComparison, compare_counts, compare_regions
from analytics.territory_volumes import TerritoryVolumes
from data_loader.atlas import AtlasInfo, Region
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance
from data_loader.variables import Variable

Bool = npt.NDArray[np.bool_]

_Counts = list[list[int]]
"""Subjects, a row a level and a column a group."""


@dataclass(frozen=True)
class RegionSummary:
    """One region in one group, over subjects whose infarct is known in standard space.

    Attributes:
        region: of the atlas.
        ml: infarct volume in it.
        ml_where_any: the same, of the subjects with any there.
        percent: of the subject's infarct.
        percent_of_all: of the infarct volume of all subjects together.
        any: subjects with any of their infarct in it.
        involved: subjects with at least a tenth of it.
        dominant: subjects of whose infarct no other territory holds more.
    """

    region: Region
    ml: Numbers
    ml_where_any: Numbers
    percent: Numbers
    percent_of_all: float
    any: Share
    involved: Share
    dominant: Share


@dataclass(frozen=True)
class TerritoryGroup:
    """The territories of one group.

    Attributes:
        code: its level; empty where everyone is one group, levels joined by commas where several
            variables are crossed.
        label: of the group.
        conditions: what a cohort's query says of it: variable and code.
        n: subjects whose infarct is known in standard space; all counts are of these.
        left_out: reason to the number of subjects without one.
        regions: one a region.
        no_dominant: subjects whose infarct lies outside all territories.
        border_zones: of each border zone of the summary, the subjects in whom both territories
            hold at least a tenth of the infarct.
        sides: side to subjects, as `lesion_side` has it.
        circulation: anterior, posterior or both to subjects, as `circulation` has it.
    """

    code: str
    label: str
    conditions: tuple[tuple[str, str], ...]
    n: int
    left_out: Mapping[str, int]
    regions: tuple[RegionSummary, ...]
    no_dominant: Share
    border_zones: tuple[Share, ...]
    sides: Mapping[str, Share]
    circulation: Mapping[str, Share]


@dataclass(frozen=True)
class TerritorySummary:
    """The territories of a cohort.

    Attributes:
        atlas: by which they are counted.
        level: 1 are the finest regions, 2 whole territories.
        by: what splits the cohort, several variables crossed being one; None where it is one group.
        border_zones: of neighbouring territories; none but at level 2.
        groups: the reference first.
        comparisons: one a territory; none of a single group.
        pattern_comparisons: of `circulation`, of `lesion_side`, and of each border zone by its
            query; none of a single group.
        pattern_effects: Cramér's V of the same; none of fewer than three groups.
        way: how the infarcts came to standard space.
        notes: sentences about who is in no group.
        provenance: which subjects of which data these are.
    """

    atlas: AtlasInfo
    level: int
    by: Variable | None
    border_zones: tuple[BorderZone, ...]
    groups: tuple[TerritoryGroup, ...]
    comparisons: tuple[RegionComparison, ...]
    pattern_comparisons: Mapping[str, Comparison]
    pattern_effects: Mapping[str, Effect]
    way: str
    notes: tuple[str, ...]
    provenance: Provenance


def summarise_territories(
    frame: CohortFrame, atlas: AtlasInfo, volumes: TerritoryVolumes, groups: Groups
) -> TerritorySummary:
    """Summarise a cohort, and compare its groups if there are several.

    Args:
        frame: holds `lesion_side` and `circulation`, where the index has them.
        atlas: by which the infarcts were counted.
        volumes: of the same subjects.
        groups: of the same subjects.

    Raises:
        AnalysisError: nobody has an infarct in standard space.
    """
    known = [group.members & volumes.is_known for group in groups.groups]
    if not any(members.any() for members in known):
        raise AnalysisError(
            f"Nobody in this cohort has an infarct in standard space. {volumes.way}"
        )
    zones = border_zones(volumes.regions)
    summarised = tuple(_group(frame, volumes, group, zones) for group in groups.groups)
    patterns = _pattern_counts(summarised, zones) if len(known) > 1 else {}
    return TerritorySummary(
        atlas=atlas,
        level=volumes.regions[0].level,
        by=groups.variable,
        border_zones=zones,
        groups=summarised,
        comparisons=compare_regions(volumes, known) if len(known) > 1 else (),
        pattern_comparisons={name: compare_counts(table) for name, table in patterns.items()},
        pattern_effects=(
            {name: cramers_v(table) for name, table in patterns.items()} if len(known) > 2 else {}
        ),
        way=volumes.way,
        notes=groups.notes,
        provenance=frame.provenance,
    )


def _group(
    frame: CohortFrame, volumes: TerritoryVolumes, group: Group, zones: Sequence[BorderZone]
) -> TerritoryGroup:
    known = group.members & volumes.is_known
    share = volumes.share[known]
    dominant = volumes.is_dominant[known]
    reasons = (
        reason
        for reason, is_in in zip(volumes.left_out, group.members, strict=True)
        if is_in and reason is not None
    )
    return TerritoryGroup(
        code=group.code,
        label=group.label,
        conditions=group.conditions,
        n=int(known.sum()),
        left_out=dict(Counter(reasons).most_common()),
        regions=_regions(volumes, known),
        no_dominant=_share(np.asarray(~dominant.any(axis=1))),
        border_zones=tuple(_share(zone.holds(share)) for zone in zones),
        sides=_levels(frame, "lesion_side", known),
        circulation=_levels(frame, "circulation", known),
    )


def _regions(volumes: TerritoryVolumes, known: Bool) -> tuple[RegionSummary, ...]:
    ml, percent = volumes.ml[known], 100 * volumes.share[known]
    involved, dominant = volumes.is_involved[known], volumes.is_dominant[known]
    total = float(ml.sum()) or 1.0
    return tuple(
        RegionSummary(
            region=region,
            ml=summarise_numbers(ml[:, at]) or Numbers(),
            ml_where_any=summarise_numbers(ml[ml[:, at] > 0, at]) or Numbers(),
            percent=summarise_numbers(percent[:, at]) or Numbers(),
            percent_of_all=100 * float(ml[:, at].sum()) / total,
            any=_share(ml[:, at] > 0),
            involved=_share(involved[:, at]),
            dominant=_share(dominant[:, at]),
        )
        for at, region in enumerate(volumes.regions)
    )


def _pattern_counts(
    groups: Sequence[TerritoryGroup], zones: Sequence[BorderZone]
) -> Mapping[str, _Counts]:
    """Subjects by level and group of each pattern."""
    found = {
        name: [[each[level].count or 0 for each in shares] for level in shares[0]]
        for name, shares in (
            ("circulation", [group.circulation for group in groups]),
            ("lesion_side", [group.sides for group in groups]),
        )
        if shares[0]
    }
    for at, zone in enumerate(zones):
        counts = [group.border_zones[at].count or 0 for group in groups]
        others = [group.n - count for group, count in zip(groups, counts, strict=True)]
        found[zone.query] = [counts, others]
    return found


def _levels(frame: CohortFrame, name: str, known: Bool) -> Mapping[str, Share]:
    variable = frame.variables.get(name)
    if variable is None:
        return {}
    values = frame.values[name].to_numpy()[known]
    return {label: _share(np.asarray(values == code)) for code, label in variable.levels.items()}


def _share(holds: Bool) -> Share:
    return Share(int(holds.sum()), 100 * float(holds.mean()) if len(holds) else None)
