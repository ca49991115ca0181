"""Which atlas is used: the user's own, else the published one, else the schematic one."""

from pathlib import Path

from analytics.atlas.atlas import Atlas
from data_loader.errors import AtlasError


def choose_atlas(own: Path | None = None, table: Path | None = None) -> Atlas:
    """Read the atlas that is to be used.

    Args:
        own: a label image of the user's.
        table: names its labels.

    Raises:
        AtlasError: the one that would be used can't be read.
    """
    if (own is None) != (table is None):
        raise AtlasError("An atlas of your own needs both: --atlas NII and --atlas-labels TSV.")
    if own is not None and table is not None:
        from analytics.atlas.own import read_own  # noqa: PLC0415 - most use another

        return read_own(own, table)
    from analytics.atlas.published import read_published  # noqa: PLC0415 - readers of an image each
    from analytics.atlas.schematic import read_schematic  # noqa: PLC0415 - the last resort

    return read_published() or read_schematic()
