# SPDX-License-Identifier: Apache-2.0
"""The quick `migrate` makes the very tables that Django's own makes."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
_ASKED = """
import django; django.setup()
from {module} import Command
Command().run_from_argv(["zuoxi", "migrate", "leave", "-v0"])
"""


def tables(folder: Path, module: str) -> dict[str, frozenset[str]]:
    """Name of a table or index → the parts of the statement that makes it."""
    env = {"ZUOXI_HOME": str(folder), "ZUOXI_SECRET_KEY": "only-for-tests" * 4, "PATH": os.environ["PATH"]}
    env |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "zuoxi.config.settings"}
    subprocess.run([sys.executable, "-c", _ASKED.format(module=module)], env=env, check=True)
    with closing(sqlite3.connect(folder / "zuoxi.sqlite3")) as books:
        rows = books.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: frozenset(re.split(r",(?![^(]*\))", sql)) for name, sql in rows}


@pytest.mark.once
def test_the_quick_way_makes_the_same_tables(tmp_path: Path):
    ours = tables(tmp_path / "ours", "zuoxi.config.management.commands.migrate")
    plain = tables(tmp_path / "plain", "django.core.management.commands.migrate")
    assert len(plain) > 100
    assert ours == plain
