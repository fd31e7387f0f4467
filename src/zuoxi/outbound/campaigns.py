# SPDX-License-Identifier: Apache-2.0
"""A campaign is prepared, started, paused with a reason, ended; agents join and leave it; lists are handed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.outbound.dial_rules import judge_guard
from zuoxi.outbound.facts import GuardFacts
from zuoxi.outbound.handbook import DIAL_RULES, RESULT_TREES
from zuoxi.outbound.models import Attempt, Campaign, Handout, Lead, Seat
from zuoxi.outbound.refusing import Refused
from zuoxi.people.models import Project, Staff, Team
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants a campaign to be."""

    name: str
    mode: str
    rule: str
    tree: str
    about: str = ""
    script: str = ""
    present: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    project: Project | None = None
    teams: Iterable[Team] = field(default_factory=tuple)


@transaction.atomic
def save_campaign(campaign: Campaign | None, plan: Plan, by: Staff | None, now: datetime) -> Campaign:
    """Make a campaign or change one. Raises Refused for a rule or tree that the pack does not have, or a wrong span."""
    book = site_handbook()
    if not plan.name.strip():
        raise Refused(_("Give the campaign a name."))
    if not book.has(DIAL_RULES.name, plan.rule) or not book.has(RESULT_TREES.name, plan.tree):
        raise Refused(_("The handbook has no such dial rule or result tree."))
    if plan.begins_on and plan.ends_on and plan.ends_on < plan.begins_on:
        raise Refused(_("The campaign would end before it begins."))
    row = campaign or Campaign(made_by=by, made_at=now)
    if row.state == Campaign.State.DONE:
        raise Refused(_("The campaign is over; make a new one."))
    for name in ("mode", "rule", "tree", "script", "present", "begins_on", "ends_on", "project"):
        setattr(row, name, getattr(plan, name))
    row.name, row.about = plan.name.strip()[:80], plan.about.strip()
    row.save()
    row.teams.set(plan.teams)
    vault.record("outbound.campaign.saved", who=by.code if by else "", on=("campaign", row.pk))
    return row


def _turn(pk: int, before: tuple[str, ...], after: dict[str, Any], refusal: str) -> Campaign:
    """Change a campaign's state if it still is in one of `before`; the second of two who click is told."""
    if not Campaign.objects.filter(pk=pk, state__in=before).update(**after):
        state = Campaign.objects.get(pk=pk).get_state_display()
        now_it_is = _("It is now: %(state)s.") % {"state": state}
        raise Refused(f"{refusal} {now_it_is}")
    return Campaign.objects.get(pk=pk)


@transaction.atomic
def start_campaign(pk: int, by: Staff | None, now: datetime) -> Campaign:
    """Start it, or go on after a pause; the count of the nuisance rate begins anew. Raises Refused."""
    if not Lead.objects.filter(campaign=pk, state=Lead.State.WAITING).exists():
        raise Refused(_("Nobody is left to be called. Import a list first."))
    after: dict[str, Any] = {
        "state": Campaign.State.RUNNING,
        "pause_reason": "",
        "paused_at": None,
        "guard_since": now,
        "guard": {},
    }
    row = _turn(pk, (Campaign.State.DRAFT, Campaign.State.PAUSED), after, _("It could not be started."))
    Campaign.objects.filter(pk=pk, started_at=None).update(started_at=now)
    vault.record("outbound.campaign.started", who=by.code if by else "", on=("campaign", pk))
    return row


