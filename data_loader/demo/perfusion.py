"""CT perfusion: the four maps of an infarct core in its penumbra, and the bolus behind them.

The maps obey the central volume principle, MTT = 60 CBV / CBF (Meier and Zierler, J Appl Physiol
6:731, 1954). Units: CBF ml/100 g/min, CBV ml/100 g, MTT and Tmax s.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_loader.demo.anatomy import Anatomy, Grid, Head, Protocol, place_grid
from data_loader.demo.angiography import resample, sample_vessels
from data_loader.demo.arteries import territory_field
from data_loader.demo.infarct import smooth_field
from data_loader.demo.ncct import soften, to_hu
from data_loader.demo.patients import TERRITORIES, Infarct
from data_loader.demo.template import Array

Mask = NDArray[np.bool_]

FRAME_S: Final = 1.0
_ARRIVAL_S: Final = 9.0  # of the bolus in the arteries, after the first frame
_ARTERY_PEAK_HU: Final = 320.0
_VENOUS_DELAY_S: Final = 7.0
_GAMMA_SHAPE: Final = 3.0
_ARTERY_SCALE_S: Final = 1.9


@dataclass(frozen=True)
class Perfusion:
    """The four maps on one grid; zero outside the brain."""

    cbf: Array
    cbv: Array
    mtt: Array
    tmax: Array

    def maps(self) -> dict[str, Array]:
        """The maps by the suffix of their files, rounded to what a map can be trusted to."""
        named = {"cbf": self.cbf, "cbv": self.cbv, "mtt": self.mtt, "tmax": self.tmax}
        return {
            name: np.asarray(np.rint(values * 32) / 32, dtype=np.float32)
            for name, values in named.items()
        }

    def resampled(self, source: Grid, target: Grid) -> "Perfusion":
        """Give the maps on another grid, without mixing brain with the zeros around it."""
        share = resample((self.mtt > 0).astype(np.float32), source, target, outside=0.0)
        inside = share > 0.5
        weight = np.where(inside, share, 1)

        def move(values: Array) -> Array:
            moved = resample(values, source, target, outside=0.0)
            return np.asarray(np.where(inside, moved / weight, 0), dtype=np.float32)

        return Perfusion(move(self.cbf), move(self.cbv), move(self.mtt), move(self.tmax))

    def cut_to(self, slab: Grid, grid: Grid) -> "Perfusion":
        """Blank what a slab did not cover; the maps themselves lie on `grid`."""
        covered = resample(np.ones(slab.shape, np.float32), slab, grid, outside=0.0) > 0.5
        return Perfusion(
            self.cbf * covered, self.cbv * covered, self.mtt * covered, self.tmax * covered
        )


def draw_perfusion(
    anatomy: Anatomy, core: Mask, *, infarct: Infarct, rng: np.random.Generator
) -> Perfusion:
    """Draw the maps of a brain whose core is dead and whose penumbra waits for blood."""
    tissue = np.clip(anatomy.gray + anatomy.white, 0, 1)
    lost = soften(core, anatomy.grid, mm=2.0)
    penumbra = _grow_penumbra(anatomy, core, infarct=infarct, rng=rng)
    # What is dead waited for blood, however small the piece: Tmax above 6 s all over the core.
    threatened = np.maximum(soften(penumbra, anatomy.grid, mm=3.0), np.float32(0.8) * core)
    flow = smooth_field(rng, correlation_mm=9.0).sample(anatomy.mm)
    delay = smooth_field(rng, correlation_mm=14.0).sample(anatomy.mm)
    cbv = (4.2 * anatomy.gray + 2.1 * anatomy.white) / np.maximum(tissue, 0.4)
    cbv = cbv * (1 + 0.08 * flow)
    cbv = cbv * (1 + 0.15 * threatened - 0.85 * lost)
    healthy_mtt = 5.0 + 1.3 * anatomy.white + 0.35 * delay
    mtt = healthy_mtt + 6.0 * threatened + 2.5 * lost
    tmax = np.clip(1.6 + 0.5 * delay, 0.2, None) + 8.0 * threatened + 3.5 * lost
    brain = tissue > 0.5
    noise = 1 + 0.06 * rng.standard_normal((2, *anatomy.grid.shape), dtype=np.float32)
    cbv, mtt = cbv * noise[0], mtt * noise[1]
    return Perfusion(
        *(
            np.where(brain, values, 0).astype(np.float32)
            for values in (60 * cbv / mtt, cbv, mtt, tmax)
        )
    )


def _grow_penumbra(
    anatomy: Anatomy, core: Mask, *, infarct: Infarct, rng: np.random.Generator
) -> Mask:
    """Grow the region of Tmax over 6 s around the core, within the occluded artery's territory."""
    side = anatomy.mm[0] < 0 if infarct.side == "left" else anatomy.mm[0] > 0
    label = TERRITORIES.index(infarct.territory) + 1
    owned = anatomy.brain & side & (territory_field().nearest(anatomy.mm) == label)
    spacing = np.linalg.norm(anatomy.grid.affine[:3, :3], axis=0)
    distance = ndimage.distance_transform_edt(~_largest_piece(core), sampling=spacing)[owned]
    rough = smooth_field(rng, correlation_mm=10.0).sample(anatomy.mm[:, owned])
    volume_ml = float(np.clip(infarct.volume_ml * rng.uniform(1.8, 4.5), 45.0, 170.0))
    wanted = min(round(volume_ml / anatomy.grid.voxel_ml), int(owned.sum()) * 9 // 10)
    chosen = np.argsort(distance - 6.0 * rough, kind="stable")[:wanted]
    penumbra = core.copy()
    penumbra[tuple(axis[chosen] for axis in np.nonzero(owned))] = True
    return penumbra


def _largest_piece(mask: Mask) -> Mask:
    labels, _ = ndimage.label(mask, np.ones((3, 3, 3)))
    sizes = np.bincount(labels.ravel())
    return np.asarray(labels == 1 + int(sizes[1:].argmax()))


def draw_ctp_grid(head: Head, rng: np.random.Generator) -> Grid:
    """Draw the perfusion slab: about 8 cm from the circle of Willis upwards, not the whole head."""
    slices = int(rng.integers(10, 15))
    protocol = Protocol(
        shape=(66, 76, slices),
        voxel_mm=(3.1, 3.1, round(84.0 / slices, 2)),
        axes="LAS",
        tilt_deg=round(float(rng.normal(0, 3.0)), 2),
        shift_mm=(0.0, float(rng.normal(0, 2)), float(rng.normal(12, 3))),
    )
    return place_grid(head, protocol)


def draw_ctp(
    anatomy: Anatomy, perfusion: Perfusion, *, infarct: Infarct, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Draw the bolus passage in HU, shape (x, y, z, t), 44 to 60 frames a second apart.

    Each tissue voxel sees a gamma variate (Thompson et al, Circ Res 14:502, 1964) that arrives
    Tmax after the arteries', as much wider as its transit takes, with an area of CBV times theirs.
    """
    seconds = FRAME_S * np.arange(int(rng.integers(44, 61)), dtype=np.float32)
    arrival = np.float32(_ARRIVAL_S + rng.uniform(-1.5, 1.5))
    arteries, sinuses = sample_vessels(anatomy.mm, infarct)
    input_curve = _bolus(seconds - arrival, np.float32(_ARTERY_SCALE_S))
    input_curve *= _ARTERY_PEAK_HU / input_curve.max()
    area = float(input_curve.sum() * FRAME_S)
    vein = _bolus(seconds - arrival - _VENOUS_DELAY_S, np.float32(1.4 * _ARTERY_SCALE_S)) * area
    width = np.maximum(_ARTERY_SCALE_S, 0.8 + 0.28 * perfusion.mtt)
    frames = np.empty((*anatomy.grid.shape, len(seconds)), dtype=np.int16)
    for frame, second in enumerate(seconds):
        tissue = _bolus(second - arrival - 0.8 * perfusion.tmax, width) * perfusion.cbv / 100
        hu = anatomy.hu + tissue * area + arteries * input_curve[frame] + sinuses * vein[frame]
        frames[..., frame] = to_hu(hu, anatomy.grid, noise_hu=2.2, rng=rng)
    return frames


def _bolus(since: Array, scale: Array | np.float32) -> Array:
    """Gamma variate of unit area, `since` seconds after arrival."""
    t = np.maximum(since, 0) / scale
    return np.asarray(t**_GAMMA_SHAPE * np.exp(-t) / (6.0 * scale), dtype=np.float32)
