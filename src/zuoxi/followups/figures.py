# SPDX-License-Identifier: Apache-2.0
"""Rates worked out from rows: numerator and denominator beside each, nothing that anybody types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet

from zuoxi.followups.facts import FunnelFacts, KeptFacts, OthersFacts, ReachedFacts, SatisfactionFacts
from zuoxi.followups.handbook import REASONS
from zuoxi.followups.models import (
    AnswerSheet,
    CheckupFinding,
    ClinicVisit,
    DischargedPatient,
    FollowUpTask,
    Invitation,
    Opinion,
    Survey,
)
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import UnknownRule, judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.tickets import selectors as tickets

State = FollowUpTask.State
_ENDED = (State.DONE, State.NOT_REACHED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers by what they say, with what the rule makes of them."""

    satisfied: int
    fairly: int
    dissatisfied: int
    finding: Finding
    mean: float | None = None
    scores: dict[int, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return self.satisfied + self.fairly + self.dissatisfied

    @property
    def rate(self) -> Decimal | None:
        said = self.finding.details.get("rate_percent")
        return Decimal(said) / 100 if said else None

    @property
    def with_fairly(self) -> Decimal | None:
        said = self.finding.details.get("with_fairly_percent")
        return Decimal(said) / 100 if said else None


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first after `last`, in the site's zone."""
    zone = site_handbook().zone
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def judged(rule: str, facts: object, on: date) -> Finding | None:
    """The finding; None where the site's pack has no such rule."""
    try:
        return judge(rule, facts, site_handbook(), on)
    except UnknownRule:
        return None


def counted(said: Counter[str], on: date, stated: Decimal | None = None, **more: object) -> Counted:
    facts = SatisfactionFacts(said["satisfied"], said["fairly_satisfied"], said["dissatisfied"], stated)
    finding = judge("survey.satisfaction", facts, site_handbook(), on)
    return Counted(
        said["satisfied"],
        said["fairly_satisfied"],
        said["dissatisfied"],
        finding,
        **more,  # type: ignore[arg-type]
    )


def _closed(first: date, last: date, kinds: tuple[str, ...] = ()) -> QuerySet[FollowUpTask]:
    since, until = span(first, last)
    rows = FollowUpTask.objects.filter(closed_at__gte=since, closed_at__lt=until)
    return rows.filter(kind__in=kinds) if kinds else rows


@enforces("FUP-006", "FUP-008")
def satisfaction_between(first: date, last: date, kinds: tuple[str, ...] = ()) -> Counted:
    """Of follow-ups answered in that time. Two queries."""
    rows = _closed(first, last, kinds).filter(state=State.DONE)
    said = Counter(dict(rows.order_by().values_list("satisfaction").annotate(Count("pk"))))
    scores = dict(rows.filter(score__isnull=False).order_by().values_list("score").annotate(Count("pk")))
    points = sum(score * many for score, many in scores.items())
    mean = points / sum(scores.values()) if scores else None
    return counted(said, last, mean=mean, scores=scores)


@enforces("FUP-008", "FUP-013")
def reached_between(first: date, last: date, kinds: tuple[str, ...] = ()) -> Finding | None:
    """Follow-ups that ended in that time and those that were answered; a wrong number was not to be called."""
    rows = _closed(first, last, kinds).filter(state__in=_ENDED)
    due = rows.exclude(state=State.NOT_REACHED, tries__outcome="wrong_number").distinct().count()
    return judged("followup.rate", ReachedFacts(rows.filter(state=State.DONE).count(), due), last)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    key: str
    label: str
    count: int
    share: float | None
    other: bool = False


@enforces("ORD-010")
def refusal_reasons(first: date, last: date) -> tuple[list[ReasonLine], Finding | None]:
    """Why parcels were refused, as first sheets say, and whether "other" asks for finer reasons."""
    return reasons_between(first, last, "refusal")


def reasons_between(first: date, last: date, entry: str) -> tuple[list[ReasonLine], Finding | None]:
    """Reasons of an entry of followup_reasons by how often they were given, the most frequent first."""
    since, until = span(first, last)
    try:
        known = site_handbook().entry(REASONS, entry).reasons
    except NoSuchEntry:
        return [], None
    keys = [one.key for one in known]
    sheets = AnswerSheet.objects.filter(at__gte=since, at__lt=until, adds_to=None, reason__in=keys)
    sheets = sheets.filter(script="refusal") if entry == "refusal" else sheets.exclude(script="refusal")
    said = dict(sheets.order_by().values_list("reason").annotate(Count("pk")))
    total = sum(said.values())
    lines = [
        ReasonLine(
            one.key, str(one.label), said.get(one.key, 0), said.get(one.key, 0) / total if total else None, one.other
        )
        for one in known
    ]
    others = sum(line.count for line in lines if line.other)
    finding = judged("refusal.others", OthersFacts(others, total), last) if entry == "refusal" else None
    return sorted(lines, key=lambda line: -line.count), finding


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """A round: asked, opened, answered; the answers; the three sides of an office's work as means."""

    invited: int
    opened: int
    answered: int
    refused: int
    unreached: int
    responses: int
    counted: Counted
    sides: dict[str, float]

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None


@enforces("FUP-006", "FUP-015")
def survey_figures(survey: Survey) -> SurveyFigures:
    """Three queries. Who would not answer or was not reached counts among the invited, never among the answers."""
    states = dict(survey.invitations.order_by().values_list("state").annotate(Count("pk")))
    said, scores = Counter[str](), Counter[int]()
    for words, score, many in survey.responses.order_by().values_list("satisfaction", "score").annotate(Count("pk")):
        said[words] += many
        if score is not None:
            scores[score] += many
    mean = sum(score * many for score, many in scores.items()) / sum(scores.values()) if scores else None
    kinds = Invitation.State
    answered = states.get(kinds.ANSWERED, 0)
    return SurveyFigures(
        invited=sum(states.values()),
        opened=states.get(kinds.OPENED, 0) + answered,
        answered=answered,
        refused=states.get(kinds.REFUSED, 0),
        unreached=states.get(kinds.UNREACHED, 0),
        responses=sum(said.values()),
        counted=counted(said, survey.closes_on, survey.stated_percent, mean=mean, scores=scores),
        sides=_sides(survey),
    )


def _sides(survey: Survey) -> dict[str, float]:
    totals: dict[str, list[int]] = {}
    if survey.script != "window_questionnaire":
        return {}
    for answers in survey.responses.order_by().values_list("answers", flat=True):
        for side, score in answers.get("sides", {}).items():
            totals.setdefault(side, []).append(score)
    return {side: sum(scores) / len(scores) for side, scores in totals.items()}


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Asked by key after the call; `since` and `until` open the same calls in the call list."""

    asked: int
    response: float | None
    counted: Counted
    since: datetime
    until: datetime

    @property
    def rows(self) -> str:
        """The time as the call list's filters say it."""
        return urlencode({"since": self.since.isoformat(), "until": self.until.isoformat()})


@enforces("FUP-006")
def keys_between(first: date, last: date) -> KeyFigures:
    """Of calls that began in that time, from the ledger of calls: no answer counts among the asked alone. One query."""
    since, until = span(first, last)
    found = telephony.keyed_between(since, until)
    said = Counter(satisfied=found.satisfied, fairly_satisfied=found.fairly_satisfied, dissatisfied=found.dissatisfied)
    return KeyFigures(found.asked, found.response, counted(said, last, mean=found.mean), since, until)


REPLIED: dict[str, Callable[[datetime], Q]] = {
    "replied_in_time": lambda _now: Q(replied_at__lte=F("due_at")),
    "replied_late": lambda now: Q(replied_at__gt=F("due_at")) | Q(replied_at=None, due_at__lt=now),
}
"""Opinions by whether the department answered in time; the list opens the same rows."""


@dataclass(frozen=True, slots=True)
class RepairsCalled:
    """Repairs of the hotline in a time, and those of them whose customer answered a follow-up. `rows`: what the list
    of tickets is asked for the repairs, besides the days."""

    rows: str
    repairs: int
    called: int

    @property
    def rate(self) -> float | None:
        return self.called / self.repairs if self.repairs else None


@enforces("FUP-013", "VAR-009")
def repairs_called(first: date, last: date) -> RepairsCalled | None:
    """Follow-ups ÷ repairs reported on the hotline; None for a pack without repairs. One query."""
    since, until = span(first, last)
    found = tickets.hotline_repairs(since, until)
    if found is None:
        return None
    rows, repairs = found
    done = Q(number__in=FollowUpTask.objects.filter(state=State.DONE).exclude(ticket="").values("ticket"))
    counts = repairs.order_by().aggregate(all=Count("pk"), called=Count("pk", filter=done))
    return RepairsCalled(rows, counts["all"], counts["called"])


@dataclass(frozen=True, slots=True)
class HospitalFigures:
    """Discharge follow-up of a time, all from rows. A finding is None where the pack does not have its rule."""

    files: int
    good_numbers: int
    called: int
    satisfaction: Counted
    reached: Finding | None
    opinions: int
    in_time: int
    overdue: int
    funnel: Finding | None
    checked: int
    positive: int
    followed: int
    came: int
    referred: int
    benefit: int
    kept: Finding | None
    booked: int
    arrived: int
    cards_back: int

    @property
    def opinions_rate(self) -> float | None:
        answered = self.in_time + self.overdue
        return self.in_time / answered if answered else None

    def share(self, part: int, whole: int) -> float | None:
        return part / whole if whole else None

    @property
    def steps(self) -> list[tuple[int, float | None]]:
        """The funnel: how many, and the share of the step before (None where there was nobody)."""
        counts = [self.checked, self.positive, self.followed, self.came]
        return [(here, self.share(here, before)) for here, before in zip(counts, [0, *counts], strict=False)]


@enforces("FUP-008", "FUP-012", "CUS-023")
def hospital_between(first: date, last: date, now: datetime) -> HospitalFigures:
    """Files of patients who left in that time with what became of their follow-up; check-ups read in it; appointments
    whose hour lay in it. At most nine queries."""
    since, until = span(first, last)
    patients = DischargedPatient.objects.filter(discharged_on__range=(first, last))
    files = patients.aggregate(all=Count("pk"), good=Count("pk", filter=~Q(number_good=False)))
    done = FollowUpTask.objects.filter(patient__in=patients.order_by().values("pk"), state=State.DONE)
    said = Counter(dict(done.order_by().values_list("satisfaction").annotate(Count("pk"))))
    called = sum(said.values())
    opinions = Opinion.objects.filter(made_at__gte=since, made_at__lt=until).aggregate(
        all=Count("pk"),
        good=Count("pk", filter=REPLIED["replied_in_time"](now)),
        late=Count("pk", filter=REPLIED["replied_late"](now)),
        cards=Count("pk", filter=Q(source=Opinion.Source.CARD)),
    )
    checks = CheckupFinding.objects.filter(checked_on__range=(first, last), positive__isnull=False).aggregate(
        all=Count("pk"),
        positive=Count("pk", filter=Q(positive=True)),
        followed=Count("pk", filter=Q(followed_at__isnull=False)),
        came=Count("pk", filter=Q(came_at__isnull=False)),
        referred=Count("pk", filter=Q(referred=True)),
        benefit=Count("pk", filter=Q(benefit=True)),
    )
    visits = ClinicVisit.objects.filter(booked_for__gte=since, booked_for__lt=min(until, now)).aggregate(
        all=Count("pk"), came=Count("pk", filter=Q(arrived_at__isnull=False))
    )
    funnel = FunnelFacts(checks["all"], checks["positive"], checks["followed"], checks["came"])
    return HospitalFigures(
        files=files["all"],
        good_numbers=files["good"],
        called=called,
        satisfaction=counted(said, last),
        reached=judged("followup.rate", ReachedFacts(called, files["good"]), last),
        opinions=opinions["all"],
        in_time=opinions["good"],
        overdue=opinions["late"],
        funnel=judged("checkup.funnel", funnel, last),
        checked=checks["all"],
        positive=checks["positive"],
        followed=checks["followed"],
        came=checks["came"],
        referred=checks["referred"],
        benefit=checks["benefit"],
        kept=judged("appointment.kept", KeptFacts(booked=visits["all"], came=visits["came"]), last),
        booked=visits["all"],
        arrived=visits["came"],
        cards_back=opinions["cards"],
    )
