"""Masks in their image's own space: who takes them to MNI152, when again, and what is said of it.

Registering itself is played here: what does it has its own tests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analytics.atlas.choice import choose_atlas
from analytics.measure import measure_lesions, place_masks
from analytics.registration import Registration
from analytics.territories import standard_space
from data_loader.build import Built, build_index
from data_loader.cohort import EVERYONE
from data_loader.errors import ImageError, MeasureInterrupted
from data_loader.index import Index, IndexFolder
from data_loader.itk import transform_text
from data_loader.registering import HeadImage, Registering
from data_loader.registrations import Engine, MaskToPlace
from data_loader.rows import Row
from data_loader.scan import changed_since
from tests.images import Content, box, soop_mask, write_dataset, write_image

NCCT = "raw_data/{0}/ses-01/{0}_ses-01_ncct.nii.gz"
MASK = "derivatives/{0}/ses-02/{0}_ses-02_space-ncct_lesion-msk.nii.gz"
OWN = "derivatives/{0}/ses-01/{0}_ses-01_from-ncct_to-MNI152NLin6Asym_mode-image_xfm.txt"
Matrix = npt.NDArray[np.float64]
ONE, TWO = "sub-stroke0001", "sub-stroke0002"
SHAPE = (6, 6, 6)
GOOD = Registration(tuple(np.eye(4).ravel().tolist()), None, "", 1400.0, 0.95, 1.0, None)
AFFINE, SYN = Engine("player 1, affine", "affine"), Engine("player 1, syn", "syn")


@dataclass
class Player:
    """Plays what registers: notes whom it was given, and says what it is told to."""

    seen: list[str] = field(default_factory=list)
    found: dict[str, Registration | ImageError] = field(default_factory=dict)
    stops_after: int | None = None

    def register(
        self, images: Sequence[HeadImage], folder: Path
    ) -> Iterator[tuple[int, Registration | ImageError]]:
        for position, image in enumerate(images):
            if position == self.stops_after:
                raise MeasureInterrupted("Stopped.")
            name = image.path.name.split("_")[0]
            self.seen.append(name)
            found = self.found.get(name, GOOD)
            if isinstance(found, Registration):
                found = replace(found, overlay=f"{image.stem}.png")
                (folder / found.overlay).write_bytes(b"picture of " + name.encode())
            yield position, found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: dict[str, Content] = {}
    for name in (ONE, TWO):
        files |= {NCCT.format(name): np.full(SHAPE, 30, np.int16), MASK.format(name): box(SHAPE)}
    return write_dataset(tmp_path / "isles24", files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(root: Path, folder: Path, player: Player | None, engine: Engine = AFFINE) -> Built:
    return build_index(
        [root],
        folder,
        measure=partial(measure_lesions, workers=1),
        registering=Registering(engine, player.register) if player else None,
        place=partial(place_masks, workers=1),
        standard=standard_space(choose_atlas()),
    )


def read(folder: Path) -> Index:
    return IndexFolder(folder).current()


def ways(folder: Path) -> dict[str, Row]:
    return {row["subject"]: row for row in read(folder).registrations(EVERYONE)}


def pictures(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (folder / "registrations").iterdir())


def counted(folder: Path) -> set[str]:
    return {row["subject"] for row in read(folder).territories(EVERYONE)}


def refused(folder: Path) -> dict[str, str]:
    rows = read(folder).problems(EVERYONE)
    return {r["subject"]: r["sentence"] for r in rows if r["code"] == "territory-unavailable"}


class TestWhoIsRegistered:
    """Each image once, whatever happens to the run."""

    def test_a_registered_mask_has_territories(self, root: Path, folder: Path) -> None:
        assert build(root, folder, Player()).registered == 2
        row = ways(folder)[ONE]
        assert (row["status"], row["method"], row["engine"]) == ("registered", *AFFINE[::-1])
        assert (row["reference"], row["reference_file"]) == ("ncct", NCCT.format(ONE))
        assert (row["dice"], row["determinant"], row["brain_ml"]) == (0.95, 1.0, 1400.0)
        assert (row["reason"], row["outside_voxels"]) == (None, 0)
        assert counted(folder) == {ONE, TWO}
        assert pictures(folder) == [b"picture of sub-stroke0001", b"picture of sub-stroke0002"]

    def test_a_second_run_registers_nothing(self, root: Path, folder: Path) -> None:
        build(root, folder, Player())
        before = ways(folder), read(folder).territories(EVERYONE)
        again = Player()
        assert build(root, folder, again).registered == 0
        assert again.seen == []
        assert (ways(folder), read(folder).territories(EVERYONE)) == before

    def test_a_changed_image_is_registered_again_and_the_old_picture_goes(
        self, root: Path, folder: Path
    ) -> None:
        build(root, folder, Player())
        write_image(root / NCCT.format(ONE), np.full(SHAPE, 31, np.int16))
        again = Player()
        build(root, folder, again)
        assert again.seen == [ONE]
        assert len(pictures(folder)) == 2

    def test_a_mask_drawn_anew_is_placed_again_without_registering(
        self, root: Path, folder: Path
    ) -> None:
        build(root, folder, Player())
        write_image(root / MASK.format(ONE), box(SHAPE, at=(slice(0, 4), 2, 2)))
        again = Player()
        build(root, folder, again)
        assert again.seen == []
        total = sum(
            row["ml"]
            for row in read(folder).territories(EVERYONE)
            if row["subject"] == ONE and row["level"] == 2
        )
        assert total == pytest.approx(0.004)

    def test_a_run_that_was_stopped_goes_on(self, root: Path, folder: Path) -> None:
        with pytest.raises(MeasureInterrupted):
            build(root, folder, Player(stops_after=1))
        again = Player()
        assert build(root, folder, again).registered == 1
        assert again.seen == [TWO]

    def test_a_lost_picture_is_made_again(self, root: Path, folder: Path) -> None:
        build(root, folder, Player())
        (folder / "registrations" / str(ways(folder)[TWO]["overlay"])).unlink()
        again = Player()
        build(root, folder, again)
        assert again.seen == [TWO]

    def test_another_engine_registers_anew_and_the_first_is_still_known(
        self, root: Path, folder: Path
    ) -> None:
        build(root, folder, Player())
        syn = Player()
        build(root, folder, syn, SYN)
        assert syn.seen == [ONE, TWO]
        assert ways(folder)[ONE]["method"] == "syn"
        again = Player()
        build(root, folder, again)
        assert again.seen == []

    def test_without_registration_there_are_no_territories(self, root: Path, folder: Path) -> None:
        build(root, folder, Player())
        build(root, folder, None)
        assert {row["status"] for row in ways(folder).values()} == {"unavailable"}
        assert "wasn't asked for" in str(ways(folder)[ONE]["reason"])
        assert counted(folder) == set()
        assert "dominant_territory" not in read(folder).variables
        assert refused(folder) == {}
        again = Player()
        build(root, folder, again)
        assert (again.seen, counted(folder)) == ([], {ONE, TWO})

    def test_without_measuring_what_is_known_is_used(self, root: Path, folder: Path) -> None:
        build(root, folder, Player())
        standard = standard_space(choose_atlas())
        known = Registering(AFFINE, None)
        build_index([root], folder, measure=None, registering=known, standard=standard)
        assert counted(folder) == {ONE, TWO}

    def test_what_was_not_done_yet_is_said(self, root: Path, folder: Path) -> None:
        standard = standard_space(choose_atlas())
        measure = partial(measure_lesions, workers=1)
        known = Registering(AFFINE, None)
        build_index([root], folder, measure=measure, registering=known, standard=standard)
        assert "wasn't registered in this run" in str(ways(folder)[ONE]["reason"])

    def test_masks_in_mni_are_taken_as_they_are(self, tmp_path: Path, folder: Path) -> None:
        root = write_dataset(tmp_path / "soop", {soop_mask("sub-1"): box()})
        player = Player()
        build(root, folder, player)
        assert player.seen == []
        assert ways(folder)["sub-1"]["status"] == "given"

    def test_an_empty_mask_needs_no_registration(self, root: Path, folder: Path) -> None:
        write_image(root / MASK.format(ONE), np.zeros(SHAPE, np.uint8))
        player = Player()
        build(root, folder, player)
        assert player.seen == [TWO]
        assert ways(folder)[ONE]["status"] == "unavailable"
        assert "is empty" in str(ways(folder)[ONE]["reason"])

    def test_without_an_image_there_is_nothing_to_register(self, root: Path, folder: Path) -> None:
        (root / NCCT.format(ONE)).unlink()
        build(root, folder, Player())
        assert ways(folder)[ONE]["status"] == "unavailable"
        assert "no image is known" in str(ways(folder)[ONE]["reason"])
        assert refused(folder) == {}

    def test_in_plain_bids_it_is_the_image_on_the_grid_of_the_mask(
        self, tmp_path: Path, folder: Path
    ) -> None:
        files: dict[str, Content] = {"participants.tsv": "participant_id\nsub-1\nsub-2\n"}
        for name, size in (("sub-1", 6), ("sub-2", 7)):
            files[f"derivatives/drawn/{name}/anat/{name}_label-lesion_mask.nii.gz"] = box(SHAPE)
            files[f"{name}/anat/{name}_T1w.nii.gz"] = np.ones((8, 8, 8), np.int16)
            files[f"{name}/anat/{name}_FLAIR.nii.gz"] = np.ones((6, 6, size), np.int16)
        player = Player()
        assert build(write_dataset(tmp_path / "plain", files), folder, player).registered == 1
        assert (player.seen, counted(folder)) == (["sub-1"], {"sub-1"})
        row, without = ways(folder)["sub-1"], ways(folder)["sub-2"]
        assert (row["reference"], row["reference_file"]) == (
            "flair",
            "sub-1/anat/sub-1_FLAIR.nii.gz",
        )
        assert without["status"] == "unavailable"
        assert "no image of its session" in str(without["reason"])
        assert "lie on its grid" in str(without["reason"])

    def test_an_image_in_mni_is_no_reference_for_a_native_mask(
        self, root: Path, folder: Path
    ) -> None:
        image = root / NCCT.format(ONE)
        image.rename(image.with_name(image.name.replace("_ncct", "_space-MNI152_ncct")))
        player = Player()
        build(root, folder, player)
        assert player.seen == [TWO]


class TestGate:
    """Never a number where registration can't be relied on."""

    def test_a_failed_gate_is_a_problem_and_no_number(self, root: Path, folder: Path) -> None:
        bad = replace(GOOD, dice=0.7, reason="The brains overlap by 0.70.")
        build(root, folder, Player(found={ONE: bad}))
        row = ways(folder)[ONE]
        assert (row["status"], row["reason"], row["dice"]) == ("failed", bad.reason, 0.7)
        assert row["overlay"]
        assert refused(folder) == {ONE: bad.reason}
        assert counted(folder) == {TWO}
        subjects = {r["subject"]: r for r in read(folder).subjects(EVERYONE)}
        assert subjects[ONE]["dominant_territory"] is None
        assert subjects[TWO]["dominant_territory"] is not None

    def test_an_image_that_cannot_be_read_is_named(self, root: Path, folder: Path) -> None:
        error = ImageError("image-damaged", "The file is cut short.")
        build(root, folder, Player(found={ONE: error}))
        reason = f"{ONE}_ses-01_ncct.nii.gz: The file is cut short."
        assert (ways(folder)[ONE]["status"], refused(folder)) == ("failed", {ONE: reason})

    def test_an_infarct_that_lands_outside_the_brain(self, root: Path, folder: Path) -> None:
        away = np.eye(4)
        away[0, 3] = 200.0
        build(root, folder, Player(found={ONE: replace(GOOD, matrix=tuple(away.ravel().tolist()))}))
        assert ways(folder)[ONE]["status"] == "failed"
        assert "outside the brain" in refused(folder)[ONE]
        assert counted(folder) == {TWO}


