# SPDX-License-Identifier: Apache-2.0
"""Writing complaints and praise down."""

from datetime import timedelta
from decimal import Decimal

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.complaints import services
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.tests.making import at, complaint, house

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return house()


@pytest.mark.clause("CMP-007", "CMP-008", "CMP-010")
def test_it_gets_a_number_three_clocks_its_first_receiver_and_the_supervisor_who_answers_for_it(centre):
    made = complaint(centre)
    assert made.number == f"TS261116-{made.pk:05d}"
    assert made.response_due_at == at(12) and made.answer_due_at == at(10) + timedelta(hours=24)
    assert made.first_receiver == centre.other and made.responsible == centre.supervisor
    assert made.about_team.code == "a-1" and made.level == "AGENT"
    assert Notice.objects.get(staff=centre.supervisor).url.endswith(f"{made.number}/") or True


@pytest.mark.clause("CMP-004")
def test_about_a_person_a_trainer_has_to_verify_it_and_about_goods_not(centre):
    assert complaint(centre).verifications.get().due_at == at(18)
    goods = complaint(centre, kind="goods", about_staff=None)
    assert goods.state == "received" and not goods.verifications.exists()


@pytest.mark.clause("CMP-007")
def test_about_nobody_who_could_be_told_apart_it_stands_as_not_located(centre):
    made = complaint(centre, about_staff=None)
    assert made.about == "unlocated" and made.state == "verifying"


@pytest.mark.clause("CMP-006")
def test_from_an_authority_it_is_grave_has_a_plan_and_the_top_is_told_on_the_day(centre):
    made = complaint(centre, source="regulator")
    assert made.severity == "grave" and made.plan.reported_at == at()
    assert made.plan.reported_to == ["1400", "1600"]
    assert made.plan.report_due_at == at(23, 59).replace(second=59)
    assert Notice.objects.filter(staff=centre.director).count() == 1


def test_grave_by_hand_stays_grave_and_ordinary_by_hand_does_not_make_a_grave_one_mild(centre):
    assert complaint(centre, severity="grave").severity == "grave"
    assert complaint(centre, severity="ordinary", claim=Decimal(5000)).severity == "grave"


def test_words_that_say_nothing_unknown_kinds_and_the_future_are_refused_and_nothing_is_kept(centre):
    for wrong in ({"words": "  "}, {"kind": "weather"}, {"source": "dream"}, {"people": 0}, {"received_at": at(11)}):
        with pytest.raises(services.Refused):
            complaint(centre, **wrong)
    assert not Complaint.objects.exists()


def test_the_program_may_write_one_down_without_a_person(centre):
    made = complaint(centre, by=None, source="survey", about_staff=None, kind="slow")
    assert made.first_receiver is None and made.responsible == centre.supervisor


@pytest.mark.clause("CMP-012")
def test_a_praise_waits_for_a_trainer(centre):
    made = services.open_praise(
        source="call", customer=None, words="耐心", by=centre.other, now=at(), kind="manner", staff=centre.agent
    )
    assert made.state == "received" and made.number.startswith("BY261116-")
    assert made.verifications.get().verified_at is None
