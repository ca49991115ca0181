"""Datasets in the layout of ISLES'24: as many files as there are, tiny but whole."""

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np

BASELINE = (
    "Center,Sex,Age,Atrial fibrillation,Hypertension,Glucose,INR,Wake-up,In-House,Onset to door,"
    "NIHSS at admission,mRS at admission,mRS premorbid,Door to imaging\n"
    "1,F,71.5,0,1,112,1.0,0,0,01:30:00,12,4,0,00:13:26.4\n"
)
OUTCOME = "TICI postinterventional,NIHSS 24h,mRS 24h,mRS 3 months\n2c,5,3,2\n"
MAPS = ("cbf", "cbv", "mtt", "tmax")


def write_tree(root: Path, subjects: int) -> int:
    """Write a dataset of 20 files a subject; gives how many files there are."""
    for number in range(1, subjects + 1):
        # As in the release: a grid of each subject's own, CT in Hounsfield units, maps as floats.
        ct, series = _image((4, 4, 4), np.int16, number), _image((4, 4, 4, 3), np.int16, number)
        map_, mask = _image((4, 4, 4), np.float32, number), _image((4, 4, 4), np.uint8, number)
        name = f"sub-stroke{number:04}"
        first, second = f"{name}/ses-01/{name}_ses-01", f"{name}/ses-02/{name}_ses-02"
        maps = f"{name}/ses-01/perfusion-maps/{name}_ses-01"
        files = {
            f"raw_data/{first}_ncct.nii.gz": ct,
            f"raw_data/{first}_cta.nii.gz": ct,
            f"raw_data/{first}_ctp.nii.gz": series,
            f"derivatives/{first}_space-ncct_cta.nii.gz": ct,
            f"derivatives/{first}_space-ncct_ctp.nii.gz": series,
            f"derivatives/{first}_space-ncct_lvo-msk.nii.gz": mask,
            f"derivatives/{first}_space-ncct_cow-msk.nii.gz": mask,
            f"derivatives/{second}_space-ncct_dwi.nii.gz": map_,
            f"derivatives/{second}_space-ncct_adc.nii.gz": map_,
            f"derivatives/{second}_space-ncct_lesion-msk.nii.gz": mask,
            f"phenotype/{first}_demographic_baseline.csv": BASELINE.encode(),
            f"phenotype/{second}_outcome.csv": OUTCOME.encode(),
            **{f"raw_data/{maps}_{kind}.nii.gz": map_ for kind in MAPS},
            **{f"derivatives/{maps}_space-ncct_{kind}.nii.gz": map_ for kind in MAPS},
        }
        for path, content in files.items():
            (root / "train" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "train" / path).write_bytes(content)
    return 20 * subjects


def _image(shape: tuple[int, ...], kind: type, number: int) -> bytes:
    affine = np.diag((-0.4 - number / 10_000, -0.45, 2.0, 1.0))
    return gzip.compress(nib.Nifti1Image(np.ones(shape, kind), affine).to_bytes(), 1)
