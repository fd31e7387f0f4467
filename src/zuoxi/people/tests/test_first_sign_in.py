# SPDX-License-Identifier: Apache-2.0
"""`zuoxi first_sign_in`: how somebody comes into a house that nobody is in yet."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from zuoxi.people.models import Position, Staff, User
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db


def first(*words: str) -> str:
    out = StringIO()
    call_command("first_sign_in", *words, stdout=out, stderr=StringIO())
    return out.getvalue().strip().rpartition(" ")[2]


def test_in_an_empty_house_the_first_person_signs_in_as_director_and_must_choose_a_password():
    Position.objects.all().delete()
    password = first("9001", "王明")
    assert Staff.objects.get().roles_on(timezone.localdate()) == {"DIR"}
    client = Client()
    client.post("/accounts/login/", {"login": "9001", "password": password})
    assert "/accounts/password/change/" in client.get("/", follow=True).redirect_chain[0][0]
    assert set(AuditEntry.objects.values_list("who", flat=True)) >= {"console"}


def test_somebody_who_is_known_keeps_his_post_and_gets_a_new_password():
    before = first("6002", "李静", "--position", "IT")
    after = first("6002")
    assert before != after
    assert User.objects.get().check_password(after)
    assert Staff.objects.get().roles_on(timezone.localdate()) == {"IT"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("9001",), "the name"),
        (("wang", "王明"), "digits"),
        (("９００１", "王明"), "digits"),
        (("9001", "王明", "--position", "CEO"), "no position 'CEO'; there are DIR"),
    ],
)
def test_what_cannot_be_is_said_with_what_can(words, told):
    with pytest.raises(CommandError, match=told):
        first(*words)
    assert not Staff.objects.exists()


def test_nobody_who_has_left_is_let_in_again():
    first("9001", "王明")
    Staff.objects.update(status=Staff.Status.LEFT)
    with pytest.raises(CommandError, match="has left"):
        first("9001")
