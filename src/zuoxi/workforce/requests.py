# SPDX-License-Identifier: Apache-2.0
"""Swaps and substitutes as types of request. They are handed in from their own pages, after a colleague has agreed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import Draft, Kind, RequestForm, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.approvals.services import NotDone
from zuoxi.policy.findings import Finding
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import swapping
from zuoxi.workforce.models import ShiftSwap
from zuoxi.workforce.selectors import shift_name

CODE = "shift.swap"
SUBSTITUTE = "shift.substitute"


class SwapForm(RequestForm):
    """Only the number of the wish: everything else was judged when it was written down."""

    swap = forms.IntegerField(widget=forms.HiddenInput)

    def clean_swap(self) -> int:
        """The wish must be the applicant's own and still waiting to be handed in."""
        pk: int = self.cleaned_data["swap"]
        if self.applicant is None or not self.applicant.swaps.filter(pk=pk).exists():
            raise forms.ValidationError(_("There is no such swap of yours."))
        return pk

    def clean(self) -> dict[str, Any]:
        """With the wish's own reason, which lists of requests show."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        said = ShiftSwap.objects.filter(pk=data.get("swap") or 0).values_list("reason", flat=True).first()
        return {**data, "reason": said or ""}


def swap_of(data: dict[str, Any]) -> ShiftSwap:
    """The wish behind a request's data. Raises NotDone when it is gone."""
    found = ShiftSwap.objects.select_related("applicant", "peer").filter(pk=int(data.get("swap") or 0)).first()
    if found is None:
        raise NotDone(_("The swap is gone."), _("Ask for it again from your roster."))
    return found


def route(draft: Draft, day: date) -> Route:
    """Judged anew as it is handed in; the pack says who signs."""
    swap = swap_of(draft.data)
    return _route(swap, draft.submitted_at, day)


def _route(swap: ShiftSwap, now: datetime, day: date) -> Route:
    try:
        judged = swapping.judge_wish(swapping.wish_of(swap), now, but=swap)
    except swapping.NotPossible as reason:
        raise NotDone(str(reason), _("Ask for the swap again from your roster.")) from reason
    wrong = judged.refused
    if wrong is not None:
        return Route(_as(wrong, "refused"))
    reading = site_handbook().on(day)
    words = swapping.approvers(reading, swap.kind)
    finding = judged.quota
    merged = Finding(
        finding.rule, finding.pack, finding.outcome, finding.why, finding.details,
        _both(finding.clauses, judged.fit.clauses), {**finding.figures, **judged.fit.figures},
        _both(finding.gaps, judged.fit.gaps), _both(finding.ours, judged.fit.ours),
    )  # fmt: skip
    return Route(merged, tuple(Step(word) for word in words))


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _as(finding: Finding, outcome: str) -> Finding:
    return Finding(
        finding.rule, finding.pack, outcome, finding.why, finding.details, finding.clauses, finding.figures,
        finding.gaps, finding.ours,
    )  # fmt: skip


def recheck(request: Request, now: datetime) -> Route | None:
    """Before each signature: is the roster still as it was, and does the swap still fit? Raises NotDone if not."""
    swap = swap_of(request.data)
    if not swapping.stands(swap):
        raise NotDone(
            _("The roster was changed meanwhile; this swap no longer fits it."),
            _("Send the request back, so that it is asked again from the present roster."),
        )
    return _route(swap, now, now.astimezone(site_handbook().zone).date())


def granted(request: Request) -> None:
    """Write the swap; what was overtaken by a change is told to everybody in it."""
    last = request.signatures.filter(state="approved").order_by("-order").select_related("decided_by").first()
    by = last.decided_by.code if last and last.decided_by else request.applicant.code
    swapping.apply(swap_of(request.data), by=by, now=request.decided_at or request.submitted_at)


def closed(request: Request) -> None:
    ShiftSwap.objects.filter(pk=int(request.data.get("swap") or 0), state__in=["asked", "open"]).update(state="closed")


def summary(request: Request) -> list[tuple[Any, Any]]:
    """Both sides' cells, before and after."""
    swap = ShiftSwap.objects.select_related("applicant", "peer").filter(pk=int(request.data.get("swap") or 0)).first()
    if swap is None:
        return []
    names = {one.pk: str(one) for one in (swap.applicant, swap.peer) if one}
    lines: list[tuple[Any, Any]] = [(pgettext_lazy("swap", "Kind of swap"), swap.get_kind_display())]
    if swap.peer:
        lines.append((pgettext_lazy("swap", "Colleague"), str(swap.peer)))
    for person, day, before, after in swap.moves:
        lines.append((f"{day} {names.get(person, '')}", f"{shift_name(before) or '—'} → {shift_name(after) or '—'}"))
    if swap.handover:
        lines.append((pgettext_lazy("swap", "Handed over"), swap.handover))
    if swap.reason:
        lines.append((pgettext_lazy("swap", "Reason"), swap.reason))
    return lines


def panel(_request: HttpRequest, request: Request) -> dict[str, Any]:
    """What the approver should see: whether the half hours stay covered."""
    from zuoxi.workforce.cover import cover_changes

    swap = ShiftSwap.objects.filter(pk=int(request.data.get("swap") or 0)).first()
    return {"changes": cover_changes(swap) if swap else []}


def title_of(request: Request) -> str:
    swap = ShiftSwap.objects.select_related("peer").filter(pk=int(request.data.get("swap") or 0)).first()
    if swap is None:
        return str(_("Swap"))
    whom = f" {swap.peer.name}" if swap.peer else ""
    return f"{swap.get_kind_display()}{whom} {swap.given_day:%m-%d} ⇄ {swap.taken_day:%m-%d}"


register(
    Kind(
        CODE,
        _("Swap of shifts"),
        SwapForm,
        route,
        granted,
        on_closed=closed,
        summary=summary,
        clauses=("SCH-003", "SCH-004", "SCH-005", "SCH-006", "SCH-007"),
        recheck=recheck,
        panel=panel,
        panel_template="workforce/swap_panel.html",
        group=_("Rosters"),
        icon="swap",
        order=40,
        listed=False,
        title_of=title_of,
    )
)
register(
    Kind(
        SUBSTITUTE,
        _("Substitute for a shift"),
        SwapForm,
        route,
        granted,
        on_closed=closed,
        summary=summary,
        clauses=("SCH-018", "ORG-037"),
        recheck=recheck,
        panel=panel,
        panel_template="workforce/swap_panel.html",
        group=_("Rosters"),
        icon="swap",
        order=41,
        listed=False,
        title_of=title_of,
    )
)
