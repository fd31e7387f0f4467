# SPDX-License-Identifier: Apache-2.0
"""Amendments of the handbook as requests: proposed on a figure's page, signed here, in force from their day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import Draft, Kind, RequestForm, Route, Step, register
from zuoxi.approvals.models import Request, Signature
from zuoxi.approvals.refusals import NotDone
from zuoxi.approvals.submission import submit
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of, scope_of, staff_of, standing_of, team_choices, user_by_id
from zuoxi.policy import services as policy
from zuoxi.policy.marks import enforces
from zuoxi.policy.replays import provide_narrowing, provide_team_titles
from zuoxi.policy.selectors import AmendmentLine, amendment_line, site_handbook
from zuoxi.policy.vocabulary import role_words, title_of_role

CODE = "amendment"


class AmendmentForm(RequestForm):
    """Only which proposal: what it says was checked when it was made and does not change."""

    amendment = forms.IntegerField(widget=forms.HiddenInput)


def _line(data: dict[str, Any]) -> AmendmentLine:
    found = amendment_line(int(data["amendment"]))
    if found is None:
        raise NotDone(_("The proposal is gone."), _("Propose the change again on the figure's page."))
    return found


def _answers_to(position: str, word: str) -> bool:
    known = role_words().get(word)
    return position == word or (known is not None and position in known.positions)


def _somebody_else(word: str, but: Staff, day: date) -> bool:
    known = role_words().get(word)
    posts = known.positions if known is not None and known.positions else (word,)
    return any(one.pk != but.pk for post in posts for one in holders_of(post, day))


def _told(data: dict[str, Any], above: Iterable[str], language: str, suffix: str) -> dict[str, str]:
    """What changes and who signs, in the words of one language."""
    with translation.override(language):
        line = _line(data)
        words = {"figure": line.label, "before": line.before or "—", "after": line.after,
                 "approvers": " → ".join(map(title_of_role, above))}  # fmt: skip
    return {f"{name}_{suffix}": text for name, text in words.items()}


@enforces("ORG-005")
def route(draft: Draft, day: date) -> Route:
    """The approvers above whoever proposes. Nobody stands above the last of them: his own proposal is signed by the
    first of the second signers whose post somebody holds, so that no figure changes under a single pair of eyes,
    unless the site has said otherwise. Where nobody holds any of them, the outcome says that one signature stands
    alone."""
    line = _line(draft.data)
    reading = site_handbook().on(day)
    words = reading.words("amendment.approvers")
    position = standing_of(draft.applicant, day).position
    own = [index for index, word in enumerate(words) if _answers_to(position, word)]
    above = words[own[-1] + 1 :] if own else words
    if not above and reading.flag("amendment.second_pair_of_eyes"):
        second = reading.words("amendment.second_signers")
        above = tuple(word for word in second if _somebody_else(word, draft.applicant, day))[:1]
    finding = reading.finding(
        "handbook.amendment",
        "route" if above else "alone",
        details={"approvers": list(above)},
        since=line.since,
        **_told(draft.data, above, "zh-hans", "zh"),
        **_told(draft.data, above, "en", "en"),
    )
    return Route(finding, tuple(Step(word) for word in above))


def _decider(request: Request) -> policy.Person:
    last = (
        request.signatures.filter(decided_by__isnull=False)
        .exclude(state=Signature.State.COVERED)
        .select_related("decided_by")
        .order_by("-decided_at", "-order")
        .first()
    )
    staff: Staff = last.decided_by if last is not None and last.decided_by is not None else request.applicant
    return policy.Person(staff.code, staff.name)


def approved(request: Request) -> None:
    """Put the figure in force. Raises NotDone when its month has closed meanwhile or somebody was faster."""
    when = request.decided_at or request.submitted_at
    try:
        policy.approve(int(request.data["amendment"]), _decider(request), when)
    except policy.Unfit as wrong:
        raise NotDone(wrong.message, _("Send it back; a new proposal with another day can be made.")) from wrong
    except policy.Decided as wrong:
        raise NotDone(str(wrong), _("Open the figure's page to see what holds.")) from wrong


def closed(request: Request) -> None:
    """A proposal that was turned down or withdrawn is closed; one that was sent back stays open."""
    if request.state == Request.State.RETURNED:
        return
    withdrawn = request.state in (Request.State.WITHDRAWN, Request.State.LAPSED)
    try:
        policy.close(
            int(request.data["amendment"]),
            _decider(request),
            request.decided_at or request.submitted_at,
            withdrawn=withdrawn,
        )
    except policy.Decided:
        return


def lines(request: Request) -> Iterable[tuple[Any, Any]]:
    line = amendment_line(int(request.data["amendment"]))
    if line is None:
        return []
    found = [
        (pgettext_lazy("handbook", "Figure"), line.label),
        (_("Value now"), line.before or "—"),
        (_("Value proposed"), line.after),
        (_("In force from"), line.since),
        (_("Reason"), line.reason),
    ]
    if line.until:
        found.insert(4, (_("Trial until"), line.until))
    if line.alone:
        found.append((_("Signatures"), _("Only one: whoever proposed it also put it in force")))
    return found


def panel(_request: HttpRequest, request: Request) -> dict[str, Any]:
    return {"line": amendment_line(int(request.data["amendment"]))}


def hand_in(amendment: Any, user: int, now: datetime) -> str:
    """Submit the proposal as a request of its proposer; its number. Raises NotDone without a post."""
    person = user_by_id(user)
    staff = staff_of(person)
    if staff is None:
        raise NotDone(_("Only somebody on the staff list can propose."), _("Ask the person in charge of the figure."))
    return submit(CODE, staff, {"amendment": amendment.pk}, by=person, now=now).number


def within_reach(user: Any, rows: Any) -> Any:
    """The rows of a replay about people whom the user may see today."""
    return scope_of(user, timezone.localdate()).narrow(rows, "staff_code")


policy.provide_submitter(hand_in)
provide_narrowing(within_reach)
provide_team_titles(lambda: dict(team_choices()))
register(
    Kind(
        CODE,
        _("Change of the handbook"),
        AmendmentForm,
        route,
        approved,
        on_closed=closed,
        summary=lines,
        clauses=("ORG-005",),
        panel=panel,
        panel_template="policy/amendment_panel.html",
        listed=False,
        icon="why",
        attachment="may",
    )
)
