# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "zuoxi.approvals"
    label = "approvals"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "amendments", "exports", "kinds"):
            if find_spec(f"zuoxi.approvals.{room}"):
                import_module(f"zuoxi.approvals.{room}")
