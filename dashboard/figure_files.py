"""Figures of pages as files for print: SVG, PDF and PNG, drawn by the plotly.js that draws the page.

A headless Chromium opens one local page, draws, and ends: nothing is asked of another host, no
process stays, and nothing else of the program needs a browser. It takes a second or two.

The interface: `dashboard.printed_figures.PRINTED` names the figures; each is found under
`/download/NAME.svg`, `.pdf` and `.png` with the query of its page, and `figure_links(NAME, view)`
gives the three links that stand under a chart.
"""

import base64
import os
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from dashboard.theme import INK
from data_loader.errors import InsulaError

FIGURE_FORMATS = ("svg", "pdf", "png")
WIDTH_MM = 180
"""Of two columns of a journal."""

_MM_PER_PX = 25.4 / 96
_DOTS_PER_INCH = 300
_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_GRID = "#dee2e6"
_TIMEOUT_S = 120
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=60000",
)
_ONE = threading.Lock()
"""One browser at a time: each takes a processor for itself."""

_DRAW = """<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:;
script-src 'unsafe-inline' file:; style-src 'unsafe-inline'"></head><body><pre></pre>
<script src="{plotly}"></script><script>
(async () => {{
  const found = [];
  for (const [figure, how] of {asked}) {{
    try {{ found.push(await Plotly.toImage(figure, how)); }}
    catch (error) {{ found.push("error " + encodeURIComponent(String(error))); }}
  }}
  document.querySelector("pre").textContent = found.join("\\n");
}})();
</script></body></html>"""

_PRINT = """<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
style-src 'unsafe-inline'"><style>
@page {{ size: {width:.3f}mm {height:.3f}mm; margin: 0 }}
html, body {{ margin: 0; overflow: hidden }} svg {{ display: block }}
</style></head><body>{svg}</body></html>"""

Figure = Mapping[str, Any]


def figure_file(figure: Figure, extension: str, *, width_mm: float = WIDTH_MM) -> bytes:
    """One figure as a file.

    Args:
        figure: data and layout, as a page draws it.
        extension: of `FIGURE_FORMATS`.
        width_mm: in print; the height is that of the layout at that width.

    Raises:
        InsulaError: there is no such format, no Chromium, or it can't draw.
    """
    return figure_files([figure], extension, width_mm=width_mm)[0]


def figure_files(
    figures: Sequence[Figure], extension: str, *, width_mm: float = WIDTH_MM
) -> list[bytes]:
    """Several figures as files of one kind, which the browser is started once for.

    Args:
        figures: data and layout each.
        extension: of `FIGURE_FORMATS`.
        width_mm: in print.

    Raises:
        InsulaError: there is no such format, no Chromium, or it can't draw.
    """
    if extension not in FIGURE_FORMATS:
        known = ", ".join(FIGURE_FORMATS)
        raise InsulaError(f"“{extension[:20]}” is no format of a figure; {known} are.")
    width = round(width_mm / _MM_PER_PX)
    printed = [for_print(figure, width_px=width) for figure in figures]
    drawn = _drawn(printed, "png" if extension == "png" else "svg")
    if extension == "png":
        return [_with_resolution(base64.b64decode(uri.partition(",")[2])) for uri in drawn]
    sheets = [_in_mm(urllib.parse.unquote(uri.partition(",")[2])) for uri in drawn]
    if extension == "svg":
        return [sheet.encode() for sheet in sheets]
    sizes = [(one["layout"]["width"], one["layout"]["height"]) for one in printed]
    return [_pdf(sheet, *size) for sheet, size in zip(sheets, sizes, strict=True)]


def for_print(figure: Figure, *, width_px: int) -> dict[str, Any]:
    """A figure on white paper with dark type, whose colours a page would take from its style."""
    layout = dict(figure["layout"])
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name):
            layout[name] = {"gridcolor": _GRID, "zerolinecolor": _GRID, **axis}
    layout |= {
        "width": width_px,
        "height": layout.get("height", 400),
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "font": {**layout.get("font", {}), "family": _FONT, "color": INK},
    }
    return {"data": figure["data"], "layout": layout}


