# SPDX-License-Identifier: Apache-2.0
"""How often shifts may be swapped, as packs write it: section `swap_quotas`, one entry for each kind of swap."""

from __future__ import annotations

from typing import Literal

from zuoxi.policy.entries import Body, Label, section


class SwapQuotaBody(Body):
    """`limit` is a figure for the month: in days where `counted` is days, else every swap counts one.

    `both`: the colleague's own count has to leave room too.
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    limit: str
    counted: Literal["days", "times"] = "days"
    both: bool = False


SWAP_QUOTAS = section("swap_quotas", SwapQuotaBody)
