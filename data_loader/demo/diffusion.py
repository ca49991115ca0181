"""Diffusion MRI at day 2 to 9, registered to the NCCT: DWI bright and ADC low in the infarct."""

import numpy as np
from numpy.typing import NDArray

from data_loader.demo.anatomy import Anatomy
from data_loader.demo.ncct import soften

Signal = NDArray[np.int16]


def draw_diffusion(
    anatomy: Anatomy, infarct: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Signal, Signal]:
    """Draw the trace image (arbitrary units) and the ADC (1e-6 mm²/s); zero outside the head."""
    tissue = anatomy.gray + anatomy.white
    white = anatomy.white / np.maximum(tissue, 0.1)
    csf = np.clip(1.2 - 1.6 * tissue, 0, 1)
    # Blurred by less than a voxel: the mask is drawn where the diffusion is restricted.
    restricted = np.clip(soften(infarct, anatomy.grid, mm=1.0) * 1.2, 0, 1)
    adc = (830 - 110 * white) * (1 - csf) + 2900 * csf
    adc = adc * (1 - restricted) + rng.uniform(400, 560) * restricted
    dwi = (260 - 45 * white) * (1 - csf) + 70 * csf
    dwi = dwi * (1 - restricted) + rng.uniform(520, 680) * restricted
    noise = rng.standard_normal((2, *anatomy.grid.shape), dtype=np.float32)
    # The ventricles and sulci belong to the image: the brain's outline with its holes filled.
    inside = (tissue > 0.35) | (soften(tissue > 0.35, anatomy.grid, mm=9.0) > 0.5)
    return (
        _store(np.where(inside, dwi + 10 * noise[0], 0)),
        _store(np.where(inside, adc + 30 * noise[1], 0)),
    )


def _store(values: NDArray[np.floating]) -> Signal:
    return np.asarray(np.rint(np.clip(values, 0, 32_000)), dtype=np.int16)
