"""What slices are drawn of: a subject's infarct and the image behind it, decoded and kept a while."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock

from dashboard.figures.slices import Grid, Upright, main_slice, resampled
from dashboard.image_files import UNKNOWN, ImageFile, NotServed, image_of, images_of
from dashboard.presets import SERIES, kind_of
from data_loader.errors import ImageError
from data_loader.index import Index
from data_loader.mni152 import mni152_path
from data_loader.nifti import read_header, read_volume

KEPT_BYTES = 384 * 2**20
"""Of decoded volumes, in a process."""

BEST, TEMPLATE = "lesion", "template"
"""Kinds of slices: over whatever suits best, and over the MNI template."""

_BEHIND = ("ncct", "ct", "dwi", "flair", "t1w", "adc", "cta", "tmax", "cbf", "cbv", "mtt")
_NOT_BEHIND = {SERIES, "lesion", "lesion-acute", "lesion-chronic", "lvo", "cow"}


@dataclass(frozen=True)
class Stack:
    """Axial slices of one subject.

    Attributes:
        kind: of the image behind; empty if there is none.
        files: what it was decoded from.
        background: the image behind.
        mask: the infarct, on the same grid.
    """

    kind: str
    files: tuple[ImageFile, ...]
    background: Upright | None
    mask: Upright | None

    @property
    def version(self) -> str:
        """Changes whenever the pictures do."""
        return _version(*self.files)

    @property
    def grid(self) -> Grid:
        """Whose slices they are."""
        drawn = self.background or self.mask
        assert drawn is not None  # noqa: S101 - a stack is made of one or both
        return drawn.grid

    @cached_property
    def areas(self) -> tuple[int, ...]:
        """Voxels of the infarct in each slice."""
        return self.mask.areas if self.mask else (0,) * self.grid.slices

    @property
    def main(self) -> int:
        """The slice to begin with."""
        return main_slice(self.areas)

    @property
    def window(self) -> tuple[float, float] | None:
        """Of the kind behind; None where its values choose it."""
        presets = kind_of(self.kind).presets
        return (presets[0].low, presets[0].high) if presets else None


@dataclass(frozen=True)
class Slices:
    """What slices a subject has.

    Attributes:
        grids: kind of the image behind, the best first, and its grid.
        mask: the infarct.
        version: changes whenever a file does.
    """

    grids: Mapping[str, Grid]
    mask: Upright | None
    version: str

    def areas(self, kind: str) -> tuple[int, ...]:
        """Voxels of the infarct in each slice over a kind; none where the grids differ."""
        grid = self.grids[kind]
        return self.mask.areas if self.mask and self.mask.grid.matches(grid) else (0,) * grid.slices


def _grid(image: ImageFile) -> Grid | None:
    try:
        return Grid.of(read_header(image.path(), dimensions=4))
    except (ImageError, NotServed):
        return None


class Stacks:
    """Decodes volumes, one at a time, and keeps those last used."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._volumes: OrderedDict[tuple[str, ...], Upright] = OrderedDict()
        self._lock = Lock()

    def kinds(self, index: Index, dataset: str, subject: str) -> list[str]:
        """Kinds of images that can lie behind a subject's infarct, the best first."""
        images = images_of(index, dataset, subject)
        mask = next((image for image in images if image.kind == BEST), None)
        if mask and mask.in_mni and mni152_path("t1"):
            return [TEMPLATE]
        kinds = dict.fromkeys(image.kind for image in images if image.kind not in _NOT_BEHIND)
        return sorted(kinds, key=_preference)

    def describe(self, index: Index, dataset: str, subject: str) -> "Slices":
        """What slices a subject has, without decoding more than its mask.

        Raises:
            NotServed: the mask changed.
        """
        images = images_of(index, dataset, subject)
        mask = next((image for image in images if image.kind == BEST), None)
        infarct = self._read(mask) if mask else None
        grids: dict[str, Grid] = {}
        for kind in self.kinds(index, dataset, subject):
            if kind == TEMPLATE and infarct:
                grids[kind] = infarct.grid
            elif kind != TEMPLATE and (grid := _grid(image_of(images, kind))):
                grids[kind] = grid
        if not grids and infarct:
            grids[BEST] = infarct.grid
        return Slices(grids, infarct, _version(*images))

    def stack(self, index: Index, dataset: str, subject: str, kind: str) -> Stack:
        """The slices of one subject.

        Args:
            index: where the images are listed.
            dataset: its name.
            subject: its label.
            kind: of the image behind; `lesion` takes the best on the infarct's grid.

        Raises:
            NotServed: there is no such image, or it changed.
        """
        images = images_of(index, dataset, subject)
        mask = next((image for image in images if image.kind == BEST), None)
        infarct = self._read(mask) if mask else None
        if kind == TEMPLATE:
            return self._over_template(mask, infarct)
        kinds = self.kinds(index, dataset, subject) if kind == BEST else [kind]
        if kind != BEST and kind in _NOT_BEHIND:
            raise NotServed(UNKNOWN, "No slices are drawn of this kind of image.")
        for name in kinds:
            if name == TEMPLATE:
                return self._over_template(mask, infarct)
            image = image_of(images, name)
            background = self._read(image)
            shared = infarct if infarct and infarct.grid.matches(background.grid) else None
            if shared or kind != BEST or infarct is None:
                files = (image, mask) if mask else (image,)
                return Stack(name, files, background, shared)
        if mask is None or infarct is None:
            raise NotServed(UNKNOWN, "There is no such image.")
        return Stack("", (mask,), None, infarct)

    def _over_template(self, mask: ImageFile | None, infarct: Upright | None) -> Stack:
        path = mni152_path("t1")
        if mask is None or infarct is None or not mask.in_mni or path is None:
            raise NotServed(UNKNOWN, "There is no infarct in MNI space, or no template.")
        key = ("template", *map(str, (infarct.grid.shape, infarct.grid.affine.tolist())))
        template = self._kept(key, lambda: resampled(Upright.of(read_volume(path)), infarct.grid))
        return Stack(TEMPLATE, (mask,), template, infarct)

    def _read(self, image: ImageFile) -> Upright:
        path = image.path()
        try:
            return self._kept(
                (image.fingerprint,), lambda: Upright.of(read_volume(path, dimensions=4))
            )
        except ImageError as error:
            raise NotServed(UNKNOWN, str(error)) from None

    def _kept(self, key: tuple[str, ...], make: Callable[[], Upright]) -> Upright:
        with self._lock:
            volume = self._volumes.pop(key, None) or make()
            self._volumes[key] = volume
            size = sum(volume.data.nbytes for volume in self._volumes.values())
            while size > self._kept_bytes and self._volumes:
                _, dropped = self._volumes.popitem(last=False)
                size -= dropped.data.nbytes
            return volume


def _version(*images: ImageFile) -> str:
    said = " ".join(image.fingerprint for image in images)
    return sha256(said.encode()).hexdigest()[:16]


def _preference(kind: str) -> int:
    return _BEHIND.index(kind) if kind in _BEHIND else len(_BEHIND)
