"""Clinical files → one row of typed values a subject, with every doubt beside them.

A value that can't be read is listed and treated as missing; one outside its plausible range is
listed and kept. A blank is neither: it is just blank.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data_loader.cohort import SUBJECT, VIEW_KEYS
from data_loader.errors import DatasetError
from data_loader.problems import Problem, Severity
from data_loader.scan import ClinicalFile, Scan
from data_loader.table import read_table
from data_loader.values import Value, is_top_coded, read_value
from data_loader.variables import Kind, Variable, dictionary, infer_variable, match_column

MISSING = frozenset({"", "n/a", "#n/a", "na", "nan", "none", "null", "."})
"""What stands for no value, in any case."""

_LINE_END = re.compile(r"\s*[\r\n]\s*")

_RESERVED = {SUBJECT, "position", *VIEW_KEYS}


@dataclass
class Clinical:
    """What the clinical files of one dataset say.

    Attributes:
        variables: those that the files have a column for, known or inferred, by name.
        rows: subject to variable name to value; blanks are left out.
        problems: what could not be read, or is hard to believe.
        columns: source column to the variable that it becomes.
    """

    variables: dict[str, Variable] = field(default_factory=dict)
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, Variable] = field(default_factory=dict)


@dataclass(frozen=True)
class _Record:
    """One row of one file, as text."""

    file: str
    subject: str
    cells: Mapping[str, str]


def read_clinical(scan: Scan) -> Clinical:
    """Read a dataset's clinical files.

    Args:
        scan: the dataset's files.
    """
    clinical, dataset = Clinical(), scan.name
    records: list[_Record] = []
    for file in scan.clinical:
        found, complaints = _read_records(scan, file)
        records += found
        subject = file.subject if file.subject in scan.imaged else None  # who may be no subject
        clinical.problems += [
            Problem(
                dataset,
                "clinical-unreadable",
                "error",
                sentence,
                subject=subject,
                file=file.file.path,
            )
            for sentence in complaints
        ]
    records = list(_without_duplicates(records, dataset, clinical.problems))
    clinical.columns = columns = _match_columns(records, scan.profile.columns)
    clinical.variables = {variable.name: variable for variable in columns.values()}
    for record in records:
        _read_values(record, columns, dataset, clinical)
    _flag_top_coding(clinical)
    return clinical


def agree_on_kinds(datasets: Sequence[Clinical]) -> None:
    """Give an inferred variable one kind in all datasets: text if it is text in any of them."""
    kinds: dict[str, set[Kind]] = {}
    for clinical in datasets:
        for name, variable in clinical.variables.items():
            if variable.inferred:
                kinds.setdefault(name, set()).add(variable.kind)
    for name, found in kinds.items():
        if len(found) > 1:
            for clinical in datasets:
                _widen(clinical, name, "categorical" if "categorical" in found else "continuous")


def _widen(clinical: Clinical, name: str, kind: Kind) -> None:
    if name in clinical.variables:
        clinical.variables[name] = replace(clinical.variables[name], kind=kind)
    if kind == "categorical":
        for row in clinical.rows.values():
            if isinstance(row.get(name), int | float):
                row[name] = f"{row[name]:.15g}"


def _read_records(scan: Scan, file: ClinicalFile) -> tuple[list[_Record], list[str]]:
    """The rows of one file that can be used, and a sentence for each that can't."""
    try:
        rows = read_table(scan.root / file.file.path)
    except DatasetError as error:
        return [], [str(error)]
    records, complaints = [], []
    for number, cells in enumerate(rows, start=1):
        try:
            records.append(_record(cells, file, scan))
        except DatasetError as error:
            complaints.append(f"Data row {number} is not used: {error}")
    return records, complaints


def _record(cells: dict[str, str], file: ClinicalFile, scan: Scan) -> _Record:
    if cells.get("") == "beyond":
        raise DatasetError("it has more cells than the header.")
    column, only = file.rule.id_column, file.rule.only
    if only:
        cells = {name: cell for name, cell in cells.items() if name in (*only, column)}
    if column is None:
        if file.subject is None:
            raise DatasetError("the file's path names no subject.")
        return _Record(file.file.path, file.subject, cells)
    if column not in cells:
        raise DatasetError(f"it has no {column}.")
    named = cells.pop(column).strip()
    subject = scan.label_of(named)
    if subject is None:
        raise DatasetError(f"{named!r} is no subject label.")
    return _Record(file.file.path, subject, cells)


def _without_duplicates(
    records: Sequence[_Record], dataset: str, problems: list[Problem]
) -> Iterator[_Record]:
    first: dict[tuple[str, str], _Record] = {}
    for record in records:
        kept = first.setdefault((record.file, record.subject), record)
        if kept is record:
            yield record
            continue
        verb = "agrees with" if kept.cells == record.cells else "differs from"
        sentence = f"{record.subject} has a second row, which {verb} the first; the first is used."
        problems.append(
            Problem(
                dataset,
                "subject-duplicate",
                "warning",
                sentence,
                subject=record.subject,
                file=record.file,
            )
        )


def _match_columns(
    records: Sequence[_Record], by_profile: Mapping[str, str]
) -> dict[str, Variable]:
    columns = dict.fromkeys(column for record in records for column in record.cells if column)
    known = {column: match_column(column, by_profile) for column in columns}
    taken = set(dictionary()) | _RESERVED
    return {
        column: variable or _inferred(column, records, taken) for column, variable in known.items()
    }


def _inferred(column: str, records: Sequence[_Record], taken: set[str]) -> Variable:
    texts = (record.cells.get(column, "").strip() for record in records)
    variable = infer_variable(column, [text for text in texts if text.casefold() not in MISSING])
    name, number = variable.name, 2
    while name in taken:
        name, number = f"{variable.name}_{number}", number + 1
    taken.add(name)
    return Variable.of({**variable.as_dict(), "name": name})


def _read_values(
    record: _Record, columns: Mapping[str, Variable], dataset: str, clinical: Clinical
) -> None:
    row = clinical.rows.setdefault(record.subject, {})
    for column, cell in record.cells.items():
        variable, text = columns.get(column), _LINE_END.sub(" ", cell.strip())
        if variable is None or text.casefold() in MISSING:
            continue
        value, code, sentence = read_value(variable, column, text)
        if value is not None and variable.name in row and row[variable.name] != value:
            code = "variable-duplicate"
            sentence = f"{variable.label} is {row[variable.name]} and, in {column}, {value}."
        elif value is not None:
            row[variable.name] = value
            if variable.name == "age" and is_top_coded(text):
                row["age_top_coded"] = 1
        if code:
            severity: Severity = "error" if code == "value-unreadable" else "warning"
            problem = Problem(
                dataset,
                code,
                severity,
                sentence,
                subject=record.subject,
                file=record.file,
                variable=variable.name,
            )
            clinical.problems.append(problem)


def _flag_top_coding(clinical: Clinical) -> None:
    """Where any age is a bound, say of every known age whether it is one."""
    if any("age_top_coded" in row for row in clinical.rows.values()):
        clinical.variables["age_top_coded"] = dictionary()["age_top_coded"]
        for row in clinical.rows.values():
            if "age" in row:
                row.setdefault("age_top_coded", 0)
