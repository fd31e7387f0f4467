# SPDX-License-Identifier: Apache-2.0
"""Consent with its proof, and numbers that are not to be called."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.customers.changing import Refused
from zuoxi.customers.models import Consent, Customer, DoNotCall
from zuoxi.customers.numbers import parsed
from zuoxi.people.models import Staff
from zuoxi.vault import masking
from zuoxi.vault import services as vault


@transaction.atomic
def say_consent(
    customer: Customer,
    channel: str,
    *,
    given: bool,
    proof_kind: str,
    proof: str,
    by: Staff | None,
    now: datetime,
) -> Consent:
    """Write down what he said, with the proof (a recording's call, a link, his words). Raises Refused without one."""
    if channel not in Consent.Channel.values or proof_kind not in Consent.Proof.values:
        raise Refused(_("Choose what the consent is for and how it is proved."))
    if len(proof.strip()) < 2:
        raise Refused(_("A consent needs its proof: the call, the link or the words."))
    said = Consent.objects.create(
        customer=customer,
        channel=channel,
        given=given,
        proof_kind=proof_kind,
        proof=proof.strip()[:500],
        at=now,
        by=by,
    )
    verb = "customers.consent.given" if given else "customers.consent.withdrawn"
    vault.record(verb, who=by.code if by else "", on=("customer", customer.pk), channel=channel)
    return said


@transaction.atomic
def bar_number(
    number: str,
    *,
    scope: str,
    reason: str,
    source: str,
    by: Staff | None,
    now: datetime,
    until: datetime | None = None,
) -> DoNotCall:
    """The number is not called any more. An entry of the same reach that stands already is given back, and lasts as
    long as the longer of both wishes."""
    said = parsed(number)
    if not said.valid:
        raise Refused(str(said.problem))
    if scope not in DoNotCall.Scope.values or source not in DoNotCall.Source.values or not reason.strip():
        raise Refused(_("Say how far it reaches, who wished it and why."))
    if until is not None and until <= now:
        raise Refused(_("The last day must lie ahead."))
    standing = DoNotCall.objects.select_for_update().filter(number=said.national, scope=scope, lifted_at=None).first()
    if standing is not None:
        if standing.until is None or standing.until > now:
            return _lengthened(standing, until, by)
        standing.lifted_at, standing.lifted_why = standing.until, _("Its time was over")
        standing.save(update_fields=["lifted_at", "lifted_why"])
    try:
        with transaction.atomic():
            made = DoNotCall.objects.create(
                number=said.national,
                scope=scope,
                reason=reason.strip()[:200],
                source=source,
                made_at=now,
                by=by,
                until=until,
            )
    except IntegrityError:
        return DoNotCall.objects.get(number=said.national, scope=scope, lifted_at=None)
    on = ("customers.do_not_call", made.pk)
    vault.record("customers.barred", who=by.code if by else "", on=on, number=masking.phone(made.number), scope=scope)
    return made


def _lengthened(standing: DoNotCall, until: datetime | None, by: Staff | None) -> DoNotCall:
    if standing.until is None or (until is not None and until <= standing.until):
        return standing
    standing.until = until
    standing.save(update_fields=["until"])
    vault.record(
        "customers.barred",
        who=by.code if by else "",
        on=("customers.do_not_call", standing.pk),
        number=masking.phone(standing.number),
        scope=standing.scope,
        until=until.isoformat() if until else None,
    )
    return standing


@transaction.atomic
def lift_bar(entry_id: int, *, why: str, by: Staff, now: datetime) -> DoNotCall:
    """Let the number be called again. Raises Refused without a reason, or when a colleague lifted it before."""
    if not why.strip():
        raise Refused(_("Say why the number may be called again."))
    rows = DoNotCall.objects.filter(pk=entry_id, lifted_at=None)
    if not rows.update(lifted_at=now, lifted_by=by, lifted_why=why.strip()[:200]):
        raise Refused(_("This entry does not stand any more."))
    vault.record("customers.bar.lifted", who=by.code, on=("customers.do_not_call", entry_id), purpose=why.strip())
    return DoNotCall.objects.get(pk=entry_id)
