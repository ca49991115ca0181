"""From a folder to the files of a dataset: what each is, and whose.

One walk with `os.scandir` and one pass of regular expressions. Nothing is opened.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from data_loader.errors import DatasetError, ProfileError
from data_loader.profile import (
    ORDER,
    ClinicalRule,
    ImageRule,
    Profile,
    TransformRule,
    read_profile,
    recognise_profile,
)

if TYPE_CHECKING:
    from data_loader.index import Index

_SESSION = re.compile(r"(?:^|/)(ses-[A-Za-z0-9]+)/")
_SPACE = re.compile(r"_space-([A-Za-z0-9]+)")
_PARTS = re.compile(r"\d+|\D+")
_SPLIT = re.compile(r"(?:^|/)(train|test)(?:ing)?/", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """One file as the folder lists it.

    Attributes:
        path: relative to the dataset, with `/` between the parts.
        size: bytes; None where a link leads nowhere.
        mtime_ns: last change; None where a link leads nowhere.
    """

    path: str
    size: int | None
    mtime_ns: int | None


@dataclass(frozen=True)
class ImageFile:
    """One image and what the profile makes of it; `rule` is None where none matches."""

    file: File
    subject: str | None
    session: str | None
    space: str | None
    rule: ImageRule | None

    @property
    def kind(self) -> str | None:
        """Its short name, such as `ncct`; None where no rule matches."""
        return self.rule.kind if self.rule else None


@dataclass(frozen=True)
class ClinicalFile:
    """One clinical file, and the subject it is about where its path says so."""

    file: File
    subject: str | None
    rule: ClinicalRule


@dataclass(frozen=True)
class TransformFile:
    """A dataset's own transform to MNI152, and whose."""

    file: File
    subject: str | None
    rule: TransformRule


@dataclass(frozen=True)
class Scan:
    """All files of one dataset, in natural order of their paths.

    Attributes:
        name: the folder's name in lower-case letters, digits and hyphens.
        root: the dataset's folder, absolute and without links.
        profile: how its files were read.
        images: every image file, matched or not.
        transforms: the dataset's own transforms to MNI152.
        clinical: files with clinical values.
        splits: subject to `train` or `test`, where the tree says so.
        in_two_splits: subjects that have files in both.
        description: `dataset_description.json`, or empty.
        skipped: folders whose files are not among these, and why.
        others: paths of files that are none of these.
    """

    name: str
    root: Path
    profile: Profile
    images: tuple[ImageFile, ...]
    transforms: tuple[TransformFile, ...]
    clinical: tuple[ClinicalFile, ...]
    splits: dict[str, str]
    in_two_splits: tuple[str, ...]
    description: dict[str, object]
    skipped: dict[str, str]
    others: tuple[str, ...]

    def key_of(self, file: File) -> tuple[str, int, int]:
        """Path, size and time of change of a file: what is made of it is kept under these."""
        return f"{self.root}/{file.path}", file.size or 0, file.mtime_ns or 0

    @property
    def title(self) -> str:
        """The dataset's own name, else the profile's."""
        return str(self.description.get("Name") or self.profile.title)

    @property
    def version(self) -> str | None:
        """What the dataset says of its version: the DOI of the release, in BIDS."""
        return str(self.description.get("DatasetDOI") or "") or None

    @property
    def license(self) -> str | None:
        """The dataset's own licence, else the profile's."""
        return str(self.description.get("License") or self.profile.license or "") or None

    @cached_property
    def imaged(self) -> frozenset[str]:
        """Subjects that have an image."""
        return frozenset(image.subject for image in self.images if image.subject)

    def label_of(self, cell: str) -> str | None:
        """The subject that a cell of a table names, with or without `sub-`; None if it is none."""
        names = (cell, f"sub-{cell}")
        is_label = self.profile.subject.fullmatch
        return next((name for name in names if is_label(name) or name in self.imaged), None)

    @property
    def synthetic(self) -> bool:
        """Whether the dataset says that its subjects are made up."""
        return self.description.get("Synthetic") is True


def scan_dataset(root: Path, profile: Profile | None = None) -> Scan:
    """List a dataset's files.

    Args:
        root: the dataset's folder.
        profile: how to read it; recognised from the paths by default.

    Raises:
        DatasetError: it is not a folder, or nothing in it belongs to a subject.
    """
    if not root.is_dir():
        raise DatasetError(f"{root} is not a folder.")
    skipped: dict[str, str] = {}
    files = sorted(_walk(root, skipped), key=lambda file: natural_key(file.path))
    profile = profile or recognise_profile(file.path for file in files)
    if profile is None:
        raise DatasetError(
            f"No subjects found in {root}: looked for paths with sub-… as in the profiles"
            f" {', '.join(ORDER)}."
        )
    images = tuple(_image(file, profile) for file in files if _is_image(file.path))
    clinical = tuple(_clinical(files, profile))
    transforms = tuple(_transforms(files, profile))
    if not clinical and not any(image.subject for image in images):
        raise DatasetError(
            f"No subjects found in {root}: no image or clinical file bears"
            f" {profile.subject.pattern}, as the profile {profile.name} has it."
        )
    splits, in_two = _splits(files, profile)
    return Scan(
        name=dataset_name(root),
        root=root.resolve(),
        profile=profile,
        images=images,
        transforms=transforms,
        clinical=clinical,
        splits=splits,
        in_two_splits=in_two,
        description=_description(root),
        skipped=skipped,
        others=_others(files, [*images, *transforms, *clinical]),
    )


