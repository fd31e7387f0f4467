# SPDX-License-Identifier: Apache-2.0
"""The demo's follow-ups: every state is there, everything opens, and furnishing twice changes nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from zuoxi.followups import demo
from zuoxi.followups.models import AnswerSheet, Batch, FollowUpTask, Relisten, Response
from zuoxi.followups.tests.making import NOW, customer


@pytest.mark.parametrize("pack", ["shop", "hospital"])
def test_the_demo_shows_every_state_and_is_furnished_once(request, pack):
    house = request.getfixturevalue(pack)
    for number in range(40):
        customer(f"139005{number:05}")
    demo.furnish(NOW.date())
    states = set(FollowUpTask.objects.values_list("state", flat=True))
    assert {"open", "booked", "done", "not_reached", "refused"} <= states
    assert Response.objects.count() > 300 and AnswerSheet.objects.count() > 100 and Relisten.objects.exists()
    before = FollowUpTask.objects.count(), Batch.objects.count()
    demo.furnish(NOW.date())
    assert before == (FollowUpTask.objects.count(), Batch.objects.count())
    client = Client()
    client.force_login(house.manager.user, "django.contrib.auth.backends.ModelBackend")
    for name in ("board", "batches", "opinions", "month", "surveys", "hospital"):
        assert client.get(reverse(f"followups:{name}")).status_code == 200
