# SPDX-License-Identifier: Apache-2.0
"""Background work is done once, whoever dies."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from zuoxi.jobs import registry, running, selectors, services
from zuoxi.jobs.models import Job, Schedule
from zuoxi.jobs.running import Cancelled, GiveUp, Run, Worker, run_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks():
    """Register tasks for one test: `tasks("name", work, attempts=…)`."""
    registry.load()
    before = dict(registry._tasks)

    def add(name, work, **options):
        registry.task(name, name, **options)(work)
        return name

    yield add
    registry._tasks.clear()
    registry._tasks.update(before)


def test_a_job_runs_once_and_keeps_its_result(tasks):
    tasks("t.add", lambda run, a, b: {"sum": a + b})
    job = services.enqueue("t.add", a=1, b=2)
    assert run_all() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"sum": 3}, 1)
    assert run_all() == 0


def test_a_job_of_a_transaction_that_is_undone_does_not_exist(tasks):
    tasks("t.noop", lambda run: None)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.enqueue("t.noop")
        raise ZeroDivisionError
    assert Job.objects.count() == 0


def test_a_task_that_nobody_knows_is_refused_when_it_is_asked_for():
    with pytest.raises(registry.UnknownTask):
        services.enqueue("t.nowhere")


def test_a_failing_job_waits_longer_each_time_and_gives_up_at_last(tasks):
    def breaks(run):
        raise OSError("gateway away")

    tasks("t.breaks", breaks, attempts=3, pause=10)
    job = services.enqueue("t.breaks")
    waits = []
    for _ in range(3):
        Job.objects.update(run_at=timezone.now())
        before = timezone.now()
        run_all()
        job.refresh_from_db()
        waits.append(round((job.run_at - before).total_seconds()))
    assert (job.state, job.attempts, waits[:2]) == ("failed", 3, [10, 20])
    assert "gateway away" in job.error


def test_a_job_that_cannot_succeed_is_not_tried_again(tasks):
    def gives_up(run):
        raise GiveUp("no such number")

    tasks("t.gives_up", gives_up)
    job = services.enqueue("t.gives_up")
    run_all()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("failed", 1, "no such number")


def test_jobs_with_one_key_never_run_together(tasks):
    tasks("t.noop", lambda run: None)
    services.enqueue("t.noop", key="pay-run")
    services.enqueue("t.noop", key="pay-run")
    services.enqueue("t.noop")
    now = timezone.now()
    first, second = services.claim("a", now), services.claim("b", now)
    assert (first[0].key, second[0].key) == ("pay-run", "")
    assert services.claim("c", now) is None
    services.end(first[0], "done")
    assert services.claim("c", now)[0].key == "pay-run"


def test_a_silent_worker_loses_its_job_and_cannot_write_to_it_any_more(tasks):
    tasks("t.noop", lambda run: None, lease=30)
    services.enqueue("t.noop")
    now = timezone.now()
    mine, _ = services.claim("a", now)
    assert services.claim("b", now + timedelta(seconds=29)) is None
    theirs, _ = services.claim("b", now + timedelta(seconds=31))
    assert (theirs.pk, theirs.attempts) == (mine.pk, 2)
    assert not services.end(mine, "done")
    assert not services.renew(mine, 30)
    assert services.end(theirs, "done")


def test_a_job_whose_worker_dies_each_time_fails_in_the_end(tasks):
    tasks("t.kills", lambda run: None, attempts=2, lease=1)
    job = services.enqueue("t.kills")
    now = timezone.now()
    for turn in range(2):
        assert services.claim("w", now + timedelta(seconds=10 * turn))
    assert services.claim("w", now + timedelta(seconds=60)) is None
    job.refresh_from_db()
    assert job.state == "failed"


def test_progress_is_written_and_an_asked_for_end_is_heard(tasks):
    seen = []

    def counts(run: Run):
        run.progress(3, 10, "a third")
        seen.append(Job.objects.values_list("done", "total", "message").get())
        services.cancel(run.job.pk)
        time.sleep(0.25)
        run.progress(4, 10)
        raise AssertionError("not reached")

    tasks("t.counts", counts)
    job = services.enqueue("t.counts")
    run_all()
    job.refresh_from_db()
    assert (seen, job.state) == ([(3, 10, "a third")], "cancelled")


def test_a_waiting_job_that_is_cancelled_never_runs(tasks):
    tasks("t.noop", lambda run: None)
    job = services.enqueue("t.noop")
    assert services.cancel(job.pk)
    assert run_all() == 0
    assert not services.cancel(job.pk)
    assert services.retry(job.pk)
    assert run_all() == 1


def test_a_worker_that_stops_gives_its_job_back_uncounted(tasks):
    worker = Worker("w")

    def works(run: Run):
        worker.stop()
        run.progress(1, 2)

    tasks("t.works", works)
    job = services.enqueue("t.works")
    worker.run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)


def test_a_schedule_begins_each_time_once_and_makes_up_for_many_missed_ones_once(tasks):
    services.watch_schedules()
    row = Schedule.objects.get(name="jobs.clear")
    assert row.next_at.astimezone(timezone.get_default_timezone()).hour == 3
    later = row.next_at + timedelta(days=5, minutes=1)
    assert [job.task for job in services.begin_due(later)].count("jobs.clear") == 1
    assert services.begin_due(later) == []
    Schedule.objects.update(enabled=False)
    assert services.begin_due(later + timedelta(days=2)) == []


def test_what_is_done_at_the_start_is_asked_for_once_by_several_workers(tasks):
    services.watch_schedules()
    services.begin_at_start()
    services.begin_at_start()
    assert Job.objects.filter(task="reporting.warehouse").count() == 1
    Schedule.objects.update(enabled=False)
    Job.objects.all().delete()
    services.begin_at_start()
    assert Job.objects.count() == 0


def test_cron_times_are_the_sites():
    at = services.next_time("0 10 * * *", datetime(2026, 11, 20, 1, 59, tzinfo=UTC))
    assert at.astimezone(UTC) == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_a_run_hears_that_it_is_cancelled_though_it_reports_often(tasks):
    tasks("t.noop", lambda run: None)
    services.enqueue("t.noop")
    job, task = services.claim("w", timezone.now())
    run = Run(job, task)
    services.cancel(job.pk)
    with pytest.raises(Cancelled):
        run.progress(5, 5)


def test_the_list_and_the_job_open_for_those_who_may(client, tasks):
    from zuoxi.telephony.tests import factories

    job = services.enqueue("jobs.rest", seconds=0)
    client.force_login(factories.user("9001", "IT"))
    assert client.get("/jobs/").status_code == 200
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    told = client.get(f"/jobs/{job.pk}/progress/").json()
    assert told == {
        "state": "waiting", "done": 0, "total": None, "message": "", "result_url": "",
        "remaining": None, "silent": False,
    }  # fmt: skip
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    client.force_login(factories.user("1001", "TSR"))
    assert client.get("/jobs/").status_code == 403
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_the_work_is_finished(tmp_path):
    """A real process, killed without warning; another takes the job over when the lease has run out."""
    place = {**os.environ, "ZUOXI_HOME": str(tmp_path), "ZUOXI_DATABASE_URL": f"sqlite:///{tmp_path}/z.sqlite3"}
    command = [sys.executable, "-m", "zuoxi.config.cli"]
    place["PYTHONPATH"] = str(Path(running.__file__).parents[2])
    subprocess.run([*command, "migrate", "-v0"], env=place, check=True)

    def told() -> tuple[str, int]:
        with contextlib.closing(sqlite3.connect(tmp_path / "z.sqlite3")) as base:
            return base.execute("SELECT state, attempts FROM jobs_job").fetchone()

    def wait_for(state: str) -> None:
        deadline = time.monotonic() + 40
        while told()[0] != state and time.monotonic() < deadline:
            time.sleep(0.05)

    ask = "from zuoxi.jobs import services; services.enqueue('jobs.rest', seconds=3, steps=10)"
    subprocess.run([*command, "shell", "-v0", "-c", ask], env=place, check=True)
    first = subprocess.Popen([*command, "work"], env=place)
    wait_for("running")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert told() == ("running", 1)
    second = subprocess.Popen([*command, "work"], env=place)
    wait_for("done")
    second.terminate()
    assert second.wait(15) == 0
    assert told() == ("done", 2)


@pytest.mark.parametrize(
    ("done", "total", "left"),
    [(0, 100, None), (1, 100, None), (2, 100, 2940), (25, 100, 180), (50, 100, 60), (100, 100, None), (5, None, None)],
)
def test_the_time_left_is_told_from_what_is_done_and_not_before_a_little_is(done, total, left):
    now = timezone.now()
    job = Job(state=Job.State.RUNNING, started_at=now - timedelta(seconds=60), done=done, total=total)
    assert selectors.remaining(job, now) == left


def test_no_time_left_is_told_where_another_attempt_did_most_of_it():
    now = timezone.now()
    job = Job(state=Job.State.RUNNING, started_at=now - timedelta(seconds=1), done=90, total=100, attempts=2)
    assert selectors.remaining(job, now) is None


def test_a_worker_that_gave_no_sign_of_life_for_its_lease_is_called_silent():
    now = timezone.now()
    job = Job(state=Job.State.RUNNING, lease_until=now - timedelta(seconds=1))
    assert selectors.progress_of(job)["silent"]
    assert not selectors.progress_of(Job(state=Job.State.RUNNING, lease_until=now + timedelta(minutes=5)))["silent"]
