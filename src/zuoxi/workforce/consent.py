# SPDX-License-Identifier: Apache-2.0
"""From a wish to a request: at once where nobody else is in it, after the colleague's word where somebody is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, submit
from zuoxi.people.models import Staff, User
from zuoxi.policy.marks import enforces
from zuoxi.workforce import swapping
from zuoxi.workforce.models import ShiftSwap
from zuoxi.workforce.swapping import NotPossible, Wish

_CODES = {ShiftSwap.Kind.SUBSTITUTE: "shift.substitute"}


@transaction.atomic
def ask_swap(wish: Wish, *, by: User, now: datetime) -> ShiftSwap:
    """Keep the wish, and hand it in where no colleague has to agree first. Raises NotPossible and NotDone."""
    swap = swapping.ask(wish, now)
    if swap.kind != ShiftSwap.Kind.PEER:
        _hand_in(swap, by, now)
    return swap


@enforces("SCH-005")
@transaction.atomic
def agree(swap: ShiftSwap, *, by: Staff, user: User, now: datetime) -> ShiftSwap:
    """The colleague agrees, and the request goes to who signs. Raises NotPossible when it does not wait for him."""
    swap = ShiftSwap.objects.select_for_update().select_related(None).get(pk=swap.pk)
    if swap.peer_id != by.pk or swap.state != ShiftSwap.State.ASKED:
        raise NotPossible(_("This swap does not wait for you any more."))
    if not swapping.stands(swap):
        ShiftSwap.objects.filter(pk=swap.pk).update(state=ShiftSwap.State.FAILED, peer_answered_at=now)
        return ShiftSwap.objects.get(pk=swap.pk)
    ShiftSwap.objects.filter(pk=swap.pk).update(peer_answered_at=now)
    _hand_in(swap, user, now)
    return swap


def _hand_in(swap: ShiftSwap, user: User, now: datetime) -> None:
    request = submit(
        _CODES.get(ShiftSwap.Kind(swap.kind), "shift.swap"), swap.applicant, {"swap": swap.pk}, by=user, now=now
    )
    swap.refresh_from_db()
    rows = ShiftSwap.objects.filter(pk=swap.pk)
    rows.update(request=request)
    rows.filter(state=ShiftSwap.State.ASKED).update(state=ShiftSwap.State.OPEN)
    swap.refresh_from_db()


__all__ = ["NotDone", "NotPossible", "Wish", "agree", "ask_swap"]
