# SPDX-License-Identifier: Apache-2.0
"""What the director has switched off: a statutory warning, or a rule. It is shown; nothing follows from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.policy import site
from zuoxi.policy.amending import Person, Unfit
from zuoxi.policy.models import Suspension
from zuoxi.policy.rulebook import rules
from zuoxi.policy.statutory import WARNINGS, statutory_handbook
from zuoxi.vault.services import record


def switch(kind: str, key: str, *, off: bool, reason: str, by: Person, now: datetime) -> Suspension:
    """Switch a warning or a rule off or on again. Raises Unfit for an unknown one, no reason, or no change."""
    known = statutory_handbook().entries(WARNINGS) if kind == Suspension.Kind.WARNING else rules()
    if key not in known:
        raise Unfit("key", _("There is no such warning or rule."))
    if kind == Suspension.Kind.RULE and off and rules()[key].quiet is None:
        raise Unfit("key", _("This rule chooses or reckons, or protects people outside; it cannot be switched off."))
    if not reason.strip():
        raise Unfit("reason", _("Say why: it stands beside every outcome that it concerns."))
    with transaction.atomic():
        held = Suspension.objects.select_for_update().filter(kind=kind, key=key).order_by("-id").first()
        if (held.off if held else False) == off:
            raise Unfit("key", _("Somebody has switched it already."))
        made = Suspension.objects.create(
            kind=kind, key=key, off=off, reason=reason.strip(), by=by.code, by_name=by.name, at=now
        )
        verb = f"policy.{kind}.{'off' if off else 'on'}"
        record(verb, who=by.code, on=(f"policy_{kind}", key), purpose=reason.strip(), at=now)
        site.grown()
    return made
