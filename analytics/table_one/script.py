"""A Python script that prints the same Table 1 again, to the last digit."""

from dataclasses import fields

from analytics.table_one.choices import Choices
from analytics.table_one.result import TableOne
from analytics.tables.script import result_script

_IMPORTS = (
    "from analytics.table_one import Choices",
    "from analytics.table_one.cohorts import cohort_table_one",
)
_BODY = """\
    cohort, against = (
        None if query is None else Cohort.parse(query, index.variables)[0]
        for query in (COHORT, AGAINST)
    )
    table = cohort_table_one(index, cohort, CHOICES, against=against)
    sys.stdout.write(table.as_json())
"""


def table_one_script(table: TableOne) -> str:
    """Source of a program that makes the table anew from an index and prints it as JSON."""
    choices = _source(table.choices)
    query = table.provenance.query
    return result_script(
        table.provenance,
        what="Table 1, printed as JSON.",
        file_name="table_one.py",
        imports=_IMPORTS,
        constants=f"COHORT = {query!r}\nAGAINST = {table.against!r}\nCHOICES = {choices}",
        body=_BODY,
    )


def _source(choices: Choices) -> str:
    """The choices as they are written in Python, those that go without saying left out."""
    said = [
        f"    {field.name}={getattr(choices, field.name)!r},\n"
        for field in fields(Choices)
        if getattr(choices, field.name) != getattr(Choices(), field.name)
    ]
    return f"Choices(\n{''.join(said)})"
