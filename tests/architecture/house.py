# SPDX-License-Identifier: Apache-2.0
"""What the tests of the house's order look at: packages, layers, source files."""

from __future__ import annotations

import ast
import configparser
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "zuoxi"


@cache
def layers() -> dict[str, int]:
    """Package → floor, counted from the top (config = 0); siblings share one."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:house"]["layers"].split("\n")
    floors = [line.strip() for line in lines if line.strip()]
    return {name.strip(): floor for floor, line in enumerate(floors) for name in line.split("|")}


def package_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the program, without tests and migrations."""
    return tuple(
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts) and len(path.relative_to(SOURCE).parts) > 1
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def kept_files() -> tuple[Path, ...]:
    """Files that git knows, and new ones that it would take."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = (ROOT / name.decode() for name in said.stdout.split(b"\0") if name)
    return tuple(path for path in paths if path.is_file())


def imported(path: Path) -> list[tuple[int, str]]:
    """(line, dotted name) of what a module of the house imports from the house; names from a `from` are appended."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("zuoxi"):
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if alias.name.startswith("zuoxi")]
    return found