def give(root: Path, matrix: Matrix, subject: str = ONE) -> Path:
    path = root / OWN.format(subject)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(transform_text(matrix), encoding="ascii")
    return path


class TestOwnTransform:
    """The dataset's own way goes before registration."""

    def test_it_goes_first(self, root: Path, folder: Path) -> None:
        give(root, np.diag([1.1, 1.1, 1.1, 1.0]))
        player = Player()
        build(root, folder, player)
        assert player.seen == [TWO]
        row = ways(folder)[ONE]
        assert (row["status"], row["method"]) == ("given", "affine")
        assert row["transform_file"] == OWN.format(ONE)
        assert row["engine"] == "the dataset's own transform"
        assert counted(folder) == {ONE, TWO}

    def test_it_is_used_without_registration_too(self, root: Path, folder: Path) -> None:
        give(root, np.eye(4))
        build(root, folder, None)
        assert counted(folder) == {ONE}

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_it_says_where_the_infarct_lies(self, root: Path, folder: Path, side: str) -> None:
        matrix = np.eye(4)
        matrix[:3, 3] = (-45.0 if side == "left" else 45.0), -8.0, 16.0
        give(root, matrix)
        build(root, folder, None)
        (row,) = (r for r in read(folder).subjects(EVERYONE) if r["subject"] == ONE)
        assert row["dominant_territory"] == ("MCA-L" if side == "left" else "MCA-R")
        assert row["lesion_side"] == side

    def test_a_changed_one_is_used_at_once(self, root: Path, folder: Path) -> None:
        give(root, np.eye(4))
        build(root, folder, None)
        before = read(folder).territories(EVERYONE)
        matrix = np.eye(4)
        matrix[0, 3] = 45.0
        give(root, matrix)
        assert changed_since(read(folder)).changed == (f"isles24/{OWN.format(ONE)}",)
        build(root, folder, None)
        assert read(folder).territories(EVERYONE) != before
        assert not changed_since(read(folder)).any

    def test_one_that_came_is_seen(self, root: Path, folder: Path) -> None:
        build(root, folder, None)
        give(root, np.eye(4))
        assert changed_since(read(folder)).added == (f"isles24/{OWN.format(ONE)}",)

    @pytest.mark.parametrize(
        ("matrix", "said"),
        [
            (np.diag([-1.0, 1.0, 1.0, 1.0]), "-1.00 times as large"),
            (np.diag([3.0, 3.0, 3.0, 1.0]), "27.00 times as large"),
            (np.array([[1, 0, 0, 300], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), "outside"),
        ],
    )
    def test_one_that_no_head_needs_is_refused(
        self, root: Path, folder: Path, matrix: Matrix, said: str
    ) -> None:
        give(root, matrix)
        player = Player()
        build(root, folder, player)
        assert said in refused(folder)[ONE]
        assert ways(folder)[ONE]["status"] == "failed"
        assert (player.seen, counted(folder)) == ([TWO], {TWO})

    def test_one_that_cannot_be_read_is_said(self, root: Path, folder: Path) -> None:
        give(root, np.eye(4)).write_text("rubbish", encoding="ascii")
        build(root, folder, Player())
        assert "isn't one affine transform" in refused(folder)[ONE]

    def test_one_of_another_subject_is_not_taken(self, root: Path, folder: Path) -> None:
        give(root, np.eye(4), TWO)
        player = Player()
        build(root, folder, player)
        assert player.seen == [ONE]


def test_no_mask_is_read_again_to_be_placed(root: Path, folder: Path) -> None:
    """What measuring kept of it is enough."""

    def place(masks: Sequence[MaskToPlace]) -> Iterator[tuple[int, Any]]:
        for name in (ONE, TWO):
            (root / MASK.format(name)).write_bytes(b"")
        return place_masks(masks, workers=1)

    build_index(
        [root],
        folder,
        measure=partial(measure_lesions, workers=1),
        registering=Registering(AFFINE, Player().register),
        place=place,
        standard=standard_space(choose_atlas()),
    )
    assert counted(folder) == {ONE, TWO}
