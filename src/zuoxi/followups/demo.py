# SPDX-License-Identifier: Apache-2.0
"""The demo's follow-ups: two months behind, some waiting, booked and late ones, lists, surveys with three hundred
answers, opinions on their way; in a hospital also its files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from zuoxi.customers.selectors import newest
from zuoxi.followups import surveying
from zuoxi.followups.demo_cast import DAY, DAYS, HOUR, Cast, answers_of
from zuoxi.followups.demo_hospital import cards, files
from zuoxi.followups.handbook import DEPARTMENTS, KINDS, ScriptBody
from zuoxi.followups.models import (
    AnswerSheet,
    Appointment,
    Attempt,
    Batch,
    CheckupFinding,
    DischargedPatient,
    FollowUpTask,
    Invitation,
    Opinion,
    Relisten,
    Response,
    Survey,
)
from zuoxi.followups.scripts import script_named, stamp_of
from zuoxi.followups.survey_models import Channel
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import selectors as tickets
from zuoxi.web.roles import Role

State = FollowUpTask.State
_SIDES = ("efficiency", "attitude", "quality")


def furnish(today: date) -> None:
    """Does nothing where a survey stands already."""
    if Survey.objects.exists():
        return
    now, handbook = timezone.now(), site_handbook()
    agents = holders_of(Role.CSR, today)[:12]
    leads = holders_of(Role.CSRS, today) or agents
    if not agents:
        return
    quality, personnel = holders_of(Role.QA, today) or leads, holders_of(Role.HR, today) or leads
    cast = Cast(handbook, agents, leads[0], quality[0], personnel[0], newest(240), now, Random(41))  # noqa: S311
    with transaction.atomic():
        hospital = "discharge" in handbook.entries(KINDS)
        if hospital:
            files(cast)
        _tasks(cast)
        _lists(cast)
        _surveys(cast)
        _opinions(cast)
        if hospital:
            cards(cast)


def _tasks(cast: Cast) -> None:
    """Follow-ups of the pack's own kinds: three in four over, the rest waiting, agreed, late or in the pool."""
    kinds = [key for key, body in cast.handbook.entries(KINDS).items() if script_named(cast.handbook, body.script)]
    if not cast.customers or not kinds:
        return
    patients = list(DischargedPatient.objects.exclude(number_good=False)[:150])
    checkups = list(CheckupFinding.objects.filter(positive=True, followed_at=None)[:40])
    closed = tickets.all_tickets().filter(state="closed").order_by("-closed_at", "-pk")
    settled = list(closed.values_list("number", "kind")[:500])
    bodies, made = cast.handbook.entries(KINDS), []
    for n in range(360):
        kind = kinds[0] if n % 5 < 2 else cast.dice.choice(kinds)
        task = _task(cast, n, kind)
        if bodies[kind].when == "ticket_closed":
            wanted = bodies[kind].tickets
            place = next((at for at, (_number, of) in enumerate(settled) if not wanted or of in wanted), None)
            if place is not None:
                task.ticket = settled.pop(place)[0]
                task.subject = f"ticket:{task.ticket}"
        if kind == "discharge" or kind.startswith("checkup_"):
            pool: list[Any] = patients if kind == "discharge" else checkups
            if not pool:
                continue
            file = pool.pop()
            task.customer, task.name, task.number = None, file.name, file.number
            task.patient, task.checkup = (file, None) if kind == "discharge" else (None, file)
            if task.patient:  # called three days after he left
                task.patient.discharged_on = (task.made_at - 3 * DAY).date()
            if task.checkup:
                task.state, task.closed_at, task.closed_by = State.OPEN, None, None
                task.satisfaction, task.score, task.assignee = "", None, None
        made.append(task)
    DischargedPatient.objects.bulk_update([one.patient for one in made if one.patient], ["discharged_on"])
    FollowUpTask.objects.bulk_create(made)
    _calls(cast, made)


def _task(cast: Cast, n: int, kind: str) -> FollowUpTask:
    dice, over = cast.dice, n % 4 != 0
    at = cast.now - timedelta(days=dice.randint(2, DAYS) if over else dice.randint(0, 2), minutes=dice.randint(0, 400))
    who = cast.customers[n % len(cast.customers)]
    task = FollowUpTask(
        kind=kind,
        subject=f"demo:{n}",
        customer=who,
        name=who.name,
        number=f"100{n:08}",
        due_from=at,
        due_by=at + DAY * (1 if kind == "refused_parcel" else 3),
        made_at=at,
        facts={},
    )
    if over:
        task.closed_at = min(at + timedelta(hours=dice.randint(3, 60)), cast.now - HOUR)
        task.assignee = task.closed_by = dice.choice(cast.agents)
        luck = dice.random()
        task.state = State.NOT_REACHED if luck < 0.1 else State.REFUSED if luck < 0.14 else State.DONE
        task.attempts = dice.randint(1, 3)
    elif n % 12 == 0:
        task.assignee, task.state = dice.choice(cast.agents), State.BOOKED
        task.booked_for = cast.now + timedelta(hours=dice.randint(-1, 30))
        task.due_by, task.attempts = max(task.due_by, task.booked_for), 1
    elif n % 8 == 0:
        task.assignee = dice.choice(cast.agents)
    return task


