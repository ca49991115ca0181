"""A subject's image files by what they are; a browser never says where they lie."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from data_loader.cohort import Cohort
from data_loader.errors import InsulaError
from data_loader.index import Index
from data_loader.rows import Row

GONE, UNKNOWN = 410, 404


class NotServed(InsulaError):  # noqa: N818 - a state of the files, not a mistake
    """An image can't be served, and why.

    Attributes:
        status: of the HTTP answer, 404 or 410.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class ImageFile:
    """One image of a subject that the index found good.

    Attributes:
        root: the dataset's folder.
        row: of the index's table `images`.
    """

    root: Path
    row: Row

    @property
    def kind(self) -> str:
        """Such as `ncct`."""
        return str(self.row["kind"])

    @property
    def name(self) -> str:
        """Of the file, without its folders."""
        return str(self.row["file"]).rpartition("/")[2]

    @property
    def in_mni(self) -> bool:
        """Whether it was normalised to a version of MNI152."""
        return str(self.row["space"]).startswith("MNI")

    @cached_property
    def fingerprint(self) -> str:
        """Short hash that changes with the file: of its path, size and time of change."""
        said = (
            f"{self.row['dataset']}/{self.row['file']} {self.row['bytes']} {self.row['mtime_ns']}"
        )
        return sha256(said.encode()).hexdigest()[:16]

    def path(self) -> Path:
        """Where the file lies, looked at once more.

        Raises:
            NotServed: it changed since it was indexed, or leads out of its dataset.
        """
        try:
            path = Path(self.root, self.row["file"]).resolve(strict=True)
            now = path.stat()
        except OSError:
            raise NotServed(GONE, "The file is gone since it was indexed.") from None
        if not path.is_relative_to(self.root.resolve()):
            raise NotServed(UNKNOWN, "The file is a link that leads out of its dataset.")
        if (now.st_size, now.st_mtime_ns) != (self.row["bytes"], self.row["mtime_ns"]):
            raise NotServed(GONE, "The file changed since it was indexed; index again.")
        return path


def only(dataset: str, subject: str) -> Cohort:
    """The cohort of one subject."""
    return Cohort(subjects=(f"{dataset}/{subject}",))


def images_of(index: Index, dataset: str, subject: str) -> list[ImageFile]:
    """A subject's images that can be served, in the order of the index."""
    roots = {known.name: known.root for known in index.datasets}
    rows = index.images(only(dataset, subject)) if dataset in roots else []
    return [ImageFile(roots[dataset], row) for row in rows if row["status"] == "ok"]


def image_of(images: list[ImageFile], kind: str, fingerprint: str | None = None) -> ImageFile:
    """The subject's image of a kind.

    Args:
        images: those of the subject.
        kind: such as `ncct`.
        fingerprint: of the one that is meant, where there may be several; the one most like the
            infarct's mask by default, else the first.

    Raises:
        NotServed: there is none.
    """
    found = [
        image for image in images if image.kind == kind and fingerprint in (None, image.fingerprint)
    ]
    if not found:
        raise NotServed(UNKNOWN, "There is no such image.")
    mask = next((image for image in images if image.kind == "lesion"), None)
    return max(found, key=lambda image: _likeness(image, mask))


def _likeness(image: ImageFile, mask: ImageFile | None) -> int:
    same = ("nx", "ny", "nz", "space", "space", "space", "space")
    return sum(image.row[name] == mask.row[name] for name in same) if mask else 0
