"""Two kinds of blank: a value that is missing, and one that can't exist.

A blank is structural where a dataset does not collect the variable, or where the condition of the
dictionary fails: alert to door exists only for wake-up strokes. All other blanks are missing.
"""

from collections.abc import Mapping

from data_loader.schema import quoted
from data_loader.variables import Variable

Clause = tuple[str, tuple[object, ...]]
"""SQL over the subject table that is never NULL, and the values bound in it."""

NEVER: Clause = ("FALSE", ())


def structural(variable: Variable, known: Mapping[str, Variable]) -> Clause:
    """When a blank of a variable is structural.

    Args:
        variable: the one that is blank.
        known: the variables of the index; a condition on any other can't be checked.
    """
    parts: list[str] = []
    values: list[object] = []
    if variable.datasets:
        parts.append(f"dataset NOT IN ({', '.join('?' for _ in variable.datasets)})")
        values += variable.datasets
    for name, code in variable.applies_when.items():
        if name in known:
            parts.append(f"coalesce({quoted(name)} <> ?, FALSE)")
            values.append(code)
    return (f"({' OR '.join(parts)})", tuple(values)) if parts else NEVER
