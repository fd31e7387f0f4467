# SPDX-License-Identifier: Apache-2.0
"""Each level answers for the one below: brought up with the violation, judged by a person, never by itself."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from zuoxi.approvals.models import Notice
from zuoxi.floor import answerable, conduct
from zuoxi.floor.duty_judgements import SuperiorFacts, judge_superior
from zuoxi.floor.models import SuperiorShare
from zuoxi.floor.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.people.services import load_positions
from zuoxi.policy.dated import Change
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible
from zuoxi.telephony.tests import factories as make

DAY = date(2026, 11, 18)


def staff(code):
    return Staff.objects.get(code=code)


@pytest.fixture
def window(switch, settings):
    settings.PACK = "gov_window"
    load_positions()
    supervisors()
    return switch


def supervisors():
    """Two supervisors of one rank, who stand above the leaders."""
    for code, name in (("3001", "甲主管"), ("3002", "乙主管")):
        make.person(code, "TSRS", None, name)


def violation(item="ban.rude", cause="said"):
    now = timezone.now()
    return conduct.record_violation(staff("1001"), item, now, cause=cause, by=staff("2001"), now=now)


@pytest.mark.once
@pytest.mark.clause("ATT-039")
@pytest.mark.parametrize(
    ("consequence", "has_superior", "outcome"),
    [
        ("none", True, "none"),
        ("warning", True, "to_be_judged"),
        ("fine", True, "to_be_judged"),
        ("dismissal", True, "to_be_judged"),
        ("warning", False, "none"),
    ],
)
def test_from_a_warning_on_the_superiors_part_is_looked_into(consequence, has_superior, outcome):
    found = judge_superior(SuperiorFacts(consequence, has_superior, DAY), handbook_of("gov_window").on(DAY))
    assert (found.outcome, found.clauses) == (outcome, ("ATT-039",))


@pytest.mark.once
def test_a_consequence_nobody_knows_is_refused():
    with pytest.raises(Impossible):
        judge_superior(SuperiorFacts("prison", True, DAY), handbook_of("gov_window").on(DAY))


@pytest.mark.once
def test_an_amended_word_that_is_no_consequence_decides_nothing_and_stops_no_record():
    amended = handbook_of("gov_window").changed(Change("conduct.superior.answers_from", DAY, "警告"))
    found = judge_superior(SuperiorFacts("warning", True, DAY), amended.on(DAY))
    assert (found.outcome, found.clauses) == ("unknown", ("ATT-039",))


@pytest.mark.clause("ATT-039")
def test_a_violation_brings_up_the_direct_superiors_part_and_tells_him(window):
    share = answerable.share_of(violation())
    assert (share.superior.code, share.state, share.decided_at) == ("2001", "open", None)
    assert Notice.objects.filter(staff=staff("2001"), dedupe=f"share:{share.pk}").exists()


def test_what_only_has_to_be_put_right_concerns_nobody_above(window):
    assert answerable.share_of(violation("posture.counter")) is None


def test_a_pack_without_tiers_concerns_nobody_above(switch):
    assert answerable.share_of(violation("badge.missing")) is None


@pytest.mark.clause("ATT-039")
def test_nobody_judges_his_own_part_and_the_table_itself_refuses_it(window):
    made = violation()
    with pytest.raises(Refused):
        answerable.judge_share(made.pk, answerable=False, text="不知情", by=staff("2001"), now=timezone.now())
    share = answerable.share_of(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuperiorShare.objects.filter(pk=share.pk).update(decided_by=share.superior, decided_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SuperiorShare.objects.filter(pk=share.pk).update(state="answerable")


@pytest.mark.clause("ATT-039")
def test_somebody_above_judges_it_once_with_a_reason(window):
    made, now, judge = violation(), timezone.now(), staff("8001")
    with pytest.raises(Refused):
        answerable.judge_share(made.pk, answerable=True, text=" ", by=judge, now=now)
    share = answerable.judge_share(made.pk, answerable=True, text="多次未提醒", by=judge, now=now)
    assert (share.state, share.said, share.decided_by) == ("answerable", "多次未提醒", judge)
    with pytest.raises(Refused):
        answerable.judge_share(made.pk, answerable=False, text="再看", by=judge, now=now)


@pytest.mark.clause("ATT-039")
def test_nobody_judges_his_own_superior_in_his_own_violation(window):
    made = violation()
    with pytest.raises(Refused):
        answerable.judge_share(made.pk, answerable=True, text="他没管", by=staff("1001"), now=timezone.now())
    assert answerable.share_of(made).state == "open"


def test_what_was_judged_of_the_superior_is_not_for_the_eyes_of_those_below_him(window, as_):
    made = violation()
    answerable.judge_share(made.pk, answerable=True, text="多次未提醒", by=staff("8001"), now=timezone.now())
    page = reverse("floor:violation", args=[made.pk])
    assert "多次未提醒" in as_("8001").get(page).content.decode()
    own = as_("1001").get(page)
    assert (own.status_code, "多次未提醒" in own.content.decode()) == (200, False)


def test_the_part_is_dropped_with_a_cancelled_violation(window):
    made = violation()
    conduct.cancel(made.pk, reason="看错了人", by=staff("8001"), now=timezone.now())
    assert answerable.share_of(made).state == "dropped"


def test_a_violation_without_a_part_has_none_to_judge(switch):
    with pytest.raises(Refused):
        answerable.judge_share(
            violation("badge.missing").pk, answerable=True, text="x", by=staff("8001"), now=timezone.now()
        )


@pytest.mark.clause("ATT-039")
def test_the_page_offers_the_judgement_to_who_stands_above_and_not_to_the_superior(window, as_):
    made = violation()
    page, door = reverse("floor:violation", args=[made.pk]), reverse("floor:judge_share", args=[made.pk])
    assert door in as_("8001").get(page).content.decode()
    assert door not in as_("2001").get(page).content.decode()
    as_("8001").post(door, {"how": "answerable", "text": "管理不严"})
    assert "管理不严" in as_("2001").get(reverse("floor:my_violations")).content.decode()


def in_charge_of_1001(code):
    """The person becomes the direct superior of 1001's part."""
    made = violation()
    SuperiorShare.objects.filter(violation=made).update(superior=staff(code))
    return made


