# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.utils import timezone

from zuoxi.floor.demo import furnish
from zuoxi.floor.models import Meeting, Observation, Patrol, Presence, Violation
from zuoxi.floor.tests.centre import small_centre
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_demo_furnishes_the_floor_once():
    small_centre(12)
    make.user("3001", "TSRS")
    today = timezone.localdate()
    furnish(today)
    counts = [model.objects.count() for model in (Presence, Violation, Patrol, Meeting, Observation)]
    assert all(counts)
    furnish(today)
    assert counts == [model.objects.count() for model in (Presence, Violation, Patrol, Meeting, Observation)]
