"""The rows of every table of an index, made of scans, clinical files and measures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from data_loader.clinical import Clinical, agree_on_kinds, read_clinical
from data_loader.consistency import LARGE_ML, inconsistencies
from data_loader.errors import ImageError
from data_loader.grids import grid_difference
from data_loader.journal import Key, Result
from data_loader.nifti import Header, read_header
from data_loader.problems import Problem
from data_loader.scan import File, ImageFile, Scan, natural_key
from data_loader.split import Splits, assign_splits, unknown_subjects
from data_loader.values import Value
from data_loader.variables import Variable, dictionary

Row = dict[str, Any]

MEASURES = ("volume_ml", "components_26", "components_6", "largest_ml", "laterality_index")
"""Measures that are columns of the subject table too."""

_LABEL = re.compile(r"_label-([A-Za-z0-9]+)")

_VOXEL_SIZE_TOLERANCE = 1e-3
"""Relative difference of the voxel volumes by header and by affine that rounding explains."""


class LesionMask(NamedTuple):
    """A file to be measured, and whether its name says that it lies in MNI152."""

    path: Path
    in_mni: bool = False


@dataclass(frozen=True)
class StoredImage:
    """An image that is read whole: the infarct mask by which a subject is measured."""

    scan: Scan
    image: ImageFile

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.scan.root / self.image.file.path

    @property
    def in_mni(self) -> bool:
        """Whether its name says that it lies in MNI152, whichever variant."""
        return (self.image.space or "").startswith("MNI152")

    @property
    def to_measure(self) -> LesionMask:
        """What measuring has to know of it."""
        return LesionMask(self.path, self.in_mni)

    @property
    def key(self) -> Key:
        """Under which its results are kept."""
        return self.scan.key_of(self.image.file)


def select_masks(scans: Iterable[Scan]) -> list[StoredImage]:
    """Choose one infarct mask a subject: `.nii.gz` before `.nii`, then the first by path.

    Links that lead nowhere are passed over.
    """
    chosen: dict[tuple[str, str], StoredImage] = {}
    for scan in scans:
        for image in scan.images:
            if image.kind != "lesion" or image.subject is None or image.file.size is None:
                continue
            first = chosen.setdefault((scan.name, image.subject), StoredImage(scan, image))
            better = image.file.path.endswith(".gz") and not first.image.file.path.endswith(".gz")
            if better and image.space == first.image.space:
                chosen[scan.name, image.subject] = StoredImage(scan, image)
    return list(chosen.values())


@dataclass
class Content:
    """Rows by table, and the variables that are columns of the subject table."""

    datasets: list[Row] = field(default_factory=list)
    variables: dict[str, Variable] = field(default_factory=dict)
    subjects: list[Row] = field(default_factory=list)
    images: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    lesions: list[Row] = field(default_factory=list)
    perfusion: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tables(self) -> dict[str, list[Row]]:
        """Rows by the names of `schema.TABLES`, without `meta`."""
        problems = [{**vars(problem), "remedy": problem.remedy} for problem in self.problems]
        return {
            "datasets": self.datasets,
            "variables": [_variable_row(variable) for variable in self.variables.values()],
            "images": self.images,
            "sources": self.sources,
            "lesions": self.lesions,
            "perfusion": self.perfusion,
            "problems": problems,
        }


def read_content(scans: Sequence[Scan], masks: Sequence[StoredImage], splits: Splits) -> Content:
    """Read clinical files and image headers; measures are added later.

    Args:
        scans: of all datasets, their names different.
        masks: as chosen by `select_masks`.
        splits: as read from a file.
    """
    content = Content()
    measured = {(mask.scan.name, mask.image.subject): mask.image for mask in masks}
    by_name: dict[str, Clinical] = {}
    for scan in scans:
        content.datasets.append(_dataset_row(scan))
        by_name[scan.name] = clinical = read_clinical(scan)
        content.problems += [
            Problem(scan.name, "folder-skipped", "error", sentence, file=path)
            for path, sentence in scan.skipped.items()
        ]
        content.problems += clinical.problems
        content.sources += [_file_row(scan, source.file) for source in scan.clinical]
        content.sources += [_file_row(scan, source.file) for source in scan.transforms]
        grids = [
            (content.images[-1], image, header)
            for image in scan.images
            if (
                header := _add_image(content, scan, image, measured.get((scan.name, image.subject)))
            )
        ]
        _compare_grids(content, grids)
    agree_on_kinds(list(by_name.values()))
    for scan in scans:
        rows = by_name[scan.name].rows
        assigned, conflicts = assign_splits(scan, rows, splits)
        if assigned:
            by_name[scan.name].variables["split"] = dictionary()["split"]
        content.problems += conflicts
        content.subjects += _subject_rows(scan, rows, assigned)
        content.problems += _inconsistencies(scan, by_name[scan.name])
    known = {f"{row['dataset']}/{row['subject']}" for row in content.subjects}
    content.problems += unknown_subjects(scans, splits, known)
    content.variables = _variables(by_name)
    return content


def _inconsistencies(scan: Scan, clinical: Clinical) -> Iterable[Problem]:
    for subject, row in clinical.rows.items():
        for found in inconsistencies(row, clinical.variables):
            yield Problem(
                scan.name,
                found.code,
                "warning",
                found.sentence,
                subject=subject,
                variable=found.variable,
            )


def add_measures(
    content: Content, masks: Sequence[StoredImage], results: Mapping[Key, Result]
) -> None:
    """Put measures beside subjects, lesions and images, and list what is wrong with masks."""
    images = {(row["dataset"], row["file"]): row for row in content.images}
    subjects = {(row["dataset"], row["subject"]): row for row in content.subjects}
    for mask in masks:
        image = images[mask.scan.name, mask.image.file.path]
        subject = subjects[mask.scan.name, image["subject"]]
        result = results.get(mask.key)
        if result is not None and "code" in result:
            mark_unreadable(content, image, result["code"], result["sentence"])
        elif result is not None:
            _add_lesion(content, image, subject, result)
        subject["has_mask"] = int(image["status"] == "ok")
    if content.lesions:
        names = tuple(dict.fromkeys(row["dataset"] for row in content.lesions))
        add_variables(content, [replace(dictionary()[name], datasets=names) for name in MEASURES])


def add_variables(content: Content, variables: Iterable[Variable]) -> None:
    """Add columns of the subject table; those of the dictionary stand in its order."""
    content.variables |= {variable.name: variable for variable in variables}
    position = {name: place for place, name in enumerate(dictionary())}
    ordered = sorted(content.variables.items(), key=lambda item: position.get(item[0], 10**6))
    content.variables = dict(ordered)


def _add_lesion(content: Content, image: Row, subject: Row, result: Result) -> None:
    grid = ("session", "space", "file", "voxel_x_mm", "voxel_y_mm", "voxel_z_mm")
    in_mni = str(image["space"]).startswith("MNI")
    content.lesions.append(
        {
            "dataset": image["dataset"],
            "subject": image["subject"],
            **{name: image[name] for name in (*grid, "nx", "ny", "nz", "orientation")},
            **result,
            "laterality_reference": "MNI midline" if in_mni else "scanner x = 0",
        }
    )
    subject.update({name: result[name] for name in MEASURES})
    if result["voxels"] == 0:
        complain(content, image, "mask-empty", "The mask has no voxel above 0.5.")
    if result["volume_ml"] > LARGE_ML:
        sentence = f"The infarct has {result['volume_ml']:.0f} ml, more than {LARGE_ML:.0f}."
        complain(content, image, "volume-large", sentence)
    if abs(result["voxel_size_ratio"] - 1) > _VOXEL_SIZE_TOLERANCE:
        sentence = (
            "The voxel volume by the affine is"
            f" {result['voxel_size_ratio']:.3f} times that by the header's voxel size."
        )
        complain(content, image, "image-voxel-size", sentence)


def _compare_grids(content: Content, grids: Sequence[tuple[Row, ImageFile, Header]]) -> None:
    """List images that don't lie on the grid of their reference."""
    by_kind: dict[tuple[str | None, str | None], list[tuple[ImageFile, Header]]] = {}
    for _, image, header in grids:
        by_kind.setdefault((image.subject, image.kind), []).append((image, header))
    for row, image, header in grids:
        kinds = image.rule.reference if image.rule else ()
        candidates = (by_kind.get((image.subject, kind), ()) for kind in kinds)
        references = next((found for c in candidates if (found := _comparable(image, c))), [])
        differences = [grid_difference(header, reference) for _, reference in references]
        if differences and all(differences):
            reference = references[0][0].file.path
            sentence = f"The image {differences[0]} as its reference {reference} has."
            complain(content, row, "image-grid", sentence)


