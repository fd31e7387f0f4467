# SPDX-License-Identifier: Apache-2.0
"""Each post's first page is made of blocks that its pack names."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from zuoxi.people.models import User
from zuoxi.policy import packs
from zuoxi.policy.handbook import handbook_of
from zuoxi.reporting import homes
from zuoxi.reporting.duties import delivering, making
from zuoxi.reporting.handbook import DUTIES, HOMES
from zuoxi.reporting.models import DutyItem
from zuoxi.reporting.tests.duty_world import carriers, local, roster, usual


@pytest.mark.once
@pytest.mark.parametrize("pack", packs.pack_codes())
def test_every_block_that_a_pack_names_can_be_made(pack):
    handbook = handbook_of(pack)
    duties = handbook.entries(DUTIES)
    unknown = [
        f"{post}: {name}"
        for post, body in handbook.entries(HOMES).items()
        for name in body.blocks
        if not homes.known_block(name, duties)
    ]
    assert unknown == []


@pytest.mark.django_db
@pytest.mark.clause("ORG-005", "ORG-010", "ORG-013", "ORG-020")
def test_a_leader_sees_his_people_and_what_was_reported_of_them(django_assert_max_num_queries):
    world = usual()
    carriers()
    for code in ("1001", "1002", "2001"):
        roster(world[code])
    evening = local("2026-11-20 17:00")
    with time_machine.travel(evening, tick=False):
        making.make_items(evening)
        item = DutyItem.objects.get(duty="newcomers")
        answers = {"common": "开场语过长", "individual": "1002需辅导"}
        delivering.hand_in(item, world["2001"], "", answers, evening)
        client = Client()
        client.force_login(User.objects.get(username="2001"), "django.contrib.auth.backends.ModelBackend")
        client.get("/overview/post/")
        with django_assert_max_num_queries(24):
            page = client.get("/overview/post/").content.decode()
        assert "开场语过长" in page
        client.force_login(User.objects.get(username="8001"), "django.contrib.auth.backends.ModelBackend")
        titles = [block.title for block in client.get("/overview/post/").context["blocks"]]
    assert len(titles) == len(set(titles)) == 6
