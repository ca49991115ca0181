"""A Python script that counts the same territories again and gives the same numbers."""

from analytics.tables.script import result_script
from analytics.territory_summary import TerritorySummary

_IMPORTS = (
    "from analytics.territory_cohort import cohort_territories",
    "from analytics.territory_numbers import territory_json",
)
_BODY = """\
    cohort, _ = Cohort.parse(COHORT, index.variables)
    found = cohort_territories(index, cohort, by=BY, level=LEVEL)
    sys.stdout.buffer.write(territory_json(found))
"""


def territory_script(summary: TerritorySummary) -> str:
    """Source of a program that makes them anew from an index and prints them as JSON."""
    query, by = summary.provenance.query, summary.by.name if summary.by else ""
    return result_script(
        summary.provenance,
        what="Arterial territories of a cohort's infarcts, printed as JSON.",
        file_name="territories.py",
        imports=_IMPORTS,
        constants=f"COHORT = {query!r}\nBY = {by!r}\nLEVEL = {str(summary.level)!r}",
        body=_BODY,
    )
