"""Table 1 of an index's cohorts, and the report that is printed of it."""

from dataclasses import replace

from analytics.table_one.alike import alike_sentence
from analytics.table_one.build import table_one, table_one_of_two
from analytics.table_one.choices import ALL, Choices, paper_rows
from analytics.table_one.layout import printed_table
from analytics.table_one.methods import methods_paragraph
from analytics.table_one.result import TableOne
from analytics.tables.table import Report
from data_loader.cohort import Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index


def cohort_table_one(
    index: Index, cohort: Cohort, choices: Choices, *, against: Cohort | None = None
) -> TableOne:
    """Compute a Table 1 of an index.

    Args:
        index: where the values come from.
        cohort: which subjects.
        choices: what to show; without rows, those of the paper that the index has.
        against: a second cohort to stand beside the first, which may share subjects with it.

    Raises:
        AnalysisError: a choice can't be made of these values.
    """
    rows = choices.variables or paper_rows(index.variables, choices.by)
    needed = (*rows, *choices.by)
    said = {*choices.summaries, *choices.tests} - {ALL}
    if unknown := [name for name in (*needed, *sorted(said)) if name not in index.variables]:
        raise AnalysisError(f"“{unknown[0][:60]}” is no variable of this index.")
    choices = replace(choices.of_rows(rows), variables=rows)
    frame = index.frame(cohort, needed)
    if against is None:
        return table_one(frame, choices)
    first, second = choices.names or (_label(cohort), _label(against))
    return table_one_of_two(frame, index.frame(against, needed), choices, labels=(first, second))


def _label(cohort: Cohort) -> str:
    """A cohort as a heading: what is asked, without the words around it."""
    return "; ".join(phrase for _, phrase, _ in cohort.steps) or "all subjects"


def table_one_report(table: TableOne) -> Report:
    """The document of a Table 1: methods, the answer whether columns are alike, the table."""
    paragraphs = [("Methods", methods_paragraph(table))]
    if sentence := alike_sentence(table):
        paragraphs.append(("Balance", sentence))
    return Report(
        title="Table 1",
        paragraphs=paragraphs,
        tables=(printed_table(table),),
        provenance=table.provenance,
    )
