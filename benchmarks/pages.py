# SPDX-License-Identifier: Apache-2.0
"""What the live pages cost: CPU and questions a page, and 200 viewers of one floor on one process.

    python benchmarks/pages.py [--agents 500] [--visits 20000] [--viewers 200] [--seconds 20] [--changes 20]
        [--calls 0] [--days 60]

A scratch centre is made in a temporary folder. First each page is asked for 20 times in one thread: CPU milliseconds,
database questions and size, once with 50 agents and once with all of them (their ratio says how a page grows). With
`--calls N` once more over so many calls of so many days, with the questions that walk through a whole table of calls
(there should be none), and the CPU beside that of a page of one question under the same server. Then the program is
started as it is served, viewers open the floor's stream, and agents change state at the given rate: seconds from commit
to arrival at the last viewer, and the server's CPU with one viewer and with all of them (their ratio says what a viewer
costs); `--viewers 0` leaves this out. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import live_floor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(Path(__file__).resolve().parent)]
PAGES = ("/floor/", "/floor/?view=teams", "/desk/", "/wall/live/", "/calls/")
MANY = (
    "/floor/",
    "/desk/",
    "/calls/",
    "/calls/?when=30d",
    "/calls/?when=all",
    "/calls/?when=30d&agent=1001",
    "/calls/?when=all&agent=1001",
    "/figures/agents/1001/",
    "/figures/mine/",
)
OWN = ("/desk/", "/figures/mine/")
LEADS = ("/calls/", "/calls/?when=30d", "/floor/")


def set_up(home: str) -> None:
    os.environ |= {"ZUOXI_HOME": home, "DJANGO_SETTINGS_MODULE": "zuoxi.config.settings"}
    os.environ.pop("ZUOXI_DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def populate(first: int, count: int, visits: int) -> None:
    """Agents `first`…, ten a team, all signed in and ready; waits of today spread over four queues."""
    from django.utils import timezone

    from zuoxi.people.models import Assignment, Position, Staff, User
    from zuoxi.telephony.models import QueueMembership, QueueVisit
    from zuoxi.telephony.tests import factories as make

    now = timezone.now()
    queues = [make.queue(code) for code in ("sales", "care", "vip", "after")]
    make.person("8001", "DIR")
    position = Position.objects.get_or_create(code="TSR", defaults={"name_zh": "座席", "name_en": "Agent"})[0]
    teams = [make.team(f"t{first}-{n}") for n in range(count // 10)]
    users = User.objects.bulk_create([User(username=str(first + n)) for n in range(count)])
    staff = Staff.objects.bulk_create(
        [Staff(code=str(first + n), name=f"座席{n}", user=users[n]) for n in range(count)]
    )
    posts = [
        Assignment(staff=one, position=position, team=teams[n // 10], from_on=now.date()) for n, one in enumerate(staff)
    ]
    Assignment.objects.bulk_create(posts)
    QueueMembership.objects.bulk_create(
        [QueueMembership(queue=queues[n % 4], staff=one) for n, one in enumerate(staff)]
    )
    live_floor.switch().store(
        [live_floor.fact("member.added", one.code, n + first * 1000, queue="sales") for n, one in enumerate(staff)]
    )
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    step = (now - start) / max(1, visits)
    QueueVisit.objects.bulk_create(
        [
            QueueVisit(
                call_id=first * 1_000_000 + n,
                seq=1,
                queue=queues[n % 4].code,
                entered_at=start + n * step,
                outcome="abandoned" if n % 20 == 0 else "answered",
                wait_seconds=n % 40,
            )
            for n in range(visits)
        ],
        batch_size=2000,
    )


def client_of(code: str) -> Any:
    from django.test import Client

    from zuoxi.people.models import User

    client = Client()
    client.force_login(User.objects.get(username=code), backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure_pages(agent: str) -> dict[str, dict[str, float]]:
    from django.db import connection

    from zuoxi.floor import keeper

    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    keeper.begin_anew()
    found = {}
    for path in PAGES:
        client = client_of(agent if path == "/desk/" else "8001")
        body = client.get(path)
        assert body.status_code == 200, (path, body.status_code)
        asked.clear()
        with connection.execute_wrapper(note):
            client.get(path)
        began = time.process_time()
        for _ in range(20):
            client.get(path)
        spent = (time.process_time() - began) / 20
        found[path] = {"cpu_ms": round(spent * 1000, 1), "queries": len(asked), "kib": round(len(body.content) / 1024)}
    return found


def bench_urls() -> Any:
    """The program's addresses, and a page of one question for whoever is signed in, bare and in the frame."""
    from types import ModuleType

    from django.http import HttpResponse
    from django.template import engines
    from django.urls import include, path

    from zuoxi.people.models import Position
    from zuoxi.web.access import signed_in

    @signed_in
    def one(request: Any) -> Any:
        return HttpResponse("\n".join(Position.objects.values_list("name_zh", flat=True)))

    frame = engines["django"].from_string(
        "{% extends 'web/base.html' %}{% block content %}{{ names|join:', ' }}{% endblock %}"
    )

    @signed_in
    def framed(request: Any) -> Any:
        return HttpResponse(frame.render({"names": Position.objects.values_list("name_zh", flat=True)}, request))

    module = ModuleType("bench_urls")
    own = [path("bench/one/", one), path("bench/framed/", framed)]
    module.urlpatterns = [*own, path("", include("zuoxi.config.urls"))]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = module
    return module


