"""Measures kept as they come, so that a run that is stopped loses none.

One JSON line a result, keyed by path, size and time of change of the files it was made of, and by
the program that made it. A line that was cut short or damaged is ignored.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from data_loader import __version__
from data_loader.schema import SCHEMA_VERSION

Result = Mapping[str, Any]
"""Measures by name, or `code` and `sentence` of what is wrong with the mask."""

Key = tuple[str | int, ...]
"""Path, size in bytes and time of change in ns, of each file that a result was made of; and, with
two zeros, the name of the engine that made it where the program leaves that open."""

_PASSING = frozenset({"file-unreadable", "link-dangling", "image-too-large"})
"""Faults of the moment or the machine, not of the file: tried again in the next run."""

_MADE_BY = f"{__version__}/{SCHEMA_VERSION}"


class Journal:
    """The journal of one index folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.results: dict[Key, Result] = dict(self._lines())
        self._has_grown = False

    def _lines(self) -> Iterable[tuple[Key, Result]]:
        content = self._path.read_bytes() if self._path.exists() else b""
        for line in content.split(b"\n"):
            try:
                *key, made_by, result = orjson.loads(line)
            except (orjson.JSONDecodeError, ValueError, TypeError):
                continue
            if made_by == _MADE_BY and _is_key(key) and isinstance(result, dict):
                yield tuple(key), result

    def record(self, results: Iterable[tuple[Key, Result]]) -> Iterable[Key]:
        """Write each result before its key is given back."""
        with self._path.open("ab", buffering=0) as file:
            # Ends a line that an earlier run may have left unfinished.
            file.write(b"\n")
            for key, result in results:
                self.results[key] = result
                self._has_grown = True
                if not _is_passing(result):
                    file.write(orjson.dumps([*key, _MADE_BY, result]) + b"\n")
                yield key

    def keep_only(self, keys: Iterable[Key]) -> None:
        """Drop the lines of files that have changed or gone."""
        kept = {key: self.results[key] for key in keys if key in self.results}
        if not self._has_grown and len(kept) == len(self.results):
            return
        lines = [
            orjson.dumps([*key, _MADE_BY, result])
            for key, result in kept.items()
            if not _is_passing(result)
        ]
        part = self._path.with_suffix(".part")
        part.write_bytes(b"\n".join(lines))
        os.replace(part, self._path)


def _is_passing(result: Result) -> bool:
    """Whether it, or that of one of its images, may be another next time."""
    return any(one.get("code") in _PASSING for one in (result, *result.get("images", ())))


def _is_key(parts: list[Any]) -> bool:
    return bool(parts) and [*map(type, parts)] == [str, int, int] * (len(parts) // 3)
