"""NIfTI images, read only as far as their header can be trusted.

A header is checked before a byte of data is read: its shape times its item size bounds what may
be decompressed, so that neither a lying header nor a decompression bomb takes more memory than
the image it claims to be, and never more than `BUDGET_BYTES`. A large image has to be stored in
bytes to match: 2 MB that honestly say they are 2 GB of zeros are a bomb all the same.
"""

import math
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import deflate
import nibabel as nib
import numpy as np
import numpy.typing as npt
from isal import igzip, igzip_lib
from nibabel.spatialimages import HeaderDataError

from data_loader.errors import ImageError

BUDGET_BYTES = 4 * 2**30
"""The most memory that one image's data may take."""

# isal's stubs type this class as an instance of itself.
_IsalError = cast("type[Exception]", igzip_lib.IsalError)

_UNDOUBTED_BYTES = 2**29
_MOST_EXPANSION = 200
"""Above half a GiB, gzip may not expand more: perfusion series expand twofold, blanks a
thousandfold."""

_LEAST_MM3, _MOST_MM3 = 1e-9, 1e9
"""Volumes of voxels that an image can have: a cubic micrometre, a cubic metre."""

_HEAD_BYTES = 8192
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_NIFTI1, _NIFTI2 = 348, 540
_SIZES_OF_NIFTI1 = (_NIFTI1.to_bytes(4, "little"), _NIFTI1.to_bytes(4, "big"))
_TELLING = (slice(4), slice(40, 56), slice(70, 72), slice(76, 120), slice(252, 328))
"""Size of the header; dim; datatype; pixdim, vox_offset, slope and intercept; qform and sform."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Header:
    """What a NIfTI header says, checked.

    Attributes:
        shape: voxels along i, j, k and, if any, frames; trailing ones dropped past three.
        dtype: as stored.
        slope: factor from stored to real values.
        inter: added after the factor.
        voxel_mm: voxel size along i, j, k.
        affine: 4 x 4, voxel indices to world mm (RAS+).
        offset: byte at which the data begin.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    slope: float
    inter: float
    voxel_mm: tuple[float, float, float]
    affine: npt.NDArray[np.float64]
    offset: int

    @property
    def nbytes(self) -> int:
        """Bytes of header and data together."""
        return self.offset + math.prod(self.shape) * self.dtype.itemsize

    @property
    def orientation(self) -> str:
        """World direction in which i, j and k grow, such as `LPS`."""
        return _orientation(self.affine.tobytes())

    @property
    def voxel_mm3(self) -> float:
        """Volume of a voxel, from the header's voxel size."""
        return math.prod(self.voxel_mm)


@lru_cache(maxsize=1024)
def _orientation(affine: bytes) -> str:
    """Found once for all images of one grid: it takes longer than reading a header."""
    return "".join(str(axis) for axis in nib.aff2axcodes(np.frombuffer(affine).reshape(4, 4)))


@dataclass(frozen=True)
class Volume:
    """An image in memory.

    Attributes:
        header: its checked header.
        data: stored values, Fortran order, not writable; real values are
            `data * header.slope + header.inter`.
    """

    header: Header
    data: npt.NDArray[Any]

    @property
    def slope(self) -> float:
        """Factor from stored to real values."""
        return self.header.slope

    @property
    def inter(self) -> float:
        """Added after the factor."""
        return self.header.inter

    @property
    def affine(self) -> npt.NDArray[np.float64]:
        """4 x 4, voxel indices to world mm (RAS+)."""
        return self.header.affine


def read_header(path: Path | str, *, dimensions: int = 3) -> Header:
    """Read the header and check it, and that as many data are there as it announces.

    A few microseconds, whatever the size of the image: a plain file's length is known, and gzip
    ends with the length of what it holds. Only where that differs is the file decompressed.

    Args:
        path: a `.nii` or `.nii.gz` file; making a `Path` takes longer than reading a header.
        dimensions: the most that the image may have.

    Raises:
        ImageError: with the code under which to list it.
    """
    with _opened(path) as file:
        stored = file.read(_HEAD_BYTES)
        header = _checked_header(_head(stored), dimensions)
        _check_length(file, header, compressed=stored[:2] == _GZIP)
    return header


def _check_length(file: Any, header: Header, *, compressed: bool) -> None:
    stored_bytes = os.fstat(file.fileno()).st_size
    if not compressed:
        _check_announced(header, stored_bytes)
        return
    end = os.pread(file.fileno(), len(_BGZF_END), max(0, stored_bytes - len(_BGZF_END)))
    # Writers of many small members (BGZF) end whole files with an empty one.
    if end == _BGZF_END or int.from_bytes(end[-4:], "little") == header.nbytes % 2**32:
        return
    _check_budget(header.nbytes, stored_bytes, compressed)
    file.seek(0)
    _check_announced(header, _decompressed_length(file, header.nbytes + 1))


