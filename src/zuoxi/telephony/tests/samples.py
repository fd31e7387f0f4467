# SPDX-License-Identifier: Apache-2.0
"""One of everything that telephony's addresses ask for, of the sample agent."""

from __future__ import annotations

from typing import Any

from zuoxi.telephony.models import Extension, NotReadyReason, Number, OpeningCalendar
from zuoxi.telephony.tests import factories as make


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    agent = world["agent"].code
    switch, queue = make.switch(), make.queue()
    call = make.call(agent=agent)
    recording = make.recording(call, status="complete", seconds=60)
    make.state(agent, "ready", call.offered_at, 5)
    make.event("queue.joined", call.offered_at, call.uid, queue="sales")
    OpeningCalendar.objects.create(code="day", name_zh="白班", name_en="Day")
    Number.objects.create(number="4008001234", switch=switch, queue=queue)
    Extension.objects.create(number="1001", switch=switch)
    NotReadyReason.objects.create(code="away", name_zh="离席", name_en="Away")
    one_queue = {"key": "queue", "pk": queue.pk}
    return {
        "telephony:call": {"pk": call.pk},
        "telephony:reveal_number": {"pk": call.pk},
        "telephony:evidence": {"pk": call.pk},
        "telephony:recording": {"pk": recording.pk},
        "telephony:recording_peaks": {"pk": recording.pk},
        "telephony:recording_audio": {"pk": recording.pk},
        "telephony:recording_download": {"pk": recording.pk},
        "telephony:recording_hold": {"pk": recording.pk},
        "telephony:agent_day": {"agent": agent},
        "telephony:switch_preview": {"pk": switch.pk},
        "telephony:setting_list": {"key": "queue"},
        "telephony:setting_new": {"key": "queue"},
        "telephony:setting_edit": one_queue,
        "telephony:setting_remove": one_queue,
        "telephony:save_view": {"page": "calls"},
        "api/v1/telephony/calls/{int:pk}": {"pk": call.pk},
        "api/v1/telephony/recordings/{int:pk}": {"pk": recording.pk},
    }
