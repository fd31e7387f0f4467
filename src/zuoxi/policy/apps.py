# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "zuoxi.policy"
    label = "policy"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "explaining"):
            if find_spec(f"zuoxi.policy.{room}"):
                import_module(f"zuoxi.policy.{room}")