def _check_announced(header: Header, found: int) -> None:
    if found != header.nbytes:
        raise ImageError(
            "image-length",
            f"Header and data disagree: {header.nbytes:,} bytes are announced,"
            f" {'more' if found > header.nbytes else f'{found:,}'} are there.",
        )


def read_volume(path: Path, *, dimensions: int = 3) -> Volume:
    """Read an image whole.

    Args:
        path: a `.nii` or `.nii.gz` file.
        dimensions: the most that the image may have.

    Raises:
        ImageError: with the code under which to list it.
    """
    with _opened(path) as file:
        stored = file.read(_HEAD_BYTES)
        header = _checked_header(_head(stored), dimensions)
        compressed = stored[:2] == _GZIP
        _check_budget(header.nbytes, os.fstat(file.fileno()).st_size, compressed)
        # One byte more than an honest plain file holds is enough to see that it is too long.
        stored += file.read(-1 if compressed else max(0, header.nbytes + 1 - len(stored)))
    content = _decompressed(stored, header.nbytes) if compressed else stored
    _check_announced(header, len(content))
    flat = np.frombuffer(content, dtype=header.dtype, offset=header.offset)
    data = flat.reshape(header.shape, order="F")
    data.flags.writeable = False
    return Volume(header, data)


def _check_budget(nbytes: int, stored_bytes: int, compressed: bool) -> None:
    """Refuse what would take much memory to read, before it does."""
    if nbytes > BUDGET_BYTES:
        raise ImageError(
            "image-too-large",
            f"The header claims {nbytes / 2**30:.1f} GiB of data; at most"
            f" {BUDGET_BYTES / 2**30:.0f} GiB are read.",
        )
    if compressed and nbytes > max(_UNDOUBTED_BYTES, _MOST_EXPANSION * stored_bytes):
        raise ImageError(
            "image-too-large",
            f"{stored_bytes:,} bytes are stored for {nbytes / 2**30:.1f} GiB of data, fewer than"
            " any image of that size takes.",
        )
    # gzip adds little to what it can't compress; a file may have some padding beyond that.
    if compressed and stored_bytes > nbytes + nbytes // 8 + 2**20:
        raise ImageError(
            "image-length",
            f"Header and data disagree: {nbytes:,} bytes are announced, the compressed file alone"
            f" has {stored_bytes:,}.",
        )