@pytest.mark.clause("ATT-039")
def test_a_peer_does_not_judge_a_peers_part_and_one_above_does(window):
    made, now = in_charge_of_1001("3001"), timezone.now()
    with pytest.raises(Refused):
        answerable.judge_share(made.pk, answerable=False, text="都不容易", by=staff("3002"), now=now)
    assert answerable.share_of(made).state == "open"
    share = answerable.judge_share(made.pk, answerable=True, text="未提醒", by=staff("8001"), now=now)
    assert share.state == "answerable"


def test_the_page_offers_a_peer_no_judgement(window, as_):
    made = in_charge_of_1001("3001")
    page, door = reverse("floor:violation", args=[made.pk]), reverse("floor:judge_share", args=[made.pk])
    assert door not in as_("3001").get(page).content.decode()
    assert door in as_("8001").get(page).content.decode()


def test_a_post_without_a_word_decides_nothing(window, as_):
    made, judge = violation(), as_("8001")
    for door in ("judge_share", "decide_violation", "recheck"):
        for said in ({}, {"how": ""}, {"how": "perhaps", "passed": "perhaps"}):
            judge.post(reverse(f"floor:{door}", args=[made.pk]), {**said, "text": "原因"})
    made.refresh_from_db()
    assert (made.state, made.rechecked_at, answerable.share_of(made).state) == ("recorded", None, "open")
    as_("1001").post(reverse("floor:answer_violation", args=[made.pk]), {"text": "原因"})
    made.refresh_from_db()
    assert (made.state, made.answered_at) == ("recorded", None)


@pytest.mark.clause("ATT-039")
def test_the_superior_is_told_that_his_part_fell_with_the_violation(window):
    made = violation()
    share = answerable.share_of(made)
    conduct.cancel(made.pk, reason="看错了人", by=staff("8001"), now=timezone.now())
    assert Notice.objects.filter(staff=share.superior, dedupe=f"share:{share.pk}:dropped").count() == 1


@pytest.mark.clause("ATT-039")
def test_a_superior_does_not_take_back_the_violation_on_which_his_own_part_hangs(window):
    made, now = in_charge_of_1001("3001"), timezone.now()
    with pytest.raises(Refused):
        conduct.cancel(made.pk, reason="算了", by=staff("3001"), now=now)
    conduct.answer(made.pk, staff("1001"), accepts=False, text="不是我", now=now)
    with pytest.raises(Refused):
        conduct.decide_objection(made.pk, uphold=False, text="算了", by=staff("3001"), now=now)
    made.refresh_from_db()
    assert made.state == "objected"


def test_nobody_decides_on_what_was_recorded_of_a_peer(switch):
    load_positions()
    supervisors()
    now = timezone.now()
    made = conduct.record_violation(staff("2001"), "badge.missing", now, cause="seen", by=staff("8001"), now=now)
    with pytest.raises(Refused):
        conduct.cancel(made.pk, reason="都一样", by=staff("2002"), now=now)
    assert conduct.cancel(made.pk, reason="确已佩戴", by=staff("3001"), now=now).state == "cancelled"


def test_only_what_would_not_be_refused_is_offered_of_a_violation(window, as_):
    made, now = in_charge_of_1001("3001"), timezone.now()

    def offered(code):
        return conduct.offered(made, staff(code), now)

    assert (offered("1001"), offered("3001"), offered("8001")) == ((), (), ("cancel",))
    conduct.answer(made.pk, staff("1001"), accepts=False, text="没有", now=now)
    made.refresh_from_db()
    assert (offered("3001"), offered("8001")) == (("uphold",), ("uphold", "grant"))


def test_the_page_says_who_takes_it_back_where_ones_own_part_hangs_on_it(window, as_):
    made = in_charge_of_1001("8001")
    door, page = (reverse(f"floor:{name}", args=[made.pk]) for name in ("decide_violation", "violation"))
    seen = as_("8001").get(page).content.decode()
    assert door not in seen
    assert "只能由您的上级撤销" in seen
    SuperiorShare.objects.filter(violation=made).update(superior=staff("2001"))
    assert 'value="cancel"' in as_("8001").get(page).content.decode()


def test_who_recorded_a_violation_may_take_it_back_but_not_decide_on_the_objection(switch):
    made, now = violation("badge.missing"), timezone.now()
    conduct.answer(made.pk, staff("1001"), accepts=False, text="戴着", now=now)
    made.refresh_from_db()
    assert conduct.offered(made, staff("2001"), now) == ("cancel",)
    conduct.cancel(made.pk, reason="看错了", by=staff("2001"), now=now)
    made.refresh_from_db()
    assert conduct.offered(made, staff("8001"), now) == ()
