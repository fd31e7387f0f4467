# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "zuoxi.vault"
    label = "vault"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        for room in ("access", "menu"):
            if find_spec(f"zuoxi.vault.{room}"):
                import_module(f"zuoxi.vault.{room}")
        from zuoxi.messaging.services import secrets_from
        from zuoxi.vault.services import kept_secret

        secrets_from(kept_secret)
