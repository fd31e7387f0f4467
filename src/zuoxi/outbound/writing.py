# SPDX-License-Identifier: Apache-2.0
"""What an outbound call ended in: the result by the pack's tree, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.customers import services as customers
from zuoxi.outbound.dial_rules import judge_effective
from zuoxi.outbound.facts import AttemptTold, EffectiveFacts
from zuoxi.outbound.follow_ups import Said, write_follow_up
from zuoxi.outbound.handbook import DIAL_RULES, RESULT_TREES, ResultBody, ResultTreeBody
from zuoxi.outbound.models import Attempt, Campaign, Lead, Promise
from zuoxi.outbound.moments import ATTEMPT_WRITTEN
from zuoxi.outbound.permission import next_opening
from zuoxi.outbound.promising import keep_promise, promise_callback
from zuoxi.outbound.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

TREE_WITHOUT_CAMPAIGN = "sales"
WRITABLE = (Attempt.State.ANSWERED, Attempt.State.UNANSWERED, Attempt.State.NUISANCE, Attempt.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the agent writes. `at`: when to call again or back; `follow_up`: what was said with a prospect."""

    result: str
    note: str = ""
    at: datetime | None = None
    follow_up: str = ""
    contact: str = ""
    colour: str = ""


def tree_of(campaign: Campaign | None, handbook: Handbook) -> ResultTreeBody:
    """The results of the campaign; calls without one end as sales calls do."""
    key = campaign.tree if campaign and handbook.has(RESULT_TREES.name, campaign.tree) else TREE_WITHOUT_CAMPAIGN
    return handbook.entry(RESULT_TREES, key)


def _checked(body: ResultBody | None, said: Outcome, now: datetime) -> ResultBody:
    if body is None:
        raise Refused(_("Choose a result from the list."))
    if "note" in body.asks and not said.note.strip():
        raise Refused(_("“%(result)s” asks for a note.") % {"result": body.label})
    if "at" in body.asks and said.at is None:
        raise Refused(_("“%(result)s” asks for a time.") % {"result": body.label})
    if said.at is not None and said.at <= now:
        raise Refused(_("That time is past. Choose a later one."))
    if "follow_up" in body.asks and not said.follow_up.strip():
        raise Refused(_("“%(result)s” asks what was said with the prospect.") % {"result": body.label})
    return body


@enforces("CALL-017", "CALL-019")
@transaction.atomic
def write_result(pk: int, said: Outcome, by: Staff, now: datetime) -> Attempt:
    """Write the result of a call that has ended; what follows (again, callback, do not call …) is done with it.

    Raises Refused for a call that still goes on, one that has a result, and where the tree asks for more.
    """
    row = Attempt.objects.select_for_update(of=("self",)).select_related("campaign", "lead", "promise").get(pk=pk)
    if row.staff_id != by.pk:
        raise Refused(_("Only who made the call writes its result."))
    if row.state not in WRITABLE:
        raise Refused(_("The call still goes on, or it was not made. Wait for its end."))
    if row.written_at is not None:
        raise Refused(_("The result of this call is written already."))
    handbook = site_handbook()
    body = _checked(tree_of(row.campaign, handbook).result(said.result), said, now)
    _settle(row, said, body, now, handbook)
    if said.follow_up.strip():
        words = Said(said.contact or _name_of(row), row.number, said.follow_up, said.colour or body.colour, said.at)
        write_follow_up(words, by=by, now=now, customer=row.customer, attempt=row)
    if row.promise is not None and row.promise.state == Promise.State.OPEN and body.reached:
        keep_promise(row.promise.pk, str(body.label), by, now)
    if row.lead is not None:
        _after(row.lead, said, body, by, now)
    elif body.next == "bar":
        _bar(row.number, said, by, now)
    return row


def _name_of(row: Attempt) -> str:
    for one in (row.lead, row.promise, row.customer):
        if one is not None and one.name:
            return str(one.name)
    return _("Customer")