def _calls(cast: Cast, tasks: list[FollowUpTask]) -> None:
    """Attempts, agreed times and answers of those tasks; one in twenty sheets is drawn to be heard again."""
    dice = cast.dice
    tries, agreed, sheets = [], [], []
    for task in tasks:
        by = task.assignee
        if task.state == State.BOOKED and task.booked_for and by:
            at = task.booked_for - 5 * HOUR
            tries.append(Attempt(task=task, at=at, by=by, outcome=Attempt.Outcome.INCONVENIENT, note="在开车"))
            agreed.append(Appointment(task=task, at=task.booked_for, booked_by=by, booked_at=at))
        if task.closed_at is None or by is None:
            continue
        outcome = {State.DONE: "reached", State.REFUSED: "refused"}.get(State(task.state), "no_answer")
        if outcome == "no_answer" and dice.random() < 0.4:
            outcome = "wrong_number"
        tries.append(Attempt(task=task, at=task.closed_at, by=by, outcome=outcome))
        if task.state == State.DONE:
            sheets.append(_sheet(cast, task, by, task.closed_at))
    Attempt.objects.bulk_create(tries)
    Appointment.objects.bulk_create(agreed)
    AnswerSheet.objects.bulk_create(sheets)
    FollowUpTask.objects.bulk_update([sheet.task for sheet in sheets], ["satisfaction", "score"])
    Relisten.objects.bulk_create(
        Relisten(
            sheet=sheet,
            drawn_at=sheet.at,
            checked_by=cast.quality if n % 3 else None,
            checked_at=sheet.at + DAY if n % 3 else None,
            truthful=n % 6 != 1 if n % 3 else None,
            note="录音里顾客说的是质量" if n % 6 == 1 else "",
        )
        for n, sheet in enumerate(sheets[::20])
    )


def _sheet(cast: Cast, task: FollowUpTask, by: Staff, at: datetime) -> AnswerSheet:
    key = cast.handbook.entries(KINDS)[task.kind].script
    script = script_named(cast.handbook, key)
    answers, satisfaction, score, words, reason = answers_of(cast, script) if script else ({}, "", None, "", "")
    task.satisfaction, task.score = satisfaction, score
    return AnswerSheet(
        task=task,
        script=key,
        stamp=stamp_of(script) if script else "",
        answers=answers,
        satisfaction=satisfaction,
        score=score,
        words=words,
        reason=reason,
        at=at,
        by=by,
    )


def _lists(cast: Cast) -> None:
    """One list out, one brought back and summed up, one that the deadline brought back."""
    open_kinds = FollowUpTask.objects.filter(state=State.OPEN, assignee=None).values_list("kind", flat=True)
    kind = next(iter(open_kinds), "")
    if not kind:
        return
    rows = (
        ("重点客户名单", -1, 2, Batch.State.OPEN, "", ""),
        ("上旬回访名单", -20, -16, Batch.State.COLLECTED, "多数满意，两位反映配送慢", "希望节前提前发货，已告知物流"),
        ("中旬回访名单", -10, -7, Batch.State.COLLECTED, "", ""),
    )
    for name, out, back, state, summary, needs in rows:
        batch = Batch.objects.create(
            name=name,
            kind=kind,
            handed_out_by=cast.lead,
            handed_out_at=cast.now + out * DAY,
            collect_by=cast.now + back * DAY,
            collected_at=cast.now + back * DAY if state == Batch.State.COLLECTED else None,
            state=state,
            size=12,
            returned=0 if state == Batch.State.OPEN else 2,
            summary=summary,
            needs=needs,
        )
        waiting = FollowUpTask.objects.filter(kind=kind, batch=None)
        chosen = (
            waiting.filter(state=State.OPEN, assignee=None)
            if state == Batch.State.OPEN
            else waiting.filter(state=State.DONE, closed_at__lt=batch.collect_by)
        )
        tasks = list(chosen.order_by("-closed_at", "pk")[:12])
        for n, task in enumerate(tasks):
            task.batch, task.assignee = batch, task.assignee or cast.agents[n % len(cast.agents)]
        FollowUpTask.objects.bulk_update(tasks, ["batch", "assignee"])
        Batch.objects.filter(pk=batch.pk).update(size=len(tasks) + batch.returned)


