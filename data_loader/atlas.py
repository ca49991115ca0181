"""What is known of an atlas of arterial territories, as an index keeps it."""

import re
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]
Circulation = Literal["anterior", "posterior"]

_SIDE_ENDING = re.compile(r"[-_ ](left|right|l|r)$", re.IGNORECASE)

OUTSIDE, OUTSIDE_LABEL = 0, "outside atlas"
"""Id and label of what no region of the atlas holds, at every level."""


@dataclass(frozen=True)
class Region:
    """One region of an atlas.

    Attributes:
        level: 1 are the finest regions, 2 whole territories.
        id: unique within its level; `OUTSIDE` is what no region holds.
        label: as tables name it, unique within the atlas but for that of `OUTSIDE`.
        side: None where it has none.
        circulation: None where it is of neither, or not said.
        is_territory: whether an artery supplies it; ventricles and `OUTSIDE` are none.
        ml: its volume; None for `OUTSIDE`.
    """

    level: int
    id: int
    label: str
    side: Side | None
    circulation: Circulation | None
    is_territory: bool
    ml: float | None

    @property
    def name(self) -> str:
        """Its label without the side."""
        return _SIDE_ENDING.sub("", self.label) if self.side else self.label


@dataclass(frozen=True)
class AtlasInfo:
    """What an atlas is and who made it.

    Attributes:
        name: as printed beside every number taken from it.
        version: as its makers state it.
        sha256: of the file that its labels were read from.
        license: under which it may be passed on; None where it isn't known.
        citation: of the publication; None where there is none.
        note: what to know before its numbers are used; None where there is nothing.
        regions: level by level, by id, `OUTSIDE` last in each.
    """

    name: str
    version: str
    sha256: str
    license: str | None
    citation: str | None
    note: str | None
    regions: tuple[Region, ...]

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that it has."""
        return tuple(dict.fromkeys(region.level for region in self.regions))

    @property
    def territories(self) -> tuple[Region, ...]:
        """Whole territories, both sides."""
        return tuple(r for r in self.regions if r.level == 2 and r.is_territory)

    def lines(self) -> list[str]:
        """Sentences for the foot of a table or figure."""
        known = "; ".join(part for part in (self.version, self.license) if part)
        lines = [f"Territories: {self.name} ({known})."]
        return [*lines, *(text for text in (self.citation, self.note) if text)]
