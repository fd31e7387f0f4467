# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "zuoxi.followups"
    label = "followups"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening", "beside", "workload"):
            if find_spec(f"zuoxi.followups.{room}"):
                import_module(f"zuoxi.followups.{room}")
