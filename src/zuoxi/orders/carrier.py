# SPDX-License-Identifier: Apache-2.0
"""News of parcels from the carrier's own system: each counts once, and moves what it can move."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken
from zuoxi.orders.models import Shipment
from zuoxi.orders.shipping import deliver, keep_news, refuse
from zuoxi.orders.stepping import arrive, case_sent_in
from zuoxi.people.models import Staff


@transaction.atomic
def carrier_news(
    tracking: str, what: str, *, key: str, at: datetime, place: str = "", words: str = "", reason: str = ""
) -> bool:
    """News from the carrier's system; False when it was known already. Raises NotDone for an unknown parcel or word,
    Overtaken for news that cannot be (delivered after it was refused)."""
    shipment = Shipment.objects.filter(tracking=tracking.strip().upper()).select_related("order").first()
    if shipment is None:
        raise NotDone(_("No parcel of ours has the tracking number %(number)s.") % {"number": tracking})
    if what not in ("moving", "delivered", "refused"):
        raise NotDone(_("News are “moving”, “delivered” or “refused”."))
    if not keep_news(shipment, key or f"{what}:{at.isoformat()}", what, at, words=words, place=place):
        return False
    if what == "moving":
        return True
    if shipment.state != Shipment.State.SHIPPED:
        raise Overtaken(_("This parcel has come to its end already."))
    if what == "delivered":
        _arrives(shipment, by=None, now=at)
    else:
        refuse(shipment, by=None, now=at, reason=reason, words=words)
    return True


@transaction.atomic
def parcel_arrived(shipment: Shipment, *, by: Staff, now: datetime) -> None:
    """Logistics writes down that a parcel of any kind was handed over. Raises Overtaken where it came to its end."""
    found = Shipment.objects.select_related("order").get(pk=shipment.pk)
    if found.state != Shipment.State.SHIPPED:
        raise Overtaken(_("This parcel has come to its end already."), _("Look at the page again."))
    _arrives(found, by=by, now=now)  # locks the case or the order, and asks once more
    keep_news(found, f"arrived:{now.isoformat()}", "delivered", now, words=f"{by.code} {by.name}")


def _arrives(shipment: Shipment, *, by: Staff | None, now: datetime) -> None:
    """What arriving means: the order's own goods are delivered, what was sent again goes on to be told."""
    sent_again = case_sent_in(shipment)
    if sent_again:
        arrive(sent_again, by=by, now=now)
    else:
        deliver(shipment, by=by, now=now)
