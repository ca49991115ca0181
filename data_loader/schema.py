"""The tables of an index and how rows get into them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = 4
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
}
"""Table to column to DuckDB type; `position`, the order of rows, stands before them all."""


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


def _columns(names: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [[row.get(name) for row in rows] for name in names]
