# SPDX-License-Identifier: Apache-2.0
"""Rounds of asking: opening one, sending links, taking answers in, closing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.customers import selectors as customers
from zuoxi.customers.models import Customer
from zuoxi.customers.numbers import canonical
from zuoxi.followups import results
from zuoxi.followups.making import reading_at
from zuoxi.followups.models import Invitation, Opinion, Response, Survey
from zuoxi.followups.refusing import Refused
from zuoxi.followups.scripts import Outcome, checked, script_named
from zuoxi.followups.survey_models import Channel
from zuoxi.messaging import services as messaging
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

SMS = "sms"
Person = tuple[Customer | None, str]
MOST = 2000  # people of one sending
A_MINUTE = 40  # pages of surveys that one address may open in a minute


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_survey(
    title: str,
    script: str,
    channel: str,
    *,
    opens_on: date,
    closes_on: date,
    by: Staff,
    now: datetime,
    asked_for: str = "",
    window: str = "",
    anonymous: bool = False,
) -> Survey:
    """Begin a round. `asked_for`: in whose name (a position's code, HR for the supervision of a window)."""
    body = script_named(site_handbook(), script)
    if body is None or body.use == "call":
        raise Refused(_("Choose a questionnaire that the handbook has for surveys."))
    if channel not in Channel.values or channel == Channel.KEYS:
        raise Refused(_("Choose how people are asked."))
    if not title.strip():
        raise Refused(_("Give the survey a name."))
    if closes_on < opens_on:
        raise Refused(_("The last day must not lie before the first."))
    made = Survey.objects.create(
        title=title.strip()[:80],
        script=script,
        channel=channel,
        window=window,
        anonymous=anonymous,
        asked_by=by,
        asked_for=asked_for,
        opens_on=opens_on,
        closes_on=closes_on,
        state=Survey.State.OPEN,
        made_at=now,
    )
    vault.record("followups.survey.opened", who=by.code, on=("survey", made.pk))
    return made


@enforces("FUP-006")
def invite(survey: Survey, people: Iterable[Person], *, by: Staff, now: datetime, site: str = "") -> dict[str, int]:
    """Ask these people (customer, number): each number once; who wants no calls is left out. Returns counts by
    "invited", "again" (asked before), "barred", "bad" (no number). `site`: the address at which links are reached."""
    if survey.state != Survey.State.OPEN:
        raise Refused(_("The survey is not running."))
    wanted: dict[str, Customer | None] = {}
    counts = {"invited": 0, "again": 0, "barred": 0, "bad": 0}
    for customer, number in people:
        bare = canonical(number)
        if not 5 <= len(bare) <= 24:
            counts["bad"] += 1
        elif len(wanted) < MOST:
            wanted.setdefault(bare, customer)
    barred = customers.barred_numbers(wanted, "survey", now)
    known = set(survey.invitations.filter(number__in=wanted).values_list("number", flat=True))
    expires = _expires(survey, now)
    for number, customer in wanted.items():
        if number in barred:
            counts["barred"] += 1
        elif number in known or not _invited(survey, (customer, number), expires, now, site):
            counts["again"] += 1
        else:
            counts["invited"] += 1
    vault.record("followups.survey.sent", who=by.code, on=("survey", survey.pk), counts=counts)
    return counts


def _expires(survey: Survey, now: datetime) -> datetime:
    reading = reading_at(now)
    last = datetime.combine(survey.closes_on, time(23, 59, 59), reading.zone)
    return min(now + timedelta(days=reading.whole("survey.link_days")), last)


def _invited(survey: Survey, person: Person, expires: datetime, now: datetime, site: str) -> bool:
    customer, number = person
    token = secrets.token_urlsafe(18)
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                survey=survey,
                customer=customer,
                number=number,
                digest=digest_of(token),
                sent_at=now,
                expires_at=expires,
            )
            if survey.channel == Channel.SMS:
                link = f"{site.rstrip('/')}{reverse('followups:survey_answer', args=[token])}"
                text = _("%(title)s: please tell us in one minute. %(link)s") % {"title": survey.title, "link": link}
                messaging.send(SMS, number, text, dedupe=f"survey:{made.pk}", about=f"survey:{survey.pk}")
    except IntegrityError:
        return False
    return True


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link; None for a token that nobody was sent."""
    if not 10 <= len(token) <= 64:
        return None
    return Invitation.objects.select_related("survey").filter(digest=digest_of(token)).first()


def still_open(invitation: Invitation, now: datetime) -> str:
    """ "" while it can be answered, else "answered", "expired" or "closed"."""
    if invitation.state == Invitation.State.ANSWERED:
        return "answered"
    if invitation.survey.state != Survey.State.OPEN:
        return "closed"
    return "expired" if now > invitation.expires_at else ""


def opened(invitation: Invitation, now: datetime) -> None:
    """Somebody looks at the link; only the first time counts."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None, state=Invitation.State.SENT).update(
        opened_at=now, state=Invitation.State.OPENED
    )


