# SPDX-License-Identifier: Apache-2.0
"""The demo's requests: every state, each through the same verbs as on the pages, at the time it would have happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from zuoxi.approvals import services
from zuoxi.approvals.demo_amendments import furnish_amendments
from zuoxi.approvals.kinds import UnknownKind
from zuoxi.approvals.models import Notice, Request
from zuoxi.approvals.refusals import NotDone
from zuoxi.approvals.selectors import open_step
from zuoxi.people import services as people
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of, open_handovers, open_teams, standing_of
from zuoxi.web.roles import LEADERS, Role

_DAY = timedelta(days=1)
_PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Scene:
    """One request: by whom (post and place among its holders), how many days ago, what the signers say in turn."""

    who: tuple[str, int]
    ago: int
    kind: str
    data: dict[str, Any]
    says: tuple[tuple[str, str], ...] = ()
    paper: bool = False
    withdrawn: bool = False
    person: tuple[str, int] | None = None
    days: dict[str, int] = field(default_factory=dict)


YES, NO, BACK = ("approve", ""), ("refuse", "本周排班已满，请下月再提"), ("return", "请写明由谁接手客户")
_MOVE = {"position": "QA", "team": "", "taker": ""}
SCENES = (
    Scene(("TSR", 4), 6, "transfer", {**_MOVE, "reason": "希望转做质检"}, (YES, YES, YES), days={"effective_on": 30}),
    Scene(("TSR", 11), 20, "transfer", {"position": "TSR", "team": "T02", "taker": "", "reason": "离家近"}, (YES, NO),
          days={"effective_on": 10}),
    Scene(("CSR", 5), 9, "transfer", {**_MOVE, "reason": "想学习品质管理"}, (BACK,), days={"effective_on": 14}),
    Scene(("TSR", 18), 2, "transfer", {"position": "TSR", "team": "T04", "taker": "", "reason": "与搭档同组"}, (YES,),
          days={"effective_on": 12}),
    Scene(("OM", 0), 6, "move_by_manager", {"position": "TSR", "team": "T06", "taker": "", "reason": "新项目缺人"},
          (YES,), paper=True, person=("TSR", 25), days={"effective_on": 9}),
    Scene(("TSR", 30), 12, "leaving", {"ground": "resigned", "taker": "", "reason": "返乡"}, (YES, YES, YES),
          days={"notice_on": 0, "last_day": 30}),
    Scene(("CSR", 9), 1, "leaving", {"ground": "resigned", "taker": "", "reason": "继续读书"},
          days={"notice_on": 0, "last_day": 35}),
    Scene(("TSRS", 0), 0, "loan", {"reason": "T02 今日进线高峰"}, person=("TSR", 33)),
    Scene(("TSRL", 1), 0, "loan", {"reason": "晚班缺人"}, person=("TSR", 20)),
    Scene(("TSR", 40), 5, "project_file", {"file": "秋季项目话术总表", "reason": "整理异议处理"}, (YES,),
          days={"until": 20}),
    Scene(("CSR", 12), 0, "project_file", {"file": "退换货流程说明", "reason": "学习"}, days={"until": 10}),
    Scene(("TSRL", 2), 3, "script_print", {"file": "新品开场白", "copies": "12", "reason": "班前会演练"}, (YES,)),
    Scene(("TSR", 44), 4, "script_print", {"file": "话术手册", "copies": "1", "reason": "回家看"},
          (("refuse", "话术资料不得带出"),)),
    Scene(("TRS", 0), 2, "training_room", {"who": "inside", "people": "24", "reason": "新员工岗前培训"}, (YES,)),
    Scene(("TR", 0), 0, "training_room", {"who": "outside", "people": "10", "reason": "外聘讲师试讲"}),
    Scene(("CSRS", 0), 1, "meeting_room", {"rank": "department", "people": "CSR 班长", "equipment": "投影",
                                           "reason": "客诉周例会"}, (YES,)),
    Scene(("TSR", 50), 3, "shuttle_guest", {"guest": "家属一名", "reason": "顺路就医"}, withdrawn=True,
          days={"day": 5}),
    Scene(("TSRL", 3), 0, "shuttle_late", {"until": "22:30", "reason": "大促加班"}, days={"day": 0}),
    Scene(("OM", 0), 8, "external_loan", {"department": "市场部", "reason": "展会接待"}, (YES,), paper=True,
          person=("CSR", 15), days={"first": 12, "last": 13}),
)  # fmt: skip


def furnish(today: date) -> None:
    """Nothing when there are requests of these kinds already."""
    furnish_amendments(_cast(today), today)
    if Request.objects.filter(kind__in={scene.kind for scene in SCENES}).exists():
        return
    cast = _cast(today)
    for scene in SCENES:
        _play(scene, cast, today)
    _stand_ins(cast, today)
    _hand_over()
    people.apply_changes(today)
    Notice.objects.filter(created_at__lt=timezone.now()).exclude(pk__in=_latest()).update(read_at=timezone.now())


def _latest() -> list[int]:
    """Some stay unread, so that the bell has something to say."""
    return list(Notice.objects.order_by("-pk").values_list("pk", flat=True)[:40])


def _cast(today: date) -> dict[str, list[Staff]]:
    return {str(role): holders_of(role, today) for role in Role}


def _one(cast: dict[str, list[Staff]], who: tuple[str, int]) -> Staff | None:
    held = cast.get(who[0], [])
    return held[who[1] % len(held)] if held else None


def _play(scene: Scene, cast: dict[str, list[Staff]], today: date) -> None:
    asker = _one(cast, scene.who)
    if asker is None or asker.user is None:
        return
    day = today - _DAY * scene.ago
    now = timezone.make_aware(datetime.combine(day, time(9, 20 + scene.who[1] % 30)))
    now = min(now, timezone.now())
    data = dict(scene.data) | {name: (day + _DAY * ahead).isoformat() for name, ahead in scene.days.items()}
    data |= _hours(scene, day, now)
    if scene.person is not None:
        person = _person(scene, cast, asker, today)
        if person is None:
            return
        data["person"] = person.code
    files = [SimpleUploadedFile("书面申请.pdf", _PAPER, "application/pdf")] if scene.paper else []
    try:
        with transaction.atomic():
            made = services.submit(scene.kind, asker, data, by=asker.user, now=now, attachments=files)
    except (UnknownKind, NotDone):  # the site's pack has no such type, or no such post
        return
    _say(scene, made, now)


def _person(scene: Scene, cast: dict[str, list[Staff]], asker: Staff, today: date) -> Staff | None:
    """Somebody below the asker, so that he may name him."""
    if scene.kind != "loan" or standing_of(asker, today).position not in LEADERS:
        return _one(cast, scene.person or ("", 0))
    own = standing_of(asker, today).team_ids
    return next((one for one in cast["TSR"] if standing_of(one, today).team_ids & own), None)


def _hours(scene: Scene, day: date, now: datetime) -> dict[str, str]:
    begin = timezone.localtime(now) + timedelta(minutes=30)
    if scene.kind == "loan":
        teams = [team.code for team in open_teams()]
        return {
            "team": teams[1] if len(teams) > 1 else "",
            "starts_at": f"{begin:%Y-%m-%dT%H:%M}",
            "ends_at": f"{begin + timedelta(hours=4):%Y-%m-%dT%H:%M}",
        }
    if scene.kind in ("training_room", "meeting_room"):
        return {"starts": f"{day + 3 * _DAY}T14:00", "ends": f"{day + 3 * _DAY}T16:00"}
    return {}


def _say(scene: Scene, made: Request, now: datetime) -> None:
    for turn, (verdict, note) in enumerate(scene.says, 1):
        made.refresh_from_db()
        step = open_step(made)
        if step is None or step.approver is None or step.approver.user is None:
            return
        later = min(now + timedelta(hours=3 * turn), timezone.now())
        services.decide(made, by=step.approver.user, verdict=verdict, note=note, now=later)  # type: ignore[arg-type]
    if scene.withdrawn and made.submitted_by is not None:
        services.withdraw(made, by=made.submitted_by, now=now + timedelta(hours=1), note="改乘地铁")


def _stand_ins(cast: dict[str, list[Staff]], today: date) -> None:
    giver, taker = _one(cast, ("TRS", 0)), _one(cast, ("QAS", 0))
    if giver is not None and taker is not None and giver.user is not None:
        services.delegate(
            giver, taker, from_on=today + 5 * _DAY, until_on=today + 9 * _DAY, by=giver.user, now=timezone.now(),
            reason="外出培训",
        )  # fmt: skip


def _hand_over() -> None:
    """The oldest handover is closed, the next half done."""
    for turn, handover in enumerate(open_handovers()[:2]):
        now = timezone.now()
        for item in list(handover.items.all())[: None if turn == 0 else 3]:
            people.tick_item(item, by=handover.giver, what="无" if item.pk % 3 else "已列清单移交", done=True, now=now)
        if turn == 0:
            for party in (handover.giver, handover.taker):
                people.sign_handover(handover, by=party, now=now)