def _opened(path: Path | str) -> Any:
    try:
        file = open(path, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115
    except FileNotFoundError:
        if os.path.islink(path):
            raise ImageError(
                "link-dangling", "The file is a link to content that isn't here."
            ) from None
        raise ImageError("file-unreadable", "The file is gone, or its name is no text.") from None
    except OSError as error:
        raise ImageError(
            "file-unreadable", f"The file can't be opened: {error.strerror}."
        ) from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ImageError("file-unreadable", "It is no regular file.")
    return file


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe would otherwise wait for someone to write to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _head(stored: bytes) -> bytes:
    """The header's bytes, without those of NIfTI-1 that say nothing of grid, type and scaling."""
    try:
        is_gzip = stored[:2] == _GZIP
        head = zlib.decompressobj(wbits=31).decompress(stored, _NIFTI2) if is_gzip else stored
    except zlib.error:
        raise ImageError("image-damaged", "The file is not intact gzip.") from None
    if len(head) < _NIFTI1 or head[:4] not in _SIZES_OF_NIFTI1:
        return head[:_NIFTI2]
    kept = bytearray(_NIFTI1)
    for part in _TELLING:
        kept[part] = head[part]
    return bytes(kept)


# Most images of a subject share grid and type: their headers say the same, and are checked once.
@lru_cache(maxsize=1024)
def _checked_header(head: bytes, dimensions: int) -> Header:
    raw = _parsed(head)
    try:
        dtype, (slope, inter) = raw.get_data_dtype(), raw.get_slope_inter()
        with np.errstate(invalid="ignore", over="ignore"):  # what comes of it is checked
            affine = np.asarray(raw.get_best_affine(), dtype=np.float64)
        offset = int(raw["vox_offset"])
    except (HeaderDataError, ValueError, OverflowError) as error:
        raise ImageError("image-header", f"The header is malformed: {error}.") from None
    except KeyError as error:
        raise ImageError("image-header", f"Values of type {error} are unknown.") from None
    slope, inter = 1.0 if slope is None else float(slope), 0.0 if inter is None else float(inter)
    if dtype.kind not in "iuf":
        raise ImageError("image-header", f"Values of type {dtype} are no image of one channel.")
    if not _NIFTI1 <= offset <= 2**24 or not (math.isfinite(slope) and math.isfinite(inter)):
        raise ImageError("image-header", "The header's data offset or scaling is impossible.")
    shape = _checked_shape(raw["dim"], dimensions)
    voxel_mm = _checked_voxel_mm(raw["pixdim"])
    _check_affine(affine)
    affine.flags.writeable = False
    return Header(shape, dtype, slope, inter, voxel_mm, affine, offset)


def _parsed(head: bytes) -> Any:
    size = head[:4]
    kinds: tuple[tuple[Any, int], ...] = (
        (nib.Nifti1Header, _NIFTI1),
        (nib.Nifti2Header, _NIFTI2),
    )
    for kind, length in kinds:
        if length in (int.from_bytes(size, "little"), int.from_bytes(size, "big")):
            if len(head) < length:
                raise ImageError("image-damaged", "The file ends inside its header.")
            return kind(head[:length], check=False)
    if len(head) < _NIFTI1:
        raise ImageError("image-damaged", f"The file ends after {len(head)} bytes of header.")
    raise ImageError("image-header", "The file does not begin with a NIfTI header.")


def _checked_shape(dim: npt.NDArray[np.integer[Any]], dimensions: int) -> tuple[int, ...]:
    count = int(dim[0])
    shape = [int(n) for n in dim[1 : count + 1]] if 1 <= count <= 7 else []
    while len(shape) > 3 and shape[-1] == 1:
        shape.pop()
    if not 3 <= len(shape) <= dimensions or min(shape) < 1:
        found = " x ".join(map(str, shape)) or f"{count} dimensions"
        wanted = "3" if dimensions == 3 else f"3 to {dimensions}"
        raise ImageError("image-dimensions", f"The image is {found}; {wanted} axes are expected.")
    return tuple(shape)


def _checked_voxel_mm(pixdim: npt.NDArray[np.floating[Any]]) -> tuple[float, float, float]:
    i, j, k = (abs(float(size)) for size in pixdim[1:4])
    if not (i > 0 and j > 0 and k > 0 and _LEAST_MM3 <= i * j * k <= _MOST_MM3):
        raise ImageError("image-affine", f"The voxel size {i:g} x {j:g} x {k:g} mm is impossible.")
    return i, j, k


def _check_affine(affine: npt.NDArray[np.float64]) -> None:
    if not np.isfinite(affine).all():
        raise ImageError("image-affine", "The affine holds values that are not finite.")
    with np.errstate(over="ignore", invalid="ignore"):
        volume_mm3 = abs(np.linalg.det(affine[:3, :3]))
    if not math.isfinite(volume_mm3):
        raise ImageError("image-affine", "The affine makes voxels of infinite size.")
    if volume_mm3 > _MOST_MM3:
        raise ImageError("image-affine", f"The affine makes voxels of {volume_mm3:.3g} mm³.")
    if volume_mm3 < _LEAST_MM3:
        raise ImageError("image-affine", "The affine is singular: it flattens the image.")


def _decompressed(stored: bytes, nbytes: int) -> bytes | bytearray:
    """Decompress at most one byte more than `nbytes`.

    The last four bytes give the size, modulo 2^32, in honest files of one member: those take
    libdeflate, which allocates just that. All others (several members, padding, lies) are
    streamed by isal up to the bound.
    """
    if int.from_bytes(stored[-4:], "little") == nbytes:
        try:
            return deflate.gzip_decompress(stored)
        except (deflate.DeflateError, ValueError, MemoryError):
            pass
    with _streamed(BytesIO(stored)) as stream:
        return bytes(stream.read(nbytes + 1))


def _decompressed_length(file: Any, most: int) -> int:
    """Bytes that a compressed file holds, counted up to a bound and not kept."""
    buffer, found = bytearray(2**20), 0
    with _streamed(file) as stream:
        while found < most and (read := stream.readinto(buffer)):
            found += read
    return min(found, most)


@contextmanager
def _streamed(file: Any) -> Iterator[Any]:
    try:
        with igzip.GzipFile(fileobj=file) as stream:
            yield stream
    except EOFError:
        raise ImageError(
            "image-damaged", "The file is truncated: its gzip stream ends early."
        ) from None
    except (OSError, _IsalError) as error:
        raise ImageError("image-damaged", f"The file is damaged: {error}.") from None
