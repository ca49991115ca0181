"""Mosaics as a reader sees them: sides, levels, colours, words."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from analytics.lesion_map import DifferenceMap, OverlapMap
from analytics.standard_space import ORIGIN_MM, SHAPE
from analytics.symptom_map import SymptomMap, SymptomPlan
from dashboard.figures.lesion_mosaic import LEVELS_MM, MosaicView, lesion_mosaic
from dashboard.figures.map_layer import MapLayer, difference_layer, overlap_layer, symptom_layer
from data_loader.errors import AnalysisError

MINUS = "\N{MINUS SIGN}"


def _box(low_mm: tuple[int, int, int], high_mm: tuple[int, int, int]) -> npt.NDArray[np.int32]:
    """A volume of 1 within a box, in mm of MNI152."""
    volume = np.zeros(SHAPE, np.int32)
    place = tuple(
        slice(int(low - origin), int(high - origin) + 1)
        for low, high, origin in zip(low_mm, high_mm, ORIGIN_MM, strict=True)
    )
    volume[place] = 1
    return volume


FRONT_RIGHT = _box((20, 20, 4), (40, 40, 12))
ONE = MosaicView(levels_mm=(8,), columns=1)
LAYER = MapLayer(FRONT_RIGHT.astype(float), "Test", "value")


def _colored(layer: MapLayer, view: MosaicView, **more: Any) -> npt.NDArray[np.bool_]:
    """Which pixels of the slices have a colour; the colour bar below is cut off."""
    content = lesion_mosaic(layer, view=view, **more)
    pixels = np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)
    return np.asarray(np.ptp(pixels, axis=2) > 60)[: -int(0.9 * 300)]


def _middle(found: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Where the coloured pixels lie, from the top and from the left, 0 to 1."""
    rows, columns = np.nonzero(found)
    return rows.mean() / found.shape[0], columns.mean() / found.shape[1]


def _words(layer: MapLayer, view: MosaicView = ONE, **more: Any) -> list[str]:
    svg = lesion_mosaic(layer, view=view, file_format="svg", **more).decode()
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_the_patients_right_is_on_the_left_by_default() -> None:
    down, across = _middle(_colored(LAYER, ONE))
    assert across < 0.45
    assert down < 0.45
    words = _words(LAYER)
    assert [word for word in words if word in "LR"] == ["R", "L"]
    assert any("Radiological convention: the patient's right is on the left" in w for w in words)


def test_the_neurological_convention_turns_it_round_and_says_so() -> None:
    view = MosaicView(levels_mm=(8,), columns=1, is_radiological=False)
    down, across = _middle(_colored(LAYER, view))
    assert across > 0.55
    assert down < 0.45
    words = _words(LAYER, view)
    assert [word for word in words if word in "LR"] == ["L", "R"]
    assert any("Neurological convention: the patient's left is on the left" in w for w in words)


def test_other_planes_are_upright() -> None:
    down, across = _middle(_colored(LAYER, MosaicView("coronal", (30,), columns=1)))
    assert across < 0.45
    down, across = _middle(_colored(LAYER, MosaicView("sagittal", (30,), columns=1)))
    assert across < 0.45  # the front is on the left
    high = MapLayer(_box((-10, -10, 60), (10, 10, 70)).astype(float), "Test", "value")
    for plane in ("coronal", "sagittal"):
        down, _ = _middle(_colored(high, MosaicView(plane, (0,), columns=1)))
        assert down < 0.4


def test_a_lesion_stands_in_the_slices_that_it_reaches() -> None:
    found = _colored(LAYER, MosaicView(levels_mm=(-8, 0, 8, 16), columns=4))
    by_slice = [part.any() for part in np.array_split(found, 4, axis=1)]
    assert by_slice == [False, False, True, False]


def test_levels_are_written_below_the_slices() -> None:
    words = _words(LAYER, MosaicView())
    written = [word for word in words if word.startswith("z = ")]
    assert written == [f"z = {level}".replace("-", MINUS) for level in LEVELS_MM["axial"]]


