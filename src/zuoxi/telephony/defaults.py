# SPDX-License-Identifier: Apache-2.0
"""What a new centre begins with, read from `handbooks/site/telephony.yaml`; what stands is never written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from zuoxi.telephony.models import NotReadyReason, Queue, Switch


def _read(path: Path | None) -> dict[str, list[dict[str, Any]]]:
    where = path or Path(settings.HANDBOOKS) / "site" / "telephony.yaml"
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load(where.read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_not_ready_reasons(path: Path | None = None) -> int:
    """How many were new."""
    made = 0
    for order, told in enumerate(_read(path)["not_ready_reasons"], 1):
        values = {name: told.get(name) for name in ("state", "name_zh", "name_en", "limit_minutes")}
        _row, fresh = NotReadyReason.objects.get_or_create(code=told["code"], defaults={**values, "order": order * 10})
        made += fresh
    return made


@transaction.atomic
def load_queues(switch: Switch, path: Path | None = None) -> int:
    """The queues of a small centre on that switch; how many were new."""
    made = 0
    for told in _read(path)["queues"]:
        values = {name: value for name, value in told.items() if name != "code"}
        _row, fresh = Queue.objects.get_or_create(code=told["code"], defaults={**values, "switch": switch})
        made += fresh
    return made
