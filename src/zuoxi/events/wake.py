# SPDX-License-Identifier: Apache-2.0
"""Knowing that the ledger has grown: LISTEN/NOTIFY on PostgreSQL, PRAGMA data_version on SQLite."""

from __future__ import annotations

import time
from typing import Any, Protocol

import structlog
from django.db import connection

log = structlog.get_logger(__name__)
CHANNEL = "zuoxi_events"
TICK = 0.05
UNASKED = 1.0  # seconds after which the ledger is read even if nothing woke us


class Alarm(Protocol):
    """Waits in the tail's thread; `wait` returns when there may be something to read."""

    def wait(self) -> None: ...

    def close(self) -> None: ...


class DataVersion:
    """SQLite: the number changes when another connection has committed (not within a shared cache)."""

    def __init__(self) -> None:
        self._seen = self._version()

    def _version(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])

    def wait(self) -> None:
        until = time.monotonic() + UNASKED
        while time.monotonic() < until:
            time.sleep(TICK)
            version = self._version()
            if version != self._seen:
                self._seen = version
                return

    def close(self) -> None:
        connection.close()


class Notified:
    """PostgreSQL: a connection of its own that listens; made again when it breaks."""

    def __init__(self) -> None:
        self._listening: Any = None

    def _listen(self) -> Any:
        import psycopg

        kept = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "options", "service")
        parameters = {k: v for k, v in connection.get_connection_params().items() if k in kept}
        listening = psycopg.connect(autocommit=True, application_name="zuoxi relay", **parameters)
        listening.execute(f"LISTEN {CHANNEL}")
        return listening

    def wait(self) -> None:
        """May raise `psycopg.Error`; the next call listens anew."""
        try:
            if self._listening is None:
                self._listening = self._listen()
                return  # what came before we listened is read at once
            for _ in self._listening.notifies(timeout=UNASKED, stop_after=1):
                pass
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.close()


def alarm() -> Alarm:
    """The alarm that fits this database; make it in the thread that will wait."""
    return Notified() if connection.vendor == "postgresql" else DataVersion()
