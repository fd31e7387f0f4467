# SPDX-License-Identifier: Apache-2.0
import pytest
from django.urls import reverse

from zuoxi.people.handbook import POSTS
from zuoxi.people.models import User
from zuoxi.policy.clauses import clause_book
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.selectors import trade_packs

SHOWN = ("ORG-005", "ORG-007", "ORG-008", "ORG-010", "ORG-013", "ORG-014", "ORG-016", "ORG-017", "ORG-018", "ORG-019",
         "ORG-031", "ORG-032", "ORG-033", "ORG-034", "ORG-035", "ORG-038", "ORG-039", "ORG-040", "ORG-041", "ORG-042",
         "ORG-043", "ORG-044", "ORG-045")  # fmt: skip


@pytest.mark.once
def test_every_clause_that_the_page_shows_stands_in_some_pack():
    said = {
        clause
        for code, _name in trade_packs()
        for body in handbook_of(code).entries(POSTS).values()
        for duty in body.duties
        for clause in duty.clauses
    }
    assert set(SHOWN) <= said
    assert said <= set(clause_book().clauses)


@pytest.mark.clause(*SHOWN)
def test_the_page_shows_the_duties_of_the_own_trade_and_of_others(house, client):
    house.hire("t1", "TSR", "a1")
    User.objects.update(must_change_password=False)
    client.force_login(house.user("t1"), "django.contrib.auth.backends.ModelBackend")
    page = reverse("people:posts")
    assert "控制客诉量" in client.get(page).text
    assert "导医" in client.get(page, {"pack": "hospital"}).text
    assert client.get(page, {"pack": "../etc"}).status_code == 404
