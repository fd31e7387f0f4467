# SPDX-License-Identifier: Apache-2.0
"""The demo's outbound calls: a campaign that runs, one that is over, callbacks that are due, follow-ups, places kept.

All people and numbers are made up. Rows are written in bulk, as a month of the pages would have left them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by
from zuoxi.outbound.dial_rules import judge_effective
from zuoxi.outbound.facts import EffectiveFacts
from zuoxi.outbound.handbook import RESULT_TREES, ResultBody
from zuoxi.outbound.models import (
    Attempt,
    Campaign,
    FollowUpRecord,
    Handout,
    Lead,
    ListImport,
    Promise,
    QueueTurn,
    RejectedRow,
    Seat,
)
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of, superior_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queue_names, recent_callers

SEED = 11
SELLING = ("base", "tv_shopping", "telesales", "chengdu", "seat_rules")
AFTER = {"bar": "barred", "wrong": "barred", "again": "waiting", "callback": "waiting"}
AGENTS = 14
DAYS = 9
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", ("先生", "女士", "大姐", "老师", "师傅")
SAYINGS = (
    "对保温锅感兴趣，想等周末和家人商量",
    "问能否开发票，月底前再联系",
    "嫌运费贵，有满减活动时通知她",
    "上次的被套满意，想看同系列枕头",
    "孩子开学前考虑学习桌，下月再谈",
)
PLAIN_REASONS = ("查清后回电", "与承办部门核实后告知", "约定下午再联系", "告知办理进度", "老人听不清，约家属在时再打")
REASONS = ("查清尺码后回电", "核实到货时间后告知", "约定下午再谈优惠", "问清保修范围后回电", "老人不会操作，约时间讲解")


def furnish(today: date) -> None:
    """Make the demo's outbound calls; nothing where there are some already, or nobody makes them."""
    agents = holders_of("TSR", today)[:AGENTS]
    supervisors = holders_of("TSRS", today)
    if Campaign.objects.exists() or Promise.objects.exists() or len(agents) < 2 or not supervisors:
        return
    with transaction.atomic():
        _Scene(today, agents, supervisors[0], random.Random(SEED)).play()  # noqa: S311


