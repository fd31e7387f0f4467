# SPDX-License-Identifier: Apache-2.0
"""What of the campaigns and follow-ups falls due on a day, for those who plan it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from zuoxi.followups.models import FollowUpTask
from zuoxi.followups.workload import _due as follow_ups_due
from zuoxi.outbound.models import Campaign, Lead
from zuoxi.outbound.workload import _due as contacts_due
from zuoxi.tickets.workload import _due as tickets_due
from zuoxi.workforce.day_plan import midnight_of

pytestmark = pytest.mark.django_db
_DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def stretch(day, hour=9):
    first = midnight_of(day)
    return first, first + _DAY, first + timedelta(hours=hour)


def test_a_campaigns_contacts_are_shared_over_the_days_to_its_end(today):
    first, last, now = stretch(today)
    one = Campaign.objects.create(
        name="回访老客户", rule="ordinary", tree="x", state="running", ends_on=today + 3 * _DAY, made_at=now
    )
    for number in range(10):
        state = Lead.State.DONE if number == 9 else Lead.State.WAITING
        Lead.objects.create(campaign=one, number=f"1380000{number:04}", state=state, changed_at=now)
    (found,) = contacts_due(first, last, now)
    assert (found.label, found.count, found.late) == ("回访老客户", 3, 0)  # nine over four days, rounded up
    assert now <= found.since < found.by <= last
    (tomorrow,) = contacts_due(first + _DAY, last + _DAY, now)
    assert tomorrow.count == 3 and tomorrow.since >= first + _DAY
    assert contacts_due(first + 4 * _DAY, last + 4 * _DAY, now) == []
    assert contacts_due(first, last, last) == []
    Campaign.objects.update(state="paused")
    assert contacts_due(first, last, now) == []


def test_follow_ups_fall_due_on_their_day_and_what_is_late_is_worked_off_today(today):
    first, last, now = stretch(today)
    for by in (-30, 12, 23, 26):
        FollowUpTask.objects.create(
            kind="x", due_from=first - 3 * _DAY, due_by=first + timedelta(hours=by), made_at=first - _DAY
        )
    (found,) = follow_ups_due(first, last, now)
    assert (found.count, found.late, found.since, found.by) == (3, 1, now, first + timedelta(hours=23))
    (tomorrow,) = follow_ups_due(first + _DAY, last + _DAY, now)
    assert (tomorrow.count, tomorrow.late) == (1, 0)
    FollowUpTask.objects.filter(due_by__gte=now).delete()
    (late,) = follow_ups_due(first, last, now)
    assert (late.count, late.late, late.by) == (1, 1, last)


def test_without_tickets_there_is_nothing_to_tell(today):
    assert tickets_due(*stretch(today)) == []
