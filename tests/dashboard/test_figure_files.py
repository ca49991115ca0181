"""Figures as files: on paper, in mm, and one sentence where no browser is installed."""

import shutil
import struct
from typing import Any

import pytest

from dashboard import figure_files as module
from dashboard.figure_files import WIDTH_MM, figure_file, figure_files, for_print
from dashboard.theme import INK, figure_layout
from data_loader.errors import InsulaError

FIGURE: dict[str, Any] = {
    "data": [{"type": "bar", "x": ["</script><b>a", "b & c"], "y": [1, 2]}],
    "layout": figure_layout(height=240),
}

has_browser = pytest.mark.skipif(
    not any(shutil.which(name) for name in module._NAMES), reason="Chromium isn't installed"
)


def test_a_figure_goes_on_white_paper_with_dark_type() -> None:
    layout = for_print(FIGURE, width_px=680)["layout"]
    assert (layout["width"], layout["height"]) == (680, 240)
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "#ffffff"
    assert layout["font"]["color"] == INK
    assert FIGURE["layout"]["paper_bgcolor"] != "#ffffff", "the page's figure stays as it is"


@has_browser
def test_a_figure_becomes_a_drawing_as_wide_as_two_columns() -> None:
    svg = figure_file(FIGURE, "svg").decode()
    head = svg.partition(">")[0]
    assert 'width="179.917mm"' in head
    assert 'height="63.500mm"' in head
    assert abs(179.917 - WIDTH_MM) < 0.2, "whole pixels"
    assert "b &amp; c" in svg
    assert "<script" not in svg


@has_browser
def test_a_pdf_has_one_page_and_a_png_300_dots_an_inch() -> None:
    assert figure_file(FIGURE, "pdf").startswith(b"%PDF-")
    first, second = figure_files([FIGURE, FIGURE], "png", width_mm=90)
    assert first == second
    width, height = struct.unpack(">II", first[16:24])
    assert width == pytest.approx(90 / 25.4 * 300, abs=5)
    assert height == 750
    at = first.index(b"pHYs") + 4
    assert struct.unpack(">II", first[at : at + 8]) == (11811, 11811)


def test_where_there_is_no_browser_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module._chromium.cache_clear()
    monkeypatch.setattr(module, "_NAMES", ())
    monkeypatch.setattr(module, "_MAC", "/nowhere")
    with pytest.raises(InsulaError, match=r"apt install chromium"):
        figure_file(FIGURE, "svg")
    module._chromium.cache_clear()


def test_another_format_is_refused() -> None:
    with pytest.raises(InsulaError, match="svg, pdf, png are"):
        figure_file(FIGURE, "gif")