def dataset_name(root: Path) -> str:
    """A folder's name as it stands in URLs."""
    return re.sub(r"[^a-z0-9]+", "-", root.resolve().name.casefold()).strip("-") or "dataset"


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key under which sub-9 comes before sub-10."""
    return [_natural_part(part) for part in _PARTS.findall(text)]


@lru_cache(maxsize=4096)
def _natural_part(part: str) -> tuple[int, int, str]:
    """Paths of a dataset are made of the same few parts over and over."""
    return (0, int(part), part) if part.isdecimal() else (1, 0, part)


def _walk(root: Path, skipped: dict[str, str]) -> Iterator[File]:
    """Every file below a folder; `skipped` gets the folders that are not looked into."""
    pending = [(str(root), "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if not prefix:
                raise DatasetError(f"{root} can't be read: {error.strerror}.") from None
            skipped[prefix.rstrip("/")] = f"The folder can't be listed: {error.strerror}."
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            # A name that is no text can't be printed, bound or stored.
            path = prefix + os.fsencode(entry.name).decode(errors="replace")
            if entry.is_dir(follow_symlinks=False):
                pending.append((entry.path, f"{path}/"))
            elif entry.is_symlink() and entry.is_dir():
                skipped[path] = "The folder is a link, which is not followed."
            else:
                yield _file(entry, path)


def _file(entry: os.DirEntry[str], path: str) -> File:
    try:
        status = entry.stat()
    except OSError:
        return File(path, None, None)
    return File(path, status.st_size, status.st_mtime_ns)


def _is_image(path: str) -> bool:
    return path.endswith((".nii.gz", ".nii"))


def _image(file: File, profile: Profile) -> ImageFile:
    session = _SESSION.search(file.path)
    space = _SPACE.search(file.path)
    return ImageFile(
        file=file,
        subject=profile.subject_of(file.path),
        session=session.group(1) if session else None,
        space=space.group(1) if space else None,
        rule=profile.image_rule(file.path),
    )


def _clinical(files: list[File], profile: Profile) -> Iterator[ClinicalFile]:
    for file in files:
        if rule := profile.clinical_rule(file.path):
            yield ClinicalFile(file, profile.subject_of(file.path), rule)


def _transforms(files: list[File], profile: Profile) -> Iterator[TransformFile]:
    for file in files:
        if rule := profile.transform_rule(file.path):
            yield TransformFile(file, profile.subject_of(file.path), rule)


def _others(
    files: list[File], read: Sequence[ImageFile | TransformFile | ClinicalFile]
) -> tuple[str, ...]:
    known = {each.file.path for each in read}
    return tuple(file.path for file in files if file.path not in known)


def _splits(files: list[File], profile: Profile) -> tuple[dict[str, str], tuple[str, ...]]:
    found: dict[str, str] = {}
    in_two: dict[str, None] = {}
    for file in files:
        match, subject = _SPLIT.search(file.path), profile.subject_of(file.path)
        if match and subject:
            split = match.group(1).casefold()
            if found.setdefault(subject, split) != split:
                in_two[subject] = None
    return found, tuple(in_two)


def _description(root: Path) -> dict[str, object]:
    try:
        read = orjson.loads((root / "dataset_description.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return read if isinstance(read, dict) else {}


def file_outside(path: Path) -> File | None:
    """A file that an index is made of and no dataset holds, by its absolute path, if it is there."""
    try:
        status = path.stat()
    except OSError:
        return None
    is_kept = stat.S_ISREG(status.st_mode)  # what comes from a pipe is gone afterwards
    return File(str(path.absolute()), status.st_size, status.st_mtime_ns) if is_kept else None


@dataclass(frozen=True)
class Changes:
    """Files that differ from what an index was made of, as `dataset/path`, or as path alone."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the index is out of date."""
        return bool(self.added or self.changed or self.removed)


def changed_since(index: "Index") -> Changes:
    """Compare the files as they lie on disk with what the index was made of."""
    files = index.files()
    then = {_key(row["dataset"], row["file"]): (row["bytes"], row["mtime_ns"]) for row in files}
    outside = (file_outside(Path(row["file"])) for row in files if row["dataset"] is None)
    now = {file.path: (file.size, file.mtime_ns) for file in outside if file}
    for dataset in index.datasets:
        profile = _profile_now(dataset.profile)
        for file in _files_of(dataset.root):
            key = _key(dataset.name, file.path)
            if key in then or _is_relevant(file.path, profile):
                now[key] = (file.size, file.mtime_ns)
    return Changes(
        added=tuple(sorted(now.keys() - then.keys())),
        changed=tuple(sorted(key for key in now.keys() & then.keys() if now[key] != then[key])),
        removed=tuple(sorted(then.keys() - now.keys())),
    )


def _key(dataset: str | None, path: str) -> str:
    return path if dataset is None else f"{dataset}/{path}"


def _files_of(root: Path) -> Iterator[File]:
    """A dataset's files; none where its folder is gone or can't be read."""
    with suppress(DatasetError):
        yield from _walk(root, {})


def _is_relevant(path: str, profile: Profile | None) -> bool:
    if _is_image(path):
        return True
    return profile is not None and bool(profile.clinical_rule(path) or profile.transform_rule(path))


def _profile_now(name: str) -> Profile | None:
    """A profile as it is now; None where its file, one of those that are compared, is gone."""
    with suppress(ProfileError):
        return read_profile(name)
    return None
