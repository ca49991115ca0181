"""Images whose values are looked at, and what is listed of what they show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from data_loader.consistency import are_opposite
from data_loader.content import Content, Row, StoredImage, complain, mark_unreadable
from data_loader.journal import Key, Result
from data_loader.profile import ImageRule
from data_loader.scan import ImageFile, Scan

LEAST_INSIDE = 0.5
"""Share of the infarct below which it is listed as outside the slab that CTP covers. A slab is 4
to 16 cm high, so that a small cut is common; less than half, and the maps say little of it."""

COMPARED = ("perfusion", "diffusion")
"""What images hold that are compared with the infarct."""


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """An image that is read whole, and what the profile says of it.

    Attributes:
        file: path relative to the dataset.
        path: where it lies.
        rule: of the profile.
    """

    file: str
    path: Path
    rule: ImageRule


@dataclass(frozen=True, slots=True)
class CheckedSeries:
    """Images that are looked at together: the maps of one perfusion series, or a single image.

    Attributes:
        dataset: its name.
        images: in the order of their results.
        mask: by which the subject is measured, where the images are laid under it.
        key: under which its results are kept. It names every file, so that where one has changed
            all are looked at anew.
    """

    dataset: str
    images: tuple[CheckedImage, ...]
    mask: Path | None
    key: Key


def select_checked(scans: Iterable[Scan], masks: Iterable[StoredImage]) -> list[CheckedSeries]:
    """Choose the images whose values are looked at: those that the profile says hold something.

    Args:
        scans: of all datasets.
        masks: as chosen by `select_masks`.
    """
    by_subject = {(mask.scan.name, mask.image.subject): mask for mask in masks}
    series: dict[tuple[str, ...], list[tuple[Scan, ImageFile]]] = {}
    for scan in scans:
        for image in scan.images:
            if image.rule and image.rule.holds and image.subject and image.file.size is not None:
                series.setdefault(_series_of(scan, image), []).append((scan, image))
    return [_checked_series(members, by_subject) for members in series.values()]


def _series_of(scan: Scan, image: ImageFile) -> tuple[str, ...]:
    """What the maps of one series share: whose they are, the space, and the folder."""
    if image.rule is None or image.rule.holds != "perfusion":
        return scan.name, image.file.path
    folder = image.file.path.rpartition("/")[0]
    return scan.name, str(image.subject), str(image.session), str(image.space), folder


def _checked_series(
    members: Sequence[tuple[Scan, ImageFile]],
    masks: Mapping[tuple[str, str | None], StoredImage],
) -> CheckedSeries:
    scan, first = members[0]
    stored = [StoredImage(scan, image) for _, image in members]
    is_compared = first.rule is not None and first.rule.holds in COMPARED
    mask = masks.get((scan.name, first.subject)) if is_compared else None
    return CheckedSeries(
        scan.name,
        tuple(
            CheckedImage(one.image.file.path, one.path, one.image.rule)
            for one in stored
            if one.image.rule
        ),
        mask.path if mask else None,
        tuple(chain.from_iterable(one.key for one in (*stored, *((mask,) if mask else ())))),
    )


def add_checks(
    content: Content, checked: Sequence[CheckedSeries], results: Mapping[Key, Result]
) -> None:
    """List what the values of images show: damage, empty masks, values that are no numbers.

    Where images are compared with the infarct, its row gets the share that lies inside the slab.
    """
    images = {(row["dataset"], row["file"]): row for row in content.images}
    lesions = {(row["dataset"], row["subject"]): row for row in content.lesions}
    for series in checked:
        result = results.get(series.key)
        if result is None:
            continue
        for at, image in enumerate(series.images):
            row = images[series.dataset, image.file]
            # Where memory ran out, the result is of the whole series.
            found = result if "code" in result else result["images"][at]
            if row["status"] == "ok":
                lesion = lesions.get((row["dataset"], row["subject"]))
                _add_check(content, row, image.rule, found, lesion)
    for lesion in content.lesions:
        _find_outside(content, images[lesion["dataset"], lesion["file"]], lesion)


def _add_check(
    content: Content, row: Row, rule: ImageRule, found: Result, lesion: Row | None
) -> None:
    if "code" in found:
        mark_unreadable(content, row, found["code"], found["sentence"])
        return
    for code, sentence in _findings(rule, found, lesion):
        complain(content, row, code, sentence)
    if lesion and found["inside_share"] is not None:
        # The maps of one series cover the same: the one with the fewest gaps shows it best.
        known = lesion.get("inside_ctp_slab_share") or 0.0
        lesion["inside_ctp_slab_share"] = max(known, found["inside_share"])


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
