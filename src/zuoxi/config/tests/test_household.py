# SPDX-License-Identifier: Apache-2.0
"""Processes that end are started again, with patience, and all are stopped by pid."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from zuoxi.config import household
from zuoxi.config.household import Member


@pytest.fixture
def sleeper(monkeypatch):
    """Members run `sleep` instead of one of our commands."""
    started = []

    class Sleep(subprocess.Popen):
        def __init__(self, words, **options):
            super().__init__([sys.executable, "-c", f"import time; time.sleep({words[-1]})"], **options)
            started.append(self)

    monkeypatch.setattr(household.subprocess, "Popen", Sleep)
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_a_member_that_runs_is_left_alone(sleeper):
    member = Member("m", ["30"])
    now = time.monotonic()
    member.tend(now)
    member.tend(now + 1)
    assert len(sleeper) == 1
    member.stop()
    assert sleeper[0].poll() is not None


def test_a_member_that_ends_at_once_is_started_again_after_a_growing_pause(sleeper):
    member = Member("m", ["0"])
    now = time.monotonic()
    member.tend(now)
    pauses = []
    for _ in range(4):
        sleeper[-1].wait()
        member.tend(now)
        pauses.append(member.next_start - now)
        now = member.next_start
        member.tend(now)
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert member.restarts == 4


def test_a_member_that_was_steady_is_started_again_soon(sleeper):
    member = Member("m", ["0"], pause=household.LONGEST_PAUSE)
    now = time.monotonic()
    member.tend(now)
    sleeper[-1].wait()
    member.tend(now + household.STEADY_AFTER + 1)
    assert member.pause == household.FIRST_PAUSE


def test_stopping_a_member_that_has_gone_is_harmless(sleeper):
    member = Member("m", ["0"])
    member.stop()
    member.tend(time.monotonic())
    sleeper[-1].wait()
    member.stop()


def test_a_command_ends_when_its_household_was_killed(tmp_path):
    words = [sys.executable, "-m", "zuoxi.config.cli", "web", "--port", "0"]
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, subprocess, sys, time\n"
            f"child = subprocess.Popen({words!r}, env={{**os.environ, 'ZUOXI_PARENT': str(os.getpid())}})\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    time.sleep(1)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _alive(child):
        time.sleep(0.1)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_the_others_begin_once_the_first_is_ready(sleeper, monkeypatch):
    monkeypatch.setattr(household.signal, "signal", lambda *_args: None)
    begun = []
    house = household.Household([Member("pages", ["30"]), Member("listen", ["30"]), Member("work", ["30"])])

    def ready():
        begun.append(len(sleeper))
        house.stopping = len(begun) == 3
        return house.stopping

    house.first_ready = ready
    house.run()
    assert begun == [0, 1, 1]
    assert len(sleeper) == 3
    assert all(process.poll() is not None for process in sleeper)


def test_the_others_do_not_wait_for_ever(sleeper, monkeypatch):
    monkeypatch.setattr(household.signal, "signal", lambda *_args: None)
    monkeypatch.setattr(household, "PATIENCE", 0.3)
    house = household.Household([Member("pages", ["30"]), Member("listen", ["30"])], first_ready=lambda: False)
    tend = Member.tend

    def tended(self, now):
        tend(self, now)
        house.stopping = self.name == "listen"

    monkeypatch.setattr(Member, "tend", tended)
    house.run()
    assert len(sleeper) == 2
