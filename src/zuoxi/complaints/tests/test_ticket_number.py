# SPDX-License-Identifier: Apache-2.0
"""The ticket that a complaint names has to be there."""

from __future__ import annotations

import pytest

from zuoxi.complaints.forms import RecordForm
from zuoxi.tickets.tests.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    return Desk()


@pytest.mark.parametrize("typed", ["WO20260101-0001", "不知道"])
def test_a_complaint_names_only_a_ticket_that_is_there(desk, typed):
    form = RecordForm({"what": "complaint", "source": "call", "words": "慢", "kind": "slow", "ticket": typed},
                      user=desk.agent.user)  # fmt: skip
    assert not form.is_valid() and "ticket" in form.errors


def test_a_complaint_takes_the_number_as_it_is_written(desk):
    ticket = desk.open()
    wide = ticket.number.lower().replace("0", "０")
    form = RecordForm({"what": "complaint", "source": "call", "words": "慢", "kind": "slow", "ticket": wide},
                      user=desk.agent.user)  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.cleaned_data["ticket"] == ticket.number
