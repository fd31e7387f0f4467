# SPDX-License-Identifier: Apache-2.0
"""The demo on a real Asterisk: the lab's switch on this machine's loopback, desk phones and callers played by sipp."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from zuoxi.config.demo import cast
from zuoxi.people import services as people
from zuoxi.people.models import Position, Project, Staff, Team
from zuoxi.telephony.asterisk.lab import Laboratory, NotPossible
from zuoxi.telephony.asterisk.lab.network import HOST
from zuoxi.telephony.models import Extension, Number, Queue, QueueMembership, Switch
from zuoxi.telephony.services import ask

SWITCH: Final = "lab"
SEATS: Final = 40
BROWSER_SEATS: Final = ("1901", "1902")
LISTENERS: Final = ("3001", "3002", "2001", "2003")
"""Supervisors and leaders whose telephone is in the floor's page: they listen, whisper, take over."""
AT_WORK: Final = 24
"""How many of the desk phones' agents the demo signs in by itself."""
QUEUES: Final = (("sales", "订购热线", "Orders", "queue"), ("support", "客户服务", "Customer service", "menu"))
NEEDED: Final = {"sipp": "sip-tester", "debootstrap": "debootstrap", "ip": "iproute2"}


def start_switch() -> dict[str, Any]:
    """The lab's line once the switch is up; CommandError with what is missing where it cannot run here."""
    missing = sorted({package for tool, package in NEEDED.items() if shutil.which(tool) is None})
    if os.geteuid() != 0:
        raise CommandError("--asterisk needs root: the switch gets a root folder of its own", returncode=2)
    if missing:
        subprocess.run(["apt-get", "update", "-q"], check=False, capture_output=True)  # noqa: S607
        subprocess.run(["apt-get", "install", "-y", "-q", *missing], check=False, capture_output=True)  # noqa: S603, S607
    try:
        state = Laboratory(HOST).up(SEATS, (*BROWSER_SEATS, *LISTENERS))
    except (NotPossible, RuntimeError, OSError) as error:
        raise CommandError(f"Asterisk cannot be started here: {error}", returncode=2) from error
    line = state.line()
    os.environ.update(ZUOXI_LAB=HOST, ZUOXI_AMI_SECRET=line["ami_secret"])
    return line


@transaction.atomic
def seed_switch(line: dict[str, Any], password: str) -> Switch:
    """The lab's switch as the centre knows it, with two browser seats beside the desk phones."""
    host, _, port = line["ami"].partition(":")
    switch, _ = Switch.objects.update_or_create(
        name=SWITCH,
        defaults={
            "kind": Switch.Kind.ASTERISK,
            "host": host,
            "port": int(port),
            "username": line["ami_user"],
            "queue_log_path": line["queue_log"],
            "cel_path": line["cel"],
            "recordings_path": line["recordings"],
            "websocket_url": line["websocket"],
            "sip_domain": host,
        },
    )
    project = Project.objects.get(code="tvshop")
    queues = {}
    for code, zh, en, number in QUEUES:
        defaults = {"switch": switch, "project": project, "name_zh": zh, "name_en": en, "wrap_seconds": 15}
        queues[code], _ = Queue.objects.get_or_create(code=code, defaults=defaults)
        Number.objects.get_or_create(
            number=line["numbers"][number],
            defaults={"switch": switch, "label": zh, "queue": queues[code], "presented": True},
        )
    _seats(switch, queues, line, password)
    return switch


def _seats(switch: Switch, queues: dict[str, Queue], line: dict[str, Any], password: str) -> None:
    team = Team.objects.get(code=cast.TEAMS[0].code)
    post = people.Placement(Position.objects.get(code=cast.TEAMS[0].role), team)
    for place, code in enumerate(BROWSER_SEATS):
        if not Staff.objects.filter(code=code).exists():
            name = f"{cast.TEAMS[0].sign}软电话{'一二'[place]}"
            staff = people.hire(code, name, [post], timezone.localdate().replace(day=1), by="demo")
            people.create_user_for(staff, password, must_change=False, by="demo")
    for code in (*line["agents"], *BROWSER_SEATS, *LISTENERS):
        member = Staff.objects.get(code=code)
        Extension.objects.update_or_create(
            number=code,
            defaults={
                "switch": switch,
                "staff": member,
                "browser": code in (*BROWSER_SEATS, *LISTENERS),
                "secret": line["passwords"][code],
            },
        )
        for queue in queues.values() if code not in LISTENERS else ():
            QueueMembership.objects.get_or_create(queue=queue, staff=member)


def sign_in_phones(switch: Switch, line: dict[str, Any]) -> None:
    """Wishes that the listener grants as soon as it hears the switch."""
    for code in line["agents"][:AT_WORK]:
        ask(switch, "sign_in", code, {"queues": [queue for queue, *_ in QUEUES]})


def stop_switch() -> None:
    Laboratory(HOST).down()


def town_folder() -> str:
    return str(settings.HOME / "town")
