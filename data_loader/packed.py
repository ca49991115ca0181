"""Ascending whole numbers as short text, for a line of the journal."""

from base64 import b64decode, b64encode

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

Numbers = npt.NDArray[np.int32]


def pack(numbers: npt.NDArray[np.integer]) -> str:
    """Write numbers from 0 to 2^31 - 1, none smaller than the one before it, as text.

    Their differences are stored: neighbours in a lesion have neighbouring numbers, so that these
    are small and compress well.
    """
    steps = np.diff(numbers.astype(np.int64), prepend=0).astype("<u4")
    return b64encode(isal_zlib.compress(steps.tobytes(), 1)).decode("ascii")


def unpack(text: str) -> Numbers:
    """Read what `pack` wrote; blank text is no numbers."""
    if not text:
        return np.empty(0, np.int32)
    steps = np.frombuffer(isal_zlib.decompress(b64decode(text)), "<u4")
    numbers: Numbers = np.cumsum(steps, dtype=np.int64).astype(np.int32)
    return numbers
