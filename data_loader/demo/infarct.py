"""The infarct: irregular pieces of one vascular territory with a wanted total volume."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_loader.demo.anatomy import Anatomy
from data_loader.demo.arteries import territory_field
from data_loader.demo.patients import TERRITORIES, Infarct
from data_loader.demo.template import Array, Field

Mask = NDArray[np.bool_]

# Where infarcts begin, MNI mm on the right, and how often; large MCA ones begin at the insula.
_SEEDS: Final[dict[str, tuple[tuple[tuple[float, float, float], float], ...]]] = {
    "ACA": (((6, 40, 20), 0.35), ((8, -20, 56), 0.4), ((8, 20, 48), 0.25)),
    "MCA": (
        ((38, 0, 2), 0.26),  # insula
        ((25, 0, 6), 0.22),  # lenticulostriate
        ((26, -14, 24), 0.10),  # corona radiata
        ((48, 16, 20), 0.14),  # superior division
        ((50, -8, 40), 0.08),  # rolandic
        ((52, -36, 34), 0.08),  # inferior parietal
        ((56, -34, 4), 0.12),  # inferior division
    ),
    "PCA": (((14, -80, 6), 0.5), ((26, -60, -8), 0.25), ((12, -20, 6), 0.25)),
    "VB": (((24, -66, -40), 0.4), ((18, -56, -22), 0.35), ((4, -24, -32), 0.25)),
}
_MALIGNANT_SEED: Final = (36.0, -8.0, 8.0)
_LATTICE_MM: Final = 4.0


@dataclass(frozen=True)
class _Tissue:
    """The brain voxels that could infarct: their indices, and MNI mm of shape (n, 3)."""

    voxels: tuple[NDArray[np.int64], ...]
    mm: Array

    def put(self, chosen: NDArray[np.int64], mask: Mask) -> None:
        mask[tuple(axis[chosen] for axis in self.voxels)] = True


def grow_infarct(anatomy: Anatomy, infarct: Infarct, rng: np.random.Generator) -> Mask:
    """Grow an infarct of the planned volume, to the voxel, never empty."""
    tissue = _on_side(anatomy, infarct.side)
    wanted = round(infarct.volume_ml / anatomy.grid.voxel_ml)
    voxels = int(np.clip(wanted, 1, len(tissue.mm) * 3 // 4))
    main, *satellites = _piece_sizes(voxels, infarct.components, rng)
    seed = _draw_seed(infarct, rng)
    score = _vulnerability(tissue.mm, seed, infarct, rng)
    mask = np.zeros(anatomy.grid.shape, dtype=bool)
    tissue.put(np.argpartition(-score, main - 1)[:main], mask)
    nearness = np.exp(-np.linalg.norm(tissue.mm - seed.astype(np.float32), axis=1) / 14.0)
    for size in satellites:
        _add_satellite(mask, tissue, nearness, size=size, rng=rng)
    return mask


def _on_side(anatomy: Anatomy, side: str) -> _Tissue:
    x = anatomy.mm[0]
    voxels = np.nonzero(anatomy.brain & (x < -1.0 if side == "left" else x > 1.0))
    return _Tissue(voxels, anatomy.mm_of(voxels))


def _piece_sizes(voxels: int, components: int, rng: np.random.Generator) -> list[int]:
    """Split a number of voxels into one main piece and its satellites, largest first."""
    satellites = min(components, voxels) - 1
    if satellites < 1:
        return [voxels]
    shares = rng.lognormal(0.0, 1.1, satellites)
    shares *= rng.uniform(0.08, 0.3) / shares.sum()
    sizes = np.maximum(1, np.rint(shares * voxels)).astype(int)
    while sizes.sum() >= voxels:
        sizes = sizes[:-1]
    return [voxels - int(sizes.sum()), *sorted(sizes.tolist(), reverse=True)]


def _draw_seed(infarct: Infarct, rng: np.random.Generator) -> NDArray[np.float64]:
    places, weights = zip(*_SEEDS[infarct.territory], strict=True)
    seed = np.array(places[int(rng.choice(len(places), p=weights))], dtype=float)
    if infarct.volume_ml > 90:
        seed = np.array(_MALIGNANT_SEED)
    seed = seed + rng.normal(0, 3.5, 3)
    seed[0] = max(seed[0], 3.0) * (-1 if infarct.side == "left" else 1)
    return np.asarray(seed)


def _vulnerability(
    mm: Array, seed: NDArray[np.float64], infarct: Infarct, rng: np.random.Generator
) -> Array:
    """Score voxels: near the seed, in the artery's territory, and as a smooth field has it."""
    radius = max(4.0, (3000 * infarct.volume_ml / (4 * np.pi)) ** (1 / 3))
    distance = np.linalg.norm(mm - seed.astype(np.float32), axis=1)
    foreign = territory_field().nearest(mm.T) != TERRITORIES.index(infarct.territory) + 1
    rough = smooth_field(rng, correlation_mm=float(np.clip(radius / 2.2, 4.0, 9.0))).sample(mm.T)
    return np.asarray(0.42 * rough - distance / radius - 1.1 * foreign, dtype=np.float32)


def smooth_field(rng: np.random.Generator, *, correlation_mm: float) -> Field:
    """Draw a Gaussian random field over the head, of mean 0 and SD 1."""
    origin = np.array([-96.0, -136.0, -96.0])
    noise = rng.standard_normal((49, 61, 49), dtype=np.float32)
    smooth = ndimage.gaussian_filter(noise, correlation_mm / _LATTICE_MM, mode="wrap")
    return Field(smooth / smooth.std(), origin, _LATTICE_MM)


def _add_satellite(
    mask: Mask, tissue: _Tissue, nearness: Array, *, size: int, rng: np.random.Generator
) -> None:
    """Add a small piece that touches no other one, near the seed more often than far."""
    taken = ndimage.binary_dilation(mask, np.ones((3, 3, 3)))[tissue.voxels]
    free = np.flatnonzero(~taken)
    if len(free) < size:
        return
    chance = nearness[free].astype(float)
    mm = tissue.mm[free]
    distance = np.linalg.norm(mm - mm[rng.choice(len(free), p=chance / chance.sum())], axis=1)
    distance += rng.normal(0, 0.8, len(free))  # ragged edges
    tissue.put(free[np.argpartition(distance, size - 1)[:size]], mask)
