# SPDX-License-Identifier: Apache-2.0
"""Verbs that change customers."""

from __future__ import annotations

from zuoxi.customers.changing import (
    NO_BUSINESS,
    Business,
    Refused,
    add_address,
    add_number,
    change_customer,
    drop_address,
    drop_number,
    ensure_customer,
    look_at_change,
    reveal_identity,
    reveal_number,
    save_customer,
    write_down_unknown,
)
from zuoxi.customers.leave import bar_number, lift_bar, say_consent
from zuoxi.customers.merging import merge_customers, undo_merge

__all__ = [
    "NO_BUSINESS",
    "Business",
    "Refused",
    "add_address",
    "add_number",
    "bar_number",
    "change_customer",
    "drop_address",
    "drop_number",
    "ensure_customer",
    "lift_bar",
    "look_at_change",
    "merge_customers",
    "reveal_identity",
    "reveal_number",
    "save_customer",
    "say_consent",
    "undo_merge",
    "write_down_unknown",
]
