# SPDX-License-Identifier: Apache-2.0
from typing import Any


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Objects that exist, for whoever tries every door."""
    agent, team = {"code": world["agent"].code}, {"code": world["team"].code}
    names = ("person", "reveal", "hand_out_password", "end_sessions", "leave", "transfer")
    return {f"people:{name}": agent for name in names} | {"people:team": team}
