"""What is wrong with a dataset: one `Problem` a finding, with what to do about it."""

from dataclasses import dataclass
from typing import Literal, get_args

from data_loader.blanks import Clause

Severity = Literal["error", "warning"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

REMEDIES = {
    "dataset-unreadable": "Check the path and that you may read the folder.",
    "folder-skipped": "Make the folder readable, and a real folder rather than a link to one.",
    "clinical-unreadable": "Open the file and save it again, with one header row; text as UTF-8.",
    "subject-duplicate": "Keep one row a subject; the first is used here.",
    "variable-duplicate": "Keep one column a variable; the first is used here.",
    "split-conflict": "Put each subject in one split, and say so in one place.",
    "split-unknown": "Correct the label in the split file, or leave it out.",
    "value-unreadable": "Correct the value at its source; it is treated as missing here.",
    "value-implausible": "Check the value at its source; it is kept here.",
    "death-then-better": "Check both mRS values at their source; nobody recovers from death.",
    "mrs-order": "Check both mRS values at their source.",
    "nihss-rise": "Check both values; if they are right, the patient deteriorated.",
    "time-order": "Check both times at their source; one comes before the other.",
    "in-house-onset": "Check whether the stroke was in-house; such patients come through no door.",
    "alert-not-wake-up": "Check whether it was a wake-up stroke; only those have an alert.",
    "percentage-impossible": "Check the value at its source; it is kept here.",
    "side-mismatch": "Look at both masks: an infarct lies on the side of its occlusion.",
    "perfusion-no-normal": "Look at the map of Tmax; its core and mismatch are left out.",
    "infarct-outside-slab": "Take perfusion measures of this infarct for those of a part of it.",
    "dwi-not-bright": "Look at the mask over the DWI: recent infarcts are bright, old ones need not be.",
    "volume-large": "Look at the mask: it covers more of the brain than almost any infarct.",
    "link-dangling": "Fetch the file's content (for example with `datalad get`), then index again.",
    "file-unreadable": "Check that you may read the file.",
    "image-damaged": "Fetch or copy the file again.",
    "image-header": "Write the file again with a NIfTI tool; its header can't be trusted.",
    "image-length": "Write the file again with a NIfTI tool; header and data disagree.",
    "image-voxel-size": "Check which is right; the header's voxel size is used.",
    "image-affine": "Write the file again with a valid qform or sform.",
    "image-grid": "Resample it to its reference; where they are laid over each other they won't fit.",
    "image-not-finite": "Leave these voxels out, or compute the map again.",
    "image-dimensions": "Export the image as one volume of three dimensions.",
    "image-too-large": "Check the header; images above 4 GiB, and blank ones above 512 MiB, are not read.",
    "territory-unavailable": "Look at the overlay; a mask or a transform to MNI152 of your own goes before.",
    "mask-empty": "Check whether there is really nothing to mark, such as no visible infarct.",
    "mask-duplicate": "Keep one mask a subject, or join both into one; this one is not measured.",
}
"""Problem code to what the reader can do about it."""


@dataclass(frozen=True)
class Problem:
    """One finding.

    Attributes:
        dataset: name of the dataset.
        code: a key of `REMEDIES`.
        severity: error where something could not be used, warning where it was.
        sentence: what is wrong, to be read by a person.
        subject: whom it concerns, if one subject.
        file: path relative to the dataset, if one file.
        variable: name of the variable, if one value.
    """

    dataset: str
    code: str
    severity: Severity
    sentence: str
    subject: str | None = None
    file: str | None = None
    variable: str | None = None

    @property
    def remedy(self) -> str:
        """What the reader can do about it."""
        return REMEDIES[self.code]


@dataclass(frozen=True)
class ProblemFilter:
    """Which findings are asked for.

    Attributes:
        codes: keys of `REMEDIES`; all where it is empty.
        severity: one of them; either where it is None.
    """

    codes: tuple[str, ...] = ()
    severity: Severity | None = None

    def takes(self, code: str, severity: str) -> bool:
        """Whether findings of this code and severity are asked for."""
        return (not self.codes or code in self.codes) and self.severity in (None, severity)

    @property
    def clause(self) -> Clause:
        """SQL over the table of problems that is TRUE or FALSE, and the values bound in it."""
        codes = list(self.codes)
        sql = "(? IS NULL OR severity = ?) AND (len(?::VARCHAR[]) = 0 OR list_contains(?, code))"
        return sql, (self.severity, self.severity, codes, codes)


ANY_PROBLEM = ProblemFilter()