@transaction.atomic
def pause_campaign(pk: int, reason: str, by: Staff | None, now: datetime, guard: Finding | None = None) -> Campaign:
    """No new calls from now on; calls under way go on. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why it is paused."))
    after = {
        "state": Campaign.State.PAUSED,
        "pause_reason": reason.strip()[:200],
        "paused_at": now,
        "guard": guard.as_json() if guard else {},
    }
    row = _turn(pk, (Campaign.State.RUNNING,), after, _("It could not be paused."))
    vault.record("outbound.campaign.paused", who=by.code if by else "", on=("campaign", pk), reason=reason.strip())
    return row


@transaction.atomic
def end_campaign(pk: int, by: Staff | None, now: datetime) -> Campaign:
    """It is over: who works on it leaves it, what was handed out is collected."""
    after = {"state": Campaign.State.DONE, "ended_at": now}
    row = _turn(pk, (Campaign.State.RUNNING, Campaign.State.PAUSED), after, _("It could not be ended."))
    Seat.objects.filter(campaign=pk, left_at=None).update(left_at=now)
    for handout in Handout.objects.filter(campaign=pk, collected_at=None):
        collect(handout.pk, "", by, now)
    vault.record("outbound.campaign.ended", who=by.code if by else "", on=("campaign", pk))
    return row


@transaction.atomic
def join(campaign: Campaign, staff: Staff, now: datetime) -> Seat:
    """Work on it from now on, and on no other. Raises Refused for one that is not running."""
    if campaign.state not in (Campaign.State.RUNNING, Campaign.State.PAUSED):
        raise Refused(_("The campaign is not running."))
    Seat.objects.filter(staff=staff, left_at=None).exclude(campaign=campaign).update(left_at=now)
    try:
        with transaction.atomic():
            return Seat.objects.get_or_create(
                campaign=campaign, staff=staff, left_at=None, defaults={"joined_at": now}
            )[0]
    except IntegrityError:
        raise Refused(_("You have joined another campaign at the same moment.")) from None


def leave(staff: Staff, now: datetime) -> None:
    """Work on no campaign; a call under way is not touched."""
    Seat.objects.filter(staff=staff, left_at=None).update(left_at=now)


@enforces("FUP-005")
@transaction.atomic
def hand_out(
    campaign: Campaign, staff: Staff, *, count: int, due_at: datetime, by: Staff | None, now: datetime
) -> Handout:
    """Give somebody the next `count` contacts that are nobody's, to be worked through by `due_at`. Raises Refused."""
    if due_at <= now:
        raise Refused(_("That time is past. Choose a later one."))
    if count < 1:
        raise Refused(_("Say how many contacts are handed out."))
    free = Lead.objects.select_for_update().filter(campaign=campaign, state=Lead.State.WAITING, owner=None)
    chosen = list(free.order_by("-priority", "next_at", "pk").values_list("pk", flat=True)[:count])
    if not chosen:
        raise Refused(_("Nobody is left to hand out."))
    made = Handout.objects.create(campaign=campaign, staff=staff, by=by, at=now, due_at=due_at, given=len(chosen))
    taken = Lead.objects.filter(pk__in=chosen, owner=None, state=Lead.State.WAITING)
    made.given = taken.update(owner=staff, handout=made, changed_at=now)
    made.save(update_fields=["given"])
    vault.record("outbound.list.handed", who=by.code if by else "", on=("handout", made.pk), to=staff.code)
    due = due_at.astimezone(site_handbook().zone).strftime("%m-%d %H:%M")
    said = Why(
        f"名单《{campaign.name}》{made.given} 个客户，{due} 前完成",
        f"{made.given} contacts of “{campaign.name}”, to be called by {due}",
    )
    approvals.notify(staff, said, "", dedupe=f"handout:{made.pk}")
    return made


@enforces("FUP-005")
@transaction.atomic
def collect(pk: int, summary: str, by: Staff | None, now: datetime) -> Handout:
    """Take a handed list back: what was not called is nobody's again. Raises Refused when it is back already."""
    if not Handout.objects.filter(pk=pk, collected_at=None).update(collected_at=now, summary=summary.strip()):
        raise Refused(_("This list has been collected already."))
    row = Handout.objects.get(pk=pk)
    called = Lead.objects.filter(handout=row).exclude(state=Lead.State.WAITING, attempts=0)
    row.done = called.count()
    row.save(update_fields=["done"])
    Lead.objects.filter(handout=row, state=Lead.State.WAITING, attempts=0).update(
        owner=None, handout=None, changed_at=now
    )
    vault.record("outbound.list.collected", who=by.code if by else "", on=("handout", pk), done=row.done)
    return row


@enforces("FUP-005")
def collect_overdue(now: datetime) -> int:
    """Lists whose time is over go back by themselves; returns how many."""
    overdue = list(Handout.objects.filter(collected_at=None, due_at__lt=now).values_list("pk", flat=True)[:200])
    for pk in overdue:
        collect(pk, _("Collected when its time was over"), None, now)
    return len(overdue)


def guard_of(campaign: Campaign, now: datetime, handbook: Handbook | None = None) -> Finding:
    """The nuisance rate since the campaign was last started."""
    book = handbook or site_handbook()
    rows = Attempt.objects.filter(campaign=campaign, answered_at__isnull=False)
    if campaign.guard_since:
        rows = rows.filter(reserved_at__gte=campaign.guard_since)
    counted = rows.aggregate(answers=Count("pk"), without=Count("pk", filter=Q(state=Attempt.State.NUISANCE)))
    return judge_guard(GuardFacts(counted["answers"], counted["without"]), book.on(now.astimezone(book.zone).date()))


def keep_guard(campaign: Campaign, now: datetime) -> bool:
    """Pause the campaign when too many answers found no agent; True when it was paused now."""
    finding = guard_of(campaign, now)
    if finding.outcome != "pause":
        return False
    try:
        pause_campaign(campaign.pk, finding.why.zh, None, now, finding)
    except Refused:
        return False
    return True
