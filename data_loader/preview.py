"""What a profile would read of a dataset, and what it would leave: for whoever writes one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_loader.clinical import read_clinical
from data_loader.problems import Problem
from data_loader.profile import Profile
from data_loader.scan import Scan, scan_dataset
from data_loader.variables import Variable

_EXAMPLES = 3


@dataclass(frozen=True)
class Preview:
    """What a profile makes of a dataset.

    Attributes:
        title: of the dataset.
        is_recognised: whether the profile's `recognise` matches one of the paths.
        subjects: labels, in natural order.
        kinds: kind to the paths of its images.
        unknown_images: images that no rule matches, or that belong to no subject.
        clinical: paths of files with clinical values.
        records: subjects that they have values of.
        columns: source column to the variable that it becomes.
        absent_columns: those that the profile maps and no file has.
        transforms: paths of the dataset's own transforms to MNI152.
        others: files that are none of these.
        problems: what can't be read in the clinical files.
    """

    title: str
    is_recognised: bool
    subjects: tuple[str, ...]
    kinds: Mapping[str, Sequence[str]]
    unknown_images: Sequence[str]
    clinical: Sequence[str]
    records: int
    columns: Mapping[str, Variable]
    absent_columns: Sequence[str]
    transforms: Sequence[str]
    others: Sequence[str]
    problems: Sequence[Problem]

    @property
    def is_whole(self) -> bool:
        """Whether every image and every column is known, and nothing is wrong."""
        inferred = any(variable.inferred for variable in self.columns.values())
        left = self.unknown_images or self.problems or self.absent_columns or inferred
        return self.is_recognised and not left

    def lines(self) -> Iterator[str]:
        """The whole as text, a line at a time."""
        yield self.title
        yield f"Subjects: {len(self.subjects)}{_examples(self.subjects)}"
        if not self.is_recognised:
            yield "The pattern `recognise` matches no path: the profile has to be named each time."
        for kind, paths in self.kinds.items():
            yield f"  {kind}: {_files(paths)}{_examples(paths, 1)}"
        yield f"Images that no rule knows: {_files(self.unknown_images)}" + _examples(
            self.unknown_images
        )
        yield f"Clinical files: {_files(self.clinical)}, {self.records} subjects" + _examples(
            self.clinical, 1
        )
        for column, variable in self.columns.items():
            known = "not in the dictionary, taken as " if variable.inferred else ""
            yield f"  {column} → {variable.name} ({known}{variable.kind})"
        for column in self.absent_columns:
            yield f"  {column}: mapped by the profile, in no file"
        if self.transforms:
            yield f"Transforms to MNI152: {_files(self.transforms)}" + _examples(self.transforms, 1)
        yield f"Other files, not read: {_files(self.others)}{_examples(self.others)}"
        yield f"Problems in clinical files: {len(self.problems)}"
        for problem in self.problems[:_EXAMPLES]:
            yield f"  {problem.file}: {problem.sentence}"


def preview_dataset(root: Path, profile: Profile) -> Preview:
    """Read a dataset's paths and clinical files as a profile has it; no image is opened.

    Raises:
        DatasetError: it is not a folder, or the profile finds no subject in it.
    """
    scan = scan_dataset(root, profile)
    clinical = read_clinical(scan)
    kinds: dict[str, list[str]] = {rule.kind: [] for rule in profile.images}
    for image in scan.images:
        if image.rule and image.subject:
            kinds[image.rule.kind].append(image.file.path)
    unknown = [i.file.path for i in scan.images if not (i.rule and i.subject)]
    imaged = (image.subject for image in scan.images if image.subject)
    return Preview(
        title=scan.title,
        is_recognised=any(map(profile.recognise.search, _paths(scan))),
        subjects=tuple(dict.fromkeys([*imaged, *clinical.rows])),
        kinds=kinds,
        unknown_images=unknown,
        clinical=[file.file.path for file in scan.clinical],
        records=len(clinical.rows),
        columns=clinical.columns,
        absent_columns=_absent(profile, clinical.columns),
        transforms=[file.file.path for file in scan.transforms],
        others=scan.others,
        problems=clinical.problems,
    )


def _absent(profile: Profile, found: Iterable[str]) -> list[str]:
    known = {column.casefold() for column in found}
    return [column for column in profile.columns if column.casefold() not in known]


def _paths(scan: Scan) -> Iterable[str]:
    images = (image.file.path for image in scan.images)
    clinical = (table.file.path for table in scan.clinical)
    return (*images, *(one.file.path for one in scan.transforms), *clinical, *scan.others)


def _files(paths: Sequence[str]) -> str:
    return f"{len(paths)} file{'' if len(paths) == 1 else 's'}"


def _examples(texts: Sequence[str], most: int = _EXAMPLES) -> str:
    if not texts:
        return ""
    more = ", …" if len(texts) > most else ""
    return f", e.g. {', '.join(texts[:most])}{more}"
