"""Table 1 of the ISLES'24 dataset paper, which the demonstration patients follow.

Numbers as printed there for the two splits; completeness as counted in the released train files.
"""

from typing import Final

MEAN_SD: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "train": {
        "Age": (71.6, 14.3),
        "Glucose": (111.9, 37.7),
        "Leucocytes": (9.4, 3.0),
        "CRP": (1.2, 2.0),
        "INR": (1.0, 0.2),
        "NIHSS at admission": (11.1, 6.3),
        "NIHSS 24h": (6.1, 5.9),
        "NIHSS discharge": (6.0, 8.7),
        "mRS premorbid": (1.1, 1.8),
        "mRS at admission": (4.0, 1.1),
        "mRS 24h": (3.5, 1.5),
        "mRS discharge": (2.5, 1.8),
        "mRS 3 months": (2.0, 2.1),
    },
    "test": {
        "Age": (70.4, 15.4),
        "Glucose": (105.1, 52.6),
        "Leucocytes": (9.4, 4.3),
        "CRP": (1.8, 2.7),
        "INR": (1.0, 0.2),
        "NIHSS at admission": (12.1, 6.6),
        "NIHSS 24h": (6.0, 6.0),
        "NIHSS discharge": (3.9, 6.1),
        "mRS premorbid": (0.6, 1.2),
        "mRS at admission": (4.0, 1.2),
        "mRS 24h": (3.2, 1.7),
        "mRS discharge": (2.0, 1.8),
        "mRS 3 months": (1.6, 2.1),
    },
}

PERCENT: Final[dict[str, dict[str, float]]] = {
    "train": {
        "Female": 52.7,
        "Atrial fibrillation": 28.0,
        "Hypertension": 57.3,
        "Diabetes": 16.9,
        "Hyperlipidemia": 32.7,
        "Anticoagulation": 18.1,
        "Lipid lowering drugs": 29.9,
        "PAIs": 26.4,
        "Wake-up": 28.7,
        "In-House": 6.0,
        "Referral": 16.1,
        "TICI 2c": 19.0,
        "TICI 3": 79.0,
    },
    "test": {
        "Female": 42.0,
        "Atrial fibrillation": 33.0,
        "Hypertension": 63.0,
        "Diabetes": 17.0,
        "Hyperlipidemia": 42.0,
        "Anticoagulation": 15.5,
        "Lipid lowering drugs": 36.4,
        "PAIs": 23.3,
        "Wake-up": 22.0,
        "In-House": 1.0,
        "Referral": 9.0,
        "TICI 2c": 16.0,
        "TICI 3": 84.0,
    },
}

# Deaths by each visit, %. The paper prints no count; more in hospital than these, each at NIHSS 42,
# would not fit its means and SDs at discharge.
DEAD_PERCENT: Final = {
    "train": {"24h": 1.2, "discharge": 3.2, "3 months": 12.0},
    "test": {"24h": 1.2, "discharge": 1.6, "3 months": 10.0},
}

# Known values of 149. Age and hypertension are always known. The release lacks one centre; here all
# are known, so that the groups have the sizes they are planned to have.
KNOWN_OF_149: Final[dict[str, int]] = {
    "Sex": 148,
    "Atrial fibrillation": 148,
    "Diabetes": 148,
    "Hyperlipidemia": 147,
    "Anticoagulation": 144,
    "Lipid lowering drugs": 144,
    "PAIs": 144,
    "Glucose": 133,
    "Leucocytes": 92,
    "CRP": 92,
    "INR": 91,
    "Wake-up": 148,
    "In-House": 148,
    "Referral": 148,
    "NIHSS at admission": 146,
    "mRS at admission": 100,
    "mRS premorbid": 90,
    "TICI postinterventional": 100,
    "NIHSS 24h": 82,
    "mRS 24h": 85,
    "NIHSS discharge": 88,
    "mRS discharge": 94,
    "mRS 3 months": 129,
}

# The times stand in the spreadsheet release only; what can't be counts as blank.
KNOWN_TIMES_OF_149: Final[dict[str, int]] = {
    "Onset to door": 98,
    "Alert to door": 14,
    "Door to imaging": 138,
    "Door to groin": 121,
    "Door to first series": 104,
    "Time of intervention": 101,
    "Door to recanalization": 112,
}

BASELINE_COLUMNS: Final = (
    "Center",
    "Sex",
    "Age",
    "Atrial fibrillation",
    "Hypertension",
    "Diabetes",
    "Hyperlipidemia",
    "Anticoagulation",
    "Lipid lowering drugs",
    "PAIs",
    "Glucose",
    "Leucocytes",
    "CRP",
    "INR",
    "Wake-up",
    "In-House",
    "Referral",
    "Onset to door",
    "Alert to door",
    "NIHSS at admission",
    "mRS at admission",
    "mRS premorbid",
    "Door to imaging",
    "Door to groin",
    "Door to first series",
    "Time of intervention",
    "Door to recanalization",
)

OUTCOME_COLUMNS: Final = (
    "TICI postinterventional",
    "NIHSS 24h",
    "mRS 24h",
    "NIHSS discharge",
    "mRS discharge",
    "mRS 3 months",
)
