"""Where numbers come from: the cohort, the data, the program; printed with every result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """A dataset as a caption names it.

    Attributes:
        name: its short name, the first part of a subject's key.
        title: its own title.
        version: as it states it, such as a DOI with its version; None where it doesn't.
        license: as it states it; None where it doesn't.
        synthetic: whether its subjects are made up.
    """

    name: str
    title: str
    version: str | None
    license: str | None
    synthetic: bool

    def __str__(self) -> str:
        stated = [self.version, self.license, "synthetic" if self.synthetic else None]
        known = ", ".join(part for part in stated if part)
        return f"{self.title} ({known})" if known else self.title


@dataclass(frozen=True)
class Provenance:
    """What a result was computed from.

    Attributes:
        query: the cohort as in a URL; empty for everyone.
        sentence: the cohort as a reader says it.
        n: subjects of the cohort.
        sources: the datasets of the index.
        index_version: counts the builds of the index.
        program_version: of Insula.
        made_on: the day on which the result was computed.
    """

    query: str
    sentence: str
    n: int
    sources: Sequence[Source]
    index_version: int
    program_version: str
    made_on: date

    def lines(self) -> list[str]:
        """Sentences for the foot of a table: cohort, data, program."""
        data = "; ".join(map(str, self.sources))
        made = f"Insula {self.program_version}, index version {self.index_version}"
        return [
            f"{self.sentence} n = {self.n}.",
            f"Data: {data}.",
            f"Made with {made}, on {self.made_on:%Y-%m-%d}.",
        ]
