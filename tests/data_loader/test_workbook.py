"""Excel workbooks: the cells of a duration in every form, and files that are no workbooks."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from data_loader.errors import DatasetError
from data_loader.workbook import read_workbook


def workbook(*rows: list[Any], sheets: int = 1) -> bytes:
    """A workbook whose last sheet holds the rows."""
    book = openpyxl.Workbook()
    for _ in range(sheets - 1):
        book.create_sheet()
    for row in rows:
        book.worksheets[-1].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(tmp_path: Path, content: bytes) -> list[list[str]]:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    return read_workbook(path)


class Cell(NamedTuple):
    """A cell as Excel keeps it, and as text."""

    stored: object
    text: str


CELLS = [
    Cell("Glucose", "Glucose"),
    Cell(71, "71"),
    Cell(71.5, "71.5"),
    Cell(0.1 + 0.2, "0.3"),
    Cell(True, "True"),
    Cell(None, ""),
    Cell(time(1, 30), "01:30:00"),
    Cell(time(0, 13, 26, 400_000), "00:13:26.4"),
    Cell(time(0, 0), "00:00:00"),
    Cell(timedelta(hours=26, minutes=30), "26:30:00"),
    Cell(timedelta(minutes=-10), "-00:10:00"),
    Cell(datetime(1900, 1, 1, 2, 15), "26:15:00"),
    Cell(date(2020, 5, 4), "2020-05-04 00:00:00"),
    Cell(0.0625, "0.0625"),
    Cell("=1/0", ""),  # a formula that was never computed
    Cell("#N/A", "#N/A"),
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: repr(cell.stored))
def test_cells(tmp_path: Path, cell: Cell) -> None:
    assert read(tmp_path, workbook(["head", "x"], [cell.stored, "x"]))[1] == [cell.text, "x"]


def test_the_first_sheet_that_holds_anything(tmp_path: Path) -> None:
    assert read(tmp_path, workbook(["Age"], [], [71], sheets=3)) == [["Age"], ["71"]]
    assert read(tmp_path, workbook()) == []


def test_a_cell_in_the_far_corner_takes_no_memory_for_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1048576"] = "Age", 1
    content = io.BytesIO()
    book.save(content)
    assert read(tmp_path, content.getvalue()) == [["Age"], ["", "1"]]


def damaged(position: float) -> bytes:
    content = bytearray(workbook(["Age"], [71]))
    at = int(position * len(content))
    content[at : at + 40] = bytes(40)
    return bytes(content)


def with_part(name: str, text: bytes) -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["Age"], [71]))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return content.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s]><x>&a30;</x>" % b"".join(
    b"<!ENTITY a%d '&a%d;&a%d;'>" % (n + 1, n, n) for n in range(30)
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Age,Sex\n71,F\n",
        b"PK\3\4" + bytes(400),
        workbook(["Age"], [71])[:-100],
        workbook(["Age"], [71])[:1500],
        damaged(0.5),
        with_part(SHEET, b"<worksheet><sheetData><row><c"),
        with_part(SHEET, LAUGHS),
        with_part(SHEET, bytes(300 * 2**20)),
    ],
    ids=["empty", "csv", "zeros", "cut", "cut short", "damaged", "xml", "laughs", "bomb"],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DatasetError, match=r"^The (file|workbook) .*\.$"):
        read(tmp_path, content)
