"""What comes of images, written to the journal as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Protocol

from data_loader.errors import ImageError
from data_loader.journal import Journal, Key, Result
from data_loader.progress import Report


class Measured(Protocol):
    """What came of one image, a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def keyed(
    keys: Sequence[Key], results: Iterator[tuple[int, Measured | ImageError]]
) -> Iterator[tuple[Key, Result]]:
    """Results by the key of their image instead of its position."""
    return ((keys[position], _result(result)) for position, result in results)


def record_all(
    journal: Journal,
    found: Iterator[tuple[Key, Result]],
    count: int,
    progress: Report | None,
) -> None:
    """Write results as they come.

    Args:
        journal: gets them.
        found: results by key.
        count: how many they will be.
        progress: told as each is there.
    """
    report = progress or (lambda *_: None)
    report(0, count)
    for done, _ in enumerate(journal.record(found), start=1):
        report(done, count)


def _result(measured: Measured | ImageError) -> Result:
    if isinstance(measured, ImageError):
        return {"code": measured.code, "sentence": str(measured)}
    return asdict(measured)