def test_an_overlap_is_read_in_percent_and_in_subjects() -> None:
    layer = overlap_layer(OverlapMap(FRONT_RIGHT * 40, n=200, least=5))
    words = _words(layer, notes=["Territories: by hand."])
    assert "Lesion overlap, n = 200" in words
    assert "subjects with a lesion, %" in words
    assert {"20", "40", "n"} <= set(words)
    assert "Shown: voxels with a lesion in at least 5 of them." in words
    assert "Territories: by hand." in words


def test_a_difference_has_both_signs_and_names_its_groups() -> None:
    counts = FRONT_RIGHT * 40, _box((-40, 20, 4), (-20, 40, 12)) * 30
    layer = difference_layer(DifferenceMap(counts, (100, 100), least=10), ("new", "old"))
    assert (layer.values.max(), layer.values.min()) == (40, -30)
    words = _words(layer)
    assert "Lesion frequency, new (n = 100) less old (n = 100)" in words
    assert {"20", f"{MINUS}20"} <= set(words)


def _symptom_map(p: float) -> SymptomMap:
    voxels = np.flatnonzero(FRONT_RIGHT.ravel(order="F")).astype(np.int32)
    same = np.ones(len(voxels), np.float32)
    return SymptomMap(
        score="NIHSS",
        covariates=(),
        plan=SymptomPlan(),
        least=10,
        n=200,
        unknown=0,
        patterns=1,
        voxels=voxels,
        lesions=(20 * same).astype(np.int32),
        statistic=5 * same,
        p=np.float32(p) * same,
        critical=4.5,
    )


def test_a_symptom_map_shows_what_counts_or_all_that_was_tested() -> None:
    for p, significant, is_drawn in ((0.01, True, True), (0.2, True, False), (0.2, False, True)):
        layer = symptom_layer(_symptom_map(p), significant=significant)
        assert layer.values.any() == is_drawn
    empty = _words(symptom_layer(_symptom_map(0.2)))
    assert "No voxel is beyond the critical value." in empty
    words = _words(symptom_layer(_symptom_map(0.01)))
    assert "Brunner-Munzel statistic; positive: NIHSS is higher with a lesion" in words
    assert any(word.startswith("Shown: voxels beyond ±4.50") for word in words)


def test_outlines_are_drawn_over_the_template() -> None:
    nothing = MapLayer(np.zeros(SHAPE), "Test", "value")
    plain, outlined = (
        len(lesion_mosaic(nothing, outlines=outlines, view=ONE, file_format="svg"))
        for outlines in (None, FRONT_RIGHT)
    )
    assert outlined > plain


@pytest.mark.parametrize(
    ("file_format", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")]
)
def test_every_format_has_the_same_bytes_each_time(file_format: Any, begins: bytes) -> None:
    content = lesion_mosaic(LAYER, view=ONE, file_format=file_format)
    assert content.startswith(begins)
    assert content == lesion_mosaic(LAYER, view=ONE, file_format=file_format)


def test_a_png_is_180_mm_wide_at_300_dots_an_inch() -> None:
    image = Image.open(BytesIO(lesion_mosaic(LAYER, view=MosaicView(levels_mm=(0, 8)))))
    assert image.width / 300 * 25.4 == pytest.approx(180, abs=0.5)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_long_words_stay_on_the_page_and_signs_stay_what_they_are() -> None:
    layer = MapLayer(LAYER.values, "Costs of $5 and $6 " * 8, "value", notes=("word " * 60,))
    words = _words(layer)
    assert max(map(len, words)) < 140
    assert any("$5 and $6" in word for word in words)


def test_a_slice_outside_the_grid_is_one_sentence() -> None:
    with pytest.raises(AnalysisError, match="no slice at z = 400 mm"):
        MosaicView(levels_mm=(0, 400))
