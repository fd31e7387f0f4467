# SPDX-License-Identifier: Apache-2.0
"""Opinions on their way: to a department with a deadline, its answer, and back to the customer. And paper cards."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from zuoxi.followups.call_rules import judge_reply
from zuoxi.followups.facts import ReplyFacts
from zuoxi.followups.handbook import DEPARTMENTS
from zuoxi.followups.making import reading_at
from zuoxi.followups.models import CardStock, Opinion
from zuoxi.followups.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

_STEPS = {"pass": (Opinion.State.NEW,), "answer": (Opinion.State.PASSED,), "tell": (Opinion.State.ANSWERED,)}


def _held(opinion: Opinion, step: str) -> Opinion:
    here = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
    if here.state not in _STEPS[step]:
        raise Refused(
            _("The opinion stands at “%(state)s” now. Nothing was changed.") % {"state": here.get_state_display()}
        )
    return here


def write_down(
    words: str, *, source: str, by: Staff, now: datetime, praise: bool = False, department: str = ""
) -> Opinion:
    """An opinion from a card or a round of a ward; passed on at once where the department is known."""
    text = words.strip()
    if len(text) < 2:
        raise Refused(_("Write down the opinion."))
    with transaction.atomic():
        made = Opinion.objects.create(source=source, words=text[:1000], praise=praise, made_by=by, made_at=now)
        return pass_on(made, department, by=by, now=now) if department else made


@enforces("FUP-011", "FUP-008", "FUP-007")
@transaction.atomic
def pass_on(opinion: Opinion, department: str, *, by: Staff, now: datetime) -> Opinion:
    """Pass it to a department, which has to answer by the deadline of the handbook."""
    here = _held(opinion, "pass")
    if department not in site_handbook().entries(DEPARTMENTS):
        raise Refused(_("Choose a department of the list."))
    due = judge_reply(ReplyFacts(now, None, now), reading_at(now))
    here.department, here.passed_at, here.state = department, now, Opinion.State.PASSED
    here.due_at = datetime.fromisoformat(due.details["due_at"])
    here.save()
    vault.record("followups.opinion.passed", who=by.code, on=("opinion", here.pk), department=department)
    return here


@transaction.atomic
def answer(opinion: Opinion, reply: str, *, by: Staff, now: datetime) -> Opinion:
    """What the department answers."""
    here = _held(opinion, "answer")
    text = reply.strip()
    if len(text) < 2:
        raise Refused(_("Write down what the department answers."))
    here.reply, here.replied_by, here.replied_at, here.state = text[:2000], by, now, Opinion.State.ANSWERED
    here.save()
    vault.record("followups.opinion.answered", who=by.code, on=("opinion", here.pk), in_time=here.in_time)
    return here


@transaction.atomic
def tell_customer(opinion: Opinion, *, by: Staff, now: datetime) -> Opinion:
    """The customer has been told."""
    here = _held(opinion, "tell")
    here.told_at, here.state = now, Opinion.State.CLOSED
    here.save(update_fields=["told_at", "state"])
    vault.record("followups.opinion.told", who=by.code, on=("opinion", here.pk))
    return here


@enforces("FUP-011")
@transaction.atomic
def count_cards(
    move: str, cards: int, *, day: date, department: str = "", note: str = "", by: Staff, now: datetime
) -> CardStock:
    """Write down cards that came in, were handed out or came back. No more can be handed out than are in stock, and no
    more come back than were handed out."""
    if move not in CardStock.Move.values or cards < 1:
        raise Refused(_("Say how many cards, at least one."))
    if day > reading_at(now).local(now).date():
        raise Refused(_("The day lies ahead."))
    stock = card_counts(lock=True)
    if move == CardStock.Move.GIVEN and cards > stock["stocked"] - stock["given"]:
        raise Refused(_("Only %(count)s cards are in stock.") % {"count": stock["stocked"] - stock["given"]})
    if move == CardStock.Move.BACK and cards > stock["given"] - stock["back"]:
        raise Refused(_("Only %(count)s cards are out.") % {"count": stock["given"] - stock["back"]})
    return CardStock.objects.create(
        day=day, move=move, department=department, cards=cards, by=by, note=note.strip()[:200], made_at=now
    )


def card_counts(*, lock: bool = False) -> dict[str, int]:
    """Cards in all by what became of them.

    `lock`: two clerks count one after the other. The second waits for the oldest row and only then counts: a statement
    that counted while it waited would not see what the first wrote meanwhile.
    """
    if lock:
        CardStock.objects.select_for_update().order_by("pk").values_list("pk", flat=True).first()
    rows = CardStock.objects.order_by().values_list("move").annotate(Sum("cards"))
    return dict.fromkeys(CardStock.Move.values, 0) | dict(rows)
