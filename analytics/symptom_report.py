"""A lesion-symptom map in words and tables."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from analytics.family_wise import ALPHA
from analytics.map_regions import Regions
from analytics.peaks import Peak, clusters, peaks_by_region
from analytics.symptom_map import SymptomMap
from analytics.table_one.wording import fixed, p_value
from analytics.tables.table import Cell, Column, Report, Table, TableRow
from data_loader.provenance import Provenance

_VOLUME_NOTE = (
    "Lesion volume is not taken account of: large lesions reach many voxels and come with higher"
    " scores, so that any voxel of a common territory may stand for them. A linear model takes it"
    " as a covariate."
)


def symptom_report(
    found: SymptomMap,
    *,
    regions: Regions,
    provenance: Provenance,
) -> Report:
    """A map as a document: what was found, how, and the peaks.

    Args:
        found: the map.
        regions: territories.
        provenance: of the cohort.
    """
    return Report(
        title=f"Lesion-symptom map of {found.score}",
        paragraphs=[
            ("Result", result_of(found)),
            ("Methods", " ".join((method_of(found), *regions.sources))),
        ],
        tables=(territory_table(found, regions.ids, regions.names), cluster_table(found)),
        provenance=provenance,
        warnings=cautions_of(found),
    )


def result_of(found: SymptomMap) -> str:
    """What was found, in a sentence or two."""
    count = int(found.is_significant.sum())
    tested = f"of {len(found.voxels):,} voxels tested"
    if not count:
        return f"No voxel {tested} goes with {found.score} beyond what chance gives in a whole map."
    beyond = clusters(found.volume(), above=found.critical)
    strongest = max(beyond, key=lambda peak: abs(peak.value))
    direction = "higher" if strongest.value > 0 else "lower"
    return (
        f"{count:,} {tested} go with {found.score} beyond what chance gives in a whole map, in"
        f" {_counted(len(beyond), 'cluster')}; the strongest, where {found.score} is {direction}"
        f" with a lesion, at {strongest.position} mm (x, y, z)."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def method_of(found: SymptomMap) -> str:
    """What was done, as a methods section has it."""
    left_out = f" ({found.unknown:,} left out, {_unknown(found)})" if found.unknown else ""
    return (
        f"{_test(found)} in {found.n:,} subjects{left_out}, at the {len(found.voxels):,} voxels of"
        f" MNI152 (1 mm) where at least {found.least} had a lesion and as many had none"
        f" ({found.patterns:,} distinct lesion patterns). Corrected for all voxels at a family-wise"
        f" error of {ALPHA:g}, two-sided, by the largest absolute statistic of"
        f" {found.plan.permutations:,} permutations (seed {found.plan.seed}) of"
        f" {_permuted(found)}: p = (b + 1) / (m + 1), critical value"
        f" {found.critical:.2f}. Positive: {found.score} is higher with a lesion."
    )


def cautions_of(found: SymptomMap) -> tuple[str, ...]:
    """What must stand beside the map."""
    adjusted = any("volume" in covariate.casefold() for covariate in found.covariates)
    return () if adjusted else (_VOLUME_NOTE,)


def _test(found: SymptomMap) -> str:
    if found.plan.method == "brunner-munzel":
        return (
            f"Brunner and Munzel's rank test (Biom J 2000;42:17) of {found.score} against lesion"
            " status"
        )
    adjusted = f", adjusted for {_listed(found.covariates)}" if found.covariates else ""
    return f"Linear model of {found.score} on lesion status{adjusted} (t of lesion status)"


def _permuted(found: SymptomMap) -> str:
    if found.plan.method == "linear" and found.covariates:
        return (
            "the residuals of the model without lesion status (Freedman & Lane, J Bus Econ Stat"
            " 1983;1:292)"
        )
    return "the score"


def _unknown(found: SymptomMap) -> str:
    return f"{found.score}{' or a covariate' * bool(found.covariates)} not being known"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def territory_table(
    found: SymptomMap, regions: npt.NDArray[np.integer], names: Mapping[int, str]
) -> Table:
    """The voxel farthest from 0 of each territory.

    Args:
        found: the map.
        regions: number of the territory of each voxel of standard space, a volume.
        names: of the territories, by number; one without any voxel tested gets no row.
    """
    beyond = peaks_by_region(found.volume(significant=True), regions)
    rows = []
    for number, peak in peaks_by_region(found.volume(), regions).items():
        if number in names:
            significant = beyond[number].voxels if number in beyond else 0
            counts = (_count(peak.voxels), _count(significant))
            rows.append(TableRow((Cell(names[number]), *counts, *_peak_cells(found, peak))))
    columns = (
        Column("territory", "Territory", align="left"),
        Column("tested", "Voxels tested"),
        Column("beyond", "Beyond critical"),
        *_peak_columns(found),
    )
    title = f"Lesion and {found.score}: peak by territory"
    return Table(title, columns, tuple(rows), _footnotes(found))


def cluster_table(found: SymptomMap) -> Table:
    """The clusters beyond the critical value, the largest first."""
    rows = tuple(
        TableRow(
            (
                Cell("higher" if peak.value > 0 else "lower"),
                _count(peak.voxels),
                *_peak_cells(found, peak),
            )
        )
        for peak in clusters(found.volume(), above=found.critical)
    )
    columns = (
        Column("direction", f"{found.score} with a lesion", align="left"),
        Column("voxels", "Voxels (mm³)"),
        *_peak_columns(found),
    )
    title = f"Lesion and {found.score}: clusters beyond the critical value"
    nothing = () if rows else (("", "No voxel is beyond the critical value."),)
    return Table(title, columns, rows, (*nothing, *_footnotes(found)))


def _peak_columns(found: SymptomMap) -> Iterable[Column]:
    statistic = "t" if found.plan.method == "linear" else "Brunner-Munzel"
    return (
        Column("peak", statistic, spanner="Peak"),
        Column("p", "p, corrected", spanner="Peak"),
        Column("mm", "x, y, z (mm)", spanner="Peak"),
        Column("lesions", "Lesions (n)", spanner="Peak"),
    )


def _peak_cells(found: SymptomMap, peak: Peak) -> Iterable[Cell]:
    place = int(np.searchsorted(found.voxels, peak.voxel))
    p = float(found.p[place])
    return (
        Cell(fixed(peak.value, 2), peak.value, 2),
        Cell(p_value(p), p, 3),
        Cell(peak.position),
        _count(int(found.lesions[place])),
    )


def _count(count: int) -> Cell:
    return Cell(f"{count:,}", count, 0)


def _footnotes(found: SymptomMap) -> tuple[tuple[str, str], ...]:
    return tuple(("", sentence) for sentence in (method_of(found), *cautions_of(found)))
