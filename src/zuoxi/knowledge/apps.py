# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "zuoxi.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening"):
            if find_spec(f"zuoxi.knowledge.{room}"):
                import_module(f"zuoxi.knowledge.{room}")
