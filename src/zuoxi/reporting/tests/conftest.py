# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings) -> Path:
    """Each test's warehouse is its own."""
    settings.HOME = tmp_path
    return tmp_path
