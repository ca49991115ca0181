"""Maps of lesion frequency in words and tables."""

from analytics.lesion_map import DifferenceMap, OverlapMap
from analytics.map_regions import Regions
from analytics.peaks import Peak, peaks_by_region
from analytics.table_one.wording import fixed
from analytics.tables.table import Cell, Column, Report, Table, TableRow
from data_loader.provenance import Provenance


def overlap_report(overlap: OverlapMap, regions: Regions, provenance: Provenance) -> Report:
    """Lesion frequency as a document: where it is highest, and in each territory."""
    return Report(
        title="Lesion overlap",
        paragraphs=[
            ("Result", peak_sentence(overlap, regions)),
            ("Methods", " ".join((_overlap_method(overlap), *regions.sources))),
        ],
        tables=(overlap_table(overlap, regions),),
        provenance=provenance,
    )


def difference_report(
    difference: DifferenceMap,
    names: tuple[str, str],
    *,
    regions: Regions,
    provenance: Provenance,
    shared: int = 0,
) -> Report:
    """A difference as a document.

    Args:
        difference: the map.
        names: of the groups.
        regions: territories.
        provenance: of the first cohort.
        shared: subjects who are in both groups.
    """
    warnings = (
        [f"{shared:,} subjects are in both groups, which makes these more alike than they are."]
        if shared
        else []
    )
    return Report(
        title=f"Lesion frequency, {names[0]} less {names[1]}",
        paragraphs=[
            ("Result", difference_sentence(difference, names, regions)),
            ("Methods", " ".join((_difference_method(difference), *regions.sources))),
        ],
        tables=(difference_table(difference, names, regions),),
        provenance=provenance,
        warnings=warnings,
    )


def peak_sentence(overlap: OverlapMap, regions: Regions) -> str:
    """Where most subjects have a lesion."""
    if not overlap.peaks:
        return f"None of {overlap.n:,} subjects has a lesion in standard space."
    first, *others = overlap.peaks
    count = int(first.value)
    more = f", and at {len(others):,} more places" if len(others) > 1 else ""
    more = ", and at one more place" if len(others) == 1 else more
    return (
        f"Most often {count:,} of {overlap.n:,} subjects ({_percent(count, overlap.n)}) have a"
        f" lesion at one voxel, at {first.position} mm (x, y, z) in {regions.name_at(first.voxel)}"
        f"{more}."
    )


def difference_sentence(difference: DifferenceMap, names: tuple[str, str], regions: Regions) -> str:
    """Where the groups differ most, either way."""
    values = difference.percent.ravel(order="F")
    found = []
    for name, place in zip(names, (int(values.argmax()), int(values.argmin())), strict=True):
        points = abs(float(values[place]))
        if points:
            where = f"{Peak(points, place, 1).position} mm ({regions.name_at(place)})"
            found.append(f"in “{name}” by up to {points:.0f} percentage points, at {where}")
    if not found:
        return "The groups have lesions equally often wherever there are enough to be shown."
    return f"Lesions are more frequent {', and '.join(found)}."


def overlap_table(overlap: OverlapMap, regions: Regions) -> Table:
    """The voxel with most lesions of each territory; one without any gets no row."""
    rows = [
        TableRow(
            (
                Cell(regions.names[number]),
                _count(int(peak.value)),
                Cell(_percent(int(peak.value), overlap.n), 100 * peak.value / overlap.n, 0),
                Cell(peak.position),
                _count(peak.voxels),
            ),
            key=regions.names[number],
        )
        for number, peak in peaks_by_region(overlap.shown, regions.ids).items()
    ]
    columns = (
        Column("territory", "Territory", align="left"),
        Column("n", "n", spanner="Most subjects with a lesion at one voxel"),
        Column(
            "percent", f"% of {overlap.n:,}", spanner="Most subjects with a lesion at one voxel"
        ),
        Column("mm", "x, y, z (mm)", spanner="Most subjects with a lesion at one voxel"),
        Column("voxels", "Voxels shown (mm³)"),
    )
    return Table("Lesion overlap: peak by territory", columns, tuple(rows))


def difference_table(difference: DifferenceMap, names: tuple[str, str], regions: Regions) -> Table:
    """The voxel of each territory where the groups differ most."""
    counts = [each.ravel(order="F") for each in difference.counts]
    rows = []
    for number, peak in peaks_by_region(difference.percent, regions.ids).items():
        shares = [
            Cell(f"{int(each[peak.voxel]):,} ({_percent(int(each[peak.voxel]), n)})")
            for each, n in zip(counts, difference.n, strict=True)
        ]
        name = regions.names[number]
        points = Cell(fixed(peak.value, 0), peak.value, 0)
        rows.append(TableRow((Cell(name), points, *shares, Cell(peak.position)), key=name))
    spanner = "Voxel with the largest difference"
    columns = (
        Column("territory", "Territory", align="left"),
        Column("points", "% points", spanner=spanner),
        *(
            Column(f"n_{at}", name, sub=f"n = {n:,}, n (%)", spanner=spanner)
            for at, (name, n) in enumerate(zip(names, difference.n, strict=True))
        ),
        Column("mm", "x, y, z (mm)", spanner=spanner),
    )
    return Table("Difference of lesion frequency by territory", columns, tuple(rows))


def _overlap_method(overlap: OverlapMap) -> str:
    shown = f" Shown are voxels with a lesion in at least {overlap.least:,} of them."
    return (
        f"Subjects with a lesion at each voxel of MNI152 (1 mm), of {overlap.n:,} whose lesion is"
        f" known in standard space.{shown * (overlap.least > 1)}"
    )


def _difference_method(difference: DifferenceMap) -> str:
    return (
        "Percentage of the first group with a lesion at each voxel of MNI152 (1 mm) less that of"
        f" the second, where at least {difference.least:,} of both together have one. No test was"
        " made; a lesion-symptom map of the group tests all voxels together."
    )


def _percent(count: int, n: int) -> str:
    return f"{100 * count / n:.0f} %"


def _count(count: int) -> Cell:
    return Cell(f"{count:,}", count, 0)
