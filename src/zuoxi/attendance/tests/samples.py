# SPDX-License-Identifier: Apache-2.0
from typing import Any


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Addresses that mean something, for whoever tries every door."""
    month = {f"attendance:{name}": {"month": "2026-10"} for name in ("sheet", "sign", "compute", "export")}
    code = world["agent"].code
    return month | {
        "attendance:person": {"code": code, "month": "2026-10"},
        "attendance:figure": {"code": code, "month": "2026-10", "figure": "late"},
        "attendance:sheet_figure": {"month": "2026-10", "figure": "late"},
        "attendance:day": {"code": code, "day": "2026-10-12"},
    }
