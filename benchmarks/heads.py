"""Simulated head CTs of which the way to MNI152 is known at every voxel.

The template is posed (pitch within 20 degrees), resized (0.93 to 1.07) and bent by smooth waves of
a few mm, of which the best affine way leaves about 3 mm; skull, scalp and noise are those of the
demonstration dataset.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data_loader.demo.anatomy import Anatomy, Head, Protocol, place_grid, rotation, see_anatomy
from data_loader.demo.ncct import draw_ncct
from data_loader.demo.volume import write_volume

_PITCH_DEG, _TILT_DEG = 20.0, 3.0
_SCALE = (0.93, 1.07)
_WAVES_MM = (1.4, 2.6)
_AWAY_MM = (120.0, 165.0)
_AXES = ("LAS", "LPS", "RAS")


@dataclass(frozen=True)
class SimulatedHead:
    """A CT that was written, and where its brain lies.

    Attributes:
        path: of the CT.
        world: of its brain voxels in the scanner, mm, shape (3, n).
        mni: of the same in MNI152.
    """

    path: Path
    world: npt.NDArray[np.float64]
    mni: npt.NDArray[np.float64]

    @property
    def best_affine_mm(self) -> float:
        """Mean distance that no affine way can do without."""
        ones = np.ones((1, self.world.shape[1]))
        system = np.vstack([self.world, ones]).T
        found, *_ = np.linalg.lstsq(system, self.mni.T)
        return float(np.linalg.norm(system @ found - self.mni.T, axis=1).mean())


def simulate_head(folder: Path, number: int) -> SimulatedHead:
    """Write the CT of a number; the same number gives the same head."""
    rng = np.random.default_rng([20, number])
    head = _pose(rng)
    protocol = Protocol(
        shape=(120, 146, 40),
        voxel_mm=(1.7, 1.7, 4.5),
        axes=_AXES[number % len(_AXES)],
        tilt_deg=float(rng.uniform(-11, 11)),
        shift_mm=(0.0, 0.0, 3.0),
    )
    anatomy = see_anatomy(head, place_grid(head, protocol))
    path = folder / f"head-{number:02}_ncct.nii.gz"
    blank = np.zeros(anatomy.grid.shape, np.bool_)
    write_volume(path, draw_ncct(anatomy, blank, rng), anatomy.grid)
    return SimulatedHead(path, *_brain(anatomy))


def _pose(rng: np.random.Generator) -> Head:
    pitch, roll, yaw = rng.uniform(-1, 1, 3) * (_PITCH_DEG, _TILT_DEG, _TILT_DEG)
    turn = rotation(pitch=np.radians(pitch), roll=np.radians(roll), yaw=np.radians(yaw))
    linear = turn.T / rng.uniform(*_SCALE)
    direction, away = rng.uniform(0, 2 * np.pi), rng.uniform(*_AWAY_MM)
    anchor = np.array([rng.normal(0, 3), away * np.cos(direction), away * np.sin(direction)])
    waves = rng.standard_normal((3, 2, 3))
    waves /= np.linalg.norm(waves, axis=2, keepdims=True)
    return Head(
        matrix=np.column_stack([linear, -linear @ anchor]),
        waves=(waves * 2 * np.pi / rng.uniform(90, 160, (3, 2, 1))).astype(np.float32),
        phases=rng.uniform(0, 2 * np.pi, (3, 2)).astype(np.float32),
        amplitudes_mm=rng.uniform(*_WAVES_MM, (3, 2)).astype(np.float32),
        ventricles=0.1,
        atrophy=0.3,
    )


def _brain(anatomy: Anatomy) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    voxels = np.nonzero(anatomy.brain)
    affine = anatomy.grid.affine
    world = affine[:3, :3] @ np.array(voxels, float) + affine[:3, 3:]
    return world, anatomy.mm_of(voxels).T.astype(np.float64)
