# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone

from zuoxi.floor import services
from zuoxi.floor.doorkeeper import Guest, turned_away
from zuoxi.floor.tests.centre import user
from zuoxi.floor.visibility import reachable
from zuoxi.people.models import Assignment, Staff, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(switch, as_):
    """A leader who watches the floor."""
    client = as_("2001")
    leader = user("2001")
    reach = reachable(leader, timezone.localdate())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Guest(leader.pk, session, "floor.board", reach.scope, reach.agents)


def test_who_may_still_look_stays(guest):
    assert turned_away([guest]) == []


def test_who_signed_out_is_turned_away(guest, client):
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    assert turned_away([guest]) == [guest]


def test_who_left_is_turned_away(guest):
    Staff.objects.filter(code="2001").update(status="left")
    assert turned_away([guest]) == [guest]


def test_whose_sign_in_was_closed_is_turned_away(guest):
    user("2001").__class__.objects.filter(username="2001").update(is_active=False)
    assert turned_away([guest]) == [guest]


def test_whose_password_was_changed_is_turned_away(guest):
    leader = user("2001")
    leader.set_password("another long password")
    leader.save()
    assert turned_away([guest]) == [guest]


def test_who_lost_the_post_is_turned_away(guest):
    Assignment.objects.filter(staff__code="2001").delete()
    assert turned_away([guest]) == [guest]


def test_whose_team_has_changed_reads_the_page_anew(guest):
    Assignment.objects.filter(staff__code="1003").update(team=Team.objects.get(code="t2"))
    assert turned_away([guest]) == [guest]


def test_a_wall_whose_link_was_revoked_is_turned_away(switch):
    link = services.make_wall_link("x", [], names=False, language="en", rotate_seconds=20, by=None, now=timezone.now())
    wall = Guest(wall=link.pk)
    assert turned_away([wall]) == []
    services.revoke_wall_link(link.pk, None, timezone.now())
    assert turned_away([wall]) == [wall]