def _comparable(
    image: ImageFile, others: Iterable[tuple[ImageFile, Header]]
) -> list[tuple[ImageFile, Header]]:
    """Those of the same space, as far as the names of both say which."""
    return [
        (other, header)
        for other, header in others
        if other != image and (None in (image.space, other.space) or image.space == other.space)
    ]


def complain(content: Content, image: Row, code: str, sentence: str) -> None:
    """List what is wrong with an image, given its row."""
    content.problems.append(
        Problem(
            image["dataset"],
            code,
            "error" if image["status"] in ("unreadable", "absent") else "warning",
            sentence,
            subject=image["subject"],
            file=image["file"],
        )
    )


def mark_unreadable(content: Content, image: Row, code: str, sentence: str) -> None:
    """List an image that can't be read, and say so in its row."""
    # A header that can't be read is met twice: alone, and when the mask is measured.
    if image["status"] == "ok":
        image["status"], image["sentence"] = "unreadable", sentence
        complain(content, image, code, sentence)


def _add_image(
    content: Content, scan: Scan, image: ImageFile, mask: ImageFile | None
) -> Header | None:
    """Add one image's row; `mask` is the one by which its subject is measured."""
    row: Row = {
        **_file_row(scan, image.file),
        "subject": image.subject,
        "session": image.session,
        "kind": image.kind,
        "space": image.space,
        "status": "ok",
    }
    content.images.append(row)
    header = None
    if image.file.size is None:
        row["status"], row["sentence"] = "absent", "The file is a link to content that isn't here."
        complain(content, row, "link-dangling", row["sentence"])
    elif image.rule is None or image.subject is None:
        row["status"] = "unrecognised"
        row["sentence"] = f"The profile {scan.profile.name} has no rule for this file."
    else:
        header = _read_grid(content, f"{scan.root}/{image.file.path}", image.rule.dimensions, row)
    if row["status"] == "ok" and image.kind == "lesion" and mask is not None and image != mask:
        row["status"], row["sentence"] = "not used", _instead(image, mask)
        if image.space == mask.space and image.session == mask.session:
            complain(content, row, "mask-duplicate", row["sentence"])
    return header


