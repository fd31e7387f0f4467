# SPDX-License-Identifier: Apache-2.0
"""What every test begins with."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _handbook_of_the_pack(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without a site's amendments; one without a database cannot look for any. A test looks once: on
    a slow machine the next look would fall into a page whose questions to the database are being counted."""
    from zuoxi.policy import site

    site.forget()
    monkeypatch.setattr(site, "_CHECK_EVERY", float("inf"))
    if not {"db", "transactional_db", "django_db_setup"} & set(request.fixturenames):
        monkeypatch.setattr(site, "_version", lambda: 0)


@pytest.fixture(autouse=True)
def _house_language() -> Iterator[None]:
    """A page that was asked for in English leaves its language in the thread; the next test begins in the house's."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_listed_once() -> Iterator[None]:
    """Every test client has middleware of its own, and each would walk through all static files anew."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    listed: dict[str, Any] = {}
    walk = WhiteNoiseMiddleware.add_files_from_finders

    def once(self: WhiteNoiseMiddleware) -> None:
        if not listed:
            walk(self)
            listed.update(self.files)
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _ledgers_are_emptied_after_a_test() -> Iterator[None]:
    """A test without a transaction of its own ends with empty tables; on SQLite a guarded ledger would refuse that."""
    from django.db import connection

    if connection.vendor != "sqlite":  # PostgreSQL empties its tables without asking the guards
        yield
        return
    from django.db.backends.sqlite3.operations import DatabaseOperations

    from zuoxi.orders import guards

    plain = DatabaseOperations.sql_flush

    def unguarded(self: DatabaseOperations, style: Any, tables: Any, **more: Any) -> list[str]:
        lifted, put_back = guards.sqlite_deletions()
        known = set(guards.LEDGERS) <= set(tables)
        return (
            [*lifted, *plain(self, style, tables, **more), *put_back] if known else plain(self, style, tables, **more)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", unguarded)
        yield
