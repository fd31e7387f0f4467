# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class LeaveConfig(AppConfig):
    name = "zuoxi.leave"
    label = "leave"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "presence"):
            if find_spec(f"zuoxi.leave.{room}"):
                import_module(f"zuoxi.leave.{room}")
