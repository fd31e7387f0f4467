# SPDX-License-Identifier: Apache-2.0
"""Very many calls in a scratch centre's database: rows of the read tables as the folds would have left them.

Written by SQLite itself, the indexes taken away before and made again behind; for `pages.py`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

TABLES = ("telephony_call", "telephony_queuevisit", "telephony_leg")
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
OFFERED = "strftime('%Y-%m-%d %H:%M:%S', {start} + CAST(i * {step} AS INTEGER), 'unixepoch')"
TAKEN = "strftime('%Y-%m-%d %H:%M:%S', {start} + CAST(i * {step} AS INTEGER) + i % 40, 'unixepoch')"
ENDED = "strftime('%Y-%m-%d %H:%M:%S', {start} + CAST(i * {step} AS INTEGER) + i % 40 + 30 + i % 500, 'unixepoch')"
AGENT = "CAST(1001 + (i * 7919 + i / 17) % {agents} AS TEXT)"
QUEUE = "CASE i % 4 WHEN 0 THEN 'sales' WHEN 1 THEN 'care' WHEN 2 THEN 'vip' ELSE 'after' END"
LOST = "(i % 20 = 0)"

CALLS = f"""INSERT INTO telephony_call (id, uid, switch, direction, caller, called, queue, agent, offered_at,
 answered_at, ended_at, outcome, wait_seconds, talk_seconds, hold_seconds, ended_by, survey_score,
 diverted_to, doubts, applied_through) {NUMBERS} SELECT i, printf('bench-1/%010d', i), 'lab', 'inbound',
 CAST(13800000000 + (i * 7907) % 3000000 AS TEXT), '4008001', {QUEUE}, CASE WHEN {LOST} THEN '' ELSE {AGENT} END,
 {OFFERED}, CASE WHEN {LOST} THEN NULL ELSE {TAKEN} END, {ENDED},
 CASE WHEN {LOST} THEN 'abandoned' ELSE 'answered' END, i % 40, CASE WHEN {LOST} THEN NULL ELSE 30 + i % 500 END,
 CASE WHEN {LOST} THEN NULL ELSE 0 END, CASE WHEN {LOST} THEN '' ELSE 'caller' END, NULL, '', '', i FROM n"""
VISITS = f"""INSERT INTO telephony_queuevisit (call_id, seq, queue, agent, entered_at, left_at, outcome, position,
 wait_seconds, talk_seconds, hold_seconds, ended_by) {NUMBERS} SELECT i, 1, {QUEUE},
 CASE WHEN {LOST} THEN '' ELSE {AGENT} END, {OFFERED}, {TAKEN}, CASE WHEN {LOST} THEN 'abandoned' ELSE 'answered' END,
 1, i % 40, CASE WHEN {LOST} THEN NULL ELSE 30 + i % 500 END, 0, '' FROM n"""
LEGS = f"""INSERT INTO telephony_leg (call_id, seq, agent, kind, queue, from_at, to_at, ring_seconds, talk_seconds,
 hold_seconds) {NUMBERS} SELECT i, 1, {AGENT}, 'answered', {QUEUE}, {TAKEN}, {ENDED}, 5, 30 + i % 500, 0 FROM n
 WHERE NOT {LOST}"""

PASSED_ON = f"""INSERT INTO telephony_leg (call_id, seq, agent, kind, queue, from_at, to_at, ring_seconds, talk_seconds,
 hold_seconds, aside_at) {NUMBERS} SELECT i, 2, CAST(1001 + (i * 104729 + i / 13) % {{agents}} AS TEXT), 'transferred',
 '', {ENDED}, {ENDED}, 5, 30, 0, {OFFERED} FROM n WHERE i % 25 = 3
 AND (i * 104729 + i / 13) % {{agents}} <> (i * 7919 + i / 17) % {{agents}}"""
"""One call in twenty-five has a second agent."""


def with_the_rest(db: sqlite3.Connection, table: str, text: str) -> str:
    """The statement with every further column that must not be empty: nought, or an empty list or word."""
    known = {name.strip() for name in text.partition("(")[2].partition(")")[0].split(",")}
    (made,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    for _number, name, kind, must, _default, key in db.execute(f"PRAGMA table_info({table})").fetchall():
        if must and not key and name not in known:
            empty = "'[]'" if f'JSON_VALID("{name}")' in made else "0" if "int" in kind or "bool" in kind else "''"
            head, _, tail = text.partition(")")
            text = f"{head}, {name}){tail}".replace(" FROM n", f", {empty} FROM n", 2).replace(
                f", {empty} FROM n WHERE i <", " FROM n WHERE i <", 1
            )
    return text


def make(database: Path, calls: int, agents: int, days: int, until: datetime) -> None:
    """Calls spread evenly over the days before `until`; one in twenty is lost. Everything known before goes."""
    start = int((until - timedelta(days=days)).timestamp())
    words = {"first": 1, "last": calls, "start": start, "step": days * 86_400 / calls, "agents": agents}
    with sqlite3.connect(database, isolation_level=None) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-600000")
        marks = ", ".join("?" * len(TABLES))
        kept = db.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
            TABLES,
        ).fetchall()
        for table in TABLES:
            db.execute(f"DELETE FROM {table}")
        for name, _sql in kept:
            db.execute(f'DROP INDEX "{name}"')
        db.execute("BEGIN")
        for table, text in zip((*TABLES, TABLES[-1]), (CALLS, VISITS, LEGS, PASSED_ON), strict=True):
            db.execute(with_the_rest(db, table, text.format(**words)))
        db.execute("COMMIT")
        for _name, sql in kept:
            db.execute(sql)
        db.execute("PRAGMA journal_mode=WAL")
    db.close()
