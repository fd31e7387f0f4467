# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "zuoxi.workforce"
    label = "workforce"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu"):
            if find_spec(f"zuoxi.workforce.{room}"):
                import_module(f"zuoxi.workforce.{room}")
        from zuoxi.workforce.duty import provide

        provide()
