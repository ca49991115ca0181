"""Read-only answers from an index: one method a question.

An index is a folder that holds one DuckDB file a version and a file `current` that names the
one to be read. Writers (`build`) add a version and move the pointer; readers look at the pointer
once a request and answer everything in that request from one version.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import orjson

from data_loader import __version__
from data_loader.cohort import Cohort
from data_loader.errors import IndexUnavailable
from data_loader.schema import POINTER, SCHEMA_VERSION, quoted
from data_loader.variables import Variable

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """One dataset of an index.

    Attributes:
        name: short name, the first part of a subject's key.
        title: as printed.
        root: folder it was read from.
        profile: name of the profile that read it.
        license: as the dataset states it, if it does.
        synthetic: whether its subjects are made up.
    """

    name: str
    title: str
    root: Path
    profile: str
    license: str | None
    synthetic: bool


class IndexFolder:
    """The folder of an index: hands out its current version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._index: Index | None = None

    def current(self) -> "Index":
        """Open the version that the pointer names, or the one already open if it still does.

        Raises:
            IndexUnavailable: there is none, or another program version made it.
        """
        name = self.pointer()
        with self._lock:
            if self._index is None or self._index.path.name != name:
                self._index = Index(self.path / name)
            return self._index

    def pointer(self) -> str:
        """File name of the current version.

        Raises:
            IndexUnavailable: there is none.
        """
        try:
            return (self.path / POINTER).read_text(encoding="ascii").strip()
        except OSError:
            sentence = f"There is no index in {self.path}; make one with `insula index DATASET`."
            raise IndexUnavailable(sentence) from None


class Index:
    """One version of an index.

    Every method is safe to call from several threads: each uses a cursor of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _connect(path)
        self.meta = self._read_meta()

    def _read_meta(self) -> Mapping[str, Any]:
        try:
            rows = self._connection.execute("SELECT key, value FROM meta").fetchall()
        except duckdb.Error:
            rows = []
        meta = {key: orjson.loads(value) for key, value in rows}
        made_by = (meta.get("program_version"), meta.get("schema_version"))
        if made_by != (__version__, SCHEMA_VERSION):
            self._connection.close()
            sentence = "This index was made by another version of Insula; run `insula index` again."
            raise IndexUnavailable(sentence)
        return meta

    @property
    def version(self) -> int:
        """Counts the builds in this folder, from 1."""
        return int(self.meta["version"])

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement of this program's own and return its rows as dicts.

        Values are bound; no text from outside belongs in `sql`.
        """
        cursor = self._connection.cursor()
        result = cursor.execute(sql, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The variables of this index by name, in the order of the dictionary."""
        rows = self.rows("SELECT definition FROM variables ORDER BY position")
        found = (Variable.of(orjson.loads(row["definition"])) for row in rows)
        return {variable.name: variable for variable in found}

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets, in the order in which they were named."""
        rows = self.rows(
            "SELECT name, title, root, profile, license, synthetic FROM datasets ORDER BY position"
        )
        return tuple(Dataset(**{**row, "root": Path(row["root"])}) for row in rows)

    @cached_property
    def size(self) -> int:
        """Number of subjects."""
        return int(self.rows("SELECT count(*) AS n FROM subjects")[0]["n"])

    def count(self, cohort: Cohort) -> int:
        """Number of subjects in the cohort."""
        where, parameters = cohort.where()
        sql = f"SELECT count(*) AS n FROM subjects WHERE {where}"  # noqa: S608
        return int(self.rows(sql, parameters)[0]["n"])

    def subjects(
        self,
        cohort: Cohort,
        *,
        columns: Sequence[str] | None = None,
        sort: Sequence[tuple[str, bool]] = (),
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Row]:
        """Rows of the subject table: `dataset`, `subject` and the variables.

        Args:
            cohort: which subjects.
            columns: names of variables; all of them by default.
            sort: variable name (or `subject`) and whether descending; blanks come last.
            offset: rows to skip.
            limit: rows at most.

        Raises:
            KeyError: a column or sort key is not a variable of this index.
        """
        names = self._checked(self.variables if columns is None else columns)
        select = ", ".join(quoted(name) for name in dict.fromkeys(("dataset", "subject", *names)))
        where, parameters = cohort.where()
        page = f" LIMIT {limit:d}" if limit is not None else ""
        return self.rows(
            f"SELECT {select} FROM subjects WHERE {where} ORDER BY {self._order(sort)}{page}"  # noqa: S608
            f" OFFSET {offset:d}",
            parameters,
        )

    def _order(self, sort: Sequence[tuple[str, bool]]) -> str:
        keys = ((key, down) for key, down in sort if self._checked([key]))
        parts = [f"{quoted(key)} {'DESC' if down else 'ASC'} NULLS LAST" for key, down in keys]
        return ", ".join([*parts, "position"])

    def _checked(self, names: Sequence[str] | Mapping[str, Variable]) -> list[str]:
        for name in names:
            if name != "subject" and name not in self.variables:
                raise KeyError(name)
        return list(names)

    def subject(self, dataset: str, subject: str) -> Row | None:
        """One row of the subject table, or None."""
        rows = self.rows(
            "SELECT * EXCLUDE (position) FROM subjects WHERE dataset = ? AND subject = ?",
            (dataset, subject),
        )
        return rows[0] if rows else None

    def images(self, cohort: Cohort) -> list[Row]:
        """The cohort's image files, and those that belong to no subject if nothing is filtered."""
        return self._of_cohort("images", cohort)

    def lesions(self, cohort: Cohort) -> list[Row]:
        """One row a subject of the cohort whose infarct mask was measured."""
        return self._of_cohort("lesions", cohort)

    def problems(self, cohort: Cohort) -> list[Row]:
        """Findings about the cohort, and those that concern no one if nothing is filtered."""
        return self._of_cohort("problems", cohort)

    def _of_cohort(self, table: str, cohort: Cohort) -> list[Row]:
        where, parameters = cohort.where()
        member = f"(dataset, subject) IN (SELECT dataset, subject FROM subjects WHERE {where})"  # noqa: S608
        return self.rows(
            f"SELECT * EXCLUDE (position) FROM {table}"  # noqa: S608
            f" WHERE {member if cohort.filters else 'TRUE'} ORDER BY position",
            parameters if cohort.filters else (),
        )

    def files(self) -> list[Row]:
        """Every file that the index was made of: `dataset, file, bytes, mtime_ns`."""
        columns = "dataset, file, bytes, mtime_ns"
        return self.rows(f"SELECT {columns} FROM images UNION ALL SELECT {columns} FROM sources")  # noqa: S608

    def variable_rows(self) -> list[Row]:
        """The dictionary of this index, with how many values are known of each variable."""
        return self.rows("SELECT * EXCLUDE (position, definition) FROM variables ORDER BY position")


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open one version so that no statement can reach any other file."""
    options: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": "false", "lock_configuration": "true", "threads": "2"}
    try:
        return duckdb.connect(str(path), read_only=True, config=options)
    except duckdb.Error as error:
        raise IndexUnavailable(
            f"The index {path} can't be opened: {str(error).splitlines()[0]}"
        ) from None
