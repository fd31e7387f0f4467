# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "zuoxi.floor"
    label = "floor"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "history"):
            if find_spec(f"zuoxi.floor.{room}"):
                import_module(f"zuoxi.floor.{room}")