def load_week(now: Any) -> None:
    """The warehouse's days that a report of this week asks for, as the nightly job would have loaded them."""
    from datetime import timedelta

    from zuoxi.reporting.loading import load_day
    from zuoxi.reporting.selectors import site_zone
    from zuoxi.reporting.shelves import Shelves

    held = Shelves.open()
    for back in range(1, 8):
        day = (now - timedelta(days=back)).date()
        folder = held.new_folder(day)
        load_day(day, folder, site_zone(), now)
        held.put(day, folder)
    held.save()


def measure_many(leader: str, agent: str) -> dict[str, Any]:
    """Each page's CPU, its questions and those of them that walk through a table of calls, by who asks."""
    from django.db import connection
    from django.test import override_settings

    from zuoxi.floor import keeper

    keeper.begin_anew()
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    def spent(client: Any, path: str, times: int) -> float:
        began = time.process_time()
        for _ in range(times):
            client.get(path)
        return (time.process_time() - began) / times * 1000

    found: dict[str, Any] = {}
    with override_settings(ROOT_URLCONF=bench_urls().__name__):
        one = client_of(agent)
        assert one.get("/bench/one/").status_code == 200
        single = min(spent(one, "/bench/one/", 20) for _ in range(3))
        framed = min(spent(one, "/bench/framed/", 20) for _ in range(3))
        who = [(agent if path in OWN else "8001", path) for path in MANY] + [(leader, path) for path in LEADS]
        for code, path in who:
            client = client_of(code)
            body = client.get(path)
            assert body.status_code == 200, (path, code, body.status_code)
            asked.clear()
            with connection.execute_wrapper(note):
                client.get(path)
            questions = list(asked)
            cpu = min(spent(client, path, 5) for _ in range(3))
            found[f"{path} by {code}"] = {
                "cpu_ms": round(cpu, 1),
                "times_one_question": round(cpu / framed, 1),
                "times_one_question_without_frame": round(cpu / single, 1),
                "queries": len(questions),
                "walks": walks(questions),
                "kib": round(len(body.content) / 1024),
            }
    held = {"one_question_cpu_ms": round(framed, 2), "one_question_without_frame_cpu_ms": round(single, 2)}
    return held | {"pages": found}


def walks(questions: list[tuple[str, Any]]) -> list[str]:
    """Questions in which SQLite goes through every row of a table of calls, by its own plan."""
    from django.db import connection

    walking = []
    for sql, params in questions:
        if not sql.lstrip().upper().startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = [str(row[3]) for row in cursor.fetchall()]
        bad = [line for line in plan if line.startswith("SCAN telephony_") and "queue " not in f"{line} "]
        bad = [
            line for line in bad if line.split()[1] in {f"telephony_{name}" for name in ("call", "queuevisit", "leg")}
        ]
        if not re.search(r"LIMIT \d+(\) subquery)?$", sql):  # a walk that ends after a page, or a bounded count
            walking += [f"{line}: {sql[:160]}" for line in bad]
    return walking


def with_many_calls(options: argparse.Namespace, home: str) -> dict[str, Any]:
    """The pages again, over very many calls."""
    import many_calls
    from django.db import connection
    from django.utils import timezone

    from zuoxi.people.models import Assignment, Position, Staff, Team

    now = timezone.now()
    leads = Position.objects.get_or_create(code="TSRL", defaults={"name_zh": "组长", "name_en": "Leader"})[0]
    staff = Staff.objects.get(code="1010")
    Assignment.objects.filter(staff=staff).delete()
    team = Team.objects.get(pk=Assignment.objects.get(staff__code="1001").team_id)
    Assignment.objects.create(staff=staff, position=leads, team=team, from_on=now.date())
    connection.close()
    began = time.perf_counter()
    many_calls.make(Path(home) / "zuoxi.sqlite3", options.calls, options.agents, options.days, now)
    made = time.perf_counter() - began
    load_week(now)
    loaded = time.perf_counter() - began - made
    return {
        "calls": options.calls,
        "made_in_s": round(made),
        "warehouse_week_loaded_in_s": round(loaded),
        "database_gib": round((Path(home) / "zuoxi.sqlite3").stat().st_size / 2**30, 1),
    } | measure_many("1010", "1001")


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, value in (
        ("agents", 500),
        ("visits", 20_000),
        ("viewers", 200),
        ("seconds", 20),
        ("changes", 20),
        ("calls", 0),
        ("days", 60),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        populate(1001, 50, options.visits // 10)
        few = measure_pages("1001")
        populate(1051, options.agents - 50, options.visits - options.visits // 10)
        many = measure_pages("1001")
        over_many = with_many_calls(options, home) if options.calls else {}
        if not options.viewers:
            print(json.dumps({"pages": many, "over_many_calls": over_many}))
            return
        process, port = live_floor.serve()
        manager = client_of("8001")
        try:
            one = asyncio.run(live_floor.watch(manager, port, process.pid, 1, options, 1))
            all_ = asyncio.run(live_floor.watch(manager, port, process.pid, options.viewers, options, 500_000))
        finally:
            process.terminate()
            process.wait(10)
    growth = {path: round(many[path]["cpu_ms"] / few[path]["cpu_ms"], 2) for path in PAGES}
    extra = (all_["server_cpu_s"] - one["server_cpu_s"]) / max(1, options.viewers - 1)
    print(
        json.dumps(
            {
                "pages": many,
                "growth_50_to_all": growth,
                "over_many_calls": over_many,
                "one_viewer": one,
                "all_viewers": all_,
                "cpu_ratio_all_to_one": round(all_["server_cpu_s"] / max(0.01, one["server_cpu_s"]), 2),
                "cpu_ms_a_viewer_a_minute": round(extra / options.seconds * 60 * 1000, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
