"""Takes the README's pictures of every page, from the demonstration dataset."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "overview": ("/", "light"),
    "cohort": ("/cohort?split=train&nihss_admission=>=8", "light"),
    "quality": ("/quality", "light"),
    "patient": ("/patient/{dataset}/{subject}", "dark"),
}
"""File name to address and colour scheme."""

_FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader"]


def main(dataset: Path) -> None:
    """Index a dataset, serve it, and write one picture a page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as index, sync_playwright() as playwright:
        insula = [sys.executable, "-m", "app"]
        subprocess.run([*insula, "index", str(dataset), "--index", index], check=False)  # noqa: S603
        serving = [*insula, "serve", "--index", index, "--port", "0"]
        with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
            assert server.stdout is not None  # noqa: S101 - a pipe was asked for
            address = server.stdout.readline().split()[-1]
            browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
            subject = _complete_subject(dataset)
            for name, (path, scheme) in PAGES.items():
                place = path.format(dataset=dataset.name, subject=subject)
                _picture(browser, f"{address}{place}", scheme, name)
            browser.close()
            server.terminate()


def _complete_subject(dataset: Path) -> str:
    """The first subject with perfusion and diffusion."""
    return min(path.name.split("_")[0] for path in dataset.rglob("*_ctp.nii.gz"))


def _picture(browser: Browser, address: str, scheme: str, name: str) -> None:
    page = browser.new_page(
        viewport={"width": 1440, "height": 1100},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(4000)
    page.screenshot(path=ROOT / "docs" / "screenshots" / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo-data")