def _instead(image: ImageFile, mask: ImageFile) -> str:
    """Why a mask isn't measured; one with another label, such as a side, isn't the same anew."""
    labels = [_LABEL.findall(file.file.path) for file in (image, mask)]
    if labels[0] == labels[1]:
        return f"{mask.file.path} is measured instead."
    return f"Only {mask.file.path} is measured, so that volume and counts lack this one."


def _read_grid(content: Content, path: str, dimensions: int, row: Row) -> Header | None:
    try:
        header = read_header(path, dimensions=dimensions)
    except ImageError as error:
        mark_unreadable(content, row, error.code, str(error))
        return None
    row |= _grid(header)
    return header


def _grid(header: Header) -> Row:
    nx, ny, nz, *frames = header.shape
    x_mm, y_mm, z_mm = header.voxel_mm
    return {
        "nx": nx,
        "ny": ny,
        "nz": nz,
        "nt": frames[0] if frames else 1,
        "voxel_x_mm": x_mm,
        "voxel_y_mm": y_mm,
        "voxel_z_mm": z_mm,
        "orientation": header.orientation,
        "dtype": str(header.dtype),
    }


def _file_row(scan: Scan, file: File) -> Row:
    size, changed = file.size, file.mtime_ns
    return {"dataset": scan.name, "file": file.path, "bytes": size, "mtime_ns": changed}


def _dataset_row(scan: Scan) -> Row:
    return {
        "name": scan.name,
        "title": scan.title,
        "root": str(scan.root),
        "profile": scan.profile.name,
        "version": scan.version,
        "license": scan.license,
        "synthetic": scan.synthetic,
    }


def _variable_row(variable: Variable) -> Row:
    low, high = variable.plausible or (None, None)
    return {
        "definition": orjson.dumps(variable.as_dict()).decode(),
        **{name: getattr(variable, name) for name in ("name", "label", "unit", "kind")},
        **{name: getattr(variable, name) for name in ("timepoint", "group", "note", "inferred")},
        "plausible_low": low,
        "plausible_high": high,
        "levels": orjson.dumps(variable.levels).decode() if variable.levels else None,
    }


def _subject_rows(
    scan: Scan, clinical: Mapping[str, Mapping[str, Value]], splits: Mapping[str, str]
) -> Iterable[Row]:
    """One row a subject that has a clinical row, an image, or both."""
    for subject in sorted(clinical.keys() | scan.imaged, key=natural_key):
        row: Row = {"dataset": scan.name, "subject": subject}
        row["has_clinical"] = int(subject in clinical)
        row["has_mask"] = 0
        row |= clinical.get(subject, {})
        if subject in splits:
            row["split"] = splits[subject]
        yield row


def _variables(clinical: Mapping[str, Clinical]) -> dict[str, Variable]:
    """The variables of all datasets, each with the datasets that collect it."""
    collected = {name: found.variables for name, found in clinical.items()}
    variables: dict[str, Variable] = {}
    for dataset, found in collected.items():
        for name, variable in found.items():
            known = variables.get(name, variable)
            variables[name] = replace(known, datasets=(*known.datasets, dataset))
    design = {name: dictionary()[name] for name in ("dataset", "has_clinical", "has_mask")}
    return design | variables
