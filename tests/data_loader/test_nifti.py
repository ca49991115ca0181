"""NIfTI files as they are met: odd, damaged, lying and hostile ones."""

import gzip
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest

from data_loader.errors import ImageError
from data_loader.nifti import Volume, read_header, read_volume
from data_loader.problems import REMEDIES
from tests.images import box, nifti_bytes, write_image

RAMP = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
GOOD = nifti_bytes(RAMP)


def written(tmp_path: Path, content: bytes, name: str = "image.nii.gz") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


class TestWhatIsRead:
    """The same values as nibabel reads, however they are stored."""

    @pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
    @pytest.mark.parametrize("version", [1, 2])
    @pytest.mark.parametrize("endianness", ["<", ">"])
    @pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"])
    def test_as_nibabel_does(
        self,
        tmp_path: Path,
        suffix: str,
        version: Literal[1, 2],
        endianness: Literal["<", ">"],
        kind: str,
    ) -> None:
        affine = np.array([[-0.4, 0.1, 0, 5], [0, 0.5, -0.2, 6], [0, 0, 2, 7], [0, 0, 0, 1]])
        path = write_image(
            tmp_path / f"image{suffix}",
            RAMP.astype(kind),
            affine=affine,
            slope=0.5,
            inter=-3,
            version=version,
            endianness=endianness,
        )
        expected: Any = nib.load(path)
        volume = read_volume(path)
        assert np.array_equal(volume.data * volume.slope + volume.inter, expected.get_fdata())
        assert np.array_equal(volume.affine, expected.affine)
        assert volume.header.orientation == "".join(nib.aff2axcodes(expected.affine))
        assert volume.header.voxel_mm == tuple(map(float, expected.header.get_zooms()))
        assert np.array_equal(read_header(path).affine, volume.affine)

    def test_qform_where_there_is_no_sform(self, tmp_path: Path) -> None:
        image = nib.Nifti1Image(RAMP, None)
        affine = nib.affines.from_matvec(
            nib.eulerangles.euler2mat(0.1, 0.2, 0.3) @ np.diag((2, 2, 3)), (4, 5, 6)
        )
        image.set_qform(affine, code=1)
        nib.save(image, tmp_path / "image.nii")
        assert read_header(tmp_path / "image.nii").affine == pytest.approx(affine, abs=1e-5)

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (gzip.compress(GOOD[:400]) + gzip.compress(GOOD[400:]), "several members"),
            (gzip.compress(GOOD) + bytes(1000), "zeros after the end"),
            (gzip.compress(GOOD[:399]) + gzip.compress(GOOD[399:]) + bytes(7), "both"),
            (gzip.compress(GOOD, 0), "stored, not compressed"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_gzip_as_tools_write_it(self, tmp_path: Path, content: bytes, why: str) -> None:
        volume = read_volume(written(tmp_path, content))
        assert np.array_equal(volume.data, RAMP), why

    def test_extensions_before_the_data(self, tmp_path: Path) -> None:
        extended = nifti_bytes(RAMP, vox_offset=352 + 16)
        content = extended[:348] + b"\1\0\0\0" + b"\x10\0\0\0\6\0\0\0comment." + extended[352:]
        assert np.array_equal(read_volume(written(tmp_path, content, "image.nii")).data, RAMP)

    def test_frames(self, tmp_path: Path) -> None:
        path = write_image(tmp_path / "ctp.nii.gz", np.zeros((4, 5, 6, 3), np.int16))
        assert read_header(path, dimensions=4).shape == (4, 5, 6, 3)
        one = write_image(tmp_path / "mask.nii.gz", np.zeros((4, 5, 6, 1, 1), np.uint8))
        assert read_volume(one).data.shape == (4, 5, 6)

    def test_negative_voxel_sizes_are_sizes(self, tmp_path: Path) -> None:
        path = write_image(tmp_path / "a.nii", RAMP, pixdim=(1, -1, 2, -3, 1, 1, 1, 1))
        assert read_header(path).voxel_mm == (1, 2, 3)

    def test_data_cannot_be_changed_by_accident(self, tmp_path: Path) -> None:
        volume = read_volume(write_image(tmp_path / "a.nii", RAMP))
        with pytest.raises(ValueError, match="read-only"):
            volume.data[0, 0, 0] = 1


class Refused(NamedTuple):
    """What a file holds, and how it is listed."""

    content: bytes
    code: str
    says: str


def header_field(**fields: Any) -> bytes:
    return gzip.compress(nifti_bytes(RAMP, **fields))


def affine_of(rows: npt.ArrayLike) -> bytes:
    full = np.vstack([np.asarray(rows, dtype=float), [0, 0, 0, 1]])
    fields = {name: full[axis] for axis, name in enumerate(("srow_x", "srow_y", "srow_z"))}
    return header_field(**fields)


def without_crc(content: bytes) -> bytes:
    packed = bytearray(gzip.compress(content))
    packed[-8:-4] = b"\0\0\0\0"
    return bytes(packed)


RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
NAN, INF = float("nan"), float("inf")

REFUSED = {
    "empty file": Refused(b"", "image-damaged", "ends after 0 bytes"),
    "no image": Refused(b"<html>404</html>" * 40, "image-header", "does not begin with a NIfTI"),
    "pointer of Git LFS": Refused(
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "image-damaged", "ends after"
    ),
    "gzip of nothing": Refused(gzip.compress(b""), "image-damaged", "ends after 0 bytes"),
    "cut inside the header": Refused(GOOD[:200], "image-damaged", "inside its header"),
    "cut inside the data": Refused(GOOD[:-1], "image-length", "471 are there"),
    "one byte too many": Refused(GOOD + b"\0", "image-length", "more are there"),
    "gzip cut in half": Refused(gzip.compress(GOOD)[:150], "image-damaged", "truncated"),
    "gzip without its last byte": Refused(gzip.compress(GOOD)[:-1], "image-damaged", "truncated"),
    "wrong checksum": Refused(without_crc(GOOD), "image-damaged", "not intact"),
    "gzip magic alone": Refused(b"\x1f\x8b", "image-damaged", "header"),
    "noise after gzip magic": Refused(b"\x1f\x8b" + b"\xff" * 500, "image-damaged", "gzip"),
    "header claims more": Refused(
        header_field(dim=(3, 3, 4, 6, 1, 1, 1, 1)), "image-length", "496 bytes are announced, 472"
    ),
    "header claims less": Refused(
        header_field(dim=(3, 3, 4, 4, 1, 1, 1, 1)), "image-length", "more are there"
    ),
    "header claims 35 TB": Refused(
        header_field(dim=(3, 32767, 32767, 32767, 1, 1, 1, 1)), "image-too-large", "GiB"
    ),
    "one dimension": Refused(
        gzip.compress(nifti_bytes(np.zeros(9, np.uint8))), "image-dimensions", "9; 3 axes"
    ),
    "seven dimensions": Refused(
        gzip.compress(nifti_bytes(np.zeros((2,) * 7, np.uint8))), "image-dimensions", "2 x 2 x 2"
    ),
    "frames where none belong": Refused(
        gzip.compress(nifti_bytes(np.zeros((4, 4, 4, 2), np.uint8))), "image-dimensions", "x 2; 3"
    ),
    "no dimensions": Refused(header_field(dim=(0,) * 8), "image-dimensions", "0 dimensions"),
    "an axis of nothing": Refused(
        header_field(dim=(3, 3, 0, 5, 1, 1, 1, 1)), "image-dimensions", "3 x 0 x 5"
    ),
    "an axis below nothing": Refused(
        header_field(dim=(3, 3, -4, 5, 1, 1, 1, 1)), "image-dimensions", "3 x -4 x 5"
    ),
    "colours": Refused(
        gzip.compress(nifti_bytes(np.zeros((3, 4, 5), RGB))), "image-header", "one channel"
    ),
    "complex": Refused(
        gzip.compress(nifti_bytes(RAMP.astype(np.complex64))), "image-header", "one channel"
    ),
    "unknown type of values": Refused(header_field(datatype=9999), "image-header", "type"),
    "no type of values": Refused(header_field(datatype=0), "image-header", "type"),
    "single bits": Refused(header_field(datatype=1), "image-header", "type"),
    "affine of NaN": Refused(affine_of(np.full((3, 4), NAN)), "image-affine", "not finite"),
    "affine of infinities": Refused(affine_of(np.full((3, 4), INF)), "image-affine", "not finite"),
    "affine of zeros": Refused(affine_of(np.zeros((3, 4))), "image-affine", "singular"),
    "affine that flattens": Refused(
        affine_of([[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]), "image-affine", "singular"
    ),
    "affine beyond reason": Refused(
        gzip.compress(
            nifti_bytes(
                RAMP,
                version=2,
                srow_x=(1e200, 0, 0, 0),
                srow_y=(0, 1e200, 0, 0),
                pixdim=(1,) * 8,
            )
        ),
        "image-affine",
        "infinite size",
    ),
    "impossible quaternion": Refused(
        header_field(sform_code=0, qform_code=1, quatern_b=3.0), "image-header", "malformed"
    ),
    "voxels of zero": Refused(
        header_field(pixdim=(1, 1, 0, 1, 1, 1, 1, 1)), "image-affine", "1 x 0 x 1 mm"
    ),
    "voxels of NaN": Refused(
        header_field(pixdim=(1, 1, NAN, 1, 1, 1, 1, 1)), "image-affine", "1 x nan x 1 mm"
    ),
    "voxels smaller than any number": Refused(
        header_field(pixdim=(1, 1e-30, 1e-30, 1e-30, 1, 1, 1, 1)), "image-affine", "impossible"
    ),
    "voxels larger than a house": Refused(
        header_field(pixdim=(1, 1e9, 1e9, 1e9, 1, 1, 1, 1)), "image-affine", "impossible"
    ),
    "affine of a light year": Refused(
        affine_of(np.diag((1e9, 1e9, 1.0, 1.0))[:3]), "image-affine", "1e+18 mm³"
    ),
    "offset inside the header": Refused(header_field(vox_offset=0), "image-header", "offset"),
    "offset of NaN": Refused(header_field(vox_offset=NAN), "image-header", "malformed"),
    "offset of infinity": Refused(header_field(vox_offset=INF), "image-header", "malformed"),
    "offset below zero": Refused(header_field(vox_offset=-1e9), "image-header", "offset"),
    "offset beyond the end": Refused(header_field(vox_offset=4000), "image-length", "announced"),
    "offset of values is NaN": Refused(
        header_field(scl_slope=1, scl_inter=NAN), "image-header", "malformed"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, name: str) -> None:
    case = REFUSED[name]
    suffix = ".nii.gz" if case.content[:2] == b"\x1f\x8b" else ".nii"
    with pytest.raises(ImageError, match=re.escape(case.says)) as caught:
        read_volume(written(tmp_path, case.content, f"image{suffix}"))
    assert caught.value.code == case.code
    assert case.code in REMEDIES
    assert re.fullmatch(r"[A-Z].*\.", str(caught.value)), "a sentence"


@pytest.mark.parametrize("name", REFUSED.keys() - {"wrong checksum"})
def test_the_header_alone_shows_all_but_a_wrong_checksum(tmp_path: Path, name: str) -> None:
    case = REFUSED[name]
    suffix = ".nii.gz" if case.content[:2] == b"\x1f\x8b" else ".nii"
    with pytest.raises(ImageError, match=re.escape(case.says)) as caught:
        read_header(written(tmp_path, case.content, f"image{suffix}"))
    assert caught.value.code == case.code


BGZF_END = gzip.compress(b"")[:3] + bytes.fromhex(
    "0400000000 00ff 0600 42430200 1b00 0300 00000000 00000000"
)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(GOOD),
        gzip.compress(GOOD[:400]) + gzip.compress(GOOD[400:]),
        gzip.compress(GOOD) + bytes(1000),
        gzip.compress(GOOD[:360]) + gzip.compress(GOOD[360:]) + BGZF_END,
    ],
    ids=["one member", "two members", "padding", "BGZF"],
)
def test_the_header_of_a_whole_file_is_read(tmp_path: Path, content: bytes) -> None:
    assert read_header(written(tmp_path, content)).shape == RAMP.shape


class TestFilesThatCannotBeOpened:
    """A path is no file, or not to be read."""

    def test_gone(self, tmp_path: Path) -> None:
        with pytest.raises(ImageError, match="is gone") as caught:
            read_header(tmp_path / "nothing.nii")
        assert caught.value.code == "file-unreadable"

    def test_dangling_link(self, tmp_path: Path) -> None:
        link = tmp_path / "link.nii.gz"
        link.symlink_to(tmp_path / "annex")
        with pytest.raises(ImageError, match="isn't here") as caught:
            read_header(link)
        assert caught.value.code == "link-dangling"

    def test_link_to_a_folder(self, tmp_path: Path) -> None:
        link = tmp_path / "link.nii.gz"
        link.symlink_to(tmp_path)
        with pytest.raises(ImageError) as caught:
            read_volume(link)
        assert caught.value.code == "file-unreadable"

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.nii")
        with pytest.raises(ImageError) as caught:
            read_volume(tmp_path / "pipe.nii")
        assert caught.value.code == "file-unreadable"


MEASURE = """
import json, resource, sys, time
from pathlib import Path
from analytics.lesions import measure_lesion
from data_loader.errors import ImageError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
try:
    code = f"measured {measure_lesion(Path(sys.argv[1])).voxels}"
except ImageError as error:
    code = error.code
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([code, (after - before) / 1024, time.perf_counter() - began]))
"""


def zeros_gz(head: bytes, megabytes: int) -> bytes:
    """Gzip of a header and zeros, with an honest size at its end; 1 MB for each 1,000."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(2**20)
    parts = [packer.compress(head)]
    parts += [packer.compress(zeros) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def header_of(dim: tuple[int, ...]) -> bytes:
    return nifti_bytes(RAMP.astype(np.uint8), dim=(3, *dim, 1, 1, 1, 1))[:352]


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "small header, 1 GB of zeros": (
        lambda: zeros_gz(header_of((64, 64, 64)), 1024),
        "image-length",
    ),
    "honest header, 1 GB of zeros": (
        lambda: zeros_gz(header_of((1024, 1024, 1024)), 1024),
        "image-too-large",
    ),
    "header claims 2 GB, nothing there": (
        lambda: gzip.compress(header_of((1024, 1024, 2000))),
        "image-too-large",
    ),
    "header and size claim 2 GB, nothing there": (
        lambda: (
            gzip.compress(header_of((1024, 1024, 2000)))[:-4]
            + (1024 * 1024 * 2000 + 352).to_bytes(4, "little")
        ),
        "image-damaged",
    ),
    "header and size claim 256 MB, nothing there": (
        lambda: (
            gzip.compress(header_of((1024, 1024, 256)))[:-4]
            + (1024 * 1024 * 256 + 352).to_bytes(4, "little")
        ),
        "image-damaged",
    ),
    "plain file, header claims 2 GB": (lambda: header_of((1024, 1024, 2000)), "image-length"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_with_little_memory(tmp_path: Path, name: str) -> None:
    make, code = BOMBS[name]
    content = make()
    suffix = ".nii.gz" if content[:2] == b"\x1f\x8b" else ".nii"
    path = written(tmp_path, content, f"bomb{suffix}")
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, check=True)
    found, more_mb, seconds = json.loads(done.stdout)
    assert found == code
    assert more_mb < 200
    assert seconds < 1


def test_a_file_far_larger_than_its_image_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(GOOD))
    os.truncate(path, 2**40)  # sparse: no disk is used
    with pytest.raises(ImageError) as caught:
        read_volume(path)
    assert caught.value.code == "image-length"


def outcome_of(path: Path) -> Volume | str:
    try:
        return read_volume(path)
    except ImageError as error:
        return error.code


def mutated(content: bytes, random: np.random.Generator, within: int) -> bytes:
    changed = bytearray(content)
    for _ in range(random.integers(1, 6)):
        changed[random.integers(0, min(within, len(changed)))] = random.integers(0, 256)
    if random.random() < 0.2:
        del changed[random.integers(0, len(changed)) :]
    return bytes(changed)


@pytest.mark.parametrize(
    ("base", "suffix", "within"),
    [
        (nifti_bytes(box()), ".nii", 352),
        (nifti_bytes(box(), version=2, endianness=">"), ".nii", 544),
        (gzip.compress(nifti_bytes(box())), ".nii.gz", 10**6),
    ],
    ids=["header", "header of NIfTI-2", "gzip"],
)
def test_a_mutated_file_is_read_or_refused_with_a_reason(
    tmp_path: Path, base: bytes, suffix: str, within: int
) -> None:
    random = np.random.default_rng(24)
    path = tmp_path / f"mutated{suffix}"
    for _ in range(400):
        content = mutated(base, random, within)
        path.write_bytes(gzip.compress(content, 1) if random.random() < 0.2 else content)
        outcome = outcome_of(path)
        assert isinstance(outcome, Volume) or outcome in REMEDIES, content.hex()
