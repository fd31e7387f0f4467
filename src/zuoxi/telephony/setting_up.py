# SPDX-License-Identifier: Apache-2.0
"""Whether a site's telephones are set up: what a centre that has just begun still has to enter."""

from __future__ import annotations

from typing import Final

from zuoxi.telephony.models import Call, Extension, Number, Queue, QueueMembership, Switch

KINDS: Final = {
    "switch": Switch, "queue": Queue, "number": Number, "extension": Extension, "member": QueueMembership, "call": Call,
}  # fmt: skip


def set_up() -> frozenset[str]:
    """Which of switch, queue, number, extension, member (of a queue) and call there is at least one of."""
    return frozenset(kind for kind, model in KINDS.items() if model.objects.order_by().exists())  # type: ignore[attr-defined]
