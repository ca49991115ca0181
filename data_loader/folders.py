"""Where indexes lie when the user names no folder: in the cache, one a set of datasets."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from data_loader.scan import dataset_name

_LAST = "last"


def default_folder(datasets: Sequence[Path]) -> Path:
    """The folder for an index of these datasets, the same for every run."""
    paths = "\n".join(str(dataset.resolve()) for dataset in datasets)
    digest = hashlib.sha256(paths.encode()).hexdigest()[:12]
    names = "+".join(dataset_name(dataset) for dataset in datasets)[:60]
    return _cache() / f"{names}-{digest}"


def remember_folder(folder: Path) -> None:
    """Note the folder that was built last; commands without `--index` read it."""
    part = _cache() / f"{_LAST}.{os.getpid()}"
    # Without a cache every command needs `--index`; the build itself is done.
    with suppress(OSError):
        _cache().mkdir(parents=True, exist_ok=True)
        part.write_text(str(folder.resolve()), encoding="utf-8")
        os.replace(part, _cache() / _LAST)


def last_folder() -> Path | None:
    """The folder that was built last, or None."""
    try:
        return Path((_cache() / _LAST).read_text(encoding="utf-8"))
    except OSError:
        return None


def _cache() -> Path:
    return user_cache_path("insula", appauthor=False)
