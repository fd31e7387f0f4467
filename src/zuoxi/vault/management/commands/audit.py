# SPDX-License-Identifier: Apache-2.0
"""zuoxi audit: recompute the whole audit chain; exit 1 when it does not hold."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.vault.services import verify


class Command(BaseCommand):
    help = "Check that nothing in the audit chain was changed, put in or left out."

    def handle(self, *args: Any, **options: Any) -> None:
        status = verify()
        told = {"rows": status.rows, "head": status.head, "broken_at": status.broken_at, "why": status.why}
        self.stdout.write(json.dumps(told))
        sys.exit(0 if status.whole else 1)
