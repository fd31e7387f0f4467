# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "zuoxi.tickets"
    label = "tickets"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening", "workload"):
            if find_spec(f"zuoxi.tickets.{room}"):
                import_module(f"zuoxi.tickets.{room}")