def _drawn(figures: Sequence[dict[str, Any]], kind: str) -> list[str]:
    """Each figure as the data address of a picture."""
    asked = [
        (
            {**figure, "config": {"staticPlot": True}},
            {
                "format": kind,
                "width": figure["layout"]["width"],
                "height": figure["layout"]["height"],
                "scale": _DOTS_PER_INCH / 96 if kind == "png" else 1,
            },
        )
        for figure in figures
    ]
    # An end of a script in a label must not end this one.
    text = orjson.dumps(asked, option=orjson.OPT_SERIALIZE_NUMPY).decode().replace("<", "\\u003c")
    page = _DRAW.format(plotly=_plotly().as_uri(), asked=text)
    told = _browse(page, "--dump-dom").decode(errors="replace")
    found = re.search(r"<pre>(.*?)</pre>", told, re.DOTALL)
    lines = found[1].split("\n") if found else []
    if len(lines) != len(figures) or any(not line.startswith("data:") for line in lines):
        reason = next((line[6:] for line in lines if line.startswith("error ")), "it said nothing")
        raise InsulaError(f"Chromium couldn't draw the figure: {urllib.parse.unquote(reason)}.")
    return lines


def _in_mm(svg: str) -> str:
    """The drawing with its size in mm, so that it is placed in print as large as it was meant."""

    def sized(size: re.Match[str]) -> str:
        return f'{size[1]}="{float(size[2]) * _MM_PER_PX:.3f}mm"'

    head, end, rest = svg.partition(">")
    return re.sub(r'\b(width|height)="([\d.]+)"', sized, head) + end + rest


def _pdf(svg: str, width_px: float, height_px: float) -> bytes:
    width, height = width_px * _MM_PER_PX, height_px * _MM_PER_PX
    page = _PRINT.format(svg=svg, width=width, height=height)
    return _browse(page, "--no-pdf-header-footer", makes="figure.pdf")


def _with_resolution(png: bytes) -> bytes:
    """The picture with its dots per metre, after the header: PNG specification, 11.3.4.3."""
    import zlib  # noqa: PLC0415 - for this alone

    header_ends = 8 + 4 + 4 + 13 + 4
    per_metre = round(_DOTS_PER_INCH / 0.0254).to_bytes(4)
    body = b"pHYs" + per_metre + per_metre + b"\x01"
    chunk = len(body[4:]).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return png[:header_ends] + chunk + png[header_ends:]


def _browse(page: str, *flags: str, makes: str = "") -> bytes:
    """What Chromium prints of a page, or the file that it makes of it."""
    chromium = _chromium()
    # Chromium has no sandbox for root; the page is ours and loads nothing.
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory(prefix="insula-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8")
        target = (f"--print-to-pdf={folder / makes}",) if makes else ()
        command = [chromium, *_FLAGS, *root, f"--user-data-dir={folder / 'profile'}", *flags]
        command += [*target, (folder / "page.html").as_uri()]
        try:
            with _ONE:
                done = subprocess.run(  # noqa: S603 - a fixed program and our own page
                    command, capture_output=True, timeout=_TIMEOUT_S, check=True
                )
            return (folder / makes).read_bytes() if makes else done.stdout
        except (OSError, subprocess.SubprocessError) as error:
            reason = type(error).__name__
            raise InsulaError(f"Chromium couldn't draw the figure ({reason}).") from None


@cache
def _chromium() -> str:
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None and Path(_MAC).exists():
        return _MAC
    if found is None:
        raise InsulaError(
            "A figure is drawn by Chromium, which isn't installed here: install the package"
            " chromium (`apt install chromium`), or Google Chrome."
        )
    return found


def _plotly() -> Path:
    """The plotly.js of the pages, or else the one that plotly brings."""
    ours = Path(__file__).parents[1] / "assets" / "plotly.min.js"
    if ours.exists():
        return ours
    return Path(str(resources.files("plotly") / "package_data" / "plotly.min.js"))
