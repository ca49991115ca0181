"""A file of rows and columns as text: csv, tsv, the first sheet of a workbook, or JSON."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from data_loader.errors import DatasetError
from data_loader.variables import match_column
from data_loader.workbook import read_workbook


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a file's rows: column to cell, as text; a cell beyond the header stands under "".

    Raises:
        DatasetError: the file can't be read as a table.
    """
    if not path.is_file():
        # A pipe would be waited for; a link may lead nowhere.
        raise DatasetError("The file can't be opened: there is no regular file of this name.")
    try:
        if path.suffix == ".xlsx":
            return _table_rows(read_workbook(path))
        text = path.read_bytes().decode("utf-8-sig")
        return _json_rows(text) if path.suffix == ".json" else _text_rows(text, path.suffix)
    except OSError as error:
        raise DatasetError(f"The file can't be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise DatasetError("The file is not UTF-8 text.") from None
    except RecursionError:
        raise DatasetError("The file is malformed: it is nested too deeply.") from None
    except (csv.Error, orjson.JSONDecodeError) as error:
        raise DatasetError(f"The file is malformed: {error}.") from None


def _json_rows(text: str) -> list[dict[str, str]]:
    read = orjson.loads(text)
    tables = read if isinstance(read, list) else [read]
    if not all(isinstance(table, dict) for table in tables):
        raise DatasetError("The file holds no object of column and value.")
    return [dict(_leaves(table)) for table in tables]


def _leaves(table: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, str]]:
    """Column and cell; `{"NIHSS": {"24h": 3}}` is the column `NIHSS 24h`."""
    for key, value in table.items():
        name = key if match_column(key, {}) else f"{parent} {key}".strip()
        if isinstance(value, dict):
            yield from _leaves(value, name)
        else:
            yield name, "" if value is None else str(value)


def _text_rows(text: str, suffix: str) -> list[dict[str, str]]:
    if "\0" in text:
        raise DatasetError("The file holds binary data, not text.")
    header = text.split("\n", 1)[0]
    comma = ";" if ";" in header and "," not in header else ","
    # Strict, since a quote that is never closed would swallow every row after it.
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="\t" if suffix == ".tsv" else comma,
        strict=True,
    )
    return _table_rows([row for row in reader if any(cell.strip() for cell in row)])


def _table_rows(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    if not rows:
        raise DatasetError("The file is empty.")
    names = [name.strip() for name in rows[0]]
    if repeated := sorted({name for name in names if names.count(name) > 1 and name}):
        raise DatasetError(f"The header names the column {', '.join(repeated)} more than once.")
    # Cells beyond the header are kept under "", so that the row can be refused by number.
    return [
        dict(zip(names, row, strict=False)) | ({"": "beyond"} if any(row[len(names) :]) else {})
        for row in rows[1:]
    ]
