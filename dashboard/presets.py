"""How each kind of image is shown: its name, its unit, and the windows that readers know."""

from dataclasses import dataclass

THRESHOLD_TMAX_S = 6.0
"""Above it tissue counts as hypoperfused."""

SERIES = "ctp"
"""The one kind that is a series in time."""


@dataclass(frozen=True)
class Preset:
    """A window.

    Attributes:
        name: as in an address.
        label: as on a button.
        low: value drawn darkest.
        high: value drawn brightest.
        colormap: of the viewer.
    """

    name: str
    label: str
    low: float
    high: float
    colormap: str = "gray"

    @property
    def heading(self) -> str:
        """Label and range."""
        return f"{self.label} {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Kind:
    """What an image of one kind shows.

    Attributes:
        name: as in a profile.
        label: as a reader says it.
        unit: of its values; empty where the release states none.
        presets: its windows, the usual one first; empty where it is chosen by the image's values.
        colormap: of the viewer, where there is no preset.
    """

    name: str
    label: str
    unit: str = ""
    presets: tuple[Preset, ...] = ()
    colormap: str = "gray"


_BRAIN = Preset("brain", "Brain", 0, 80)
_STROKE = Preset("stroke", "Stroke", 20, 60)
_ANGIO = Preset("cta", "CTA", 0, 400)

KINDS = {
    kind.name: kind
    for kind in (
        Kind("ncct", "NCCT", "HU", (_BRAIN, _STROKE)),
        Kind("ct", "CT", "HU", (_BRAIN, _STROKE)),
        Kind("cta", "CTA", "HU", (_ANGIO, Preset("parenchyma", "Parenchyma", 0, 90))),
        Kind("ctp", "CTP", "HU", (_BRAIN, _STROKE)),
        Kind("tmax", "Tmax", "s", (Preset("tmax", "Tmax", 0, 12, "inferno"),)),
        Kind("cbf", "CBF", "", (Preset("cbf", "CBF", 0, 35, "viridis"),)),
        Kind("cbv", "CBV", "", (Preset("cbv", "CBV", 0, 10, "viridis"),)),
        Kind("mtt", "MTT", "s", (Preset("mtt", "MTT", 0, 20, "viridis"),)),
        Kind("dwi", "DWI"),
        Kind("adc", "ADC"),
        Kind("flair", "FLAIR"),
        Kind("t1w", "T1w"),
        Kind("template", "MNI152 template", "", (Preset("template", "Template", 40, 275),)),
        Kind("lesion", "Infarct mask", "", (Preset("mask", "Mask", 0, 2),)),
        Kind("lesion-acute", "Acute infarct mask"),
        Kind("lesion-chronic", "Chronic infarct mask"),
        Kind("lvo", "Occlusion mask"),
        Kind("cow", "Circle of Willis"),
    )
}
"""Every kind of the profiles that come with the program, by name."""


def kind_of(name: str) -> Kind:
    """What is known of a kind; one of a user's own profile goes by its name."""
    return KINDS.get(name, Kind(name, name))
