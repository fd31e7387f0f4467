# SPDX-License-Identifier: Apache-2.0
"""The settings in the database, and a site's own file, → the plan that the switch's configuration is made from.

The site file (YAML) holds what belongs to the machine and not to the centre: trunks, paths, the listener's secret.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import yaml

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import handbook, models
from zuoxi.telephony.asterisk.config import (
    Addresses,
    Agent,
    Device,
    Fallback,
    Hours,
    ListenerAccount,
    Menu,
    MenuChoice,
    Number,
    Queue,
    SpecialDay,
    Strategy,
    Survey,
    SurveyQuestion,
    SwitchPlan,
    Trunk,
    UnsafeValue,
)
from zuoxi.telephony.asterisk.config.plan import shaped

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OF_THE_SITE: Final = frozenset(
    {"system_name", "zone", "recordings", "messages", "finish_recording", "record_outbound", "record_internal"}
    | {"present", "agent_codecs", "browser_codecs", "feature_codes"}
)


_OF_THE_MACHINE: Final = frozenset({"sip_bind", "external_address", "local_networks", "rtp_ports", "modules_folder"})
EVERYWHERE: Final = "0.0.0.0:5060"


def read_site(path: Path | None) -> dict[str, Any]:
    """UnsafeValue for a file that is no mapping."""
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    if not isinstance(found or {}, dict):
        raise UnsafeValue(f"{path}: not a mapping")
    return found or {}


def plan_of(switch: models.Switch, site: Mapping[str, Any]) -> SwitchPlan:
    """UnsafeValue names the first setting that cannot stand in a configuration."""
    unknown = set(site) - _OF_THE_SITE - _OF_THE_MACHINE - {"trunks", "listener_permit"}
    if unknown:
        raise UnsafeValue(f"unknown in the site file: {', '.join(sorted(unknown))}")
    queues = list(models.Queue.objects.filter(switch=switch).select_related("overflow").order_by("code"))
    numbers = models.Number.objects.filter(switch=switch).select_related("calendar", "queue__overflow")
    extensions = models.Extension.objects.filter(switch=switch).exclude(secret="").select_related("staff")
    secret = os.environ.get(switch.secret_env, "")
    if not secret:
        raise UnsafeValue(f"the environment variable {switch.secret_env} with the listener's secret is empty")
    permit = tuple(site.get("listener_permit", ())) or ("127.0.0.1/32",)
    return SwitchPlan(
        agents=tuple(_agent(one) for one in extensions.order_by("number")),
        queues=tuple(_queue(one) for one in queues),
        numbers=tuple(_number(one) for one in numbers.order_by("number") if one.queue),
        trunks=tuple(_trunk(one) for one in site.get("trunks", ())),
        listener=ListenerAccount(secret, switch.username, permit),
        **{name: value for name, value in site.items() if name in _OF_THE_SITE},
    )


def addresses_of(site: Mapping[str, Any]) -> Addresses:
    """Where a switch of Zuoxi's own listens: at every address of its machine, unless the site file says otherwise."""
    own = Addresses()
    ports = site.get("rtp_ports") or (own.rtp_first, own.rtp_last)
    networks = site.get("local_networks") or ()
    if not (isinstance(ports, list | tuple) and len(ports) == 2 and all(isinstance(port, int) for port in ports)):
        raise UnsafeValue(f"rtp_ports: {ports!r} is not a first and a last port")
    if isinstance(networks, str):
        raise UnsafeValue("local_networks: write a list, for example [10.0.0.0/8]")
    return replace(
        own,
        sip=str(site.get("sip_bind") or EVERYWHERE),
        external=str(site.get("external_address") or ""),
        local_networks=tuple(str(one) for one in networks),
        rtp_first=ports[0],
        rtp_last=ports[1],
        modules_folder=shaped("path", str(site.get("modules_folder") or own.modules_folder), "folder of modules"),
    )


def _agent(extension: models.Extension) -> Agent:
    name = extension.staff.name if extension.staff else ""
    device = Device.BROWSER if extension.browser else Device.DESK
    return Agent(extension.number, extension.secret, name, device)


