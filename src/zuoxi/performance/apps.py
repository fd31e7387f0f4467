# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "zuoxi.performance"
    label = "performance"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu"):
            if find_spec(f"zuoxi.performance.{room}"):
                import_module(f"zuoxi.performance.{room}")
