"""Regions of the published atlas at both levels, by id.

Odd ids are left, even ones right. Its own table of labels has typing errors, such as left and
right PCA exchanged: names stand here, and ids alone are read from the file.
"""

from collections.abc import Mapping
from typing import Final

from data_loader.atlas import Circulation, Side

SIDES: Final[tuple[Side, Side]] = ("left", "right")

PARTS: Final = (
    ("ACA", "ACA"),
    ("MLS", "ACA"),  # medial lenticulostriate: from the anterior cerebral artery
    ("LLS", "MCA"),  # lateral lenticulostriate
    ("MCA frontal", "MCA"),
    ("MCA parietal", "MCA"),
    ("MCA temporal", "MCA"),
    ("MCA occipital", "MCA"),
    ("MCA insular", "MCA"),
    ("PCA temporal", "PCA"),
    ("PCA occipital", "PCA"),
    ("PCTP", "PCA"),  # posterior choroidal and thalamoperforators
    ("ACTP", "PCA"),  # anterior choroidal and thalamoperforators
    ("basilar", "VB"),
    ("superior cerebellar", "VB"),
    ("inferior cerebellar", "VB"),
    ("lateral ventricle", "ventricle"),
)
"""Level 1 and the territory of level 2 that each belongs to, a pair of ids each."""

TERRITORIES: Final = ("ACA", "MCA", "PCA", "VB", "ventricle")
"""Level 2, a pair of ids each."""

CIRCULATION: Final[Mapping[str, Circulation]] = {
    "ACA": "anterior",
    "MCA": "anterior",
    "PCA": "posterior",
    "VB": "posterior",
}