def _settle(row: Attempt, said: Outcome, body: ResultBody, now: datetime, handbook: Handbook) -> None:
    """Result, and whether the call was effective."""
    finding = judge_effective(EffectiveFacts(_talked(row), body.counts), handbook.on(row.day))
    row.result, row.note, row.written_at = said.result, said.note.strip(), now
    row.judgement = finding.as_json()
    row.effective = None if finding.outcome == "unknown" else finding.outcome == "effective"
    row.save(update_fields=["result", "note", "written_at", "judgement", "effective"])
    told = AttemptTold(
        row.pk, row.campaign_id, row.customer_id, row.staff.code, row.ended_at or now, row.result, row.effective
    )
    ATTEMPT_WRITTEN.tell(told)


def _talked(row: Attempt) -> int | None:
    """Seconds of talk; nought where nobody took up, None where nobody knows."""
    if row.state == Attempt.State.UNANSWERED:
        return 0
    return row.talk_seconds


def _after(lead: Lead, said: Outcome, body: ResultBody, by: Staff, now: datetime) -> None:
    """What becomes of the contact."""
    lead.result, lead.changed_at = said.result, now
    lead.colour = said.colour or body.colour or lead.colour
    if body.next == "callback":
        lead.state, lead.owner, lead.next_at = Lead.State.WAITING, by, said.at
        promise_callback(
            lead.customer or lead.number,
            at=said.at,
            agent=by,
            reason=said.note.strip() or str(body.label),
            by=by,
            now=now,
            number=lead.number,
            name=lead.name,
            source=Promise.Source.CAMPAIGN,
            ref=f"lead:{lead.pk}",
        )
    elif body.next == "again":
        call_again(lead, now, said.at)
    else:
        lead.state, lead.next_at = Lead.State.DONE, None
        if body.next in ("bar", "wrong"):
            lead.state, lead.why = Lead.State.BARRED, body.next
        if body.next == "bar":
            _bar(lead.number, said, by, now)
    if body.next != "callback":
        _close_promise(lead, body, by, now)
    lead.save()


def _close_promise(lead: Lead, body: ResultBody, by: Staff, now: datetime) -> None:
    if not body.reached:
        return
    open_one = Promise.objects.filter(ref=f"lead:{lead.pk}", state=Promise.State.OPEN).first()
    if open_one is not None:
        keep_promise(open_one.pk, str(body.label), by, now)


def call_again(lead: Lead, now: datetime, at: datetime | None = None) -> None:
    """Back into the list, not before the pack's spacing; done when he was called often enough. Does not save."""
    handbook = site_handbook()
    reading = handbook.on(now.astimezone(handbook.zone).date())
    rule = lead.campaign.rule if handbook.has(DIAL_RULES.name, lead.campaign.rule) else "ordinary"
    body = handbook.entry(DIAL_RULES, rule)
    if not reading.within(body.total, lead.attempts + 1):
        lead.state, lead.why, lead.next_at = Lead.State.DONE, "enough", None
        return
    earliest = now + timedelta(minutes=reading.whole(body.spacing))
    lead.state = Lead.State.WAITING
    lead.next_at = next_opening(rule, max(at or earliest, earliest), handbook)


def _bar(number: str, said: Outcome, by: Staff, now: datetime) -> None:
    """On the do-not-call list of the house, at once."""
    try:
        customers.bar_number(
            number, scope="everything", reason=said.note.strip() or _("Asked on an outbound call"), source="customer",
            by=by, now=now,
        )  # fmt: skip
    except customers.Refused as wrong:
        raise Refused(str(wrong)) from None


def write_unanswered(row: Attempt, now: datetime) -> None:
    """A call that nobody took up is written by itself and goes back into the list."""
    handbook = site_handbook()
    key = tree_of(row.campaign, handbook).unanswered
    body = tree_of(row.campaign, handbook).result(key)
    if body is not None:
        _settle(row, Outcome(key), body, now, handbook)
    lead = row.lead
    if lead is not None:
        lead.result, lead.changed_at = key, now
        call_again(lead, now)
        lead.save()
