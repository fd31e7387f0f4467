# SPDX-License-Identifier: Apache-2.0
"""Millions of rows made in the database itself, for benchmarks that need a crowd. Run nothing here by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
FIRST = "小建国志文明秀玉丽春海永金桂晓红雪梅云凤德福家嘉俊子宇思雨欣佳梦雅静婷芳淑慧美兰英华中正光荣成立新长保振庆"
SECOND = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
EARLIEST = 1640995200  # 2022-01-01, the first of the moments


def say(what: str, began: float) -> None:
    print(f"    {time.monotonic() - began:6.0f} s  {what}", flush=True)


@contextmanager
def quickly() -> Iterator[None]:
    """While millions are thrown in: no checks of what points where, and nothing kept for the case of a crash."""
    from django.db import connection

    postgres = connection.vendor == "postgresql"
    before = (
        ("SET session_replication_role = replica", "SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'",
         "SET max_parallel_maintenance_workers = 2")
        if postgres
        else ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
              "PRAGMA ignore_check_constraints = ON", "PRAGMA temp_store = FILE", "PRAGMA cache_size = -1500000")
    )  # fmt: skip
    after = (
        ("SET session_replication_role = DEFAULT", "SET synchronous_commit = on")
        if postgres
        else ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", "PRAGMA ignore_check_constraints = OFF")
    )
    with connection.cursor() as cursor:
        for one in before:
            cursor.execute(one)
        yield
        for one in after:
            cursor.execute(one)
    connection.close()  # and what a connection begins with holds again


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Indexes are built again over all rows at once, in their order: many times as fast as row by row."""
    from django.db import connection

    if connection.vendor == "postgresql":
        asked = (
            "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = %s AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        )
    else:
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(asked, [table])
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        began = time.monotonic()
        for _name, sql in found:
            cursor.execute(sql)
        say(f"{len(found)} indexes of {table}", began)


def multiply(table: str, count: int, changed: dict[str, str], first: int) -> None:
    """Copies of the table's first row; `changed`: column → SQL in which {n} is the copy's number from 0 on."""
    from django.db import connection

    began = time.monotonic()
    with without_indexes(table), connection.cursor() as cursor:
        names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        values = ", ".join(changed.get(name, f'row."{name}"').replace("{n}", "copy.n") for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        if connection.vendor == "postgresql":
            numbers = f"(SELECT generate_series(0::bigint, {count - 1}) AS n)"
        else:
            numbers = (
                f"(WITH RECURSIVE one(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM one WHERE n < {count - 1}) "
                "SELECT n FROM one)"
            )
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} "
            f"FROM {table} row CROSS JOIN {numbers} copy WHERE row.id = {first}"
        )
        say(f"{count:,} rows of {table}", began)


def name_of() -> str:
    """SQL of a name by {n}: fifty surnames, a hundred thousand names in all, each shared by as many."""
    surname = f"substr('{SURNAMES}', CAST(1 + {{n}} % {len(SURNAMES)} AS integer), 1)"
    first = f"substr('{FIRST}', CAST(1 + ({{n}} / 50) % {len(FIRST)} AS integer), 1)"
    second = f"substr('{SECOND}', CAST(1 + ({{n}} / 2500) % {len(SECOND)} AS integer), 1)"
    return f"{surname} || {first} || {second}"


def moment_of(every: int) -> str:
    """SQL of a moment by {n}, so many seconds apart."""
    from django.db import connection

    seconds = f"{EARLIEST} + {{n}} * {every}"
    if connection.vendor == "postgresql":
        return f"to_timestamp({seconds})"
    return f"strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch')"


def names_into_the_full_text() -> None:
    """Every customer as `customers.indexing` would put him in, but all at once."""
    from django.db import connection

    from zuoxi.customers.indexing import KIND, document
    from zuoxi.customers.models import Customer, IndexMark

    began, known = time.monotonic(), {}
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def doc(pk: int, name: str):
        if name not in known:
            known[name] = document(Customer(pk=pk, name=name, tags=["老客户"]))
        return known[name]

    with quickly():
        if connection.vendor == "postgresql":
            _into_postgres(doc)
        else:
            _into_sqlite(doc)
    IndexMark.objects.update_or_create(kind=KIND, defaults={"upto": last})
    say("customers in the full text", began)


def _rows(read):
    read.execute("SELECT id, name FROM customers_customer ORDER BY id")
    while some := read.fetchmany(20_000):
        yield from some


def _entries() -> int:
    """The last id that is taken."""
    from zuoxi.search.models import Entry

    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _into_sqlite(doc) -> None:
    from django.db import connection

    from zuoxi.search.dialects import Fts5
    from zuoxi.search.services import _entry

    words: dict[str, tuple] = {}

    def row(pk: int, name: str) -> tuple:
        if name not in words:
            entry = _entry(doc(pk, name))
            words[name] = (entry.title, entry.body, *Fts5()._words(entry)[1:])
        return words[name]

    columns = "id, kind, ref, title, body, scopes, sound, weight"
    base = _entries()
    with without_indexes("search_entry"):
        raw = connection.connection
        names = list(_rows(raw.cursor()))
        raw.executemany(
            f"INSERT INTO search_entry ({columns}) VALUES (?, 'customer', ?, ?, ?, '[]', '', 0)",
            ((base + pk, str(pk), *row(pk, name)[:2]) for pk, name in names),
        )
        raw.executemany(
            "INSERT INTO search_words (rowid, title, body, scopes) VALUES (?, ?, ?, ?)",
            ((base + pk, *row(pk, name)[2:]) for pk, name in names),
        )
        raw.commit()


def _into_postgres(doc) -> None:
    from django.db import connection

    from zuoxi.search.dialects import SEGMENT, TsVector
    from zuoxi.search.services import _entry

    words: dict[tuple[str, int], tuple] = {}

    def row(pk: int, name: str) -> tuple:
        key = name, (base + pk) // SEGMENT
        if key not in words:
            if len(words) > 200_000:
                words.clear()
            entry = _entry(doc(pk, name))
            entry.pk = base + pk
            words[key] = entry.title, entry.body, TsVector()._vector(entry)
        return words[key]

    columns, base = "id, kind, ref, title, body, scopes, sound, weight, words", _entries()
    with without_indexes("search_entry"), connection.cursor() as read, connection.cursor() as cursor:
        names = list(_rows(read))
        with cursor.copy(f"COPY search_entry ({columns}) FROM STDIN") as copy:
            copy.set_types(["int8", "text", "text", "text", "text", "text", "text", "int2", "text"])
            for pk, name in names:
                title, body, vector = row(pk, name)
                copy.write_row((base + pk, "customer", str(pk), title, body, "[]", "", 0, vector))