def _surveys(cast: Cast) -> None:
    """A round that is over and reported otherwise than its rows say, one running, one without names on a window."""
    today = timezone.localdate(cast.now)
    rounds = (
        ("上月满意度调查", "satisfaction", Channel.SMS, -45, -31, Survey.State.CLOSED, False, 220, 130),
        ("本月满意度调查", "satisfaction", Channel.SMS, -12, 9, Survey.State.OPEN, False, 180, 92),
        ("服务窗口问卷", "window_questionnaire", Channel.CARD, -40, -20, Survey.State.CLOSED, True, 0, 84),
    )
    for title, key, channel, opens, closes, state, anonymous, asked, answered in rounds:
        script = script_named(cast.handbook, key)
        if script is None:
            continue
        survey = Survey.objects.create(
            title=title,
            script=key,
            channel=channel,
            anonymous=anonymous,
            asked_by=cast.personnel if anonymous else cast.lead,
            asked_for="HR" if anonymous else "",
            window="",
            opens_on=today + opens * DAY,
            closes_on=today + closes * DAY,
            state=state,
            stated_percent="98.1" if title.startswith("上月") else None,
            made_at=cast.now + opens * DAY,
        )
        invited = _invited(cast, survey, asked, answered)
        if channel == Channel.SMS and state == Survey.State.OPEN:
            _links(cast, survey)
        _responses(cast, survey, script, invited, answered)


def _invited(cast: Cast, survey: Survey, asked: int, answered: int) -> list[Invitation]:
    kinds = Invitation.State
    sent = survey.made_at
    rows = [
        Invitation(
            survey=survey,
            customer=cast.customers[n % len(cast.customers)] if cast.customers else None,
            number=f"100{20000 + n:08}",
            digest=f"demo-{survey.pk}-{n}",
            sent_at=sent,
            expires_at=sent + 7 * DAY,
            answered_at=sent + DAY if n < answered else None,
            state=kinds.ANSWERED if n < answered else (kinds.OPENED, kinds.SENT, kinds.SENT, kinds.REFUSED)[n % 4],
        )
        for n in range(asked)
    ]
    return Invitation.objects.bulk_create(rows)[:answered]


def _links(cast: Cast, survey: Survey) -> None:
    """Some are asked by the real way, so that their messages stand in the outbox with links that open the questions."""
    people = surveying.customers_of(cast.customers[-6:])
    surveying.invite(survey, people, by=survey.asked_by, now=cast.now)


def _responses(cast: Cast, survey: Survey, script: ScriptBody, invited: list[Invitation], answered: int) -> None:
    rows = []
    for n in range(answered):
        answers, satisfaction, score, words, _reason = answers_of(cast, script)
        sides = {
            one.asks: answers[one.key] for one in script.questions if one.asks in ("efficiency", "attitude", "quality")
        }
        rows.append(
            Response(
                survey=survey,
                invitation=invited[n] if n < len(invited) else None,
                channel=survey.channel,
                answers=answers | ({"sides": sides} if sides else {}),
                satisfaction=satisfaction,
                score=score,
                words=words,
                at=survey.made_at + timedelta(hours=cast.dice.randint(1, 150)),
            )
        )
    Response.objects.bulk_create(rows)


def _opinions(cast: Cast) -> None:
    """Opinions in every state, two of them past their day."""
    known = list(cast.handbook.entries(DEPARTMENTS))
    sheets = AnswerSheet.objects.exclude(words="").exclude(script="refusal").select_related("task").order_by("-at")[:36]
    rows = []
    for n, sheet in enumerate(sheets):
        state = ("new", "passed", "answered", "closed", "closed")[n % 5]
        due = sheet.at + 3 * DAY
        replied = sheet.at + (5 if n % 9 == 3 else 2) * DAY
        rows.append(
            Opinion(
                source=Opinion.Source.FOLLOW_UP,
                task=sheet.task,
                words=sheet.words,
                praise="很好" in sheet.words,
                department="" if state == "new" else known[n % len(known)],
                made_by=sheet.by,
                made_at=sheet.at,
                passed_at=None if state == "new" else sheet.at + HOUR,
                due_at=None if state == "new" else due,
                reply="已改进，感谢提醒" if state in ("answered", "closed") else "",
                replied_by=cast.lead if state in ("answered", "closed") else None,
                replied_at=replied if state in ("answered", "closed") else None,
                told_at=replied + HOUR if state == "closed" else None,
                state=state,
            )
        )
    Opinion.objects.bulk_create(rows)