@enforces("FUP-006", "FUP-015")
@transaction.atomic
def answer(invitation: Invitation, said: Mapping[str, str], *, now: datetime, by: Staff | None = None) -> Response:
    """Take an answer in, once; in a survey with names whoever is not satisfied becomes a complaint. Raises BadAnswers
    with nothing kept, and Refused where the link is used up or over."""
    here = Invitation.objects.select_for_update(of=("self",)).select_related("survey").get(pk=invitation.pk)
    why = still_open(here, now)
    if why:
        raise Refused(_("This link has been used, or its time is over."))
    outcome = _checked(here.survey, said, now)
    here.state = Invitation.State.ANSWERED
    here.answered_at = None if here.survey.anonymous else now
    here.save(update_fields=["state", "answered_at"])
    made = _kept(here.survey, outcome, now, invitation=here, channel=here.survey.channel, by=by)
    if (outcome.complaint or outcome.unhappy) and not here.survey.anonymous:
        whose = here.customer or results.whose(here.number, "", by, now)
        results.complain(here.survey.script, outcome, source="survey", customer=whose, by=by, now=now)
    return made


@enforces("FUP-006", "FUP-011")
@transaction.atomic
def enter(survey: Survey, said: Mapping[str, str], *, by: Staff, now: datetime, channel: str = "") -> Response:
    """An answer that came on paper or was given to somebody at the window."""
    if survey.state != Survey.State.OPEN:
        raise Refused(_("The survey is not running."))
    return _kept(survey, _checked(survey, said, now), now, channel=channel or survey.channel, by=by)


def _checked(survey: Survey, said: Mapping[str, str], now: datetime) -> Outcome:
    script = script_named(site_handbook(), survey.script)
    if script is None:
        raise Refused(_("The handbook does not have this questionnaire any more."))
    return checked(script, said, {}, reading_at(now))


def _kept(
    survey: Survey,
    outcome: Outcome,
    now: datetime,
    *,
    channel: str,
    invitation: Invitation | None = None,
    by: Staff | None = None,
) -> Response:
    at = now
    if survey.anonymous:
        at = reading_at(now).local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made = Response.objects.create(
        survey=survey,
        invitation=None if survey.anonymous else invitation,
        channel=channel,
        answers=outcome.answers | ({"sides": outcome.sides} if outcome.sides else {}),
        satisfaction=outcome.satisfaction,
        score=outcome.score,
        words=outcome.words,
        at=at,
    )
    if outcome.words:
        source = Opinion.Source.CARD if channel == Channel.CARD else Opinion.Source.SURVEY
        who = None if survey.anonymous else by
        Opinion.objects.create(source=source, response=made, words=outcome.words, made_by=who, made_at=at)
    return made


@transaction.atomic
def not_answered(invitation: Invitation, state: str) -> None:
    """Somebody who was called would not answer or was not reached: neither counts as a valid answer."""
    if state not in (Invitation.State.REFUSED, Invitation.State.UNREACHED):
        raise Refused(_("Choose what came of the call."))
    rows = Invitation.objects.filter(pk=invitation.pk).exclude(state=Invitation.State.ANSWERED)
    if not rows.update(state=state):
        raise Refused(_("This link has been used, or its time is over."))


@transaction.atomic
def close(survey: Survey, stated: Decimal | None, *, by: Staff, now: datetime) -> Survey:
    """End a round. `stated`: a rate that somebody reported, kept to be shown beside the one that the rows give."""
    here = Survey.objects.select_for_update().get(pk=survey.pk)
    if here.state == Survey.State.CLOSED:
        raise Refused(_("The survey is over already. Nothing was changed."))
    here.state, here.stated_percent = Survey.State.CLOSED, stated
    here.save(update_fields=["state", "stated_percent"])
    vault.record("followups.survey.closed", who=by.code, on=("survey", here.pk))
    return here


def customers_of(rows: Iterable[Customer]) -> list[Person]:
    """Customers with the number at which they are asked; who has none is left out."""
    found: list[Person] = []
    for one in rows:
        number = next(iter(customers.numbers_of([one.pk])), "")
        if number:
            found.append((one, number))
    return found


def too_often(address: str, now: datetime) -> bool:
    """Whether an address has asked for more pages of surveys this minute than a person does; guessing links is so
    made hopeless. The count lives in the cache, for a minute."""
    key = f"survey-page:{address}:{now:%H%M}"
    cache.add(key, 0, 70)
    try:
        return int(cache.incr(key)) > A_MINUTE
    except ValueError:
        return False
