# SPDX-License-Identifier: Apache-2.0
"""The loops that a worker compiles once after an installation."""

from __future__ import annotations

import threading
import time

import pytest

from zuoxi.jobs import services as work
from zuoxi.jobs.models import Job
from zuoxi.jobs.running import Worker
from zuoxi.workforce.planning import warming

pytestmark = pytest.mark.django_db


def test_a_worker_that_is_stopped_does_not_wait_for_the_loops(monkeypatch):
    monkeypatch.setattr(warming, "_ALONE", "import time; time.sleep(60)")
    began = time.monotonic()
    worker = Worker()
    job = work.enqueue(warming.WARM, key=warming.WARM, by=None)
    threading.Timer(0.5, worker.stop).start()
    worker.run_one()
    job.refresh_from_db()
    assert job.state == Job.State.WAITING and time.monotonic() - began < 30


def test_loops_that_cannot_be_made_ready_are_told(monkeypatch):
    monkeypatch.setattr(warming, "_ALONE", "raise SystemExit(3)")
    job = work.enqueue(warming.WARM, key=warming.WARM, by=None)
    Worker().run_one()
    job.refresh_from_db()
    assert "status 3" in job.error
