"""Whether the datasets have changed since they were indexed."""

import threading
import time
from functools import lru_cache

from data_loader.index import IndexFolder
from data_loader.scan import Changes, changed_since

_LOOK_EVERY_S = 20.0


class Freshness:
    """Looks at the datasets' files now and then, however many pages ask."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._looked_s = -_LOOK_EVERY_S
        self._version = 0
        self._changes = Changes((), (), ())

    def changes(self) -> Changes:
        """Files that differ from the current index, as of at most 20 s ago."""
        index = self._folder.current()
        with self._lock:
            now_s = time.monotonic()
            if index.version != self._version or now_s - self._looked_s >= _LOOK_EVERY_S:
                self._changes = changed_since(index)
                self._version, self._looked_s = index.version, now_s
            return self._changes

    def sentence(self) -> str:
        """What a banner says; empty while the index is up to date."""
        changes = self.changes()
        if not changes.any:
            return ""
        counted = (
            (len(changes.added), "added"),
            (len(changes.changed), "changed"),
            (len(changes.removed), "removed"),
        )
        said = ", ".join(f"{n:,} {verb}" for n, verb in counted if n)
        return f"The index is out of date: files {said}. Run `insula index` again."


@lru_cache(maxsize=4)
def freshness_of(folder: IndexFolder) -> Freshness:
    """The one that all pages over a folder share: files are looked at once for all of them."""
    return Freshness(folder)
