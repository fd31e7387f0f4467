# SPDX-License-Identifier: Apache-2.0
"""Setting the demo centre up: people, switch, queues, numbers, sign-ins. Running it again changes nothing."""

from __future__ import annotations

import json
import os
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zuoxi.config.demo import cast
from zuoxi.config.demo.trades import trade_of
from zuoxi.people import services as people
from zuoxi.people.models import Position, Project, Staff, Team
from zuoxi.telephony.defaults import load_not_ready_reasons
from zuoxi.telephony.models import Extension, Number, OpeningCalendar, Queue, QueueMembership, Switch
from zuoxi.telephony.simulator.centre import QUEUES, agents
from zuoxi.web.roles import Role

SWITCH = "demo"


def demo_password(home: Path) -> str:
    """One password for every demo sign-in, made once and kept with mode 600."""
    path = home / "demo_password"
    if not path.exists():
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"zuoxi-{secrets.token_hex(4)}")
    return path.read_text(encoding="ascii")


@transaction.atomic
def seed_people(today: date, password: str) -> None:
    """Everybody with posts and a sign-in; nobody twice."""
    people.load_positions()
    project = people.ensure_project("tvshop", *trade_of(settings.PACK).project)
    posts = {position.code: position for position in Position.objects.all()}
    teams = {one.code: people.ensure_team(one.code, one.name_zh, one.name_en, project) for one in cast.TEAMS}
    joined = today.replace(year=today.year - 1, day=1)
    known = set(Staff.objects.values_list("code", flat=True))
    hired: list[Staff] = []

    def hire(code: str, name: str, placements: list[people.Placement]) -> None:
        if code not in known:
            hired.append(people.hire(code, name, placements, joined, by="demo"))

    for office in cast.OFFICE:
        hire(office.code, office.name, _office_posts(office, posts, teams, project))
    for team in cast.TEAMS:
        leader = people.Placement(posts[team.leader_role], teams[team.code])
        hire(cast.leader_code(team), team.leader, [leader])
    for index in range(cast.SEATS):
        team = cast.team_of(index)
        seat = people.Placement(posts[team.role], teams[team.code])
        hire(str(cast.FIRST_AGENT + index), cast.agent_name(team, index // len(cast.TEAMS)), [seat])
    _give_sign_ins(hired, password)
    _give_addresses()


def _give_addresses() -> None:
    """Addresses that reach nobody, so that reports of the demo have somewhere to go: no mobile begins with 100."""
    rows = list(Staff.objects.filter(code__in=[one.code for one in cast.OFFICE], mobile=""))
    for staff in rows:
        staff.mobile, staff.email = f"1000000{staff.code}", staff.email or f"s{staff.code}@example.invalid"
    Staff.objects.bulk_update(rows, ["mobile", "email"])


def _office_posts(
    office: cast.OfficeCast, posts: dict[str, Position], teams: dict[str, Team], project: Project
) -> list[people.Placement]:
    if office.teams:
        return [people.Placement(posts[office.role], teams[code]) for code in office.teams]
    return [people.Placement(posts[office.role], project=project)]


def _give_sign_ins(hired: list[Staff], password: str) -> None:
    """The first sign-in pays for the slow hash; the others get the same one (a demo's password is on the screen)."""
    hashed = ""
    for staff in hired:
        user = people.create_user_for(staff, None if hashed else password, must_change=False, by="demo")
        if hashed:
            user.password = hashed
            user.save(update_fields=["password"])
        hashed = user.password


@transaction.atomic
def seed_switch(port: int) -> Switch:
    """The simulated switch with its queues, numbers, extensions, memberships and not-ready reasons."""
    load_not_ready_reasons()
    here = _here(port)
    first = {"kind": Switch.Kind.SIMULATOR, "username": "zuoxi", **here}
    switch, _ = Switch.objects.update_or_create(name=SWITCH, defaults=here, create_defaults=first)
    project = Project.objects.get(code="tvshop")
    hours = [["00:00", "24:00"]]
    calendar, _ = OpeningCalendar.objects.get_or_create(
        code="always",
        defaults={
            "name_zh": "全天",
            "name_en": "Round the clock",
            "weekly": dict.fromkeys("mon tue wed thu fri sat sun".split(), hours),
        },
    )
    queues = {}
    names = trade_of(settings.PACK).queues
    for profile in QUEUES:
        zh, en = names.get(profile.name, (profile.label, profile.label))
        queues[profile.name], _ = Queue.objects.get_or_create(
            code=profile.name,
            defaults={
                "switch": switch,
                "project": project,
                "name_zh": zh,
                "name_en": en,
                "number": profile.number,
                "ring_seconds": profile.ring_seconds,
                "wrap_seconds": 30,
                "target_seconds": profile.target_seconds,
                "max_wait_seconds": profile.max_wait,
                "priority": profile.weight,
                "surveyed": profile.survey_rate > 0,
            },
        )
        Number.objects.get_or_create(
            number=profile.number,
            defaults={
                "switch": switch,
                "label": zh,
                "calendar": calendar,
                "queue": queues[profile.name],
                "presented": True,
            },
        )
    _seat_agents(switch, queues)
    return switch


def _here(port: int) -> dict[str, str | int]:
    """Where the switch is now: a folder that was moved takes all along."""
    return {
        "port": port,
        "recordings_path": str(settings.RECORDINGS),
        "queue_log_path": str(settings.HOME / "switch" / "queue_log"),
        "cel_path": str(settings.HOME / "switch" / "cel" / "Master.csv"),
    }


def move_switch(port: int) -> None:
    """The switch of a home that stands, where it is now."""
    Switch.objects.filter(name=SWITCH).update(**_here(port))


def _seat_agents(switch: Switch, queues: dict[str, Queue]) -> None:
    staff = {one.code: one for one in Staff.objects.all()}
    seated = set(Extension.objects.filter(switch=switch).values_list("number", flat=True))
    extensions, memberships = [], []
    for index, agent in enumerate(agents(7, cast.SEATS)):
        if agent.code in seated:
            continue
        extensions.append(
            Extension(
                number=agent.code, switch=switch, staff=staff[agent.code], seat=f"{agent.team}-{index // 8 + 1:02d}"
            )
        )
        memberships += [QueueMembership(queue=queues[name], staff=staff[agent.code]) for name in agent.queues]
    Extension.objects.bulk_create(extensions)
    QueueMembership.objects.bulk_create(memberships, ignore_conflicts=True)


def sign_ins() -> list[tuple[str, str, str]]:
    """One sign-in for every role: (role, staff number, name)."""
    shown = [(office.role.value, office.code, office.name) for office in cast.OFFICE]
    shown = [next(one for one in shown if one[0] == role) for role in dict.fromkeys(one[0] for one in shown)]
    for role in (Role.TSRL, Role.CSRL):
        team = next(team for team in cast.TEAMS if team.leader_role is role)
        shown.append((role.value, cast.leader_code(team), team.leader))
    for role in (Role.TSR, Role.CSR):
        index = next(index for index in range(cast.SEATS) if cast.team_of(index).role is role)
        team = cast.team_of(index)
        shown.append((role.value, str(cast.FIRST_AGENT + index), cast.agent_name(team, 0)))
    return shown


def write_note(home: Path, address: str, password: str) -> Path:
    """The address and sign-ins as a file, for scripts that drive the demo."""
    path = home / "demo.json"
    note = {
        "address": address,
        "password": password,
        "sign_ins": [{"role": role, "username": code, "name": name} for role, code, name in sign_ins()],
    }
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(note, file, ensure_ascii=False, indent=1)
    return path
