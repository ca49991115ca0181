"""Read-only answers from an index: one method a question.

An index is a folder that holds one DuckDB file a version and a file `current` that names the
one to be read. Writers (`build`) add a version and move the pointer; readers look at the pointer
once a request and answer everything in that request from one version.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import orjson

from data_loader import __version__
from data_loader.atlas import AtlasInfo
from data_loader.attrition import Step, attrition_counts, read_attrition
from data_loader.blanks import Clause, structural
from data_loader.cohort import FULL_LABEL, SUBJECT, Cohort
from data_loader.completeness import Completeness, completeness_counts, read_completeness
from data_loader.distribution import Scale, lay_scale
from data_loader.errors import IndexUnavailable
from data_loader.image_states import file_counts, state_counts, states_by_subject
from data_loader.problems import ANY_PROBLEM, ProblemFilter
from data_loader.provenance import Provenance, Source
from data_loader.rows import Row, Rows
from data_loader.schema import POINTER, SCHEMA_VERSION, TABLES, quoted
from data_loader.standard_index import CohortRuns, LesionRuns, read_atlas, read_atlas_ids
from data_loader.territory_ml import read_territory_ml
from data_loader.variables import Variable

if TYPE_CHECKING:
    from data_loader.frame import CohortFrame


@dataclass(frozen=True)
class Dataset:
    """One dataset of an index.

    Attributes:
        name: short name, the first part of a subject's key.
        title: as printed.
        root: folder it was read from.
        profile: name of the profile that read it.
        version: as the dataset states it, if it does.
        license: as the dataset states it, if it does.
        synthetic: whether its subjects are made up.
    """

    name: str
    title: str
    root: Path
    profile: str
    version: str | None
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
        except (OSError, UnicodeDecodeError):
            sentence = f"There is no index in {self.path}; make one with `insula index DATASET`."
            raise IndexUnavailable(sentence) from None


class Index:
    """One version of an index.

    Every method is safe to call from several threads: each uses a cursor of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._scales: dict[str, Scale] = {}
        self._connection = _connect(path)
        self.meta = self._read_meta()

    def _read_meta(self) -> Mapping[str, Any]:
        try:
            rows = self._connection.execute("SELECT key, value FROM meta").fetchall()
            meta = {key: orjson.loads(value) for key, value in rows}
        except (duckdb.Error, orjson.JSONDecodeError):
            meta = {}
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

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> Rows:
        """Run one statement of this program's own.

        Values are bound; no text from outside belongs in `sql`.
        """
        result = self._connection.cursor().execute(sql, parameters)
        names = [column[0] for column in result.description or ()]
        return Rows(names, [dict(zip(names, row, strict=True)) for row in result.fetchall()])

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The variables of this index by name, in the order of the dictionary."""
        rows = self._rows("SELECT definition FROM variables ORDER BY position")
        found = (Variable.of(orjson.loads(row["definition"])) for row in rows)
        return {variable.name: variable for variable in found}

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets, in the order in which they were named."""
        rows = self._rows(
            "SELECT name, title, root, profile, version, license, synthetic"
            " FROM datasets ORDER BY position"
        )
        return tuple(Dataset(**{**row, "root": Path(row["root"])}) for row in rows)

    @cached_property
    def size(self) -> int:
        """Number of subjects."""
        return int(self._rows("SELECT count(*) AS n FROM subjects")[0]["n"])

    def count(self, cohort: Cohort) -> int:
        """Number of subjects in the cohort."""
        where, parameters = cohort.where()
        sql = f"SELECT count(*) AS n FROM subjects WHERE {where}"  # noqa: S608
        return int(self._rows(sql, parameters)[0]["n"])

    def subjects(
        self,
        cohort: Cohort,
        *,
        columns: Sequence[str] | None = None,
        sort: Sequence[tuple[str, bool]] = (),
        offset: int = 0,
        limit: int | None = None,
    ) -> Rows:
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
        return self._rows(
            f"SELECT {select} FROM subjects WHERE {where} ORDER BY {self._order(sort)}{page}"  # noqa: S608
            f" OFFSET {offset:d}",
            parameters,
        )

    def frame(self, cohort: Cohort, names: Sequence[str]) -> "CohortFrame":
        """Values of variables of the cohort's subjects, as analytics take them.

        Args:
            cohort: which subjects.
            names: of the variables.

        Raises:
            KeyError: a name is not a variable of this index.
        """
        from data_loader.frame import CohortFrame  # noqa: PLC0415 - pandas takes half a second

        names = list(dict.fromkeys(self._checked(names)))
        columns = ["dataset", "subject", *map(quoted, names)]
        parameters: list[object] = []
        for place, name in enumerate(names):
            blank, values = structural(self.variables[name], self.variables)
            columns.append(f"({quoted(name)} IS NULL AND {blank}) AS structural{place}")
            parameters += values
        where, bound = cohort.where()
        sql = f"SELECT {', '.join(columns)} FROM subjects WHERE {where} ORDER BY position"  # noqa: S608
        table = self._connection.cursor().execute(sql, (*parameters, *bound)).df()
        variables = {name: self.variables[name] for name in self.variables if name in names}
        values = table[["dataset", "subject"]].astype(object)
        for name, variable in variables.items():
            column = table[name].astype(object if variable.is_text else float)
            values[name] = column.where(column.notna(), None) if variable.is_text else column
        return CohortFrame(
            values=values,
            structural={n: table[f"structural{p}"].to_numpy(bool) for p, n in enumerate(names)},
            variables=variables,
            provenance=self.provenance(cohort),
        )

    def provenance(self, cohort: Cohort) -> Provenance:
        """What a result about the cohort is computed from."""
        return Provenance(
            query=cohort.query(),
            sentence=cohort.sentence(),
            n=self.count(cohort),
            sources=tuple(
                Source(d.name, d.title, d.version, d.license, d.synthetic) for d in self.datasets
            ),
            index_version=self.version,
            program_version=str(self.meta["program_version"]),
            made_on=datetime.now(UTC).date(),
        )

    def _order(self, sort: Sequence[tuple[str, bool]]) -> str:
        keys = ((key, down) for key, down in sort if self._checked([key]))
        # Labels stand in natural order by position: sub-9 before sub-10.
        columns = (("position" if key == SUBJECT else quoted(key), down) for key, down in keys)
        parts = [f"{column} {'DESC' if down else 'ASC'} NULLS LAST" for column, down in columns]
        return ", ".join([*parts, "position"])

    def _checked(self, names: Sequence[str] | Mapping[str, Variable]) -> list[str]:
        for name in names:
            if name != "subject" and name not in self.variables:
                raise KeyError(name)
        return list(names)

    def subject(self, dataset: str, subject: str) -> Row | None:
        """One row of the subject table, or None."""
        rows = self._rows(
            "SELECT * EXCLUDE (position) FROM subjects WHERE dataset = ? AND subject = ?",
            (dataset, subject),
        )
        return rows[0] if rows else None

    def images(self, cohort: Cohort) -> Rows:
        """The cohort's image files, and those that belong to no subject if nothing is filtered."""
        return self._of_cohort("images", cohort)

    def lesions(self, cohort: Cohort) -> Rows:
        """One row a subject of the cohort whose infarct mask was measured."""
        return self._of_cohort("lesions", cohort)

    def perfusion(self, cohort: Cohort) -> Rows:
        """Measures of CT perfusion: one row a subject of the cohort with maps of Tmax and CBF."""
        return self._of_cohort("perfusion", cohort)

    @cached_property
    def atlas(self) -> AtlasInfo | None:
        """The atlas by which territories are counted; None where no infarct is."""
        return read_atlas(self._connection.cursor())

    @cached_property
    def atlas_ids(self) -> Mapping[int, npt.NDArray[np.uint8]]:
        """Of each of its levels, the region's id at every voxel of standard space, by number."""
        levels = self.atlas.levels if self.atlas else ()
        return read_atlas_ids(self._connection.cursor(), levels)

    def territories(self, cohort: Cohort) -> Rows:
        """How much of each infarct lies in which region: a row a subject, level and label.

        `share` is of the infarct, `region_share` of the region of the atlas.
        """
        return self._of_cohort("territories", cohort)

    def territory_ml(self, cohort: Cohort) -> npt.NDArray[np.float64]:
        """Infarct volumes, a row a subject of the cohort, a column a region of the atlas.

        A row is NaN where the infarct isn't in standard space.
        """
        return self._all_territory_ml[self.members(cohort)]

    @cached_property
    def _all_territory_ml(self) -> npt.NDArray[np.float64]:
        return read_territory_ml(
            self._connection.cursor(),
            subjects=self.size,
            regions=len(self.atlas.regions) if self.atlas else 0,
        )

    def registrations(self, cohort: Cohort) -> Rows:
        """How each infarct came to standard space, or why it didn't: one row a measured mask."""
        return self._of_cohort("registrations", cohort)

    def lesion_runs(self, cohort: Cohort) -> CohortRuns:
        """The cohort's infarcts as runs of voxels of standard space."""
        return self._all_runs.of(self.members(cohort))

    @cached_property
    def _all_runs(self) -> LesionRuns:
        return LesionRuns(self._connection.cursor())

    def problems(
        self,
        cohort: Cohort,
        wanted: ProblemFilter = ANY_PROBLEM,
        *,
        sort: Sequence[tuple[str, bool]] = (),
        offset: int = 0,
        limit: int | None = None,
    ) -> Rows:
        """Findings about the cohort, and those that concern no one if nothing is filtered.

        Args:
            cohort: which subjects.
            wanted: which findings; all by default.
            sort: column and whether descending; blanks come last.
            offset: rows to skip.
            limit: rows at most.

        Raises:
            KeyError: a sort key is no column.
        """
        concerned, parameters = _concerns(cohort)
        asked, bound = wanted.clause
        order = [_sorted_by(key, down, TABLES["problems"]) for key, down in sort]
        page = f" LIMIT {limit:d}" if limit is not None else ""
        return self._rows(
            f"SELECT * EXCLUDE (position) FROM problems WHERE {concerned} AND {asked}"  # noqa: S608
            f" ORDER BY {', '.join([*order, 'position'])}{page} OFFSET {offset:d}",
            (*parameters, *bound),
        )

    def image_state_counts(self, cohort: Cohort) -> Rows:
        """Subjects of the cohort by kind of image and what became of theirs, as `image_states` says.

        The row without a kind is of all of whom images are expected; in every row `lacking` are
        those of its subjects whose images aren't all there and good.
        """
        return self._rows(*state_counts(cohort, by_split=self._has_splits))

    def image_states(
        self, cohort: Cohort, *, of_all: bool, in_order: bool, offset: int = 0, limit: int = 100
    ) -> Rows:
        """What became of the images of each subject: `dataset, subject, lacking, states`.

        Args:
            cohort: which subjects.
            of_all: whether those who lack nothing are among them.
            in_order: whether they stand in the order of the index; by what they lack otherwise.
            offset: rows to skip.
            limit: rows at most.

        Returns:
            A row a subject; `states` has the state of each kind that is expected, by name.
        """
        sql, parameters = states_by_subject(
            cohort, by_split=self._has_splits, of_all=of_all, in_order=in_order
        )
        return self._rows(f"{sql} LIMIT {limit:d} OFFSET {offset:d}", parameters)

    def image_counts(self, cohort: Cohort) -> Rows:
        """The cohort's image files by kind and space, and again by split: `split_row` tells which.

        Files are counted by status; `subjects` have at least one that is ok. Of those, a grid's
        `nx … nt` and `voxel_…_mm` are lists of a middle value that occurs, the least, the largest.
        """
        return self._rows(*file_counts(cohort, by_split=self._has_splits))

    @property
    def _has_splits(self) -> bool:
        return "split" in self.variables

    def problem_counts(self, cohort: Cohort) -> Rows:
        """The cohort's problems by code and severity, errors first, each with its first one.

        `labels` are the subjects concerned, as a cohort lists them.
        """
        concerned, parameters = _concerns(cohort)
        return self._rows(
            "SELECT code, severity, count(*) AS problems,"  # noqa: S608
            " coalesce(list(DISTINCT dataset || '/' || subject ORDER BY dataset || '/' || subject)"
            " FILTER (WHERE subject IS NOT NULL), []) AS labels,"
            " arg_min(remedy, position) AS remedy,"
            " arg_min({dataset: dataset, subject: subject, file: file, sentence: sentence},"
            f" position) AS first FROM problems WHERE {concerned}"
            " GROUP BY code, severity ORDER BY severity, problems DESC, code",
            parameters,
        )

    def _of_cohort(self, table: str, cohort: Cohort) -> Rows:
        concerned, parameters = _concerns(cohort)
        return self._rows(
            f"SELECT * EXCLUDE (position) FROM {table} WHERE {concerned} ORDER BY position",  # noqa: S608
            parameters,
        )

    def files(self) -> Rows:
        """Every file that the index was made of: `dataset, file, bytes, mtime_ns`.

        A file that lies in none, such as that of splits, has no dataset and its absolute path.
        """
        columns = "dataset, file, bytes, mtime_ns"
        return self._rows(f"SELECT {columns} FROM images UNION ALL SELECT {columns} FROM sources")  # noqa: S608

    def variable_rows(self, cohort: Cohort) -> Rows:
        """The dictionary of this index, with how many values the cohort has of each variable."""
        (blanks,) = self.completeness(cohort)
        rows = self._rows(
            "SELECT * EXCLUDE (position, definition) FROM variables ORDER BY position"
        )
        for row in rows:
            row |= {"known": blanks.known[row["name"]], "missing": blanks.missing(row["name"])}
            row["not_applicable"] = blanks.structural[row["name"]]
        return Rows((*rows.columns, "known", "missing", "not_applicable"), rows)

    def completeness(self, cohort: Cohort, by: Sequence[str] = ()) -> list[Completeness]:
        """Known, missing and structurally blank values of every variable, a group at a time.

        Args:
            cohort: which subjects.
            by: names of the variables whose values make the groups; one group of all by default.

        Raises:
            KeyError: a name is not a variable of this index.
        """
        sql, parameters = completeness_counts(cohort, self.variables, self._checked(by))
        rows = self._rows(sql, parameters)
        return [read_completeness(row, self.variables, by) for row in rows]

    def members(self, cohort: Cohort) -> npt.NDArray[np.bool_]:
        """Whether each subject, in the order of the index, is in the cohort."""
        if cohort.is_everyone:
            return np.ones(self.size, dtype=np.bool_)
        where, parameters = cohort.where()
        sql = f"SELECT {where} AS member FROM subjects ORDER BY position"  # noqa: S608
        return self._column(sql, parameters).astype(np.bool_)

    def scale(self, name: str) -> Scale:
        """The bars of a variable, laid once for all cohorts of this version.

        Raises:
            KeyError: it is not a variable of this index.
        """
        if name not in self._scales:
            variable = self.variables[name]
            blank, parameters = structural(variable, self.variables)
            sql = f"SELECT {quoted(name)} AS value FROM subjects ORDER BY position"  # noqa: S608
            is_blank = f"SELECT {blank} AS blank FROM subjects ORDER BY position"  # noqa: S608
            structurally = self._column(is_blank, parameters).astype(np.bool_)
            self._scales[name] = lay_scale(variable, self._column(sql), structurally)
        return self._scales[name]

    def bars_of(self, rows: Sequence[Row], names: Sequence[str]) -> list[list[int]]:
        """Which bar of each chart each subject is in, as `Scale.codes` has it.

        Args:
            rows: with `dataset` and `subject`.
            names: of the charts' variables.
        """
        codes = [self.scale(name).codes for name in names]
        places = [self._places[row["dataset"], row["subject"]] for row in rows]
        return [[int(code[place]) for code in codes] for place in places]

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        rows = self._rows("SELECT dataset, subject FROM subjects ORDER BY position")
        return {(row["dataset"], row["subject"]): place for place, row in enumerate(rows)}

    def _column(self, sql: str, parameters: Sequence[object] = ()) -> npt.NDArray[Any]:
        """The one column of a statement; blanks are masked."""
        (column,) = self._connection.cursor().execute(sql, parameters).fetchnumpy().values()
        masked: npt.NDArray[Any] = np.ma.asarray(column)
        return masked

    def attrition(self, cohort: Cohort) -> list[Step]:
        """How many subjects each filter leaves of those that the ones before it left."""
        sql, parameters = attrition_counts(cohort)
        (row,) = self._rows(sql, parameters)
        return read_attrition(row, cohort)

    def unknown_labels(self, cohort: Cohort) -> list[str]:
        """Listed subjects of a cohort that this index doesn't hold."""
        keys = self._rows(
            "SELECT label FROM (SELECT unnest(?::VARCHAR[]) AS label) WHERE label NOT IN"  # noqa: S608
            f" (SELECT {FULL_LABEL} FROM subjects UNION"
            f" SELECT dataset || '/' || {FULL_LABEL} FROM subjects)",
            [list(cohort.subjects)],
        )
        return [row["label"] for row in keys]

    def neighbours(
        self, cohort: Cohort, dataset: str, subject: str
    ) -> tuple[Row | None, Row | None]:
        """The subjects before and after one in the order of the index, within the cohort."""
        where, parameters = cohort.where()
        here = "(SELECT position FROM subjects WHERE dataset = ? AND subject = ?)"
        sql = (
            f"(SELECT dataset, subject, -1 AS side FROM subjects WHERE {where}"  # noqa: S608
            f" AND position < {here} ORDER BY position DESC LIMIT 1) UNION ALL"
            f" (SELECT dataset, subject, 1 AS side FROM subjects WHERE {where}"
            f" AND position > {here} ORDER BY position LIMIT 1)"
        )
        bound = (*parameters, dataset, subject)
        by_side = {row["side"]: row for row in self._rows(sql, bound * 2)}
        return by_side.get(-1), by_side.get(1)


def _concerns(cohort: Cohort) -> Clause:
    """SQL that a row belongs to a subject of the cohort; everyone's are all, those of no one too."""
    if cohort.is_everyone:
        return "TRUE", ()
    where, parameters = cohort.where()
    members = f"SELECT dataset, subject FROM subjects WHERE {where}"  # noqa: S608
    return f"(dataset, subject) IN ({members})", parameters


def _sorted_by(key: str, descending: bool, columns: Iterable[str]) -> str:
    if key not in columns:
        raise KeyError(key)
    return f"{quoted(key)} {'DESC' if descending else 'ASC'} NULLS LAST"


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open one version so that no statement can reach any other file."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "threads": "2",
    }
    try:
        return duckdb.connect(str(path), read_only=True, config=options)
    except duckdb.Error as error:
        raise IndexUnavailable(
            f"The index {path} can't be opened: {str(error).splitlines()[0]}"
        ) from None