def _queue(queue: models.Queue) -> Queue:
    try:
        strategy = Strategy(queue.strategy)
    except ValueError as error:
        raise UnsafeValue(f"queue {queue.code}: strategy {queue.strategy!r}") from error
    return Queue(
        queue.code,
        strategy,
        ring_seconds=queue.ring_seconds,
        weight=max(0, queue.priority),
        max_waiting=queue.max_callers,
        service_seconds=queue.target_seconds,
        callback_key=queue.callback_key,
        survey=survey_of(queue) if queue.surveyed else None,
    )


def survey_of(queue: models.Queue) -> Survey | None:
    """The questions that the handbook has for the queue; UnsafeValue for one that cannot be asked by a switch."""
    body = handbook.survey_of(site_handbook(), queue.survey)
    if body is None:
        return None
    return Survey(
        tuple(
            SurveyQuestion(one.prompt, tuple((key.key, key.points, key.means) for key in one.keys))
            for one in body.questions
        ),
        body.wait_seconds,
    )


def _number(number: models.Number) -> Number:
    queue = number.queue
    if queue is None:
        raise UnsafeValue(f"number {number.number} leads nowhere")
    hours = () if not queue.open else weekly_hours(number.calendar.weekly) if number.calendar else None
    days = special_days(number.calendar.special_days) if number.calendar and queue.open else ()
    return Number(
        number.number,
        queue.code,
        patience_seconds=queue.max_wait_seconds,
        hours=hours,
        special_days=days,
        menu=_menu(number.menu) if number.menu else None,
        overflow_queue=queue.overflow.code if queue.overflow else "",
        when_closed=Fallback(number.when_closed),
        when_full=Fallback(number.when_closed),
        record=queue.recorded,
    )


def weekly_hours(weekly: Mapping[str, Iterable[Iterable[str]]]) -> tuple[Hours, ...]:
    """``{"mon": [["09:00", "21:00"]], …}``; an interval over midnight becomes two."""
    found: list[Hours] = []
    for place, name in enumerate(_DAYS):
        for opens, closes in weekly.get(name, ()):
            begin, end = _clock(opens), _clock(closes)
            if end == dt.time(0) or end > begin:
                found.append(Hours((place + 1,), begin, end))
            else:
                found += [Hours((place + 1,), begin, dt.time(0)), Hours(((place + 1) % 7 + 1,), dt.time(0), end)]
    return tuple(found)


def special_days(days: Mapping[str, Any]) -> tuple[SpecialDay, ...]:
    """``{"2026-10-01": [], "2026-10-11": [["09:00", "18:00"]]}``; or an object with ``hours`` and ``greeting``."""
    found = []
    for day, told in sorted(days.items()):
        own = told if isinstance(told, Mapping) else {"hours": told}
        hours = tuple((_clock(opens), _clock(closes)) for opens, closes in own.get("hours") or ())
        found.append(SpecialDay(dt.date.fromisoformat(day), hours, own.get("greeting", "")))
    return tuple(found)


def _menu(menu: Mapping[str, Any]) -> Menu:
    """``{"prompt": "zuoxi/menu", "choices": {"1": "sales", "2": "support"}}``."""
    choices = tuple(MenuChoice(digit, queue) for digit, queue in sorted(menu.get("choices", {}).items()))
    return Menu(menu.get("prompt", "zuoxi/menu"), choices)


def _trunk(told: Mapping[str, Any]) -> Trunk:
    known = {one.name for one in fields(Trunk)}
    if unknown := set(told) - known:
        raise UnsafeValue(f"unknown in a trunk: {', '.join(sorted(unknown))}")
    words = {key: str(value) for key, value in told.items() if key != "match"}
    match = tuple(str(address) for address in told.get("match", ()))
    return Trunk(words.pop("name", ""), words.pop("contact", ""), match, **words)


def _clock(text: str) -> dt.time:
    return dt.time(0) if text == "24:00" else dt.time.fromisoformat(text)
