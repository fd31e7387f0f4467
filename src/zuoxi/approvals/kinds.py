# SPDX-License-Identifier: Apache-2.0
"""Request types. A package registers its own in `<package>/requests.py`, which is imported when the first is asked for.

    register(Kind("leave", _("Leave"), LeaveForm, route_of_leave, on_approved=grant, summary=lines_of))

The route is computed once, when the request is handed in; its finding is kept and shown as the reason. Who stands
behind a role word is found when a step opens and again when it is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.core import checks
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from zuoxi.policy.findings import Finding

if TYPE_CHECKING:
    from zuoxi.approvals.models import Request
    from zuoxi.people.models import Staff

REFUSED = "refused"
"""Outcome of a finding that forbids the request altogether."""


@dataclass(frozen=True, slots=True)
class Step:
    """One signature: a role word of `handbooks/roles.yaml`, and what it is for where that is not plain."""

    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Who signs, in order, and who is told afterwards (role words). A finding "refused" forbids the request.

    Without steps the request is granted as it is handed in.
    """

    finding: Finding
    steps: tuple[Step, ...] = ()
    filed_with: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return self.finding.outcome == REFUSED

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(step.role for step in self.steps)


@dataclass(frozen=True, slots=True)
class Draft:
    """A request before it exists; `data` is what the form cleaned, as JSON."""

    kind: str
    applicant: Staff
    data: dict[str, Any]
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """A document that is still to be handed in, until when."""

    code: str
    label: str | Promise
    due_at: datetime


class RequestForm(forms.Form):
    """A form of a request. `applicant` is who asks, `now` when; both None where neither matters."""

    def __init__(self, *args: Any, applicant: Staff | None = None, now: datetime | None = None, **more: Any) -> None:
        self.applicant, self.now = applicant, now or timezone.now()
        super().__init__(*args, **more)


Summary = Callable[["Request"], Iterable[tuple[Any, Any]]]


def _no_lines(_request: Request) -> list[tuple[Any, Any]]:
    return []


@dataclass(frozen=True)
class Kind:
    """A type of request.

    on_closed: refused, returned, withdrawn. on_lapsed: papers were not handed in by their day (else on_closed).
    owes: the papers to be handed in after approval. recheck: the route as it must be now (quotas used up meanwhile);
    None: as it was. capability: who may ask ("" everybody with a post). notice_before: own sentence on how early.
    listed False: not offered in the chooser (the program or another page hands it in). due_figure: how long an
    approver may take, in hours or minutes by its unit. panel + panel_template: a fragment for the approver.
    attachment: whether a file must ("must"), may ("may") or cannot ("no") be attached.
    """

    code: str
    title: str | Promise
    form: type[forms.Form]
    route: Callable[[Draft, date], Route]
    on_approved: Callable[[Request], None]
    on_closed: Callable[[Request], None] | None = None
    summary: Summary = _no_lines
    clauses: tuple[str, ...] = ()
    on_lapsed: Callable[[Request], None] | None = None
    owes: Callable[[Request], Iterable[Owed]] | None = None
    recheck: Callable[[Request, datetime], Route | None] | None = None
    panel: Callable[[HttpRequest, Request], dict[str, Any]] | None = None
    panel_template: str = ""
    may_ask: Callable[[Staff, date], bool] | None = None
    capability: str = ""
    group: str | Promise = ""
    icon: str = "file"
    order: int = 100
    listed: bool = True
    attachment: str = "may"
    due_figure: str = "approvals.step.due_hours"
    lead: str | Promise = ""
    title_of: Callable[[Request], str] | None = None
    help: tuple[str | Promise, ...] = field(default=())

    def bound(self, data: Any, applicant: Staff | None = None, now: datetime | None = None) -> forms.Form:
        """The form with data."""
        return self.form(data, **self._about(applicant, now))

    def blank(self, applicant: Staff | None = None, now: datetime | None = None, **initial: Any) -> forms.Form:
        """The empty form; `initial` fills what is known."""
        return self.form(initial=initial, **self._about(applicant, now))

    def _about(self, applicant: Staff | None, now: datetime | None) -> dict[str, Any]:
        return {"applicant": applicant, "now": now} if issubclass(self.form, RequestForm) else {}


_kinds: dict[str, Kind] = {}
_loaded: list[bool] = []


class UnknownKind(LookupError):
    """No installed package has a request type of that code."""


def register(kind: Kind) -> Kind:
    """Put a request type up. Raises ValueError when another one has the code."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ValueError(f"request type {kind.code!r} is registered twice")
    _kinds[kind.code] = kind
    return kind


def _load() -> None:
    """Raises what a package's room raises, each time it is asked: half of the types would look like all of them."""
    if _loaded:
        return
    for app in apps.get_app_configs():
        if app.name.startswith("zuoxi.") and find_spec(f"{app.name}.requests"):
            import_module(f"{app.name}.requests")
    _loaded.append(True)


@checks.register
def request_types_load(app_configs: Any, **_options: Any) -> list[checks.CheckMessage]:
    """`zuoxi check` fails where a package's request types cannot be imported."""
    try:
        _load()
    except Exception as fault:  # whatever a broken module raises
        return [checks.Error(f"request types cannot be loaded: {fault!r}", id="approvals.E001")]
    return []


_sources: list[Callable[[], dict[str, Kind]]] = []


def add_source(source: Callable[[], dict[str, Kind]]) -> None:
    """Further request types that are not code: those of the site's packs."""
    if source not in _sources:
        _sources.append(source)


def kinds() -> dict[str, Kind]:
    """Every request type by code, in the order in which they are offered."""
    _load()
    found = dict(_kinds)
    for source in _sources:
        found = source() | found
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def kind_named(code: str) -> Kind:
    """The request type. Raises UnknownKind."""
    _load()
    if code in _kinds:
        return _kinds[code]
    for source in _sources:
        if (found := source().get(code)) is not None:
            return found
    raise UnknownKind(code)


def as_data(value: Any) -> Any:
    """A cleaned value as JSON: days and times in ISO, money as text, rows as their code or id."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Model():
            return getattr(value, "code", value.pk)
        case dict():
            return {str(key): as_data(one) for key, one in value.items()}
        case str() | None | bool() | int() | float():
            return value
        case Iterable():
            return [as_data(one) for one in value]
        case _:
            return str(value)
