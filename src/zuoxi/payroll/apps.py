# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class PayrollConfig(AppConfig):
    name = "zuoxi.payroll"
    label = "payroll"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu"):
            if find_spec(f"zuoxi.payroll.{room}"):
                import_module(f"zuoxi.payroll.{room}")
