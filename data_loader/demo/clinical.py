"""The clinical tables: a joint model whose margins are those of Table 1.

Every variable has a latent score, a weighted sum of the patient's other scores and noise. The
values of the wanted margin are then dealt out in the order of the scores, split by split. So the
margins hold by construction and the dependences come from the weights.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data_loader.demo.baseline import draw_admission, draw_history, draw_labs
from data_loader.demo.group import Values, draw_group
from data_loader.demo.margins import Scores
from data_loader.demo.outcome import draw_outcome
from data_loader.demo.patients import Patient
from data_loader.demo.table_one import BASELINE_COLUMNS, KNOWN_TIMES_OF_149, OUTCOME_COLUMNS
from data_loader.demo.times import draw_times, format_duration

_DECIMALS: Final = {"Age": 1, "Glucose": 1, "Leucocytes": 2, "CRP": 2, "INR": 2}
_TICI: Final = ("2b", "2c", "3")


@dataclass(frozen=True)
class ClinicalFiles:
    """The cells of one patient's two clinical files, by column; blank where missing."""

    baseline: dict[str, str]
    outcome: dict[str, str]
    age_years: float


def draw_clinical(patients: list[Patient], *, seed: int) -> list[ClinicalFiles]:
    """Draw the clinical values of all patients, in their order; no image is needed for it."""
    files: dict[int, ClinicalFiles] = {}
    for stream, split in enumerate(("train", "test")):
        members = [patient for patient in patients if patient.split == split]
        rng = np.random.default_rng(np.random.SeedSequence([seed, 0, 2, stream]))
        values = _draw_values(members, split, rng) if members else {}
        for i, patient in enumerate(members):
            files[patient.number] = _write_cells(patient, values, i)
    return [files[patient.number] for patient in patients]


def _draw_values(members: list[Patient], split: str, rng: np.random.Generator) -> Values:
    group = draw_group(members, split, rng)
    values: Values = {"Center": np.array([float(patient.center) for patient in members])}
    values |= draw_history(group)
    values |= draw_labs(group, values)
    values |= draw_admission(group, values)
    values |= draw_outcome(group, values)
    for name, known in group.known.items():
        values[name][~known] = np.nan
    # After the blanks: an alert without a known wake-up stroke would contradict the file.
    times = draw_times(
        wake_up=values["Wake-up"] == 1,
        in_house=values["In-House"] == 1,
        referral=values["Referral"] == 1,
        rng=rng,
    )
    return values | {name: _keep_known(name, minutes, rng) for name, minutes in times.items()}


def _keep_known(name: str, minutes: Scores, rng: np.random.Generator) -> Scores:
    present = np.flatnonzero(~np.isnan(minutes))
    surplus = max(0, len(present) - round(KNOWN_TIMES_OF_149[name] / 149 * len(minutes)))
    kept = minutes.copy()
    kept[rng.choice(present, surplus, replace=False)] = np.nan
    return kept


def _write_cells(patient: Patient, values: Values, i: int) -> ClinicalFiles:
    # A few files of the release spell a missing value out.
    blank = "nan" if patient.number % 40 == 7 else ""
    fractional = patient.number % 5 == 0

    def cell(name: str) -> str:
        value = float(values[name][i])
        return blank if np.isnan(value) else _format(name, value, fractional=fractional)

    return ClinicalFiles(
        baseline={name: cell(name) for name in BASELINE_COLUMNS},
        outcome={name: cell(name) for name in OUTCOME_COLUMNS},
        age_years=float(values["Age"][i]),
    )


def _format(name: str, value: float, *, fractional: bool) -> str:
    if " to " in name or name.startswith("Time"):
        return format_duration(value, fractional=fractional)
    if name == "Sex":
        return "F" if value else "M"
    if name.startswith("TICI"):
        return _TICI[int(value)]
    return f"{value:.{_DECIMALS.get(name, 0)}f}".removesuffix(".0")
