# SPDX-License-Identifier: Apache-2.0
"""A long import writes in a second process: the same rows, and whoever of the two is killed, nothing is half there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from zuoxi.events import scribe
from zuoxi.telephony.simulator.centre import demo_centre
from zuoxi.telephony.simulator.queue_log import queue_log_lines

TABLES = {
    "events_event": "key, kind, at, subject, party, data",
    "telephony_call": "uid, queue, agent, offered_at, answered_at, ended_at, outcome, wait_seconds, talk_seconds",
    "telephony_queuevisit": "seq, queue, agent, entered_at, left_at, outcome, wait_seconds, talk_seconds",
    "telephony_leg": "seq, agent, kind, queue, from_at, to_at, ring_seconds, talk_seconds, hold_seconds",
    "telephony_attempt": "seq, agent, queue, at, ring_seconds",
    "telephony_stateinterval": "agent, state, reason, direction, cause, queues, subject, from_at, to_at",
    "telephony_unknownwindow": "switch, from_at, to_at, why",
}
# Batches of 300 lines, handed over in small pieces, and a moment between them in which somebody may be killed.
IMPORT = """
    import os, sys, time
    import django
    django.setup()
    from pathlib import Path
    from zuoxi.events import scribe, services
    from zuoxi.telephony import ingest, projections
    from zuoxi.telephony.imports import queue_log_file

    how, pause = sys.argv[2], float(sys.argv[3])
    queue_log_file.BATCH = 300
    services._AT_ONCE, projections.WRITTEN_AT_ONCE = 70, 20
    if how == "alone":
        os.sched_getaffinity = lambda pid: {0}
    else:
        os.sched_getaffinity = lambda pid: {0, 1}

    def watch(done, of):
        second = scribe.present()
        print(second.pid if second else 0, flush=True)
        time.sleep(pause)

    queue_log_file.QueueLogImport(Path(sys.argv[1]), switch="lab", dry_run=False, watch=watch).run()
"""


@pytest.fixture
def home(tmp_path, transactional_db):
    """A home with tables and a queue log of some hours; SQLite in a file, which a second process can open."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL writes in processes of its own")
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "zuoxi.sqlite3") as copy:
        connection.connection.backup(copy)
    copy.close()
    lines = list(queue_log_lines(demo_centre(3, 20, calls=400), date(2026, 3, 4)))
    (tmp_path / "queue_log").write_text("".join(lines[:4000]))
    return tmp_path


def importing(home, how="two hands", pause=0.0):
    env = os.environ | {
        "ZUOXI_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "zuoxi.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    env.pop("ZUOXI_DATABASE_URL", None)
    words = [sys.executable, "-c", textwrap.dedent(IMPORT), str(home / "queue_log"), how, str(pause)]
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows_of(home):
    with sqlite3.connect(home / "zuoxi.sqlite3") as db:
        found = {
            table: sorted(map(repr, db.execute(f"SELECT {names} FROM {table}"))) for table, names in TABLES.items()
        }
    db.close()
    return found


def emptied(home):
    with sqlite3.connect(home / "zuoxi.sqlite3") as db:
        for table in TABLES:
            db.execute(f"DELETE FROM {table}")
    db.close()


def through(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-2000:]
    return out.split()


@pytest.mark.slow
def test_two_hands_leave_the_same_rows_and_a_killed_one_leaves_nothing_half_done(home):
    assert set(through(importing(home, "alone"))) == {"0"}
    expected = rows_of(home)
    assert len(expected["telephony_call"]) > 100
    emptied(home)

    seconds = set(through(importing(home)))
    assert len(seconds) == 1 and "0" not in seconds
    assert rows_of(home) == expected
    emptied(home)

    first = importing(home, pause=0.3)
    pid = int([first.stdout.readline() for _ in range(3)][-1])
    first.kill()
    first.communicate()
    ended(pid)
    held = rows_of(home)
    assert 0 < len(held["events_event"]) < len(expected["events_event"])
    assert with_nothing_half_done(home)

    second = importing(home, pause=0.3)
    pid = int([second.stdout.readline() for _ in range(3)][-1])
    os.kill(pid, signal.SIGKILL)
    _out, err = second.communicate(timeout=60)
    assert second.returncode == 1 and "ScribeFailed" in err
    assert len(held["events_event"]) <= len(rows_of(home)["events_event"]) < len(expected["events_event"])
    assert with_nothing_half_done(home)

    through(importing(home))
    assert rows_of(home) == expected


def ended(pid):
    """The second process finds out by itself that it is alone."""
    edge = time.monotonic() + 10
    while time.monotonic() < edge:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the second process stayed")


def with_nothing_half_done(home):
    """Every call of the ledger stands in the tables as far as the ledger goes, and the position says so."""
    with sqlite3.connect(home / "zuoxi.sqlite3") as db:
        [(last,)] = db.execute("SELECT MAX(id) FROM events_event")
        [(count,)] = db.execute("SELECT COUNT(*) FROM events_event")
        [(through_,)] = db.execute("SELECT applied_through FROM events_foldposition WHERE name = 'telephony:lab'")
        ledger = set(db.execute("SELECT subject, MAX(id) FROM events_event WHERE subject <> '' GROUP BY subject"))
        calls = set(db.execute("SELECT uid, applied_through FROM telephony_call"))
    db.close()
    return last == count == through_ and ledger == calls


@pytest.mark.once
def test_a_fault_of_writing_is_raised_by_the_next_question_and_nothing_of_the_batch_stays(tmp_path):
    path = tmp_path / "some.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE events_event (id INTEGER PRIMARY KEY, key BLOB UNIQUE)")
    db.close()
    one = scribe.Scribe(str(path), "PRAGMA journal_mode=WAL")
    try:
        assert one.begin([b"a" * 16]) == (set(), 0)
        one.many("INSERT INTO events_event VALUES (?, ?)", [(1, b"a" * 16)])
        one.commit()
        assert one.begin([b"a" * 16, b"b" * 16]) == ({b"a" * 16}, 1)
        one.many("INSERT INTO events_event VALUES (?, ?)", [(2, b"b" * 16), (3, b"a" * 16)])
        one.commit()
        with pytest.raises(scribe.ScribeFailed, match="UNIQUE"):
            one.settle()
        assert one.begin([b"b" * 16]) == (set(), 1)  # and it goes on
        one.give_up()
        one.many("INSERT INTO events_event VALUES (?, ?)", [(2, b"b" * 16)])
        with pytest.raises(scribe.ScribeFailed, match="nothing was begun"):
            one.settle()
    finally:
        one.close()


@pytest.mark.once
def test_many_keys_are_looked_for_in_their_stretch_and_one_by_one_where_it_is_crowded(tmp_path):
    keys = [number.to_bytes(4, "big") + b"k" * 12 for number in range(4000)]
    with sqlite3.connect(tmp_path / "some.sqlite3") as db:
        db.execute("CREATE TABLE events_event (id INTEGER PRIMARY KEY, key BLOB UNIQUE)")
        db.executemany("INSERT INTO events_event (key) VALUES (?)", [(key,) for key in keys[::2]])

        def ask(text, values):
            return db.execute(text, values).fetchall()

        wanted = keys[:1000]
        assert scribe.known_keys(ask, wanted) == set(wanted[::2])
        sparse = [keys[0], *(number.to_bytes(4, "big") + b"z" * 12 for number in range(1, 950)), keys[3998]]
        assert scribe.known_keys(ask, sparse) == {keys[0], keys[3998]}
    db.close()
