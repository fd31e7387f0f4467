# SPDX-License-Identifier: Apache-2.0
"""A real switch that a browser on this machine can reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.telephony.conftest import missing

from zuoxi.telephony.asterisk.lab import Laboratory


def switch_for_browsers(namespace: str) -> Iterator[Laboratory]:
    """What a fixture of a module yields from; skips where no switch or no cable to it can be had."""
    if reason := missing():
        pytest.skip(reason)
    lab = Laboratory(namespace)
    state = lab.up(agents=2, fresh=True)
    if state.address.startswith("127."):
        lab.down(purge=True)
        pytest.skip("this kernel has no virtual cable between a browser and the lab")
    yield lab
    lab.down(purge=True)
