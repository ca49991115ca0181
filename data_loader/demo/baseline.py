"""What is known before recanalisation: history, laboratory, severity."""

from functools import partial
from typing import Final

import numpy as np

from data_loader.demo.group import Group, Values
from data_loader.demo.margins import deal, deal_above, spread_lognormal, standardise
from data_loader.demo.table_one import MEAN_SD

_LAB_FLOORS: Final = {"Glucose": 55.0, "Leucocytes": 2.5, "CRP": 0.0, "INR": 0.8}


def draw_history(group: Group) -> Values:
    """Draw age, sex, risk factors, medication and how the patient came; sex is 1 for women."""
    n, rng = len(group.members), group.rng
    age = deal(group.noise(), group.whose("Age"), group.integers("Age", low=18, high=101))
    # Part of the release gives the age with a fraction.
    age = age + np.where([p.center == 2 for p in group.members], rng.integers(-4, 5, n) / 10, 0.0)
    a = standardise(age)
    history = {"Age": age, "Sex": group.flag("Sex", 0.3 * a, printed="Female")}
    history["Atrial fibrillation"] = af = group.flag("Atrial fibrillation", 0.8 * a)
    history["Hypertension"] = hypertension = group.flag("Hypertension", 0.7 * a)
    history["Diabetes"] = diabetes = group.flag("Diabetes", 0.8 * hypertension)
    lipids = group.flag("Hyperlipidemia", 0.2 * a + 0.6 * hypertension)
    history["Hyperlipidemia"] = lipids
    history["Anticoagulation"] = anticoagulated = group.flag("Anticoagulation", 2.2 * af)
    treated = group.flag("Lipid lowering drugs", 1.8 * lipids + 0.5 * diabetes)
    history["Lipid lowering drugs"] = treated
    history["PAIs"] = group.flag("PAIs", 0.4 * a + 0.5 * lipids - 1.5 * anticoagulated)
    history["Wake-up"] = wake_up = group.flag("Wake-up", 0.0)
    # Who has a stroke in the hospital isn't transferred there.
    history["In-House"] = in_house = group.flag("In-House", -1.5 * wake_up)
    history["Referral"] = group.flag("Referral", -9.0 * in_house)
    return history


def draw_labs(group: Group, values: Values) -> Values:
    """Draw the four laboratory values in the units of the release."""
    size, a = group.size, standardise(values["Age"])
    scores = {
        "Glucose": 1.6 * values["Diabetes"] + 0.2 * size,
        "Leucocytes": 0.35 * size,
        "CRP": 0.3 * size + 0.25 * a,
        "INR": 2.0 * values["Anticoagulation"],
    }
    labs = {}
    for name, score in scores.items():
        mean, sd = MEAN_SD[group.split][name]
        spread = partial(spread_lognormal, mean=mean, sd=sd, floor=_LAB_FLOORS[name])
        labs[name] = deal(score + group.noise(), group.whose(name), spread)
    return labs


def draw_admission(group: Group, values: Values) -> Values:
    """Draw NIHSS and mRS at admission, and the mRS before the stroke."""
    a, af = standardise(values["Age"]), values["Atrial fibrillation"]
    left = np.array([p.infarct.side == "left" for p in group.members])
    posterior = np.array([p.infarct.territory in {"PCA", "VB"} for p in group.members])
    severity = 0.7 * group.size + 0.15 * a + 0.25 * af + 0.35 * left - 0.5 * posterior
    nihss = deal(
        severity + group.noise(0.9),
        group.whose("NIHSS at admission"),
        group.integers("NIHSS at admission", low=0, high=40),
    )
    premorbid = deal(
        0.6 * a + 0.4 * af + group.noise(0.9),
        group.whose("mRS premorbid"),
        group.integers("mRS premorbid", low=0, high=5),
    )
    admission = deal_above(
        0.9 * standardise(nihss) + 0.4 * standardise(premorbid) + group.noise(0.6),
        group.whose("mRS at admission"),
        group.integers("mRS at admission", low=0, high=5),
        least=premorbid,
    )
    return {
        "NIHSS at admission": nihss,
        "mRS premorbid": premorbid,
        "mRS at admission": admission,
    }
