"""The tables of an index and how rows get into them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt

SCHEMA_VERSION = 7
"""Raised whenever tables or measures change: an older index is rebuilt, never misread."""

POINTER = "current"
"""File in the index folder that names the version to be read."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "meta": {"key": "VARCHAR", "value": "VARCHAR"},
    "datasets": {
        "name": "VARCHAR",
        "title": "VARCHAR",
        "root": "VARCHAR",
        "profile": "VARCHAR",
        "version": "VARCHAR",
        "license": "VARCHAR",
        "synthetic": "BOOLEAN",
    },
    "variables": {
        "definition": "VARCHAR",
        "name": "VARCHAR",
        "label": "VARCHAR",
        "unit": "VARCHAR",
        "kind": "VARCHAR",
        "timepoint": "VARCHAR",
        "group": "VARCHAR",
        "plausible_low": "DOUBLE",
        "plausible_high": "DOUBLE",
        "levels": "VARCHAR",
        "note": "VARCHAR",
        "inferred": "BOOLEAN",
    },
    "images": {
        "dataset": "VARCHAR",
        "subject": "VARCHAR",
        "session": "VARCHAR",
        "kind": "VARCHAR",
        "space": "VARCHAR",
        "file": "VARCHAR",
        "status": "VARCHAR",
        "bytes": "BIGINT",
        "mtime_ns": "BIGINT",
        "nx": "BIGINT",
        "ny": "BIGINT",
        "nz": "BIGINT",
        "nt": "BIGINT",
        "voxel_x_mm": "DOUBLE",
        "voxel_y_mm": "DOUBLE",
        "voxel_z_mm": "DOUBLE",
        "orientation": "VARCHAR",
        "dtype": "VARCHAR",
        "sentence": "VARCHAR",
    },
    "sources": {
        "dataset": "VARCHAR",
        "file": "VARCHAR",
        "bytes": "BIGINT",
        "mtime_ns": "BIGINT",
    },
    "lesions": {
        "dataset": "VARCHAR",
        "subject": "VARCHAR",
        "session": "VARCHAR",
        "space": "VARCHAR",
        "file": "VARCHAR",
        "voxels": "BIGINT",
        "volume_ml": "DOUBLE",
        "components_26": "BIGINT",
        "components_6": "BIGINT",
        "largest_ml": "DOUBLE",
        "centroid_x_mm": "DOUBLE",
        "centroid_y_mm": "DOUBLE",
        "centroid_z_mm": "DOUBLE",
        "laterality_index": "DOUBLE",
        "laterality_reference": "VARCHAR",
        "dominant_territory": "VARCHAR",
        "inside_ctp_slab_share": "DOUBLE",
        "voxel_x_mm": "DOUBLE",
        "voxel_y_mm": "DOUBLE",
        "voxel_z_mm": "DOUBLE",
        "nx": "BIGINT",
        "ny": "BIGINT",
        "nz": "BIGINT",
        "orientation": "VARCHAR",
    },
    "perfusion": {
        **dict.fromkeys(("dataset", "subject", "session", "space"), "VARCHAR"),
        **dict.fromkeys(("tmax_file", "cbf_file"), "VARCHAR"),
        **dict.fromkeys(("tissue_ml", "normal_share", "normal_cbf"), "DOUBLE"),
        **dict.fromkeys(("tmax_4_ml", "tmax_6_ml", "tmax_8_ml", "tmax_10_ml"), "DOUBLE"),
        **dict.fromkeys(("core_ml", "mismatch_ml", "mismatch_ratio"), "DOUBLE"),
        "target_mismatch": "BIGINT",
        "hypoperfusion_intensity_ratio": "DOUBLE",
        **dict.fromkeys(("infarct_in_core_ml", "infarct_in_tmax_6_ml"), "DOUBLE"),
        "infarct_growth_ml": "DOUBLE",
    },
    "problems": {
        "dataset": "VARCHAR",
        "subject": "VARCHAR",
        "code": "VARCHAR",
        "severity": "VARCHAR",
        "file": "VARCHAR",
        "variable": "VARCHAR",
        "sentence": "VARCHAR",
        "remedy": "VARCHAR",
    },
    "atlas": {
        "name": "VARCHAR",
        "version": "VARCHAR",
        "sha256": "VARCHAR",
        "license": "VARCHAR",
        "citation": "VARCHAR",
        "note": "VARCHAR",
        "labels": "BLOB",
    },
    "atlas_regions": {
        "level": "BIGINT",
        "id": "BIGINT",
        "label": "VARCHAR",
        "side": "VARCHAR",
        "circulation": "VARCHAR",
        "is_territory": "BOOLEAN",
        "ml": "DOUBLE",
    },
    "registrations": {
        "dataset": "VARCHAR",
        "subject": "VARCHAR",
        "file": "VARCHAR",
        "status": "VARCHAR",
        "reason": "VARCHAR",
        "method": "VARCHAR",
        "engine": "VARCHAR",
        "reference": "VARCHAR",
        "reference_file": "VARCHAR",
        "dice": "DOUBLE",
        "determinant": "DOUBLE",
        "brain_ml": "DOUBLE",
        "outside_voxels": "BIGINT",
        "overlay": "VARCHAR",
        "transform_file": "VARCHAR",
        "matrix": "VARCHAR",
        "warp": "VARCHAR",
    },
}
"""Table to column to DuckDB type; `position`, the order of rows, stands before them all."""

