"""How far long work has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[int, int], None]
"""Told how many are done, of how many."""

_LINE_EVERY_S = 5.0


def part_of(report: Report | None, before: int, total: int) -> Report | None:
    """Progress of one part as that of the whole.

    Args:
        report: told of the whole.
        before: steps of the parts that come first.
        total: steps of all parts.
    """
    if report is None:
        return None
    return lambda done, _: report(before + done, total)


@contextmanager
def shown(noun: str) -> Iterator[Report]:
    """Show progress on stderr, with rate and time left.

    Args:
        noun: what is counted, in the plural.
    """
    if sys.stderr.isatty():
        with _bar(noun) as report:
            yield report
    else:
        yield _lines(noun)


@contextmanager
def _bar(noun: str) -> Iterator[Report]:
    from rich.console import Console  # noqa: PLC0415 - 25 ms that a pipe need not pay
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(noun),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(noun, total=None, rate="")

        def report(done: int, total: int) -> None:
            rate = _rate(done, began)
            bar.update(task, completed=done, total=total, rate=f"{rate:.0f}/s" if rate else "")

        yield report


def _lines(noun: str) -> Report:
    began = time.monotonic()
    spoke = began

    def report(done: int, total: int) -> None:
        nonlocal spoke
        now = time.monotonic()
        if now - spoke < _LINE_EVERY_S or done == total:
            return
        spoke = now
        rate = _rate(done, began)
        left = f", {(total - done) / rate:.0f} s left" if rate else ""
        sys.stderr.write(f"{done} of {total} {noun}, {rate:.0f}/s{left}\n")

    return report


def _rate(done: int, began: float) -> float:
    elapsed = time.monotonic() - began
    return done / elapsed if elapsed > 0 else 0.0
