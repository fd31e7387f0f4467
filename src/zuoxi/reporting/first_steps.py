# SPDX-License-Identifier: Apache-2.0
"""What a centre that has just begun still has to enter, in order, with the page where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.people import selectors as people
from zuoxi.telephony import selectors as telephony
from zuoxi.workforce import selectors as workforce


@dataclass(frozen=True, slots=True)
class Step:
    """`url` "" where another post does it: `who` names that then."""

    title: str | Promise
    text: str | Promise
    url: str
    done: bool
    who: str | Promise


@dataclass(frozen=True, slots=True)
class _Kind:
    done: str
    title: str | Promise
    text: str | Promise
    address: Callable[[], str]
    capability: str
    who: str | Promise


def _settings(kind: str) -> Callable[[], str]:
    return lambda: reverse("telephony:setting_list", args=[kind])


_IT: Final = _("Set up by IT or a manager")
_KINDS: Final = (
    _Kind("project", _("Add a project"), _("What the centre works for: a channel, a customer, a hotline. Teams "
          "belong to one."), lambda: reverse("people:organisation"), "people.staff.change",
          _("Done by human resources or a manager")),
    _Kind("people", _("Enter your people"), _("From a list in CSV or Excel, with numbers, names, posts and teams; "
          "teams that do not exist yet are made on the way. Then hand out first passwords on each person's page."),
          lambda: reverse("people:import"), "people.staff.import", _("Done by human resources or a manager")),
    _Kind("team", _("Look over the organisation"), _("Every team with its leader and supervisor: requests and reports "
          "go up this line."), lambda: reverse("people:organisation"), "people.staff", ""),
    _Kind("switch", _("Enter the switch"), _("Its address and account, as in the guide for setting up a centre."),
          _settings("switch"), "telephony.settings", _IT),
    _Kind("queue", _("Add queues"), _("A queue for each hotline, with its service level."), _settings("queue"),
          "telephony.settings", _IT),
    _Kind("number", _("Add numbers"), _("Which number that customers dial leads to which queue."), _settings("number"),
          "telephony.settings", _IT),
    _Kind("extension", _("Add extensions"), _("One for each seat; an agent signs in with it."), _settings("extension"),
          "telephony.settings", _IT),
    _Kind("member", _("Put agents into queues"), _("Who takes the calls of which queue, and in what order."),
          lambda: reverse("telephony:memberships"), "telephony.settings", _IT),
    _Kind("roster", _("Publish the first roster"), _("Attendance, breaks and adherence are judged by it."),
          lambda: reverse("workforce:rosters"), "workforce.rosters", _("Done by supervisors")),
    _Kind("call", _("Take the first call"), _("Dial one of the numbers: the call shows on the live floor within a "
          "second, and here the next day."), lambda: reverse("floor:board"), "floor.board", ""),
)  # fmt: skip


def _there(today: date) -> frozenset[str]:
    """What there is of what the steps ask for."""
    found = set(telephony.set_up())
    if people.working_staff(today).exclude(assignments__position__code="DIR").exists():
        found.add("people")
    projects = people.projects_and_teams()
    if projects:
        found.add("project")
    if any(teams for _project, teams in projects):
        found.add("team")
    if workforce.was_ever_published():
        found.add("roster")
    return frozenset(found)


def first_steps(today: date, capabilities: Iterable[str]) -> list[Step]:
    """Every step with whether it is done, and the door to it for whoever may open it."""
    there, own = _there(today), set(capabilities)
    return [
        Step(one.title, one.text, one.address() if one.capability in own else "", one.done in there, one.who)
        for one in _KINDS
    ]
