# SPDX-License-Identifier: Apache-2.0
"""The month behind the demo: the simulator's days, taken into the ledger like any switch's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta

from django.conf import settings

from zuoxi.events import selectors as ledger
from zuoxi.events.services import at_two_hands
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.ingest import Ingest, collect_rarely
from zuoxi.telephony.models import Recording, StateInterval
from zuoxi.telephony.simulator.audio import write_recording
from zuoxi.telephony.simulator.centre import ZONE, demo_centre
from zuoxi.telephony.simulator.day import day_start
from zuoxi.telephony.simulator.history import facts_of

BATCH = 4000
KEPT_FILES = 40
"""How many of the newest recordings of the past are made as files; the demo's disk is somebody's laptop."""

Report = Callable[[int, int], None]


def simulated_day(now: datetime) -> date:
    """The simulator's day that holds the moment (a day begins at four in the morning)."""
    local = now.astimezone(ZONE)
    began = datetime.fromtimestamp(day_start(local.date()) / 1_000_000, tz=ZONE)
    return local.date() if local >= began else local.date() - timedelta(days=1)


def days_to_make(now: datetime, days: int) -> list[date]:
    """The days that the ledger knows nothing of, up to and including the present one."""
    today = simulated_day(now)
    wanted = [today - timedelta(days=back) for back in range(days, -1, -1)]
    last = StateInterval.objects.order_by("-from_at").values_list("from_at", flat=True).first()
    if last is None or ledger.last_id() == 0:
        return wanted
    known = simulated_day(last)
    return [day for day in wanted if day > known]


def make_month(seed: int, switch: str, now: datetime, days: int, report: Report) -> int:
    """Bring the ledger up to `now`; the number of events stored. `report(done, all)` is called after each day."""
    centre = demo_centre(seed)
    todo = days_to_make(now, days)
    collect_rarely()
    ingest = Ingest(switch)
    stored = 0
    with at_two_hands() if todo else nullcontext():
        for number, day in enumerate(todo, start=1):
            for batch in _batches(facts_of(centre, day, switch=switch, until=now)):
                stored += len(ingest.store(batch))
            report(number, len(todo))
    if todo:
        _say_which_files_are_gone()
    return stored


def _batches(facts: list[SwitchFact]) -> Iterator[list[SwitchFact]]:
    for start in range(0, len(facts), BATCH):
        yield facts[start : start + BATCH]


def _say_which_files_are_gone() -> None:
    """The past's files were never written, but for the newest, which `worth_making` names."""
    newest = Recording.objects.order_by("-started_at").values_list("pk", flat=True)[:KEPT_FILES]
    Recording.objects.filter(status="expected").exclude(pk__in=list(newest)).update(
        status="deleted", note="演示中心只保留最近的录音 · the demo keeps only its newest recordings"
    )


def make_recordings() -> int:
    """Make the newest recordings of the past as files; how many. Those that are there already are left alone."""
    made = 0
    newest = Recording.objects.filter(status="expected", stopped_at__isnull=False).order_by("-started_at")
    for recording in newest[:KEPT_FILES]:
        path = settings.RECORDINGS / recording.path
        if not path.exists() and recording.stopped_at:
            write_recording(path, recording.path, (recording.stopped_at - recording.started_at).total_seconds())
            made += 1
    return made
