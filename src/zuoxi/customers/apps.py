# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zuoxi.customers"
    label = "customers"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu", "panels", "history", "listening"):
            if find_spec(f"zuoxi.customers.{room}"):
                import_module(f"zuoxi.customers.{room}")
