# SPDX-License-Identifier: Apache-2.0
"""What is done with a ticket from its page, and with several from a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.people.models import Staff, User
from zuoxi.policy.marks import shows
from zuoxi.policy.rulebook import Impossible
from zuoxi.tickets import services
from zuoxi.tickets.access import CHECK, DISPATCH
from zuoxi.tickets.models import Department, Ticket
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.views.asking import back_to, done, me, moment_of, seen
from zuoxi.tickets.visibility import in_hand, visible_tickets
from zuoxi.vault import services as vault
from zuoxi.web.access import Principal, may

MOST_AT_ONCE = 200


def _staff(code: str) -> Staff | None:
    """The person of that number. Raises Refused for a number nobody who works here has."""
    if not code.strip():
        return None
    found = people.staff_by_code(code.strip())
    if found is None or not found.employed:
        raise Refused(_("Nobody here has the staff number “%(code)s”.") % {"code": code.strip()})
    return found


def _department(code: str) -> Department | None:
    if not code:
        return None
    found = services.department_named(code)
    if found is None or found.closed_on:
        raise Refused(_("There is no such department."))
    return found


class Act:
    """What a form on the ticket's page asks for: the ticket, the person, the moment and the typed words."""

    def __init__(self, request: HttpRequest, ticket: Ticket) -> None:
        self.request, self.ticket, self.by, self.now = request, ticket, me(request), timezone.now()
        self.who: dict[str, Any] = {"by": self.by, "now": self.now}

    def text(self, name: str = "text") -> str:
        return self.request.POST.get(name, "").strip()

    def moment(self, name: str) -> datetime | None:
        given = self.text(name)
        found = moment_of(given)
        if given and found is None:
            raise Refused(_("“%(text)s” is no time.") % {"text": given})
        return found

    def record(self, verb: str, **detail: Any) -> None:
        vault.record_request(self.request, verb, on=("ticket", self.ticket.number), **detail)


def _assign(act: Act) -> None:
    department, staff = _department(act.text("department")), _staff(act.text("staff"))
    services.assign(act.ticket, department=department, staff=staff, note=act.text(), **act.who)


def _hold(act: Act) -> None:
    services.hold(
        act.ticket, reason=act.text("reason"), note=act.text(), until=act.moment("until"),
        stops_clock=act.text("runs") != "on", **act.who,
    )  # fmt: skip


def _answer(act: Act) -> None:
    services.answer_customer(
        act.ticket, how=act.text("how"), text=act.text(), reached=act.text("unreached") != "on", **act.who
    )
    act.ticket.refresh_from_db()
    if act.text("close") == "on" and act.text("unreached") != "on" and act.ticket.state == "answering":
        services.close(act.ticket, **act.who)


def _extend(act: Act) -> None:
    due = act.moment("due_at")
    if due is None:
        raise Refused(_("Say until when."))
    told = act.now if act.text("told") == "on" else None
    services.extend(
        act.ticket, clock=act.text("clock"), due_at=due, reason=act.text(), told_customer_at=told,
        told_leader=_staff(act.text("leader")), **act.who,
    )  # fmt: skip
    act.record("tickets.extended", reason=act.text())


def _promise(act: Act) -> None:
    due = act.moment("due_at")
    if due is None:
        raise Refused(_("Say until when."))
    services.promise(act.ticket, promised_at=due, note=act.text(), **act.who)


def _other(act: Act) -> Ticket:
    other = visible_tickets(act.request.user).filter(number=act.text("other").upper()).first()
    if other is None:
        raise Refused(_("There is no ticket “%(number)s” that you may see.") % {"number": act.text("other")})
    return other


def _merge(act: Act) -> None:
    other = _other(act)
    services.merge(act.ticket, other, **act.who)
    act.record("tickets.merged", into=other.number)


def _unmerge(act: Act) -> None:
    services.unmerge(act.ticket, **act.who)
    act.record("tickets.unmerged")


def _reclassify(act: Act) -> None:
    user = cast(User, act.request.user)
    services.reclassify(act.ticket, kind=act.text("kind"), topic=act.text("topic"), roles=user.roles, **act.who)
    act.record("tickets.reclassified", kind=act.text("kind"), topic=act.text("topic"))


def _reopen(act: Act) -> None:
    services.reopen(act.ticket, reason=act.text(), **act.who)
    act.record("tickets.reopened", reason=act.text())


def _priority(act: Act) -> None:
    given = act.text("priority")
    services.set_priority(act.ticket, int(given) if given.isdecimal() else -1, **act.who)


def _subtask(act: Act) -> None:
    department, staff = _department(act.text("department")), _staff(act.text("staff"))
    services.add_subtask(act.ticket, title=act.text(), department=department, staff=staff, **act.who)


def _papers(act: Act) -> None:
    wanted = [*act.request.POST.getlist("paper"), *act.text().splitlines()]
    made = services.notify_papers(act.ticket, papers=wanted, law_changed=act.text("law_changed"), **act.who)
    if made.breach:
        text = _("This is notice %(turn)s for the same matter: it is kept as a breach and the leaders were told.")
        messages.warning(act.request, text % {"turn": made.turn})