@dataclass
class _Scene:
    """Everything is told in the order in which it would have happened."""

    today: date
    agents: Sequence[Staff]
    supervisor: Staff
    luck: random.Random
    results: dict[str, ResultBody] = field(default_factory=dict)
    serial: int = 0

    def play(self) -> None:
        if settings.PACK in SELLING:
            self._sales()
        self._promises()
        if settings.PACK in SELLING:
            self._follow_ups()
        self._turns()

    def _sales(self) -> None:
        self.results = site_handbook().entry(RESULT_TREES, "sales").all()
        over = self._campaign("双十一老客回访", "preview", "done", 26, leads=160, until=14)
        self._calls(over, range(24, 14, -1), share=0.95)
        running = self._campaign("冬季暖居特惠", "preview", "running", DAYS, leads=420)
        self._calls(running, range(DAYS - 1, -1, -1), share=0.6)
        birthdays = self._campaign("会员生日关怀", "progressive", "running", 2, leads=60)
        # nobody is seated in the progressive one: it would begin to dial with simulated agents
        self._join(running, self.agents)
        self._hand_out(birthdays)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        zone = timezone.get_current_timezone()
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour, minute), zone)

    def name(self) -> str:
        return self.luck.choice(FAMILY) + self.luck.choice(GIVEN)

    def number(self) -> str:
        self.serial += 1
        return f"199{self.serial:04d}{self.luck.randrange(10000):04d}"

    def _campaign(
        self, name: str, mode: str, state: str, ago: int, *, leads: int, until: int | None = None
    ) -> Campaign:
        made = self.at(ago, 9)
        campaign = Campaign.objects.create(
            name=name,
            mode=mode,
            state=state,
            rule="ordinary",
            tree="sales",
            about="演示数据，号码与姓名均为虚构。",
            begins_on=made.date(),
            ends_on=self.today + timedelta(days=21) if until is None else self.at(until, 9).date(),
            made_by=self.supervisor,
            made_at=made,
            started_at=made,
            guard_since=made,
            ended_at=None if until is None else self.at(until, 18),
        )
        batch = ListImport.objects.create(
            campaign=campaign,
            name=f"{name}.xlsx",
            source="自有会员",
            consent="会员章程第三条，办卡时勾选",
            by=self.supervisor,
            at=made,
            read=leads + 9,
            taken=leads,
            twice=4,
            barred=3,
            refused=2,
        )
        Lead.objects.bulk_create(
            Lead(
                campaign=campaign,
                batch=batch,
                number=self.number(),
                name=self.name(),
                consent=batch.consent,
                changed_at=made,
                fields={"上次购买": self.luck.choice(("保温锅", "四件套", "按摩仪", "羽绒被"))},
                state="waiting",
            )
            for _ in range(leads)
        )
        reasons = ["twice"] * 4 + ["do_not_call"] * 3 + ["number"] * 2
        RejectedRow.objects.bulk_create(
            RejectedRow(batch=batch, line=index * 17 + 3, cells=[self.name(), "—"], reason=reason)
            for index, reason in enumerate(reasons)
        )
        return campaign

    def _calls(self, campaign: Campaign, days: range, share: float) -> None:
        """Calls of those days; each contact at most once, so that every one of them has one story."""
        leads = list(Lead.objects.filter(campaign=campaign).order_by("pk"))
        leads = leads[: int(len(leads) * share)]
        each = max(1, len(leads) // len(days))
        attempts: list[Attempt] = []
        for place, ago in enumerate(days):
            for lead in leads[place * each : (place + 1) * each]:
                attempts.append(self._attempt(campaign, lead, ago))
        Attempt.objects.bulk_create(attempts)
        Lead.objects.bulk_update(
            leads, ["state", "attempts", "last_at", "next_at", "result", "colour", "owner", "why"], batch_size=200
        )

    def _attempt(self, campaign: Campaign, lead: Lead, ago: int) -> Attempt:
        last = timezone.localtime().hour if ago == 0 else 18
        if last < 10:  # the day has not begun yet
            ago, last = 1, 18
        hour = self.luck.choice([one for one in (9, 10, 11, 14, 15, 16, 17) if one < max(10, last)])
        began = self.at(ago, hour, self.luck.randrange(60))
        key = self.luck.choices(
            ("ordered", "intent", "promising", "refused", "busy_now", "no_answer", "line_busy", "wrong_number", "bar"),
            (9, 10, 12, 22, 6, 26, 8, 4, 3),
        )[0]
        body = self.results[key]
        answered = key not in ("no_answer", "line_busy", "wrong_number")
        talk = self.luck.choice((18, 26, 34, 48, 75, 132, 210)) if answered else None
        finding = judge_effective(EffectiveFacts(talk or 0, body.counts), site_handbook().on(began.date()))
        agent = self.luck.choice(self.agents)
        ended = began + timedelta(seconds=15 + (talk or 10))
        self._lead_after(lead, key, body, agent, ended)
        return Attempt(
            campaign=campaign,
            lead=lead,
            staff=agent,
            number=lead.number,
            mode=campaign.mode,
            state="answered" if answered else "unanswered",
            day=began.date(),
            reserved_at=began,
            dialled_at=began,
            answered_at=began + timedelta(seconds=14) if answered else None,
            ended_at=ended,
            talk_seconds=talk,
            result=key,
            note="" if not answered else self.luck.choice(SAYINGS),
            written_at=ended + timedelta(seconds=20),
            effective=finding.outcome == "effective",
            judgement=finding.as_json(),
        )

    def _lead_after(self, lead: Lead, key: str, body: ResultBody, agent: Staff, ended: datetime) -> None:
        lead.attempts, lead.last_at, lead.result, lead.colour = 1, ended, key, body.colour
        lead.state = {"bar": "barred", "wrong": "barred", "again": "waiting", "callback": "waiting"}.get(
            body.next, "done"
        )
        lead.why = body.next if lead.state == "barred" else ""
        if lead.state == "waiting":
            lead.next_at = ended + timedelta(hours=26)
            lead.owner = agent if body.next == "callback" else None

    def _join(self, campaign: Campaign, agents: Sequence[Staff]) -> None:
        Seat.objects.bulk_create(Seat(campaign=campaign, staff=one, joined_at=self.at(0, 9)) for one in agents)

    def _hand_out(self, campaign: Campaign) -> None:
        agent = self.agents[-1]
        made = Handout.objects.create(
            campaign=campaign, staff=agent, by=self.supervisor, at=self.at(1, 9), due_at=self.at(-1, 17), given=15
        )
        chosen = Lead.objects.filter(campaign=campaign, owner=None).order_by("pk").values_list("pk", flat=True)[:15]
        Lead.objects.filter(pk__in=list(chosen)).update(owner=agent, handout=made)
        Handout.objects.create(
            campaign=campaign,
            staff=self.agents[0],
            by=self.supervisor,
            at=self.at(4, 9),
            due_at=self.at(2, 17),
            given=20,
            done=18,
            collected_at=self.at(2, 17, 1),
            summary="18 户已联系，2 户停机",
        )

    def _promises(self) -> None:
        """For most agents one that is due soon, for some one that is late, and some that were kept."""
        now = timezone.now()
        numbers = recent_callers(len(self.agents) * 2)
        customers = [one for one in map(found_by, numbers) if one is not None]
        rows: list[Promise] = []
        for index, agent in enumerate(self.agents):
            for place, minutes in enumerate(
                (25 + 13 * index, -20 - 9 * index if index % 3 == 0 else 24 * 60 + 60 * index)
            ):
                who = customers[index * 2 + place] if len(customers) > index * 2 + place else None
                rows.append(self._promise(agent, who, now + timedelta(minutes=minutes), now - timedelta(hours=2)))
            kept = self._promise(
                agent, None, now - timedelta(days=1, minutes=17 * index), now - timedelta(days=1, hours=2)
            )
            kept.state, kept.closed_at, kept.closed_by = "kept", kept.due_at - timedelta(minutes=6), agent
            kept.outcome = "已回电，问题已答复"
            rows.append(kept)
        nobody = self._promise(None, None, now + timedelta(minutes=40), now - timedelta(minutes=15))
        nobody.source, nobody.reason = "missed", "来电时无人接听，按键请求回电"
        Promise.objects.bulk_create([*rows, nobody])

    def _promise(self, owner: Staff | None, who: Customer | None, due: datetime, made: datetime) -> Promise:
        source = self.luck.choice(("call", "campaign", "ticket", "hand"))
        source = "call" if source == "campaign" and settings.PACK not in SELLING else source
        return Promise(
            customer=who,
            number=self.number(),
            name=who.name if who else self.name(),
            owner=owner,
            due_at=due,
            reason=self.luck.choice(REASONS if settings.PACK in SELLING else PLAIN_REASONS),
            source=source,
            made_by=owner,
            made_at=made,
        )

    def _follow_ups(self) -> None:
        rows: list[FollowUpRecord] = []
        begun = timezone.localtime().hour >= 10
        for ago in range(5, -1 if begun else 0, -1):
            for agent in self.agents[:9]:
                leader = superior_of(agent, self.today) if ago else None
                rows += [self._follow_up(agent, ago, leader) for _ in range(2)]
        FollowUpRecord.objects.bulk_create(rows)

    def _follow_up(self, agent: Staff, ago: int, leader: Staff | None) -> FollowUpRecord:
        at = min(self.at(ago, self.luck.randrange(9, 17), self.luck.randrange(60)), timezone.now())
        values: dict[str, Any] = {"handed_at": None, "received_by": None, "received_at": None}
        if ago:
            values["handed_at"] = self.at(ago, 17, 40)
        if ago > 1 and leader is not None:
            values |= {"received_by": leader, "received_at": self.at(ago, 17, 55)}
        return FollowUpRecord(
            staff=agent,
            day=self.today - timedelta(days=ago),
            at=at,
            contact=self.name(),
            phone=self.number(),
            content=self.luck.choice(SAYINGS),
            colour=self.luck.choice(("intent", "promising", "")),
            next_at=self.at(-2, 10),
            **values,
        )

    def _turns(self) -> None:
        now, queues = timezone.now(), sorted(queue_names())
        if not queues:
            return
        states = ("waiting", "waiting", "done", "done", "expired", "waiting")
        QueueTurn.objects.bulk_create(
            QueueTurn(
                queue=queues[index % len(queues)],
                number=self.number(),
                entered_at=now - timedelta(minutes=30 + 7 * index),
                asked_at=now - timedelta(minutes=22 + 7 * index),
                call=-1 - index,
                state=state,
                attempts=0 if state == "waiting" else 1,
                next_at=now + timedelta(hours=3) if state == "waiting" else None,
                closed_at=None if state == "waiting" else now - timedelta(minutes=5 * index),
            )
            for index, state in enumerate(states)
        )
