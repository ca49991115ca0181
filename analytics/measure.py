"""Measures run over a cohort: one image after the other here, or on several processes.

Each worker has a pipe of its own and sends every result as soon as it has it. A worker is ended by
the system when the process that started it is, so that none is left behind however that went.

What measuring needs is imported where it is done, so that a process that only hands out masks
starts without it. Workers are handed plain tuples, so that they start without all that knows of
datasets.
"""

import ctypes
import fcntl
import os
import selectors
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import (
    connection,
    forkserver,
    get_context,
    parent_process,
    resource_tracker,
)
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from data_loader.errors import ImageError, MeasureInterrupted

if TYPE_CHECKING:
    from analytics.engine import Method
    from analytics.lesions import Lesion
    from analytics.placement import Placement
    from analytics.registration import Registration
    from analytics.voxels import Checked
    from data_loader.checks import CheckedSeries
    from data_loader.content import LesionMask
    from data_loader.journal import Result
    from data_loader.profile import Holds, Modality
    from data_loader.registering import HeadImage
    from data_loader.registrations import MaskToPlace

_AHEAD = 32
"""Masks handed to a worker at a time, so that it never waits for its next one."""

_AHEAD_REGISTERING = 1
"""Heads take seconds each: a worker that has several would leave others without."""

Outcome: TypeAlias = "Lesion | ImageError"
Looked: TypeAlias = "Checked | ImageError"
Registered: TypeAlias = "Registration | ImageError"

_Task = Callable[[Any], Any]
"""What is done to each image; it raises ImageError."""


def prepare_workers(workers: int) -> None:
    """Begin to load what workers need, while this process does something else."""
    if workers > 1 and sys.platform == "linux":
        forkserver.set_forkserver_preload(["analytics.lesions", __name__])
        # Ctrl-C reaches the whole group; what starts here is not to answer with a traceback. The
        # tracker comes first, since starting it lets the signal through again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def measure_lesions(
    masks: Sequence["LesionMask"], *, workers: int
) -> Iterator[tuple[int, Outcome]]:
    """Measure masks, starting at once.

    Args:
        masks: the files; those in MNI152 are placed in standard space too.
        workers: processes; 1 measures in this one, without starting any.

    Returns:
        As each is done, its position in `masks` and what came of it. With several workers they
        come in no particular order, and the work goes on while the caller does something else.

    Raises:
        MeasureInterrupted: a worker died, as when memory ran out.
    """
    return _run(_measure, [tuple(mask) for mask in masks], workers)


def check_images(
    series: Sequence["CheckedSeries"], *, workers: int
) -> Iterator[tuple[int, Looked]]:
    """Read images whole and look at their values, series by series; else as `measure_lesions`."""
    plain = [
        (
            tuple(
                (
                    image.path,
                    image.rule.kind,
                    image.rule.holds or "quantities",
                    image.rule.dimensions,
                )
                for image in one.images
            ),
            one.mask,
        )
        for one in series
    ]
    return _run(_check, plain, workers)


def register_images(
    images: Sequence["HeadImage"], folder: Path, *, method: "Method", workers: int
) -> Iterator[tuple[int, Registered]]:
    """Register images of heads to MNI152, and draw what came of it into a folder.

    Otherwise as `measure_lesions`.
    """
    plain = [(*image, method, folder) for image in images]
    return _run(_register, plain, workers, ahead=_AHEAD_REGISTERING)


def place_masks(
    masks: Sequence["MaskToPlace"], *, workers: int
) -> Iterator[tuple[int, "Placement"]]:
    """Take masks to MNI152, each by its own way; otherwise as `measure_lesions`."""
    return _run(_place, [tuple(mask) for mask in masks], workers)


def _register(image: "tuple[Path, Modality, str, Method, Path]") -> "Registration":
    from analytics.registration import (  # noqa: PLC0415 - where it is done, see above
        RegistrationTask,
        register_image,
    )

    path, modality, stem, method, folder = image
    return register_image(RegistrationTask(path, modality, method, folder, stem))


