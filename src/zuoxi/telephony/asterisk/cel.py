# SPDX-License-Identifier: Apache-2.0
"""Channel event log (the CSV that `config.logs` asks for) → facts about legs, transfers and ends.

Read only where the manager interface was not: it tells the same bridges by the same ids. Hold is not in it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any, Final

import orjson

from zuoxi.telephony.asterisk.config.logs import CEL_COLUMNS
from zuoxi.telephony.asterisk.identity import Boot, Told, Untold, agent_of, moment_of, number_of, target_of
from zuoxi.telephony.facts import SwitchFact

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MOMENT: Final = re.compile(r"[0-9]{9,11}\.[0-9]{6}")
_LONGEST: Final = 16 * 1024
_EVENTS: Final = frozenset(
    "CHAN_START CHAN_END ANSWER HANGUP APP_START APP_END BRIDGE_ENTER BRIDGE_EXIT BLINDTRANSFER ATTENDEDTRANSFER "
    "PICKUP FORWARD LOCAL_OPTIMIZE LOCAL_OPTIMIZE_BEGIN LINKEDID_END PARK_START PARK_END USER_DEFINED "
    "STREAM_BEGIN STREAM_END DTMF".split()
)


def read(raw: bytes, boot: Boot) -> SwitchFact | None:
    """The fact of one row; None for a row that says nothing to us. Untold for a row that Asterisk did not write."""
    row = parse(raw)
    teller = _TELLERS.get(row["eventtype"])
    if teller is None:
        return None
    if (told := teller(row)) is None:
        return None
    kind, linked_id, party, data = told
    at = moment_of(row["eventtime"])
    return SwitchFact(kind, at, boot.call(linked_id), party, data, "cel", boot.fact_key(raw, at))


def parse(raw: bytes) -> dict[str, str]:
    """Column → text."""
    if len(raw) > _LONGEST:
        raise Untold("longer than 16 KiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Untold("not UTF-8") from None
    if _CONTROL.search(text):
        raise Untold("a control character")
    try:
        values = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise Untold("not CSV") from None
    if len(values) != len(CEL_COLUMNS):
        raise Untold(f"{len(values)} columns")
    row = dict(zip(CEL_COLUMNS, values, strict=True))
    if row["eventtype"] not in _EVENTS or not _MOMENT.fullmatch(row["eventtime"]):
        raise Untold("unknown event or time")
    return row


def _extra(row: dict[str, str]) -> dict[str, Any]:
    try:
        extra = orjson.loads(row["eventextra"] or "{}")
    except orjson.JSONDecodeError:
        raise Untold("extra is not JSON") from None
    if not isinstance(extra, dict):
        raise Untold("extra is no object")
    return extra


def _leg(kind: str) -> Callable[[dict[str, str]], Told]:
    def tell(row: dict[str, str]) -> Told:
        data = {"channel": row["channame"], "bridge": str(_extra(row).get("bridge_id", ""))}
        return kind, row["linkedid"], agent_of(row["channame"]), data

    return tell


def _blind(row: dict[str, str]) -> Told:
    data = {"how": "blind", "to": number_of(str(_extra(row).get("extension", "")))}
    return "call.transferred", row["linkedid"], agent_of(row["channame"]), data


def _attended(row: dict[str, str]) -> Told:
    data = {"how": "attended", "to": target_of(str(_extra(row).get("transfer_target_channel_name", "")))}
    return "call.transferred", row["linkedid"], agent_of(row["channame"]), data


def _ended(row: dict[str, str]) -> Told:
    return "call.ended", row["linkedid"], "", {"channel": row["channame"]}


def _hung_up(row: dict[str, str]) -> Told | None:
    agent = agent_of(row["channame"])
    if not agent or row["uniqueid"] == row["linkedid"]:
        return None
    return "leg.ended", row["linkedid"], agent, {"channel": row["channame"]}


_TELLERS: Final[dict[str, Callable[[dict[str, str]], Told | None]]] = {
    "BRIDGE_ENTER": _leg("leg.joined"),
    "BRIDGE_EXIT": _leg("leg.left"),
    "BLINDTRANSFER": _blind,
    "ATTENDEDTRANSFER": _attended,
    "HANGUP": _hung_up,
    "LINKEDID_END": _ended,
}
