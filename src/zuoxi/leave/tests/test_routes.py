# SPDX-License-Identifier: Apache-2.0
"""The routes of every pack as data: nothing they name is missing, and every post is answered."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from zuoxi.leave.facts import LeaveRouteFacts
from zuoxi.leave.kinds import LEAVE_DOCUMENTS
from zuoxi.leave.routes import LEAVE_ROUTES
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import pack_codes
from zuoxi.policy.rulebook import Impossible, judge
from zuoxi.policy.vocabulary import role_words

pytestmark = pytest.mark.once
DAY = date(2026, 11, 2)
PACKS = [code for code in pack_codes() if handbook_of(code).has("leave_routes", "leave.route")]


def asked(kind="other", days="1", applicant="AGENT", granted=0, away=0, taken="0"):
    return LeaveRouteFacts(kind, Decimal(days), applicant, granted, away, Decimal(taken))


def route(pack, **facts):
    return judge("leave.route", asked(**facts), handbook_of(pack), DAY)


def test_every_trade_says_who_grants_leave_and_what_cuts_across_does_not():
    assert len(PACKS) == 13
    assert {"security", "incident", "base"}.isdisjoint(PACKS)


@pytest.mark.parametrize("pack", PACKS)
def test_whatever_a_route_names_exists(pack):
    handbook = handbook_of(pack)
    body = handbook.entry(LEAVE_ROUTES, "leave.route")
    papers = handbook.entries(LEAVE_DOCUMENTS)
    steps = [step for one in body.routes for step in one.steps]
    roles = {role for one in body.routes for role in (*one.applicants, *one.filed_with)}
    roles |= {role for step in steps for role in step.approvers}
    figures = {step.up_to for step in steps if step.up_to}
    named = {paper for step in steps for paper in step.proof} | {paper for one in body.papers for paper in one.proof}
    for more in (body.quota, body.allowance):
        if more is not None:
            roles.add(more.adds)
            figures.add(more.figure)
    if body.cap is not None:
        roles |= {body.cap.replaced, body.cap.by}
        figures.add(body.cap.figure)
    if body.allowance is not None:
        named |= set(body.allowance.proof)
    assert roles <= set(role_words())
    assert not [key for key in figures if not handbook.has("figures", key)]
    assert named <= set(papers)
    assert all(one.steps[-1].up_to == "" for one in body.routes), "the last step has no end"


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("applicant", sorted(role_words()))
def test_nobody_grants_his_own_leave_and_nobody_decides_twice(pack, applicant):
    for kind, days, granted, away in product(("personal", "sick", "other"), ("0.5", "2", "9"), (0, 1), (0, 12)):
        found = route(pack, kind=kind, days=days, applicant=applicant, granted=granted, away=away, taken="3")
        approvers = found.details["approvers"]
        assert found.outcome == ("route" if approvers else "refused")
        assert applicant not in approvers
        assert len(set(approvers)) == len(approvers)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("kind", ["personal", "sick", "other"])
def test_longer_leave_is_never_decided_lower(pack, kind):
    last = [route(pack, kind=kind, days=str(Decimal(n) / 4)).details["approvers"][-1] for n in range(1, 41)]
    changes = [one for n, one in enumerate(last) if n == 0 or one != last[n - 1]]
    assert len(changes) == len(set(changes)), "a longer leave came back to a lower post"


@pytest.mark.clause("ATT-019", "ATT-020")
def test_a_director_decides_alone_where_the_places_and_the_cap_are_passed():
    found = route("tv_shopping", kind="personal", days="4", granted=1, away=12)
    assert found.details["approvers"] == ["DIRECTOR"]
    assert {"ATT-014", "ATT-020"} <= set(found.clauses)


@pytest.mark.clause("ATT-032", "PAY-012")
def test_days_already_charged_are_not_charged_again():
    assert route("personnel", days="1", taken="5").details["fine_yuan"] == "20"
    assert route("personnel", days="1.5", taken="1.5").details["fine_yuan"] == "20"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"days": "0"}, "days"),
        ({"days": "-1"}, "days"),
        ({"days": "NaN"}, "days"),
        ({"kind": "holiday"}, "kind"),
        ({"applicant": "BOSS"}, "applicant"),
        ({"granted": -1}, "granted_today"),
        ({"away": -1}, "centre_on_leave"),
        ({"taken": "-0.5"}, "taken_this_month"),
    ],
)
def test_a_leave_that_cannot_be_is_refused_by_its_field(facts, field):
    with pytest.raises(Impossible) as wrong:
        asked(**facts)
    assert wrong.value.field == field
