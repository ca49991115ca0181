"""What the dataset says about itself."""

from data_loader.demo.patients import Patient

_TEXT = """\
# Insula demonstration dataset (synthetic)

**Everything in this folder is synthetic.** No patient is behind any image, any lesion or any
clinical value. It exists to show and to test the program; nothing about stroke can be learnt
from it.

{train} subjects in `train`, {test} in `test`, in the layout of the ISLES'24 release. Every
subject has a non-contrast CT, a lesion mask and the two clinical files; {complete} also have CT
angiography, 4-D CT perfusion with its four maps, DWI, ADC and the masks of the occlusion and of
the circle of Willis:

{complete_list}

Made with seed {seed}: the same program, seed and number of subjects give the same files.

## How it was made

- **Clinical values** are drawn from a joint model. Margins and missing values follow Table 1 and
  the completeness of the ISLES'24 release, split by split; the times, which the dataset paper
  still owes, and the number of deaths are guesses. The dead count as mRS 6 and NIHSS 42. mRS at
  three months depends on age, NIHSS, premorbid mRS and infarct volume, because it was made to.
- **Heads** are the MNI152 template, warped, resized and aged a little for each subject. Skull,
  scalp and face are geometry.
- **Ways to standard space** (`..._from-ncct_to-MNI152NLin2009aSym_mode-image_xfm.txt`, affine, ITK)
  are the affine part of how each head was made. The rest of it, waves and wider ventricles, moves
  tissue by up to a few mm, which these files leave out.{lacking}
- **Infarcts** are thresholded smooth random fields in a schematic vascular territory, with
  log-normal volumes (median about 12 ml).
- **Perfusion** follows the central volume principle around a core and a penumbra drawn by hand
  rules; the bolus is a gamma variate. Units: CBF ml/100 g/min, CBV ml/100 g, MTT and Tmax s.
- **ADC** is in 1e-6 mm²/s, CT in HU.

## Terms

CC0: use it as you like. It is derived from the MNI ICBM152 2009 template, whose notice is to be
kept:

> Copyright (C) 1993-2009 Louis Collins, McConnell Brain Imaging Centre, Montreal Neurological
> Institute, McGill University. Permission to use, copy, modify, and distribute this software and
> its documentation for any purpose and without fee is hereby granted, provided that the above
> copyright notice appear in all copies. The authors and McGill University make no representations
> about the suitability of this software for any purpose. It is provided "as is" without express
> or implied warranty. The authors are not responsible for any data loss, equipment damage,
> property loss, or injury to subjects or patients resulting from the use or misuse of this
> software package.

Layout and Table 1: de la Rosa et al., ISLES'24: a real-world longitudinal multimodal stroke
dataset. No file of that dataset is in here.
"""

_LACKING = """
  These have none, so that their CT is registered: {whose}.
  The CT of {cut} ends above the basal ganglia: too little to be registered by."""


def write_readme(patients: list[Patient], *, seed: int) -> str:
    """Say in plain words that the dataset is synthetic, how it was made, and its terms."""
    complete = [f"`{p.split}/{p.subject}`" for p in patients if p.complete]
    lacking = [f"`{p.split}/{p.subject}`" for p in patients if not p.has_transform]
    cut = [f"`{p.split}/{p.subject}`" for p in patients if p.is_cut]
    train = sum(patient.split == "train" for patient in patients)
    return _TEXT.format(
        train=train,
        test=len(patients) - train,
        complete=len(complete),
        complete_list=", ".join(complete),
        seed=seed,
        lacking=_LACKING.format(whose=", ".join(lacking), cut=", ".join(cut)) if lacking else "",
    )


def describe_dataset() -> dict[str, object]:
    """Give the content of `dataset_description.json`; `Synthetic` is what the program asks."""
    return {
        "Name": "Insula demonstration dataset (synthetic)",
        "BIDSVersion": "1.10.0",
        "DatasetType": "raw",
        "License": "CC0",
        "GeneratedBy": [{"Name": "insula demo", "Description": "synthetic patients"}],
        "Synthetic": True,
    }
