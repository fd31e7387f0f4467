# SPDX-License-Identifier: Apache-2.0
from typing import Any


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Objects that exist, for whoever tries every door."""
    return {}
