# SPDX-License-Identifier: Apache-2.0
"""zuoxi new_key NAME: print a fresh key to be put first in ZUOXI_VAULT_KEYS; nothing is changed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.vault.keys import ID_LENGTH, new_key


class Command(BaseCommand):
    help = "Make a key for the vault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=f"1 to {ID_LENGTH} letters, not used before")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_key(options["name"]))
