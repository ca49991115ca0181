"""What stands under a Table 1, written from the result itself."""

from analytics.table_one.choices import Adjustment
from analytics.table_one.result import TableOne, VariableRow
from analytics.table_one.wording import HIDDEN, test_sentence

ADJUSTMENTS: dict[Adjustment, str] = {"none": "", "holm": "Holm", "bh": "Benjamini-Hochberg"}


def row_notes(row: VariableRow, table: TableOne) -> list[str]:
    """Sentences about one variable: its test, what isn't defined, its structural blanks, itself."""
    labels = [column.full_label for column in table.groups]
    notes = [test_sentence(row.comparison, labels)] if row.comparison else []
    if row.smd and row.smd.reason and not row.is_hidden:
        notes.append(f"SMD not defined: {row.smd.reason}.")
    counts = [
        (c.full_label, known.structural) for c, known in zip(table.columns, row.known, strict=True)
    ]
    applies_not = [f"{n:,} in {label}" for label, n in counts if n]
    if applies_not:
        who = "; ".join(applies_not)
        notes.append(f"Not applicable, and not counted as missing: {who}.")
    if row.variable.note:
        notes.append(row.variable.note)
    return notes


def smd_note(table: TableOne) -> str:
    """How the standardised mean differences were computed, and which way they point."""
    methods = dict.fromkeys(s.method for row in table.rows for s in row.smds if s.method)
    way = _way(table) if len(table.groups) == 2 else _LARGEST
    return f"Standardised mean difference, {'; '.join((way, *methods))}."


_LARGEST = "the largest of any pair of columns, without an interval since it was picked"


def difference_note(table: TableOne) -> str:
    """How the differences and their intervals were computed."""
    rows = [
        d for row in table.rows for d in (row.difference, *(lv.difference for lv in row.levels))
    ]
    methods = dict.fromkeys(d.method for d in rows if d)
    return f"Difference and interval, {'; '.join((_way(table), *methods))}."


def _way(table: TableOne) -> str:
    return f"{table.columns[0].full_label} minus {table.columns[1].full_label}"


def general_notes(table: TableOne) -> list[str]:
    """Sentences about the whole table."""
    return [
        *_summary_notes(table),
        *_adjustment_note(table),
        *_hidden_note(table),
        *_shared_note(table),
        *table.notes,
    ]


def _summary_notes(table: TableOne) -> list[str]:
    used = {row.summary for row in table.rows}
    said = {
        "mean": "SD with n \u2212 1",
        "median": "IQR from the first to the third quartile, by linear interpolation (type 7)",
        "count": "percentages are of known values",
    }
    notes = [said[summary] for summary in ("mean", "median", "count") if summary in used]
    if table.choices.blanks == "cells" and _has_blanks(table):
        notes.append("n or a denominator within a cell is given where not all values are known")
    text = "; ".join(notes)
    return [f"{text[0].upper()}{text[1:]}."] if text else []


def _has_blanks(table: TableOne) -> bool:
    return any(known.missing or known.structural for row in table.rows for known in row.known)


def _adjustment_note(table: TableOne) -> list[str]:
    tests = sum(row.comparison is not None and row.comparison.p is not None for row in table.rows)
    if not tests:
        return []
    if table.choices.adjust == "none":
        return ["p-values are two-sided and not adjusted for their number."]
    how = ADJUSTMENTS[table.choices.adjust]
    return [f"p-values are two-sided; the adjusted ones by {how} for {tests} tests."]


def _hidden_note(table: TableOne) -> list[str]:
    least = table.choices.minimum_cell
    if not least:
        return []
    return [
        (
            f"Counts from 1 to {least - 1} are {HIDDEN}, as is whatever would tell them; least and"
            " largest values are not given."
        )
    ]


def _shared_note(table: TableOne) -> list[str]:
    if not table.shared:
        return []
    n = f"{table.shared:,} subject{'' if table.shared == 1 else 's'}"
    return [
        (
            f"{n} are in both cohorts: no tests and intervals, which take columns as independent, are"
            " given; the column of all counts each once."
        )
    ]
