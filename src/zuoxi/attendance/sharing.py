# SPDX-License-Identifier: Apache-2.0
"""The far end of work that is shared out among processes; imports nothing that needs the program to be set up."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def begin(database: str) -> None:
    """Set the program up in a new process, on the database that the caller uses."""
    import django

    django.setup()
    from django.db import connections

    connections["default"].settings_dict["NAME"] = database


def call(where: str, *arguments: Any) -> Any:
    """The function named "module:function", found in the new process once the program is set up there."""
    module, _, function = where.partition(":")
    return getattr(import_module(module), function)(*arguments)
