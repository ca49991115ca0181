"""A plain pandas table as a `CohortFrame`, its variables told or inferred from its columns."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader import __version__
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance, Source
from data_loader.variables import Kind, Variable

_SOURCE = Source("dataframe", "a table given as a DataFrame", None, None, synthetic=False)


def as_frame(table: pd.DataFrame, variables: Sequence[Variable] = ()) -> CohortFrame:
    """Take a plain table as the values of a cohort, a row a subject.

    Columns without a variable are inferred: flags and columns of 0 and 1 are binary, other
    numbers continuous, ordered categories ordinal, the rest categorical.

    Args:
        table: any columns; blanks are NaN, None or NA.
        variables: what columns mean, by their names.

    Raises:
        AnalysisError: a column can't be read as its variable, or two have one name.
    """
    names = [str(column) for column in table.columns]
    if twice := [name for name in names if names.count(name) > 1]:
        raise AnalysisError(f"Two columns are called “{twice[0][:60]}”; rename one.")
    told = {variable.name: variable for variable in variables}
    series = [table.iloc[:, place] for place in range(len(names))]
    known = {n: told.get(n) or _inferred(n, s) for n, s in zip(names, series, strict=True)}
    values = {n: _read(known[n], s) for n, s in zip(names, series, strict=True)}
    keys = {"dataset": ["dataframe"] * len(table), "subject": [str(row) for row in table.index]}
    # Left to itself, pandas makes strings of objects, with NaN for None.
    kept = {n: pd.Series(v, dtype=getattr(v, "dtype", object)) for n, v in (keys | values).items()}
    return CohortFrame(
        values=pd.DataFrame(kept),
        structural={name: np.zeros(len(table), dtype=np.bool_) for name in names},
        variables=known,
        provenance=Provenance(
            query="",
            sentence="All subjects.",
            n=len(table),
            sources=(_SOURCE,),
            index_version=0,
            program_version=__version__,
            made_on=datetime.now(UTC).date(),
        ),
    )


def _inferred(name: str, column: "pd.Series[Any]") -> Variable:
    kind: Kind = "categorical"
    levels: dict[str, str] = {}
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = {str(level): str(level) for level in column.cat.categories}
        kind = "ordinal" if column.cat.ordered else "categorical"
    elif _is_numeric(column):
        codes = set(column.dropna())
        kind = "binary" if codes and codes <= {0, 1} else "continuous"
    return Variable(name, name, kind, "baseline", "", levels=levels, inferred=True)


def _is_numeric(column: "pd.Series[Any]") -> bool:
    """Whether it holds numbers or flags; a column without any value does."""
    if column.dtype == object:
        return all(isinstance(v, int | float | np.number | np.bool_) for v in column.dropna())
    return bool(pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _read(variable: Variable, column: "pd.Series[Any]") -> npt.NDArray[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        raise AnalysisError(f"{variable.label} holds dates; a Table 1 needs numbers or levels.")
    blank = column.isna().to_numpy()
    values = np.empty(len(column), dtype=object)
    values[~blank] = [v for v, is_blank in zip(column, blank, strict=True) if not is_blank]
    values[blank] = None if variable.is_text else np.nan
    if variable.is_text:
        values[~blank] = [str(value) for value in values[~blank]]
        return values
    try:
        numbers = values.astype(float)
    except (TypeError, ValueError):
        raise AnalysisError(f"{variable.label} holds text where numbers are expected.") from None
    if np.isinf(numbers).any():
        raise AnalysisError(f"{variable.label} holds infinite values; make them blank.")
    return numbers
