"""Images whose values are looked at, and what is listed of what they show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_loader.consistency import are_opposite
from data_loader.content import Content, Row, StoredImage, complain, mark_unreadable
from data_loader.journal import Key, Result
from data_loader.profile import ImageRule
from data_loader.scan import Scan

LEAST_INSIDE = 0.5
"""Share of the infarct below which it is listed as outside the slab that CTP covers. A slab is 4
to 16 cm high, so that a small cut is common; less than half, and the maps say little of it."""

COMPARED = ("perfusion", "diffusion")
"""What images hold that are compared with the infarct."""


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """An image that is read whole, and the infarct that is laid over it.

    Attributes:
        dataset: its name.
        file: path relative to the dataset.
        rule: what the profile says of it.
        key: under which its results are kept. Where the image is compared with the mask by which
            its subject is measured, the key names that too, so that another mask, or one that
            has changed, is compared anew.
    """

    dataset: str
    file: str
    rule: ImageRule
    key: Key

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(str(self.key[0]))

    @property
    def mask(self) -> Path | None:
        """Where the mask lies, if the two are compared."""
        return Path(str(self.key[3])) if len(self.key) > 3 else None


def select_checked(scans: Iterable[Scan], masks: Iterable[StoredImage]) -> list[CheckedImage]:
    """Choose the images whose values are looked at: those that the profile says hold something.

    Args:
        scans: of all datasets.
        masks: as chosen by `select_masks`.
    """
    keys = {(mask.scan.name, mask.image.subject): mask.key for mask in masks}
    return [
        CheckedImage(
            scan.name,
            image.file.path,
            rule,
            StoredImage(scan, image).key
            + (keys.get((scan.name, image.subject), ()) if rule.holds in COMPARED else ()),
        )
        for scan in scans
        for image in scan.images
        if (rule := image.rule) and rule.holds and image.subject and image.file.size is not None
    ]


def add_checks(
    content: Content, checked: Sequence[CheckedImage], results: Mapping[Key, Result]
) -> None:
    """List what the values of images show: damage, empty masks, values that are no numbers.

    Where images are compared with the infarct, its row gets the share that lies inside the slab.
    """
    images = {(row["dataset"], row["file"]): row for row in content.images}
    lesions = {(row["dataset"], row["subject"]): row for row in content.lesions}
    for image in checked:
        row, result = images[image.dataset, image.file], results.get(image.key)
        if result is None or row["status"] != "ok":
            continue
        if "code" in result:
            mark_unreadable(content, row, result["code"], result["sentence"])
            continue
        lesion = lesions.get((row["dataset"], row["subject"]))
        for code, sentence in _findings(image.rule, result, lesion):
            complain(content, row, code, sentence)
        if lesion and result["inside_share"] is not None:
            # The maps of one series cover the same: the one with the fewest gaps shows it best.
            known = lesion.get("inside_ctp_slab_share") or 0.0
            lesion["inside_ctp_slab_share"] = max(known, result["inside_share"])
    for lesion in content.lesions:
        _find_outside(content, images[lesion["dataset"], lesion["file"]], lesion)


def _findings(rule: ImageRule, found: Result, lesion: Row | None) -> Iterator[tuple[str, str]]:
    """Code and sentence of whatever is wrong with the values of one image."""
    if rule.holds == "labels" and not found["foreground"]:
        yield "mask-empty", "The mask has no voxel above 0.5."
    if found["not_finite"]:
        yield "image-not-finite", f"{found['not_finite']:,} voxels are NaN or infinite."
    here, there = found["laterality_index"], lesion["laterality_index"] if lesion else None
    if rule.kind == "lvo" and here is not None and are_opposite(here, there):
        sides = "right, the infarct on the left" if here > 0 else "left, the infarct on the right"
        yield "side-mismatch", f"The occlusion is on the patient's {sides}."
    infarct, brain = found["infarct_signal"], found["brain_signal"]
    if infarct is not None and infarct <= brain:
        sentence = (
            f"The median DWI signal within the infarct mask is {infarct:.4g}, not above the upper"
            f" quartile of the brain outside it, {brain:.4g}."
        )
        yield "dwi-not-bright", sentence


def _find_outside(content: Content, mask: Row, lesion: Row) -> None:
    share = lesion.get("inside_ctp_slab_share")
    if share is not None and share < LEAST_INSIDE:
        sentence = (
            f"{share:.0%} of the infarct's {lesion['volume_ml']:.3g} ml lie inside the slab that"
            f" the perfusion maps cover, less than {LEAST_INSIDE:.0%}."
        )
        complain(content, mask, "infarct-outside-slab", sentence)
