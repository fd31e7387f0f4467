# SPDX-License-Identifier: Apache-2.0
"""The cache of a process, except for counts of tries: those lie in the database, so that all processes count together.

Five wrong passwords close a number whichever process they reach. Everything else that is cached may differ between
processes for a few seconds and costs no query. `clear` empties the process's own part alone.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache

SHARED = ("allauth", "survey-page:")
"""How the keys of shared counts begin."""
MOST = 100_000
"""Rows of the table before old ones are taken out."""


class SharedCounts(LocMemCache):
    """Keys that begin with one of SHARED go to the table `vault_shared_count`."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.shared = DatabaseCache("vault_shared_count", {**params, "OPTIONS": {"MAX_ENTRIES": MOST}})

    def _is_shared(self, key: str) -> bool:
        return str(key).startswith(SHARED)

    def add(self, key: Any, value: Any, *rest: Any, **named: Any) -> bool:
        home: Any = self.shared if self._is_shared(key) else super()
        return bool(home.add(key, value, *rest, **named))

    def get(self, key: Any, *rest: Any, **named: Any) -> Any:
        home: Any = self.shared if self._is_shared(key) else super()
        return home.get(key, *rest, **named)

    def set(self, key: Any, value: Any, *rest: Any, **named: Any) -> None:
        home: Any = self.shared if self._is_shared(key) else super()
        home.set(key, value, *rest, **named)

    def incr(self, key: Any, *rest: Any, **named: Any) -> int:
        home: Any = self.shared if self._is_shared(key) else super()
        return int(home.incr(key, *rest, **named))

    def delete(self, key: Any, *rest: Any, **named: Any) -> bool:
        home: Any = self.shared if self._is_shared(key) else super()
        return bool(home.delete(key, *rest, **named))

    def touch(self, key: Any, *rest: Any, **named: Any) -> bool:
        home: Any = self.shared if self._is_shared(key) else super()
        return bool(home.touch(key, *rest, **named))
