"""How long the Cohort page takes: callbacks, POST to answer, and first paint in a browser.

Beside each callback stands what a reader would write instead: pandas for the filter, plotly
express for the charts. Run `python benchmarks/cohort_page.py [DATASET]`; medians of runs in turn.
"""

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from flask.testing import FlaskClient

from app import create_app
from dashboard.view import default_charts
from data_loader.index import IndexFolder

DATASET = Path(__file__).resolve().parents[2] / "shared" / "data" / "soop"
RUNS = 25
ROWS = 100_000
QUERIES = [f"?age={low}..{low + 20}&sex={sex}" for low in range(40, 65) for sex in "FM"]


def main(dataset: Path) -> None:
    """Print one table."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        _index(dataset, small)
        _write_rows(Path(folder, "rows"), ROWS)
        _index(Path(folder, "rows"), large, "--no-measure")
        for index in (small, large):
            _time_callbacks(index)
        _time_first_paint(small)


def _index(dataset: Path, folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "app", "index", str(dataset), "--index", str(folder)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise SystemExit(done.stderr)


def _write_rows(folder: Path, count: int) -> None:
    """A BIDS folder of synthetic clinical rows."""
    folder.mkdir()
    rng = random.Random(1)  # noqa: S311
    head = "participant_id\tage\tsex\tnihss\tmrs_discharge\tmrs_3_months\tglucose\tinr"
    lines = [head]
    for number in range(count):
        values = (
            f"{rng.gauss(70, 13):.0f}",
            rng.choice("FM"),
            min(int(rng.expovariate(1 / 8)), 42),
            rng.choice([0, 1, 2, 3, 4, 5, 6, "n/a"]),
            rng.choice([0, 1, 2, 3, 4, 5, 6, "n/a"]),
            f"{rng.gauss(110, 30):.1f}",
            f"{rng.gauss(1.1, 0.2):.2f}",
        )
        lines.append("\t".join([f"sub-{number}", *map(str, values)]))
    (folder / "participants.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _time_callbacks(folder: Path) -> None:
    index = IndexFolder(folder).current()
    charts = default_charts(index)
    client = create_app(folder).test_client()
    bodies = _bodies(client, charts)
    plain = _plain_way(index, charts)
    times: dict[str, list[float]] = {name: [] for name in (*bodies, "plain way")}
    for query in QUERIES[:RUNS]:
        for name, body in bodies.items():
            times[name].append(_timed(partial(_post, client, body, query)))
        times["plain way"].append(_timed(partial(plain, query)))
    medians = {name: 1000 * statistics.median(values[2:]) for name, values in times.items()}
    page = sum(medians[name] for name in bodies)
    print(f"{index.size:,} subjects, {len(charts)} charts; medians of {RUNS - 2} runs, ms")
    for name, ms in medians.items():
        print(f"  {name:<34}{ms:8.1f}")
    print(f"  {'a chart':<34}{medians['charts'] / len(charts):8.1f}   (target: < 10)")
    target = 60 if index.size < ROWS else 150
    print(f"  {'the whole page':<34}{page:8.1f}   (target: < {target})")
    print(f"  {'plain way / charts':<34}{medians['plain way'] / medians['charts']:8.1f} x\n")


def _bodies(client: FlaskClient, charts: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """What the browser posts when the address changes, by what it asks for."""
    outputs = [d["output"] for d in orjson.loads(client.get("/_dash-dependencies").data)]
    chart_ids = [{"type": "chart", "name": name} for name in charts]
    url = {"id": "url", "property": "search"}
    path = {"id": "url", "property": "pathname", "value": "/cohort"}
    laid = [{"id": part, "property": "id", "value": part} for part in chart_ids]
    rows = {"startRow": 0, "endRow": 100, "sortModel": []}
    table = {"id": "subjects", "property": "getRowsRequest", "value": rows}

    def body(part: str, inputs: list[Any], state: list[Any]) -> dict[str, Any]:
        output = next(text for text in outputs if part in text)
        return {
            "output": output,
            "inputs": inputs,
            "state": state,
            "changedPropIds": ["url.search"],
        }

    drawn = [
        [{"id": {"type": kind, "name": name}, "property": prop} for name in charts]
        for kind, prop in (
            ("chart", "figure"),
            ("caption", "children"),
            ("counts", "data"),
            ("filter", "value"),
        )
    ]
    return {
        "cohort bar": {
            **body("cohort-bar", [path, url], []),
            "outputs": [
                {"id": name, "property": "children"}
                for name in ("cohort-bar", "navigation", "notices", "fault")
            ],
        },
        "charts": {**body('"chart"}.figure', [url], [laid]), "outputs": drawn},
        "cards": {
            **body("cards.children", [url], [laid]),
            "outputs": [
                {"id": "cards", "property": "children"},
                {"id": "scale-links", "property": "children"},
            ],
        },
        "attrition": {
            **body("attrition", [url], []),
            "outputs": [
                {"id": "attrition", "property": "children"},
                {"id": "csv-link", "property": "href"},
                {"id": "subjects", "property": "columnDefs"},
            ],
        },
        "gallery": {
            **body("gallery.children", [url], []),
            "outputs": [
                {"id": "gallery", "property": "children"},
                {"id": "gallery-sort", "property": "data"},
                {"id": "gallery-sort", "property": "value"},
            ],
        },
        "table": {
            **body("getRowsResponse", [table], [url]),
            "outputs": {"id": "subjects", "property": "getRowsResponse"},
        },
    }


def _post(client: FlaskClient, body: dict[str, Any], query: str) -> None:
    def filled(part: Any) -> Any:
        is_url = isinstance(part, dict) and (part["id"], part["property"]) == ("url", "search")
        return {**part, "value": query} if is_url else part

    body = {
        **body,
        "inputs": [filled(part) for part in body["inputs"]],
        "state": [filled(part) for part in body["state"]],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, (answer.status_code, body["output"])


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _plain_way(index: Any, charts: tuple[str, ...]) -> Callable[[str], None]:
    import pandas as pd
    import plotly.express as px
    from plotly.io import to_json

    from data_loader.cohort import EVERYONE

    frame = pd.DataFrame(index.subjects(EVERYONE))

    def draw(query: str) -> None:
        low = int(query.removeprefix("?age=")[:2])
        sex = query[-1]
        chosen = frame.assign(cohort=frame.age.between(low, low + 20) & (frame.sex == sex))
        for name in charts:
            to_json(px.histogram(chosen, x=name, color="cohort", barmode="overlay", nbins=30))

    return draw


def _time_first_paint(folder: Path) -> None:
    """From a cold browser's request to the first bar on the screen."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("First paint: no Chromium here.")
        return
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "app", "serve", "--index", str(folder), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        address = server.stdout.readline().split()[-1]
        seconds = []
        with sync_playwright() as playwright:
            for _ in range(5):
                browser = playwright.chromium.launch(
                    executable_path=chromium,
                    args=["--no-sandbox", "--disable-background-networking"],
                )
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                began = time.perf_counter()
                page.goto(f"{address}/cohort", wait_until="commit")
                page.wait_for_selector(".card .bars .point", state="attached")
                seconds.append(time.perf_counter() - began)
                browser.close()
        print(f"First bar on the screen, cold: {statistics.median(seconds):.2f} s   (target: < 2)")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATASET)
