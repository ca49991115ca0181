"""A Python script that counts the same territories again and gives the same numbers."""

from analytics.territory_summary import TerritorySummary

_SCRIPT = '''\
"""Arterial territories of a cohort's infarcts, their numbers printed as JSON.

{sentence} n = {n}.
Made with Insula {program_version} from index version {index_version} on {made_on}.

Run as `python territories.py [INDEX]`, INDEX being the folder of the index; the last one that was
built by default.
"""

import sys
from pathlib import Path

from analytics.territory_cohort import cohort_territories
from analytics.territory_numbers import territory_json
from data_loader.cohort import Cohort
from data_loader.folders import last_folder
from data_loader.index import IndexFolder

COHORT = {query!r}
BY = {by!r}
LEVEL = {level!r}


def main() -> None:
    """Print the numbers, and on stderr whether they are of another index than the first ones."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else last_folder()
    if folder is None:
        sys.exit("No index was built yet; name its folder.")
    index = IndexFolder(folder).current()
    made_with = index.version, index.meta["program_version"]
    if made_with != {made_with!r}:
        print("Another index or program than these were made with:", *made_with, file=sys.stderr)
    cohort, _ = Cohort.parse(COHORT, index.variables)
    sys.stdout.buffer.write(territory_json(cohort_territories(index, cohort, by=BY, level=LEVEL)))


if __name__ == "__main__":
    main()
'''


def territory_script(summary: TerritorySummary) -> str:
    """Source of a program that makes them anew from an index."""
    made = summary.provenance
    return _SCRIPT.format(
        sentence=made.sentence.replace("\\", "\\\\").replace('"', "'"),
        n=made.n,
        program_version=made.program_version,
        index_version=made.index_version,
        made_on=made.made_on,
        made_with=(made.index_version, made.program_version),
        query=made.query,
        by=summary.by.name if summary.by else "",
        level=str(summary.level),
    )
