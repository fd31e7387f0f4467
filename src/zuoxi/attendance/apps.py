# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "zuoxi.attendance"
    label = "attendance"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "replays"):
            if find_spec(f"zuoxi.attendance.{room}"):
                import_module(f"zuoxi.attendance.{room}")
