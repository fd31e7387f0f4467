# SPDX-License-Identifier: Apache-2.0
"""The channel event log that the simulated switch keeps: the CSV that Zuoxi's own `cel_custom.conf` asks for."""

# ruff: noqa: PLR0917 - the signatures are those of Listener

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from zuoxi.telephony.asterisk.config.logs import CEL_COLUMNS

from .centre import Centre
from .day import MICRO
from .engine import Engine
from .happenings import Listener
from .model import Call, Leg, Queue


class ChannelLog(Listener):
    """Writes each row with `write`. With a `system_name`, channels are numbered under it."""

    def __init__(self, write: Callable[[str], object], system_name: str = "") -> None:
        self._write = write
        self._prefix = f"{system_name}-" if system_name else ""

    def _row(
        self,
        t: int,
        event: str,
        call: Call,
        leg: Leg | None,
        app: str = "",
        peer: str = "",
        extra: dict[str, Any] | None = None,
    ) -> None:
        uid, name = (call.linkedid, call.channel) if leg is None else (leg.uid, leg.channel)
        context, exten = (call.context, call.exten) if leg is None else (leg.context, "s")
        told = "" if extra is None else json.dumps(extra, separators=(",", ":")).replace('"', '""')
        values = {
            "eventtype": event,
            "eventtime": f"{t // MICRO}.{t % MICRO:06d}",
            "uniqueid": self._prefix + uid,
            "linkedid": self._prefix + call.linkedid,
            "channame": name,
            "context": context,
            "exten": exten,
            "appname": app,
            "peer": peer,
            "eventextra": told,
        }
        self._write('"' + '","'.join(values.get(column, "") for column in CEL_COLUMNS) + '"\n')

    def call_started(self, t: int, call: Call) -> None:
        if call.direction == "inbound":
            self._row(t, "CHAN_START", call, None)
            self._row(t, "ANSWER", call, None, "Answer")

    def ringing(self, t: int, call: Call, leg: Leg, queue: Queue) -> None:
        self._row(t, "CHAN_START", call, leg)

    def connected(self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, ring: int) -> None:
        self._row(t, "ANSWER", call, leg, "AppQueue")

    def dialled(self, t: int, call: Call, leg: Leg, by: Leg | None) -> None:
        self._row(t, "CHAN_START", call, leg)

    def dial_ended(self, t: int, call: Call, leg: Leg, by: Leg | None, status: str) -> None:
        if status == "ANSWER":
            self._row(t, "ANSWER", call, leg, "AppDial2" if leg.originated else "AppDial")

    def bridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._bridge(t, "BRIDGE_ENTER", call, leg, bridge, members == 2)

    def unbridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        self._bridge(t, "BRIDGE_EXIT", call, leg, bridge, members == 1)

    def _bridge(self, t: int, event: str, call: Call, leg: Leg | None, bridge: str, accompanied: bool) -> None:
        other = call.leg.channel if leg is None and call.leg else call.channel
        extra = {"bridge_id": bridge, "bridge_technology": "simple_bridge"}
        self._row(t, event, call, leg, "Queue" if leg is None else "AppQueue", other if accompanied else "", extra)

    def transferred(self, t: int, call: Call, leg: Leg, how: str, to: str, target: Leg | None) -> None:
        extra: dict[str, Any]
        if target is None:
            extra = {
                "extension": to,
                "context": "zuoxi-transfer",
                "bridge_id": call.bridge,
                "transferee_channel_name": call.channel,
                "transferee_channel_uniqueid": self._prefix + call.linkedid,
            }
            self._row(t, "BLINDTRANSFER", call, leg, "AppQueue", call.channel, extra)
            return
        extra = {
            "bridge1_id": call.bridge,
            "channel2_name": leg.channel,
            "channel2_uniqueid": self._prefix + leg.uid,
            "bridge2_id": call.inside.get(target.channel, ""),
            "transferee_channel_name": call.channel,
            "transferee_channel_uniqueid": self._prefix + call.linkedid,
            "transfer_target_channel_name": target.channel,
            "transfer_target_channel_uniqueid": self._prefix + target.uid,
        }
        self._row(t, "ATTENDEDTRANSFER", call, leg, "AppQueue", call.channel, extra)

    def hung_up(self, t: int, call: Call, leg: Leg | None, cause: int) -> None:
        extra = {"hangupcause": cause, "hangupsource": "", "dialstatus": ""}
        self._row(t, "HANGUP", call, leg, extra=extra)
        self._row(t, "CHAN_END", call, leg)

    def ended(self, t: int, call: Call) -> None:
        self._row(t, "LINKEDID_END", call, None)


def cel_rows(centre: Centre, day: date, *, until: int | None = None, system_name: str = "") -> Iterator[str]:
    """The rows of one simulated day, each with its end; `until` in µs since 1970."""
    rows: list[str] = []
    Engine(centre, day, ChannelLog(rows.append, system_name)).run(until)
    yield from rows
