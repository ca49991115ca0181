"""The first sheet of an Excel workbook as rows of text, as if it had been saved as CSV.

openpyxl reads it row by row. (calamine is thirty times as fast, and takes memory for every cell
up to the last one: a workbook of 5 kB with one cell in the far corner ends the program.)
"""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

from data_loader.errors import DatasetError

_MOST_BYTES = 2**28
_MOST_CELLS = 10_000_000
_DAY_ZERO = datetime(1899, 12, 31)
_FIRST_REAL_DATE = datetime(1900, 3, 1)


def read_workbook(path: Path) -> list[list[str]]:
    """Read the first sheet that holds anything.

    Times become `hh:mm:ss` with the seconds' fraction, also those of a day and more; a formula is
    the value that was last computed.

    Raises:
        DatasetError: it is no workbook, it is damaged, or it would take too much memory.
    """
    try:
        _check_size(path)
        for rows in _sheets(path):
            if found := list(_filled(rows)):
                return found
    except DatasetError:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook fails in any place, with any exception
        raise DatasetError("The file is no workbook that can be read.") from None
    return []


def _check_size(path: Path) -> None:
    """Add up what the archive says it holds; no more than that is ever decompressed."""
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise DatasetError(f"The workbook holds more than {_MOST_BYTES // 2**20} MiB.")


def _filled(rows: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    cells = 0
    for row in rows:
        cells += len(row)
        if cells > _MOST_CELLS:
            raise DatasetError(f"The workbook has more than {_MOST_CELLS:,} cells.")
        if any(cell is not None for cell in row):
            yield [_text(cell) for cell in row]


def _sheets(path: Path) -> Iterator[Iterator[tuple[object, ...]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - 160 ms that only workbooks wait for

    # Opened here: of a damaged workbook openpyxl leaves the file open.
    with (
        path.open("rb") as file,
        closing(load_workbook(file, read_only=True, data_only=True)) as workbook,
    ):
        for sheet in workbook.worksheets:
            # What a sheet says of its own size may be wrong.
            sheet.reset_dimensions()
            yield sheet.iter_rows(values_only=True)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, time):
        cell = timedelta(
            hours=cell.hour,
            minutes=cell.minute,
            seconds=cell.second,
            microseconds=cell.microsecond,
        )
    if isinstance(cell, datetime) and cell < _FIRST_REAL_DATE:
        # A duration of a day or more that is shown as a time of day.
        cell -= _DAY_ZERO
    if isinstance(cell, timedelta):
        return _clock(cell)
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def _clock(duration: timedelta) -> str:
    microseconds = abs(duration) // timedelta(microseconds=1)
    seconds, fraction = divmod(microseconds, 1_000_000)
    sign = "-" if duration < timedelta() else ""
    return (
        f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        + f".{fraction:06}".rstrip("0").rstrip(".")
    )
