"""How long the Outcome page takes: from POST to figure, and from a changed term to the page.

Run `python benchmarks/outcome_page.py [DATASET]`; medians of runs in turn, each of another cohort or
of other terms, so that no fitted model is asked for twice.
"""

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from flask.testing import FlaskClient

from app import create_app
from dashboard import ids

DATASET = Path(__file__).resolve().parents[2] / "shared" / "data" / "soop"
ROWS = 750
SOOP_TERMS = "age,nihss_admission,sex,bmi,prior_stroke,race"
MADE_TERMS = "age,nihss_admission,sex,glucose_mg_dl,inr,prior_stroke"
QUERIES = [f"age=>={low}" for low in range(18, 43)]
FORMS = ("age/10", "rcs(age,3)", "log1p(age)", "rcs(age,4)", "age", "rcs(age,5)")
PARTS = (
    ids.OUTCOME_MODEL,
    ids.OUTCOME_DESCRIBE,
    ids.OUTCOME_COMPARE,
    ids.OUTCOME_FITTED,
    ids.OUTCOME_CUTS,
    ids.OUTCOME_PREDICTED,
    ids.OUTCOME_CURVES,
    ids.OUTCOME_INFLUENCE,
    ids.OUTCOME_WORDS,
)


def main(dataset: Path) -> None:
    """Print one table an index."""
    with tempfile.TemporaryDirectory() as folder:
        real, made = Path(folder, "real"), Path(folder, "made")
        _index(dataset, real)
        _write_rows(Path(folder, "rows"))
        _index(Path(folder, "rows"), made)
        for index, terms in ((real, SOOP_TERMS), (made, MADE_TERMS)):
            _time_parts(index, terms)
            _time_change(index, terms)


def _index(dataset: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "app", "index", str(dataset), "--index", str(folder)]
    done = subprocess.run([*command, "--no-measure"], capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise SystemExit(done.stderr)


def _write_rows(folder: Path) -> None:
    """A BIDS folder of subjects in whom everything is known."""
    folder.mkdir()
    rng = random.Random(1)  # noqa: S311 - no secret
    lines = ["participant_id\tage\tsex\tnihss\tmrs_discharge\tglucose\tinr\tpriorstroke"]
    for number in range(ROWS):
        age, nihss = rng.gauss(70, 10), min(int(rng.expovariate(1 / 8)), 42)
        score = 0.04 * (age - 70) + 0.15 * (nihss - 8) + rng.gauss(2.5, 1.6)
        values = (
            f"{max(age, 43):.0f}\t{rng.choice('FM')}\t{nihss}\t{min(max(round(score), 0), 6)}"
            f"\t{rng.gauss(110, 30):.1f}\t{rng.gauss(1.1, 0.2):.2f}\t{rng.randint(0, 1)}"
        )
        lines.append(f"sub-{number}\t{values}")
    (folder / "participants.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _time_parts(folder: Path, terms: str) -> None:
    client = create_app(folder).test_client()
    bodies = {part: _body(client, part) for part in PARTS}
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    used = ""
    for query in QUERIES:
        search = f"?{query}&endpoint=mrs_discharge&by=none&terms={terms}"
        for part, body in bodies.items():
            began = time.perf_counter()
            answer = _post(client, body, search)
            times[part].append(time.perf_counter() - began)
            if part == ids.OUTCOME_MODEL:
                used = answer.partition("Subjects used")[2][:120].split('"children":"')[1]
    print(
        f"Six terms, {used.partition(chr(34))[0]} subjects; medians of {len(QUERIES) - 2} runs, ms"
    )
    for part, values in times.items():
        target = "   (target: < 250)" if part == ids.OUTCOME_MODEL else ""
        print(f"  {part:<34}{1000 * statistics.median(values[2:]):8.1f}{target}")


def _body(client: FlaskClient, part: str) -> dict[str, Any]:
    """What the browser posts for a part of the page."""
    found = orjson.loads(client.get("/_dash-dependencies").data)
    one = next(d for d in found if d["output"].startswith(f"..{part}.children"))
    return {
        "output": one["output"],
        "outputs": [
            dict(zip(("id", "property"), name.split("."), strict=True))
            for name in one["output"].strip(".").split("...")
        ],
        "inputs": [{"id": d["id"], "property": d["property"]} for d in one["inputs"]],
        "state": [{"id": part, "property": "data-asked"}],
        "changedPropIds": ["url.search"],
    }


def _post(client: FlaskClient, body: dict[str, Any], search: str) -> str:
    url, *others = body["inputs"]
    inputs = [{**url, "value": search}, *({**one, "value": "yes"} for one in others)]
    answer = client.post("/_dash-update-component", json={**body, "inputs": inputs})
    assert answer.status_code == 200, (answer.status_code, body["output"])
    return answer.get_data(as_text=True)


def _time_change(folder: Path, terms: str) -> None:
    """In a browser: from another form of a term to its estimates, and to all that is in sight."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("  A term changed: no Chromium here.\n")
        return
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "app", "serve", "--index", str(folder), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        address = server.stdout.readline().split()[-1]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/outcome?endpoint=mrs_discharge&by=none&terms={terms}")
            model = page.locator(f"#{ids.OUTCOME_MODEL}")
            model.locator(".scatterlayer").wait_for(state="attached")
            model.scroll_into_view_if_needed()
            page.wait_for_selector(f"#{ids.OUTCOME_FITTED} table")
            first, last = [], []
            for form in FORMS:
                both = page.evaluate(_CHANGE, [form, ids.OUTCOME_MODEL, ids.OUTCOME_FITTED])
                first.append(both[0])
                last.append(both[1])
            browser.close()
        print(
            f"  {'a term changed: estimates':<34}{statistics.median(first):8.1f}   (target: < 500)"
        )
        print(f"  {'a term changed: all in sight':<34}{statistics.median(last):8.1f}\n")
    finally:
        server.terminate()
        server.wait(10)


_CHANGE = """async ([form, first, last]) => {
    const asked = (id) => document.getElementById(id).dataset.asked;
    const before = asked(last);
    const select = document.querySelector(".term-form");
    const began = performance.now();
    select.value = form;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const frame = () => new Promise(requestAnimationFrame);
    while (asked(first) === before) await frame();
    const estimates = performance.now() - began;
    while (asked(last) === before) await frame();
    await frame();
    const figures = performance.now() - began;
    return [estimates, figures];
}"""


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATASET)
