"""A small index whose subjects can be told apart by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from data_loader.build import build_index
from data_loader.index import Index, IndexFolder
from tests.images import Content, write_dataset

TABLE = (
    ("participant_id", "age", "sex", "nihss", "TICI", "Wake-up", "Alert to door", "etiology"),
    ("sub-1", "40", "F", "3", "2b", "1", "01:00:00", "1: Large"),
    ("sub-2", "60", "M", "15", "2c", "1", "n/a", "2: Small, deep"),
    ("sub-3", "79.5", "F", "16", "3", "0", "n/a", 'said "other"'),
    ("sub-4", "80", "M", "n/a", "n/a", "0", "n/a", "missing"),
    ("sub-5", "89+", "n/a", "42", "0", "n/a", "n/a", "n/a"),
    ("sub-10", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"),
)


def index_of(tmp_path: Path, table: Sequence[Sequence[str]]) -> Index:
    """An index of one table; cells are quoted where they have to be."""
    text = "\n".join("\t".join(map(_quoted, row)) for row in table)
    files: dict[str, Content] = {f"sub-{n}/anat/sub-{n}_T1w.nii.gz": None for n in (1, 77)}
    files["participants.tsv"] = text
    build_index([write_dataset(tmp_path / "toy", files)], tmp_path / "index", measure=None)
    return IndexFolder(tmp_path / "index").current()


def column_index(tmp_path: Path, columns: Mapping[str, Sequence[str]]) -> Index:
    """An index of columns; subjects are numbered."""
    rows = zip(*columns.values(), strict=True)
    table = [[f"sub-{number}", *row] for number, row in enumerate(rows, start=1)]
    return index_of(tmp_path, [["participant_id", *columns], *table])


def _quoted(cell: str) -> str:
    escaped = cell.replace('"', '""')
    return f'"{escaped}"' if set(cell) & set('"\t\r\n') else cell
