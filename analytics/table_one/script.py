"""A Python script that prints the same Table 1 again, to the last digit."""

from dataclasses import fields

from analytics.table_one.choices import Choices
from analytics.table_one.result import TableOne

_SCRIPT = '''\
"""Table 1, printed as JSON.

{sentence} n = {n}.
Made with Insula {program_version} from index version {index_version} on {made_on}.

Run as `python table_one.py [INDEX]`, INDEX being the folder of the index; the last one that was
built by default.
"""

import sys
from pathlib import Path

from analytics.table_one import Choices
from analytics.table_one.cohorts import cohort_table_one
from data_loader.cohort import Cohort
from data_loader.folders import last_folder
from data_loader.index import IndexFolder

COHORT = {query!r}
AGAINST = {against!r}
CHOICES = {choices}


def main() -> None:
    """Print the table, and on stderr whether it is made of another index than the first one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else last_folder()
    if folder is None:
        sys.exit("No index was built yet; name its folder.")
    index = IndexFolder(folder).current()
    made_with = index.version, index.meta["program_version"]
    if made_with != {made_with!r}:
        print("Another index or program than the table was made with:", *made_with, file=sys.stderr)
    cohort, against = (
        None if query is None else Cohort.parse(query, index.variables)[0]
        for query in (COHORT, AGAINST)
    )
    table = cohort_table_one(index, cohort, CHOICES, against=against)
    sys.stdout.write(table.as_json())


if __name__ == "__main__":
    main()
'''


def table_one_script(table: TableOne) -> str:
    """Source of a program that makes the table anew from an index and prints it as JSON."""
    made = table.provenance
    return _SCRIPT.format(
        sentence=made.sentence.replace("\\", "\\\\").replace('"', "'"),
        n=made.n,
        program_version=made.program_version,
        index_version=made.index_version,
        made_on=made.made_on,
        made_with=(made.index_version, made.program_version),
        query=made.query,
        against=table.against,
        choices=_source(table.choices),
    )


def _source(choices: Choices) -> str:
    """The choices as they are written in Python, those that go without saying left out."""
    said = [
        f"    {field.name}={getattr(choices, field.name)!r},\n"
        for field in fields(Choices)
        if getattr(choices, field.name) != getattr(Choices(), field.name)
    ]
    return f"Choices(\n{''.join(said)})"
