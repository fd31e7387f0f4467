# SPDX-License-Identifier: Apache-2.0
"""Bonus points as a type of request: handed in from their own page, signed in the inbox like everything else."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import Draft, Kind, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.orders import points
from zuoxi.orders.models import PointsGrant
from zuoxi.policy.findings import Finding


class PointsForm(forms.Form):
    """What the page of points hands in."""

    grant = forms.CharField(max_length=24)
    points = forms.IntegerField(min_value=1)
    customer = forms.IntegerField()
    reason = forms.CharField(max_length=300)


def route(draft: Draft, _day: date) -> Route:
    """Everybody up to whoever may grant as many, as it was judged when the points were asked for."""
    grant = PointsGrant.objects.get(number=draft.data["grant"])
    finding = Finding.from_json(grant.finding)
    return Route(finding, tuple(Step(word) for word in finding.details["approvers"]))


def summary(request: Request) -> list[tuple[Any, Any]]:
    grant = PointsGrant.objects.select_related("customer").get(number=request.data["grant"])
    return [
        (_("Customer"), grant.customer),
        (_("Points"), grant.points),
        (grant.get_basis_display(), grant.basis_ref),
        (_("What for"), grant.reason),
    ]


register(
    Kind(
        points.KIND,
        _("Bonus points"),
        PointsForm,
        route,
        points.granted,
        on_closed=points.refused,
        summary=summary,
        clauses=("ORD-007",),
        group=_("Customers"),
        icon="points",
        listed=False,
        order=600,
    )
)
