"""One subject's images: NCCT and lesion mask for everybody, all the others for a few."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_loader.demo.anatomy import Anatomy, Grid, Head, draw_head, draw_ncct_grid, see_anatomy
from data_loader.demo.angiography import (
    draw_cta,
    draw_cta_grid,
    label_circle,
    mark_occlusion,
    resample,
)
from data_loader.demo.diffusion import draw_diffusion
from data_loader.demo.infarct import grow_infarct
from data_loader.demo.ncct import draw_ncct
from data_loader.demo.patients import Patient
from data_loader.demo.perfusion import (
    FRAME_S,
    draw_ctp,
    draw_ctp_grid,
    draw_perfusion,
)
from data_loader.demo.template import AIR_HU
from data_loader.demo.volume import write_volume
from data_loader.itk import transform_text

Mask = NDArray[np.bool_]

_SCANNED_SHARE: Final = 0.4
"""Of a head whose CT ends above the basal ganglia."""

# Data types of the masks, in turn; None stores the foreground through a slope, as in case 0158.
_MASK_TYPES: Final = (np.uint8, np.uint8, np.int16, np.uint8, np.float32, np.uint8, None)


def write_images(root: Path, patient: Patient, *, age_years: float, seed: int) -> None:
    """Draw and write one subject's images, the same whichever process does it."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, patient.number]))
    head = draw_head(age_years, rng)
    grid = draw_ncct_grid(head, rng, coarse=patient.complete)
    if patient.is_cut:
        grid = grid.upper(_SCANNED_SHARE)
    anatomy = see_anatomy(head, grid)
    lesion = grow_infarct(anatomy, patient.infarct, rng)
    files = _Files(root, patient)
    write_volume(files.raw("ncct"), draw_ncct(anatomy, lesion, rng), grid)
    _write_mask(files.derived("ses-02", "lesion-msk"), lesion, grid, number=patient.number)
    if patient.has_transform:
        to_template = np.vstack([head.matrix, [0, 0, 0, 1]])
        files.transform().write_text(transform_text(to_template), encoding="ascii")
    if patient.complete:
        _write_angiography(files, head, anatomy, rng)
        _write_perfusion(files, head, anatomy, lesion=lesion, rng=rng)
        dwi, adc = draw_diffusion(anatomy, lesion, rng)
        write_volume(files.derived("ses-02", "dwi"), dwi, grid)
        write_volume(files.derived("ses-02", "adc"), adc, grid)


class _Files:
    """Where one subject's files lie in the release."""

    def __init__(self, root: Path, patient: Patient) -> None:
        self.patient = patient
        self._split = root / patient.split

    def raw(self, image: str, *, folder: str = "") -> Path:
        subject = self.patient.subject
        session = self._split / "raw_data" / subject / "ses-01" / folder
        return session / f"{subject}_ses-01_{image}.nii.gz"

    def transform(self) -> Path:
        """Of the affine way to the template that the head was made of; makes its folder."""
        subject = self.patient.subject
        folder = self._split / "derivatives" / subject / "ses-01"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{subject}_ses-01_from-ncct_to-MNI152NLin2009aSym_mode-image_xfm.txt"

    def derived(self, session: str, image: str, *, folder: str = "") -> Path:
        subject = self.patient.subject
        where = self._split / "derivatives" / subject / session / folder
        return where / f"{subject}_{session}_space-ncct_{image}.nii.gz"


def _write_mask(path: Path, mask: Mask, grid: Grid, *, number: int) -> None:
    kind = _MASK_TYPES[number % len(_MASK_TYPES)]
    if kind is None:
        write_volume(path, mask.astype(np.float32), grid, stored_as=np.uint16)
    else:
        write_volume(path, mask.astype(kind), grid)


def _write_angiography(
    files: _Files, head: Head, anatomy: Anatomy, rng: np.random.Generator
) -> None:
    infarct, grid = files.patient.infarct, anatomy.grid
    native = draw_cta_grid(head, rng)
    cta = draw_cta(head, native, infarct=infarct, rng=rng)
    write_volume(files.raw("cta"), cta, native)
    on_ncct = np.rint(resample(cta, native, grid, outside=AIR_HU)).astype(np.int16)
    write_volume(files.derived("ses-01", "cta"), on_ncct, grid)
    write_volume(files.derived("ses-01", "cow-msk"), label_circle(anatomy), grid)
    clot = mark_occlusion(anatomy, infarct).astype(np.uint8)
    write_volume(files.derived("ses-01", "lvo-msk"), clot, grid)


def _write_perfusion(
    files: _Files, head: Head, anatomy: Anatomy, *, lesion: Mask, rng: np.random.Generator
) -> None:
    infarct, grid = files.patient.infarct, anatomy.grid
    whole = draw_perfusion(anatomy, lesion, infarct=infarct, rng=rng)
    native = see_anatomy(head, draw_ctp_grid(head, rng))
    slab = whole.resampled(grid, native.grid)
    ctp = draw_ctp(native, slab, infarct=infarct, rng=rng)
    write_volume(files.raw("ctp"), ctp, native.grid, frame_s=FRAME_S)
    for name, values in slab.maps().items():
        write_volume(files.raw(name, folder="perfusion-maps"), values, native.grid)
    for name, values in whole.cut_to(native.grid, grid).maps().items():
        path = files.derived("ses-01", name, folder="perfusion-maps")
        write_volume(path, values, grid)
    frames = [
        np.rint(resample(ctp[..., t], native.grid, grid, outside=0.0)).astype(np.int16)
        for t in range(ctp.shape[-1])
    ]
    on_ncct = np.stack(frames, axis=-1)
    write_volume(files.derived("ses-01", "ctp"), on_ncct, grid, frame_s=FRAME_S)
