# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "zuoxi.outbound"
    label = "outbound"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening", "workload"):
            if find_spec(f"zuoxi.outbound.{room}"):
                import_module(f"zuoxi.outbound.{room}")
