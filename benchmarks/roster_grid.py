# SPDX-License-Identifier: Apache-2.0
"""The roster board of 500 people × 31 days: the server's time against a page of one query, queries, bytes; and the
first paint in a real Chromium.

    python benchmarks/roster_grid.py [--people 500] [--rounds 5] [--no-browser]

Everything happens in a database of its own that is thrown away. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import zlib
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
MONTH = date(2026, 12, 1)


def settle(people_wanted: int) -> Any:
    """People in ten teams with a whole month, and the planner's sign-in."""
    from zuoxi.people import services as people
    from zuoxi.people.models import Assignment, Position, Staff
    from zuoxi.policy.selectors import site_handbook
    from zuoxi.workforce.demo import _row
    from zuoxi.workforce.models import Roster, ShiftAssignment

    people.load_positions()
    project = people.ensure_project("p", "项目", "Project")
    teams = [people.ensure_team(f"T{number:02}", f"第{number}组", f"Team {number}", project) for number in range(10)]
    posts = {one.code: one for one in Position.objects.all()}
    place = people.Placement(posts["ODM"], project=project)
    planner = people.hire("8002", "编排人", [place], date(2025, 1, 1), status="active")
    user = people.create_user_for(planner, must_change=False)
    staff = Staff.objects.bulk_create(
        [Staff(code=f"{1000 + n}", name=f"员工{n}", status="active") for n in range(people_wanted)]
    )
    Assignment.objects.bulk_create(
        [
            Assignment(staff=one, position=posts["TSR"], team=teams[n % 10], from_on=date(2025, 1, 1))
            for n, one in enumerate(staff)
        ]
    )
    rosters = [Roster.objects.create(month=MONTH, project=project, team=team) for team in teams]
    handbook, codes = site_handbook(), "EEMMLLRRNF"
    ShiftAssignment.objects.bulk_create(
        [
            _row(
                handbook,
                rosters[n % 10],
                one.pk,
                day=MONTH + timedelta(days=step),
                code=codes[(n + step) % 10],
                seat="",
            )
            for n, one in enumerate(staff)
            for step in range(31)
        ],
        batch_size=2000,
    )
    return user


def server_side(user: Any, rounds: int) -> dict[str, Any]:
    """Median seconds of the board and of a page with one query, in turns; queries and bytes of the board."""
    from django.db import connection
    from django.http import HttpResponse
    from django.test import Client, RequestFactory

    from zuoxi.people.models import Staff

    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    address = f"/rosters/board/{MONTH:%Y-%m}/"
    client.get(address)
    asked = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        body = client.get(address).content
    boards, work, singles = [], [], []
    for _round in range(rounds):
        started, worked = time.perf_counter(), time.process_time()
        client.get(address)
        boards.append(time.perf_counter() - started)
        work.append(time.process_time() - worked)
        worked = time.process_time()
        RequestFactory().get("/")
        HttpResponse("\n".join(Staff.objects.values_list("name", flat=True)))
        singles.append(time.process_time() - worked)
    return {
        "board_seconds": round(median(boards), 3),
        "board_cpu_seconds": round(median(work), 3),
        "one_query_cpu_seconds": round(median(singles), 4),
        "ratio": round(median(work) / median(singles), 1),
        "queries": asked,
        "bytes": len(body),
        "bytes_compressed": len(zlib.compress(body, 6)),
    }


def in_the_browser(user: Any) -> dict[str, Any]:
    """First paint, whole layout and the answer to one typed cell, in Chromium."""
    import uvicorn
    from django.test import Client
    from playwright.sync_api import sync_playwright
    from tests.browser import chromium

    from zuoxi.config.asgi import application

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    server = uvicorn.Server(
        uvicorn.Config(application, "127.0.0.1", 18439, log_level="error", ws="none", lifespan="off")
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    found, origin = chromium.find(), "http://127.0.0.1:18439"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, env={**os.environ, **found.env}, args=["--no-sandbox"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=origin)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": origin}])
        page = context.new_page()
        page.goto(f"/rosters/board/{MONTH:%Y-%m}/")
        page.goto(f"/rosters/board/{MONTH:%Y-%m}/")
        page.wait_for_selector("#roster[data-ready]")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        whole = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
        page.click("tr[data-s] td")
        keys = []
        for _step in range(20):
            started = time.perf_counter()
            page.keyboard.press("ArrowRight")
            page.evaluate("new Promise(done => requestAnimationFrame(() => done()))")
            keys.append(time.perf_counter() - started)
        page.keyboard.type("L")
        started = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector("#roster-state[data-tone='good']")
        answered = time.perf_counter() - started
        browser.close()
    server.should_exit = True
    return {
        "first_paint_ms": round(paint),
        "complete_ms": round(whole),
        "arrow_key_ms": round(median(keys) * 1000),
        "typed_cell_answered_ms": round(answered * 1000),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"ZUOXI_HOME": home, "DJANGO_SETTINGS_MODULE": "zuoxi.config.settings"}
        os.environ.setdefault("ZUOXI_SECRET_KEY", "only-for-a-benchmark" * 3)
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["*"]
        call_command("migrate", verbosity=0)
        user = settle(asked.people)
        result = {"people": asked.people, "days": 31} | server_side(user, asked.rounds)
        if not asked.no_browser:
            result |= in_the_browser(user)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
