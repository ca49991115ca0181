"""Who is train and who is test: by a file, by a column of the clinical table, or by the tree."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from data_loader.clinical import MISSING
from data_loader.errors import DatasetError
from data_loader.problems import Problem
from data_loader.scan import Scan
from data_loader.table import read_table
from data_loader.values import Value, read_value
from data_loader.variables import dictionary

Splits = Mapping[str, str]
"""Subject, alone or as `dataset/subject`, to split."""


def read_splits(path: Path) -> Splits:
    """Read a table of two columns: one is called `split`, the other names the subject.

    Raises:
        DatasetError: it is no such table.
    """
    try:
        rows = read_table(path)
    except DatasetError as error:
        raise DatasetError(f"The split file {path.name} can't be read: {error}") from None
    splits: dict[str, str] = {}
    for row in rows:
        cells = {column.casefold(): cell.strip() for column, cell in row.items()}
        split, names = cells.pop("split", None), list(cells.values())
        if split is None or len(names) != 1:
            raise DatasetError(
                f"The split file {path.name} needs two columns, of which one is called split."
            )
        if splits.setdefault(names[0], split) != split:
            raise DatasetError(f"The split file {path.name} puts {names[0]} in two splits.")
    return splits


def assign_splits(
    scan: Scan, rows: Mapping[str, Mapping[str, Value]], named: Splits
) -> tuple[dict[str, str], list[Problem]]:
    """The split of each subject of a dataset.

    A file goes before the clinical table, and that before the tree; where they differ, or the
    tree has a subject in both, it is listed.

    Args:
        scan: the dataset's files.
        rows: subject to variables, of which `split` may be one.
        named: as read from a file.
    """
    by_file, problems = _by_label(scan, named)
    by_table = {name: str(row["split"]) for name, row in rows.items() if row.get("split")}
    sources = {"the split file": by_file, "the clinical table": by_table, "the tree": scan.splits}
    assigned: dict[str, str] = {}
    for subject in dict.fromkeys(name for source in sources.values() for name in source):
        said = {word: source[subject] for word, source in sources.items() if subject in source}
        assigned[subject] = next(iter(said.values()))
        if len(set(said.values())) > 1:
            differs = " and ".join(f"{split} by {word}" for word, split in said.items())
            problems.append(_conflict(scan, subject, f"{subject} is {differs}; the first is used."))
    problems += [
        _conflict(scan, name, f"{name} lies in the folders of both splits.")
        for name in scan.in_two_splits
    ]
    return assigned, problems


def unknown_subjects(scans: Sequence[Scan], named: Splits, known: set[str]) -> Iterator[Problem]:
    """List what a split file names and no dataset has.

    Args:
        scans: of all datasets.
        named: as read from the file.
        known: subjects, as `dataset/subject`.
    """
    for label in named:
        if not any(f"{scan.name}/{_label(scan, label)}" in known for scan in scans):
            sentence = f"The split file names {label}, which no dataset has."
            yield Problem(scans[0].name, "split-unknown", "warning", sentence)


def _by_label(scan: Scan, named: Splits) -> tuple[dict[str, str], list[Problem]]:
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for cell, text in named.items():
        subject = _label(scan, cell)
        if subject is None or text.casefold() in MISSING:
            continue
        split, code, sentence = read_value(dictionary()["split"], "The split", text)
        found[subject] = str(split)
        if code:
            problems.append(Problem(scan.name, code, "warning", sentence, subject=subject))
    return found, problems


def _label(scan: Scan, cell: str) -> str | None:
    dataset, _, label = cell.rpartition("/")
    return scan.label_of(label) if dataset in ("", scan.name) else None


def _conflict(scan: Scan, subject: str, sentence: str) -> Problem:
    return Problem(
        scan.name, "split-conflict", "warning", sentence, subject=subject, variable="split"
    )
