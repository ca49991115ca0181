"""Colours and names of what masks of vessels mark."""

from typing import Any

_WILLIS = {
    1: ("basilar artery", "#e6194b"),
    2: ("right PCA", "#3cb44b"),
    3: ("left PCA", "#a8e6a1"),
    4: ("right ICA", "#ffe119"),
    5: ("right MCA", "#4363d8"),
    6: ("left ICA", "#fff3a3"),
    7: ("left MCA", "#a3b4f7"),
    8: ("right Pcom", "#f58231"),
    9: ("left Pcom", "#fbc9a3"),
    10: ("Acom", "#ffffff"),
    11: ("right ACA", "#911eb4"),
    12: ("left ACA", "#d9a6e8"),
    15: ("third A2", "#42d4f4"),
}
"""Labels of the circle of Willis as TopCoW numbers them; the right side in the full colour."""


def willis_labels() -> dict[str, Any]:
    """As the viewer takes labels: R, G, B, I and names."""
    colors = [color for _, color in _WILLIS.values()]
    return {
        **{
            channel: [int(color[at : at + 2], 16) for color in colors]
            for channel, at in (("R", 1), ("G", 3), ("B", 5))
        },
        "I": list(_WILLIS),
        "labels": [name for name, _ in _WILLIS.values()],
    }
