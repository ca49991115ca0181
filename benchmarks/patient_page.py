"""How long a patient takes from the Cohort page to the screen, beside NiiVue alone.

Run `python benchmarks/patient_page.py`. A small dataset on a 3 mm grid is made, served by gunicorn
and opened in headless Chromium with software rendering; medians of runs in turn. Bare NiiVue is the
component on an empty page, with as many viewers and the same two files in each.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from playwright.sync_api import Page, sync_playwright

RUNS = 7
SUBJECTS = 22
FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
    "--disable-background-networking",
    "--enable-precise-memory-info",
]
VIEWERS = ("one", "two")
"""The page shows two; so does the bare one."""

READY = "(...states) => { document.title = states.map(s => s && s.state).join(); }"


def main() -> None:
    """Print one table."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("There is no Chromium here.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dataset, index = Path(folder, "d"), Path(folder, "index")
        files = [_write_subject(dataset, number) for number in range(1, SUBJECTS + 1)]
        _insula("index", str(dataset), "--index", str(index))
        with _served(index) as address, _bare(files[0]) as bare:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            opening, alone = [], []
            for _ in range(RUNS):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                opening.append(_open_from_cohort(page, address))
                page.close()
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                alone.append(_open_bare(page, bare))
                page.close()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            before, after, step = _step_through(page, address)
            browser.close()
    ours, theirs = statistics.median(opening), statistics.median(alone)
    print(f"Cohort page to infarct on the screen  {ours:6.2f} s   (target: < 1.5)")
    print(f"bare NiiVue, the same files           {theirs:6.2f} s")
    print(f"ratio                                 {ours / theirs:6.2f}     (target: < 1.2)")
    print(f"next patient, 20 times                {step:6.2f} s each")
    print(f"JS heap before and after              {before:.1f} MB, {after:.1f} MB (target: +10 %)")


def _insula(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "app", *arguments], check=True, capture_output=True)


def _write_subject(root: Path, number: int) -> tuple[Path, Path]:
    """A head on a 3 mm grid, with an infarct on the right."""
    name = f"sub-stroke{number:04d}"
    affine = np.diag([3.0, 3.0, 3.0, 1.0])
    affine[:3, 3] = (-96, -120, -78)
    mm = np.indices((65, 81, 53)).reshape(3, -1).T @ affine[:3, :3].T + affine[:3, 3]
    head = np.linalg.norm(mm / (70, 88, 70), axis=1) < 1
    infarct = np.linalg.norm(mm - (35, 0, number), axis=1) < 20
    ct = root / "raw_data" / name / "ses-01" / f"{name}_ses-01_ncct.nii.gz"
    mask = root / "derivatives" / name / "ses-02" / f"{name}_ses-02_space-ncct_lesion-msk.nii.gz"
    for path, values in ((ct, np.where(head, 35, -1000).astype(np.int16)), (mask, infarct)):
        path.parent.mkdir(parents=True, exist_ok=True)
        nib.save(nib.Nifti1Image(values.astype(np.int16).reshape(65, 81, 53), affine), path)
    return ct, mask


@contextmanager
def _served(index: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "app", "serve", "--index", str(index), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield server.stdout.readline().split()[-1]
        server.terminate()


@contextmanager
def _bare(files: tuple[Path, Path]) -> Iterator[str]:
    from dash import Dash, Input, html
    from flask import Response, send_file
    from niivue_dash import NiiVue
    from werkzeug.serving import make_server

    app = Dash("bare")

    @app.server.get("/file/<int:number>/v.nii.gz")
    def file(number: int) -> Response:
        return send_file(files[number], mimetype="application/octet-stream")

    volumes: Any = [
        {"id": "ct", "url": "/file/0/v.nii.gz", "cal_min": 0, "cal_max": 80},
        {"id": "lesion", "url": "/file/1/v.nii.gz", "colormap": "red", "opacity": 0.4},
    ]
    app.layout = html.Div([NiiVue(id=name, volumes=volumes) for name in VIEWERS])
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        READY, *(Input(name, "status") for name in VIEWERS)
    )
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _open_from_cohort(page: Page, address: str) -> float:
    page.goto(f"{address}/cohort")
    page.wait_for_selector(".tile")
    page.wait_for_selector(".card .bars .point", state="attached")
    page.wait_for_timeout(500)
    began = time.perf_counter()
    page.locator(".tile").first.click()
    page.wait_for_selector("#readout:has-text('infarct')")
    return time.perf_counter() - began


def _open_bare(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function("document.title === 'ready,ready'")
    return time.perf_counter() - began


def _step_through(page: Page, address: str) -> tuple[float, float, float]:
    page.goto(f"{address}/patient")
    page.wait_for_selector("#readout:has-text('infarct')")
    before = _heap_mb(page)
    began = time.perf_counter()
    for number in range(2, SUBJECTS):
        page.keyboard.press("]")
        page.wait_for_selector(f"h1:has-text('sub-stroke{number:04d}')")
        page.wait_for_selector("#readout:has-text('infarct')")
    return before, _heap_mb(page), (time.perf_counter() - began) / 20


def _heap_mb(page: Page) -> float:
    page.wait_for_timeout(1000)
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    used: float = page.evaluate("performance.memory.usedJSHeapSize")
    return used / 1e6


if __name__ == "__main__":
    main()