NUMBERS: Mapping[str, Mapping[str, str]] = {
    "territory_volumes": {
        "subject": "INTEGER",
        "region": "INTEGER",
        "ml": "DOUBLE",
        "share": "DOUBLE",
        "region_share": "DOUBLE",
    },
    "lesion_runs": {"subject": "INTEGER", "first": "INTEGER", "behind": "INTEGER"},
}
"""Long tables of numbers; `subject` and `region` are positions in the tables of these."""

VIEWS: Mapping[str, str] = {
    "territories": (
        "SELECT volumes.subject * 1000 + volumes.region AS position, subjects.dataset,"
        " subjects.subject, (SELECT name FROM atlas) AS atlas, regions.level, regions.id,"
        " regions.label, regions.side, volumes.ml, volumes.share,"
        " volumes.region_share"
        " FROM territory_volumes AS volumes"
        " JOIN atlas_regions AS regions ON regions.position = volumes.region"
        " JOIN subjects ON subjects.position = volumes.subject"
    )
}
"""What is put together when it is asked for; `position` is the order of rows here too."""

STATUSES = ("ok", "not used", "absent", "unreadable", "unrecognised")
"""What can become of an image file."""

GRID = ("nx", "ny", "nz", "nt", "voxel_x_mm", "voxel_y_mm", "voxel_z_mm")
"""Columns of `images` that say how large one is."""


_ROWS_AT_ONCE = 10_000
"""Bound values take much more memory than stored ones."""


def quoted(name: str) -> str:
    """An identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def store_table(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Create a table and fill it, a list a column: rows one by one take a hundred times as long.

    Args:
        connection: open for writing.
        table: its name, one of this program's own.
        columns: name to DuckDB type.
        rows: column name to value; absent means NULL.
    """
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE TABLE {quoted(table)} (position BIGINT, {declared})")
    unnested = ", ".join(f"unnest(?::{kind}[])" for kind in ("BIGINT", *columns.values()))
    sql = f"INSERT INTO {quoted(table)} SELECT {unnested}"
    rows = list(rows)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        positions = list(range(start, start + len(some)))
        connection.execute(sql, [positions, *_columns(columns, some)])


def store_numbers(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    columns: Mapping[str, str],
    numbers: Mapping[str, "npt.NDArray[Any]"],
) -> None:
    """Create a table and fill it from arrays: a million rows take a tenth of a second.

    Args:
        connection: open for writing.
        table: its name, one of this program's own.
        columns: name to DuckDB type.
        numbers: name to values; none where it is empty. NaN becomes NULL.
    """
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE TABLE {quoted(table)} ({declared})")
    if numbers:
        connection.register("numbers", dict(numbers))
        selected = ", ".join(map(quoted, columns))
        connection.execute(f"INSERT INTO {quoted(table)} SELECT {selected} FROM numbers")  # noqa: S608
        connection.unregister("numbers")


def _columns(names: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [[row.get(name) for row in rows] for name in names]