VERBS: dict[str, tuple[Callable[[Act], Any], str | Promise]] = {
    "assign": (_assign, gettext_lazy("Passed on.")),
    "accept": (lambda act: services.accept(act.ticket, **act.who), gettext_lazy("The ticket is yours.")),
    "return": (lambda act: services.return_back(act.ticket, reason=act.text(), **act.who), gettext_lazy("Returned.")),
    "contact": (
        lambda act: services.contact(act.ticket, note=act.text(), **act.who),
        gettext_lazy("Noted that the customer was called."),
    ),
    "urge": (
        lambda act: services.urge(act.ticket, words=act.text(), by_customer=act.text("customer") == "on", **act.who),
        gettext_lazy("Urged; whoever has it was told."),
    ),
    "hold": (_hold, gettext_lazy("It waits.")),
    "resume": (lambda act: services.resume(act.ticket, **act.who), gettext_lazy("Taken up again.")),
    "finish": (lambda act: services.finish(act.ticket, result=act.text(), **act.who), gettext_lazy("Done.")),
    "check": (
        lambda act: services.check(act.ticket, passed=act.text("passed") == "yes", note=act.text(), **act.who),
        gettext_lazy("Checked."),
    ),
    "answer": (_answer, gettext_lazy("Kept what the customer was told.")),
    "close": (lambda act: services.close(act.ticket, **act.who), gettext_lazy("Closed.")),
    "reopen": (_reopen, gettext_lazy("Opened again.")),
    "split": (
        lambda act: services.split(act.ticket, title=act.text(), **act.who),
        gettext_lazy("A second ticket was opened."),
    ),
    "merge": (_merge, gettext_lazy("Merged.")),
    "unmerge": (_unmerge, gettext_lazy("It stands by itself again.")),
    "link": (
        lambda act: services.link(act.ticket, _other(act), act.text("kind"), **act.who),
        gettext_lazy("Linked."),
    ),
    "subtask": (_subtask, gettext_lazy("A part was opened.")),
    "parts": (
        lambda act: services.open_parts(act.ticket, act.by, act.now),
        gettext_lazy("One part was opened for each need."),
    ),
    "note": (
        lambda act: services.add_note(act.ticket, text=act.text(), public=act.text("public") == "on", **act.who),
        gettext_lazy("Noted."),
    ),
    "reclassify": (_reclassify, gettext_lazy("Classified anew.")),
    "priority": (_priority, gettext_lazy("Priority changed.")),
    "extend": (_extend, gettext_lazy("It has more time.")),
    "promise": (_promise, gettext_lazy("Promised.")),
    "papers": (_papers, gettext_lazy("Kept what the applicant was told.")),
    "read_back": (
        lambda act: services.tick_read_back(act.ticket, act.request.POST.getlist("field"), **act.who),
        gettext_lazy("Ticked."),
    ),
}
ANYBODY = frozenset({"urge", "note", "answer", "contact", "accept", "read_back", "link", "split", "reclassify"})
"""What whoever sees the ticket may do: any agent may have its customer on the line; the services ask further."""


def allowed(request: HttpRequest, ticket: Ticket, verb: str, mine: bool) -> bool:
    """Whether this person may do that with this ticket; `mine`: it is his own work."""
    user = cast(Principal, request.user)
    if verb == "check":
        return user.may(CHECK.code)
    if verb == "accept" and (ticket.owner_id or ticket.department_id):  # it was given to somebody: his to accept
        return mine or user.may(DISPATCH.code)
    return verb in ANYBODY or mine or user.may(DISPATCH.code)


@shows("CUS-004", "CUS-006", "CUS-008", "CUS-009", "CUS-010", "CUS-011", "CUS-013", "CUS-017", "CUS-018")
@require_POST
@may("tickets.handle")
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb on one ticket, from its page, the board or a work list."""
    if verb not in VERBS:
        raise Http404
    ticket = seen(request, number)
    if not allowed(request, ticket, verb, in_hand(request.user, ticket)):
        raise PermissionDenied(verb)
    does, good = VERBS[verb]
    if verb == "check" and request.POST.get("passed") != "yes":
        good = _("Sent back to be done again.")
    return done(request, lambda: does(Act(request, ticket)), str(good), ticket)


BULK = ("assign", "urge", "answer", "priority", "note")


@shows("CUS-010", "CUS-012")
@require_POST
@may("tickets.dispatch")
def bulk(request: HttpRequest) -> HttpResponse:
    """The same verb on several tickets; each row is told apart, and one that is refused holds up no other."""
    verb = request.POST.get("verb", "")
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[:MOST_AT_ONCE]
    if verb not in BULK or not numbers:
        messages.error(request, _("Tick some tickets and choose what is to be done."))
        return redirect(back_to(request, "tickets:tickets"))
    rows = {one.number: one for one in visible_tickets(request.user).filter(number__in=numbers)}
    results: list[tuple[str, str, bool, str]] = []
    for number in numbers:
        ticket = rows.get(number)
        if ticket is None:
            results.append((number, "", False, _("There is no such ticket that you may see.")))
            continue
        try:
            VERBS[verb][0](Act(request, ticket))
        except (Refused, Impossible) as refusal:
            results.append((number, ticket.title, False, str(refusal)))
        else:
            results.append((number, ticket.title, True, str(VERBS[verb][1])))
    good = sum(ok for _number, _title, ok, _text in results)
    context = {"results": results, "good": good, "bad": len(results) - good, "next": back_to(request, "")}
    return render(request, "tickets/bulk.html", context)
