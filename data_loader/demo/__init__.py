"""The demonstration dataset: synthetic patients in the ISLES'24 release layout.

Importing this package is cheap: arrays, images and the template are loaded when a dataset is
written, not before.
"""

from collections.abc import Callable
from pathlib import Path

__all__ = ["write_demo"]


def write_demo(
    out: Path,
    *,
    subjects: int = 250,
    seed: int = 2024,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the demonstration dataset into a new folder.

    The folder appears only when it is complete. The same `subjects` and `seed` give the same
    bytes, whatever `workers` is.

    Args:
        out: the folder to make. It may exist if it is empty.
        subjects: how many patients, 60 % of them in `train`. At 250 the groups have the sizes of
            ISLES'24; at other numbers they keep its proportions.
        seed: where every random number comes from.
        workers: how many processes draw the images.
        progress: called with the number of patients done and their total.

    Raises:
        FileExistsError: `out` holds something already.
        FileNotFoundError: the MNI template that nilearn brings is not installed.
        ValueError: `subjects` or `workers` is below 1, or `seed` below 0.
    """
    from data_loader.demo.release import write_release  # noqa: PLC0415

    write_release(out, subjects=subjects, seed=seed, workers=workers, progress=progress)
