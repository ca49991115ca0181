"""Scan, clinical values and measures → a new version of an index, swapped in whole.

What is measured is written to a journal as it comes, one line a mask, keyed by the file's size
and time of change. A run that is stopped, even by `kill -9`, loses no finished mask; the next one
measures only what the journal lacks. Readers go on with the version they have until the pointer
moves.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import orjson

from data_loader import __version__
from data_loader.checks import CheckedSeries, add_checks, select_checked
from data_loader.content import (
    Content,
    LesionMask,
    Row,
    StoredImage,
    add_measures,
    read_content,
    select_masks,
)
from data_loader.errors import DatasetError, ImageError, IndexBusy, IndexUnavailable
from data_loader.journal import Journal, Key, Result
from data_loader.native import NativeMask, files_of, is_of, select_native
from data_loader.perfusion import add_perfusion
from data_loader.problems import Problem
from data_loader.profile import ORDER, Profile
from data_loader.progress import Report
from data_loader.recording import Measured, keyed, record_all
from data_loader.registering import FOLDER, Place, Registering, remove_stale, to_standard
from data_loader.scan import Scan, file_outside, scan_dataset
from data_loader.schema import (
    NUMBERS,
    POINTER,
    SCHEMA_VERSION,
    TABLES,
    VIEWS,
    store_numbers,
    store_table,
)
from data_loader.split import read_splits
from data_loader.standard_space import StandardSpace, StandardTables, add_standard

_JOURNAL = "measured.jsonl"
_VERSION = re.compile(r"insula-(\d+)\.duckdb(\.part)?(\.wal)?")


Measure = Callable[[Sequence[LesionMask]], Iterator[tuple[int, Measured | ImageError]]]
"""Measures masks; gives position and result as each is done."""

Check = Callable[[Sequence[CheckedSeries]], Iterator[tuple[int, Measured | ImageError]]]
"""Looks at the values of images; gives position and result as each is done."""

_Keyed = TypeVar("_Keyed", StoredImage, CheckedSeries)


@dataclass(frozen=True)
class Built:
    """What a build came to.

    Attributes:
        version: of the index.
        subjects: how many.
        measured: masks measured in this run.
        reused: masks whose measures were known.
        problems: how many are listed.
        checked: other images whose values were looked at in this run.
        registered: images registered to standard space in this run.
    """

    version: int
    subjects: int
    measured: int
    reused: int
    problems: int
    checked: int = 0
    registered: int = 0


def build_index(  # noqa: PLR0913 - a keyword for each option of the command
    roots: Sequence[Path],
    folder: Path,
    *,
    measure: Measure | None,
    check: Check | None = None,
    registering: Registering | None = None,
    place: Place | None = None,
    standard: StandardSpace | None = None,
    profile: Profile | None = None,
    splits: Path | None = None,
    progress: Report | None = None,
) -> Built:
    """Make a new version of the index in a folder.

    Args:
        roots: the datasets' folders.
        folder: of the index; made if need be.
        measure: how masks are measured; None leaves new ones unmeasured.
        check: how the values of other images are looked at; None leaves new ones unchecked.
        registering: how images are registered to standard space; None leaves masks in their
            images' own space where they are, but for those with a transform of their own.
        place: how masks are taken to standard space; None leaves new ones where they are.
        standard: how infarcts are counted in standard space; None leaves them uncounted.
        profile: how to read every dataset; recognised by default.
        splits: file of who is in which split, which goes before what the datasets say.
        progress: told as images are done.

    Raises:
        DatasetError: none of the datasets can be read, the index would lie in one, or the file of
            splits can't be read.
        IndexBusy: another run is writing this index.
        IndexUnavailable: the folder can't be written.
    """
    for root in roots:
        if folder.resolve().is_relative_to(root.resolve()):
            raise DatasetError(f"The index can't lie in the dataset {root}; name another folder.")
    scans, problems = _scan_all(roots, profile)
    outside = _files_outside(scans, splits)
    named = read_splits(splits) if splits else {}
    with _locked(folder):
        journal = Journal(folder / _JOURNAL)
        masks = select_masks(scans)
        others = select_checked(scans, masks)
        pending = _unknown(masks, journal) if measure else []
        unchecked = _unknown(others, journal) if check else []
        # Measuring begins here, on other processes if there are any; what follows goes on beside.
        results = (
            measure([mask.to_measure for mask in pending]) if measure and pending else iter(())
        )
        content = read_content(scans, masks, named)
        content.problems[:0] = problems
        content.sources += outside
        import_module("duckdb")  # loads while others measure
        found = chain(_named(pending, results), _checked(check, unchecked))
        record_all(journal, found, len(pending) + len(unchecked), progress)
        native = select_native(masks)
        ways, registered = to_standard(
            native, journal, registering, place, folder=folder / FOLDER, progress=progress
        )
        add_measures(content, masks, journal.results)
        add_checks(content, others, journal.results)
        add_perfusion(content, others, journal.results)
        tables = add_standard(content, masks, journal.results, standard, ways)
        version = _store(content, tables, folder)
        _keep_current(journal, [*masks, *others], native, folder / FOLDER)
    reused = sum(mask.key in journal.results for mask in masks) - len(pending)
    return Built(
        version=version,
        subjects=len(content.subjects),
        measured=len(pending),
        reused=reused,
        problems=len(content.problems),
        checked=sum(len(series.images) for series in unchecked),
        registered=registered,
    )


def _keep_current(
    journal: Journal,
    images: Sequence[StoredImage | CheckedSeries],
    native: Sequence[NativeMask],
    folder: Path,
) -> None:
    """Drop what is of files that have changed or gone; what another engine made of one is kept."""
    keys = dict.fromkeys(image.key for image in images)
    files = set(files_of(native))
    kept = [key for key in journal.results if key in keys or is_of(key, files)]
    journal.keep_only(kept)
    remove_stale(folder, [journal.results[key] for key in kept])


def _files_outside(scans: Sequence[Scan], splits: Path | None) -> list[Row]:
    """What else the index is made of: the file of splits, and profiles that are files."""
    profiles = dict.fromkeys(scan.profile.name for scan in scans if scan.profile.name not in ORDER)
    paths = [*map(Path, profiles), *([splits] if splits else [])]
    files = (file_outside(path) for path in paths)
    return [
        {"file": file.path, "bytes": file.size, "mtime_ns": file.mtime_ns} for file in files if file
    ]


def _unknown(images: Sequence[_Keyed], journal: Journal) -> list[_Keyed]:
    return [image for image in images if image.key not in journal.results]


def _named(
    images: Sequence[StoredImage | CheckedSeries],
    results: Iterator[tuple[int, Measured | ImageError]],
) -> Iterator[tuple[Key, Result]]:
    return keyed([image.key for image in images], results)


def _checked(check: Check | None, images: Sequence[CheckedSeries]) -> Iterator[tuple[Key, Result]]:
    """Begins when it is asked for the first: when all masks are measured."""
    if check and images:
        yield from _named(images, check(images))


def _scan_all(roots: Sequence[Path], profile: Profile | None) -> tuple[list[Scan], list[Problem]]:
    scans: list[Scan] = []
    problems: list[Problem] = []
    for root in roots:
        try:
            scan = scan_dataset(root, profile)
        except DatasetError as error:
            if len(roots) == 1:
                raise
            problems.append(Problem(root.name, "dataset-unreadable", "error", str(error)))
            continue
        taken = {other.name for other in scans}
        names = (scan.name, *(f"{scan.name}-{number}" for number in range(2, len(roots) + 1)))
        scans.append(replace(scan, name=next(name for name in names if name not in taken)))
    if not scans:
        raise DatasetError(" ".join(problem.sentence for problem in problems))
    return scans, problems


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other runs from writing the same index; the lock ends with the process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w", encoding="ascii")
    except OSError as error:
        raise IndexUnavailable(f"The folder {folder} can't be written: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise IndexBusy(f"Another run is writing the index in {folder}.") from None
        try:
            yield
        except OSError as error:
            sentence = f"The index in {folder} can't be written: {error.strerror or error}."
            raise IndexUnavailable(f"{sentence} The one before it is unharmed.") from None


def _store(content: Content, tables: StandardTables, folder: Path) -> int:
    """Write a new version beside the others, then move the pointer to it."""
    import duckdb  # noqa: PLC0415 - 70 ms that measuring need not wait for

    known = [int(match.group(1)) for path in folder.iterdir() if (match := _matched(path))]
    version = max(known, default=0) + 1
    name = f"insula-{version:06d}.duckdb"
    part = folder / f"{name}.part"
    try:
        with duckdb.connect(str(part)) as connection:
            _store_tables(connection, content, tables, version)
            # Closing would do this too, but says nothing when the disk is full.
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        for left in (part, Path(f"{part}.wal")):
            left.unlink(missing_ok=True)
        raise OSError(str(error).splitlines()[0]) from None
    part.rename(folder / name)
    _point_to(folder, name)
    for path in folder.iterdir():
        # The version before stays for requests that are still being answered from it.
        if (match := _matched(path)) and int(match.group(1)) < version - 1:
            path.unlink(missing_ok=True)
    return version


def _matched(path: Path) -> re.Match[str] | None:
    return _VERSION.fullmatch(path.name)


def _store_tables(connection: Any, content: Content, tables: StandardTables, version: int) -> None:
    meta = {
        "schema_version": SCHEMA_VERSION,
        "program_version": __version__,
        "version": version,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    rows = content.tables() | tables.rows
    rows["meta"] = [{"key": key, "value": orjson.dumps(v).decode()} for key, v in meta.items()]
    connection.execute("BEGIN")
    for table, columns in TABLES.items():
        store_table(connection, table, columns, rows[table])
    columns = {variable.name: variable.sql_type for variable in content.variables.values()}
    columns = {"dataset": "VARCHAR", "subject": "VARCHAR"} | columns
    store_table(connection, "subjects", columns, content.subjects)
    for table, columns in NUMBERS.items():
        store_numbers(connection, table, columns, tables.numbers.get(table, {}))
    for view, sql in VIEWS.items():
        connection.execute(f"CREATE VIEW {view} AS {sql}")
    connection.execute("COMMIT")


def _point_to(folder: Path, name: str) -> None:
    part = folder / f"{POINTER}.part"
    part.write_text(name, encoding="ascii")
    os.replace(part, folder / POINTER)
