"""Routes of images: by subject and kind alone, conditional, and honest about changed files."""

import gzip
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from werkzeug.test import TestResponse

from analytics.measure import measure_lesions
from app import create_app
from dashboard.image_files import image_of, images_of
from data_loader.build import build_index
from data_loader.index import IndexFolder
from tests.images import box, nifti_bytes, write_dataset, write_image

_RAW = "raw_data/sub-stroke0001/ses-01/sub-stroke0001_ses-01"
_DERIVED = "derivatives/sub-stroke0001/ses-02/sub-stroke0001_ses-02_space-ncct"
_NCCT, _MASK = f"{_RAW}_ncct.nii.gz", f"{_DERIVED}_lesion-msk.nii.gz"
_SLICE = "/slice/d/sub-stroke0001/ncct.png"
_SECRET = b"the secret outside of the dataset"


def _ct() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 80, (6, 6, 6)).astype(np.int16)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A dataset of one subject, beside it a file that none of its routes may give."""
    (tmp_path / "secret.nii.gz").write_bytes(gzip.compress(nifti_bytes(_ct(), descrip=_SECRET)))
    return write_dataset(
        tmp_path / "d",
        {_NCCT: _ct(), _MASK: box(), f"{_DERIVED}_dwi.nii": _ct(), f"{_DERIVED}_adc.nii.gz": "?"},
    )


class Site:
    """The dashboard on an index of a dataset, without a browser."""

    def __init__(self, root: Path, folder: Path) -> None:
        build_index([root], folder, measure=partial(measure_lesions, workers=1))
        self._folder = folder
        self._client = create_app(folder).test_client()

    def get(self, address: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(address, headers=named, buffered=True)

    def volume(self, kind: str) -> str:
        """The address of a volume, as the patient's page gives it."""
        images = images_of(IndexFolder(self._folder).current(), "d", "sub-stroke0001")
        image = image_of(images, kind)
        return f"/volume/d/sub-stroke0001/{kind}/{image.fingerprint}/{image.name}"


@pytest.fixture
def site(root: Path, tmp_path: Path) -> Site:
    return Site(root, tmp_path / "index")


def test_slice_is_a_picture_that_only_the_readers_browser_keeps(site: Site) -> None:
    answer = site.get(_SLICE)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\x89PNG")
    assert answer.cache_control.private
    assert not answer.cache_control.public


def test_same_slice_again_is_304_and_another_slice_is_not(site: Site) -> None:
    etag = site.get(f"{_SLICE}?slice=1").headers["ETag"]
    assert site.get(f"{_SLICE}?slice=1", If_None_Match=etag).status_code == 304
    assert site.get(f"{_SLICE}?slice=2", If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("asked", ["-1", "99999", "", "x", "1e9", "0x1"])
def test_slice_that_is_not_there_is_the_nearest_one(site: Site, asked: str) -> None:
    assert site.get(f"{_SLICE}?slice={asked}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/slice/d/sub-stroke0001/cta.png",
        "/slice/d/sub-stroke0001/adc.png",
        "/slice/d/sub-stroke0001/template.png",
        "/slice/d/sub-stroke0001/ctp.png",
        "/slice/d/sub-stroke0002/ncct.png",
        "/slice/other/sub-stroke0001/ncct.png",
        "/volume/d/sub-stroke0001/ncct/0123456789abcdef/sub-stroke0001_ses-01_ncct.nii.gz",
    ],
)
def test_unknown_or_broken_is_404(site: Site, address: str) -> None:
    assert site.get(address).status_code == 404


def test_changed_file_is_410(site: Site, root: Path) -> None:
    volume = site.volume("ncct")
    assert site.get(_SLICE).status_code == 200
    write_image(root / _NCCT, _ct() + 1)
    os.utime(root / _NCCT, ns=(1, 1))
    for address in (_SLICE, volume, "/slice/d/sub-stroke0001/lesion.png"):
        answer = site.get(address)
        assert answer.status_code == 410
        assert "changed" in answer.text


def test_file_that_is_gone_is_410(site: Site, root: Path) -> None:
    (root / _MASK).unlink()
    assert site.get(_SLICE).status_code == 410


def test_volume_is_the_file_as_it_lies_on_disk(site: Site, root: Path) -> None:
    for kind, name in (("ncct", _NCCT), ("dwi", f"{_DERIVED}_dwi.nii")):
        answer = site.get(site.volume(kind), Accept_Encoding="gzip, br")
        assert answer.data == (root / name).read_bytes()
        assert "Content-Encoding" not in answer.headers
        assert answer.cache_control.private


def test_volume_is_conditional_and_comes_in_parts(site: Site, root: Path) -> None:
    address, content = site.volume("lesion"), (root / _MASK).read_bytes()
    whole = site.get(address)
    again = site.get(address, If_None_Match=whole.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    part = site.get(address, Range="bytes=4-11")
    assert (part.status_code, part.data) == (206, content[4:12])
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(content)}"
    beyond = site.get(address, Range=f"bytes={len(content)}-")
    assert beyond.status_code == 416


def test_volume_by_another_name_is_404(site: Site) -> None:
    address = site.volume("ncct").rpartition("/")[0]
    assert site.get(f"{address}/other.nii.gz").status_code == 404


def test_link_out_of_the_dataset_is_refused_and_one_within_is_not(
    root: Path, tmp_path: Path
) -> None:
    (root / _NCCT).unlink()
    (root / _NCCT).symlink_to(tmp_path / "secret.nii.gz")
    annex = write_image(root / "annex" / "objects" / "mask", box())
    (root / _MASK).unlink()
    annex.rename(annex.with_name("key.nii.gz"))
    (root / _MASK).symlink_to(annex.with_name("key.nii.gz"))
    site = Site(root, tmp_path / "index")
    refused = site.get(site.volume("ncct"))
    assert refused.status_code == 404
    assert site.get(_SLICE).status_code == 404
    assert site.get(site.volume("lesion")).status_code == 200


def _payloads() -> Iterator[str]:
    climbs = ("..", "%2e%2e", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "....//", "%252e%252e%252f")
    targets = ("secret.nii.gz", "d/../secret.nii.gz", "etc/passwd", f"d/{_NCCT}", "%00")
    for climb in climbs:
        for target in targets:
            yield f"{climb}/{climb}/{target}"
    yield from ("/etc/passwd", "//etc/passwd", "file:///etc/passwd", "~/secret.nii.gz", "C:\\x")


def test_no_payload_reaches_a_file(site: Site, tmp_path: Path) -> None:
    known = site.volume("ncct")
    address = known.rpartition("/")[0]
    tried = 0
    for payload in _payloads():
        for asked in (
            f"/slice/d/sub-stroke0001/{payload}.png",
            f"/slice/d/{payload}/ncct.png",
            f"/slice/{payload}/sub-stroke0001/ncct.png",
            f"/volume/{payload}",
            f"/volume/d/sub-stroke0001/{payload}",
            f"{address}/{payload}",
            f"{known}/../{payload}",
            f"/template/{payload}",
        ):
            answer = site.get(asked)
            is_page = answer.mimetype == "text/html" and b"_dash-config" in answer.data
            assert answer.status_code in (301, 308, 400, 404) or is_page, asked
            assert b"root:" not in answer.data
            assert _SECRET not in answer.data
            tried += 1
    assert tried >= 100


def test_template_is_served_whole(site: Site) -> None:
    answer = site.get("/template/mni152.nii.gz")
    header = gzip.decompress(answer.data)[:348]
    assert np.frombuffer(header, "<i2", 3, 42).tolist() == [197, 233, 189]
