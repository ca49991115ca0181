"""Infarct masks in their images' own space, and what can take each of them to MNI152."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from data_loader.content import StoredImage
from data_loader.errors import ImageError
from data_loader.grids import grid_difference
from data_loader.journal import Key, Result
from data_loader.nifti import Header, read_header
from data_loader.profile import ImageRule, Modality
from data_loader.scan import File, ImageFile, TransformFile

_File = TypeVar("_File", ImageFile, TransformFile)
_BySubject: TypeAlias = Mapping[str | None, Sequence[_File]]


@dataclass(frozen=True)
class NativeMask:
    """A mask that isn't in MNI152.

    Attributes:
        mask: by which its subject is measured.
        image: of the head, in the space of the mask, by which it can be registered.
        modality: what that image is.
        transform: the dataset's own file that leads to MNI152, which goes before registration.
    """

    mask: StoredImage
    image: StoredImage | None
    modality: Modality | None
    transform: File | None

    @property
    def transform_key(self) -> Key:
        """Path, size and time of change of the dataset's own transform; none where it has none."""
        return self.mask.scan.key_of(self.transform) if self.transform else ()

    def registration_key(self, engine: str) -> Key:
        """Under which its image's registration is kept: another mask needs no other."""
        return (*self.image.key, engine, 0, 0) if self.image else ()

    def placement_key(self, engine: str) -> Key:
        """Under which its place in standard space is kept; another mask has another."""
        return self.mask.key + (self.transform_key or self.registration_key(engine))


def select_native(masks: Iterable[StoredImage]) -> list[NativeMask]:
    """The masks that aren't in MNI152, each with what can take it there.

    Args:
        masks: as chosen by `select_masks`.
    """
    by_subject: dict[str, tuple[_BySubject[ImageFile], _BySubject[TransformFile]]] = {}
    found = []
    for mask in masks:
        if mask.in_mni:
            continue
        scan, subject = mask.scan, mask.image.subject
        if scan.name not in by_subject:
            by_subject[scan.name] = _grouped(scan.images), _grouped(scan.transforms)
        images, transforms = by_subject[scan.name]
        candidates = images.get(subject, ())
        image = _reference(mask, candidates) or _drawn_on(mask, candidates)
        rule = image.image.rule if image else None
        transform = _transform(mask, transforms.get(subject, ()))
        found.append(NativeMask(mask, image, rule.modality if rule else None, transform))
    return found


def is_of(key: Key, files: set[Key]) -> bool:
    """Whether a key of the journal names only files that are as they were."""
    parts = [key[start : start + 3] for start in range(0, len(key), 3)]
    return all(part in files or part[1:] == (0, 0) for part in parts)


def files_of(native: Sequence[NativeMask]) -> Iterator[Key]:
    """Every file that registrations and placements are made of, as a key names it."""
    for one in native:
        yield one.mask.key
        if one.image:
            yield one.image.key
        if one.transform:
            yield one.transform_key


def has_foreground(one: NativeMask, results: Mapping[Key, Result]) -> bool:
    """Whether a mask was measured and found to hold anything that could be placed."""
    return bool(results.get(one.mask.key, {}).get("foreground"))


def _grouped(files: Iterable[_File]) -> _BySubject[_File]:
    found: dict[str | None, list[_File]] = {}
    for file in files:
        found.setdefault(file.subject, []).append(file)
    return found


def _reference(mask: StoredImage, images: Sequence[ImageFile]) -> StoredImage | None:
    """The first image of a kind that the mask refers to, in its space as far as names say."""
    space = mask.image.space
    for kind in mask.image.rule.reference if mask.image.rule else ():
        for image in images:
            found = StoredImage(mask.scan, image)
            if _can_register(found, kind) and (
                None in (space, image.space) or space == image.space
            ):
                return found
    return None


def _can_register(one: StoredImage, kind: str) -> bool:
    """Whether it is an image of a head of that kind that is there, and not in MNI152 yet."""
    rule, size = one.image.rule, one.image.file.size
    return (
        bool(rule and rule.kind == kind and rule.modality) and size is not None and not one.in_mni
    )


def _drawn_on(mask: StoredImage, images: Sequence[ImageFile]) -> StoredImage | None:
    """The image of the mask's session on whose grid it lies, where names don't say which.

    Scanners give later images the same grid again, so that one of another session may fit and yet
    show the head elsewhere. A space that is named after a kind, such as `T1w`, leaves only that.
    Of several of a kind that beside the mask goes first, then one that isn't derived.
    """
    rule = mask.image.rule
    grid = _grid(mask, rule) if rule and rule.on_grid_of else None
    if rule is None or grid is None:
        return None
    named = (mask.image.space or "").casefold()
    kinds = [named] if named in rule.on_grid_of else rule.on_grid_of
    beside = [StoredImage(mask.scan, one) for one in images if one.session == mask.image.session]

    def distance(one: StoredImage) -> tuple[bool, bool]:
        is_derived = "derivatives" in one.image.file.path.split("/")
        return one.path.parent != mask.path.parent, is_derived

    for kind in kinds:
        for one in sorted((o for o in beside if _can_register(o, kind)), key=distance):
            other = _grid(one, one.image.rule)
            if other is not None and grid_difference(other, grid) is None:
                return one
    return None


def _grid(one: StoredImage, rule: ImageRule | None) -> Header | None:
    """Its header; None where it can't be read, which is listed elsewhere."""
    try:
        return read_header(one.path, dimensions=rule.dimensions if rule else 3)
    except ImageError:
        return None


def _transform(mask: StoredImage, transforms: Iterable[TransformFile]) -> File | None:
    """The first that leads from the space of an image to which the mask refers."""
    kinds = mask.image.rule.reference if mask.image.rule else ()
    files = (one.file for one in transforms if one.rule.kind in kinds)
    return next((file for file in files if file.size is not None), None)