def _place(mask: "tuple[Result, Sequence[float], Path | None]") -> "Placement":
    from analytics.native_lesion import place_native  # noqa: PLC0415 - where it is done, see above

    foreground, matrix, warp = mask
    return place_native(foreground, matrix, warp)


def _measure(mask: tuple[Path, bool]) -> "Lesion":
    from analytics.lesions import measure_lesion  # noqa: PLC0415 - where it is done, see above

    path, in_mni = mask
    return measure_lesion(path, in_mni=in_mni)


def _check(series: "tuple[Sequence[tuple[Path, str, Holds, int]], Path | None]") -> "Checked":
    from analytics.voxels import Asked, check_series  # noqa: PLC0415 - where it is done, see above

    images, mask = series
    return check_series([Asked(*image) for image in images], mask)


def _run(
    task: _Task, images: Sequence[Any], workers: int, *, ahead: int = _AHEAD
) -> Iterator[tuple[int, Any]]:
    if workers <= 1 or len(images) <= ahead:
        return _here(task, images)
    prepare_workers(workers)
    pipes = [_start_worker(task, images) for _ in range(min(workers, len(images)))]
    return _collected(pipes, len(images), ahead)


def _done(task: _Task, image: Any) -> Any:
    try:
        return task(image)
    except ImageError as error:
        return error
    except MemoryError:
        return ImageError("image-too-large", "Memory ran out while the image was read.")


def _here(task: _Task, images: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    keep_memory()
    for position, image in enumerate(images):
        yield position, _done(task, image)


def _start_worker(task: _Task, images: Sequence[Any]) -> connection.Connection:
    if sys.platform == "linux":
        context = get_context("forkserver")
    else:
        context = get_context("spawn")
    ours, theirs = context.Pipe()
    with _unknown_main():
        context.Process(target=_work, args=(task, images, theirs), daemon=True).start()
    theirs.close()
    return ours


@contextmanager
def _unknown_main() -> Iterator[None]:
    """Hide the script that was started: a worker would run it again, and needs nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _work(task: _Task, images: Sequence[Any], pipe: connection.Connection) -> None:
    # Ctrl-C reaches the whole group; the starting process decides, by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    try:
        position = pipe.recv()
        _end_with_parent()
        while position is not None:
            pipe.send((position, _done(task, images[position])))
            position = pipe.recv()
    except (EOFError, OSError):
        os._exit(0)


def _end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone.

    Python can't see to that: while ANTs is at work, most of a minute, no line of it is run. Not
    before the first position is here, when nothing more is written to that pipe.
    """
    if sys.platform == "linux" and (parent := parent_process()):
        # A pipe of which the parent holds the other end: when that goes, SIGIO comes, which ends.
        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)


def _collected(
    pipes: Sequence[connection.Connection], count: int, ahead: int
) -> Iterator[tuple[int, Any]]:
    first = min(ahead * len(pipes), count)
    for position in range(first):
        pipes[position % len(pipes)].send(position)
    todo = iter(range(first, count))
    return _results(pipes, todo, count)


def _results(
    pipes: Sequence[connection.Connection], todo: Iterator[int], count: int
) -> Iterator[tuple[int, Any]]:
    selector = selectors.DefaultSelector()
    for pipe in pipes:
        selector.register(pipe, selectors.EVENT_READ, pipe)
    left = count
    try:
        while left:
            for key, _ in selector.select():
                result: tuple[int, Any] = key.data.recv()
                if (position := next(todo, None)) is not None:
                    key.data.send(position)
                left -= 1
                yield result
    except (EOFError, OSError):
        raise MeasureInterrupted(
            "A measuring process died, perhaps for want of memory; finished subjects are kept."
            " Run the same command with --workers 1 to go on."
        ) from None
    finally:
        selector.close()
        for pipe in pipes:
            pipe.close()


def keep_memory() -> None:
    """Tell glibc to keep freed memory: fresh pages for every image cost half the time."""
    if sys.platform == "linux":
        try:
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_MMAP_THRESHOLD, 2**30)
            libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
        except (OSError, AttributeError):
            pass


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
