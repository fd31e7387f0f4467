# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "zuoxi.complaints"
    label = "complaints"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening", "from_tickets"):
            if find_spec(f"zuoxi.complaints.{room}"):
                import_module(f"zuoxi.complaints.{room}")
