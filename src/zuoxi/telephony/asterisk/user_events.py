# SPDX-License-Identifier: Apache-2.0
"""What our own dial plan tells: ZuoxiCall, ZuoxiDivert, ZuoxiRecording, ZuoxiAsked, ZuoxiSurvey.

Their headers are data keys with a capital letter. Callers' text never stands in them unfiltered, but they are held
to the same rule as Asterisk's own: known headers, once each, values of their shape.
"""

from __future__ import annotations

import re
from typing import Any, Final

from zuoxi.telephony.asterisk.config.plan import MOST_POINTS, MOST_QUESTIONS
from zuoxi.telephony.asterisk.identity import Told, Untold, agent_of, number_of, whole

_PATH: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./-]{0,190}")
_WORD: Final = re.compile(r"[a-z_]{1,16}")
_PLACE: Final = re.compile(r"[0-9A-Za-z_+*#./-]{0,120}")

_HEADERS: Final = {
    "ZuoxiCall": frozenset({"direction", "caller", "called", "number", "agent"}),
    "ZuoxiDivert": frozenset({"outcome", "to", "status"}),
    "ZuoxiRecording": frozenset({"state", "path", "leg", "seconds", "channel", "call"}),
    "ZuoxiAsked": frozenset({"questions", "queue", "agent"}),
    "ZuoxiSurvey": frozenset({"score", "agent", "question", "means"}),
}


def tell(fields: dict[str, str]) -> Told | None:
    """None for a user event of somebody else's dial plan; Untold for one of ours with a wrong value."""
    name = fields["UserEvent"]
    if name not in _HEADERS:
        return None
    own = _headers(fields[""], _HEADERS[name])
    return _TELLERS[name](fields, own)


def _headers(text: str, known: frozenset[str]) -> dict[str, str]:
    own: dict[str, str] = {}
    for line in text.split("\r\n")[1:]:
        header, _, value = line.partition(": ")
        key = header.lower()
        if key not in known or key in own:
            raise Untold(f"user event header {header[:40]!r}")
        own[key] = value
    return own


def _call(fields: dict[str, str], own: dict[str, str]) -> Told:
    if (direction := own.get("direction", "")) not in ("inbound", "outbound", "internal"):
        raise Untold(f"direction {direction[:40]!r}")
    agent = _code(own.get("agent", "")) or agent_of(fields["Channel"])
    data: dict[str, Any] = {
        "direction": direction,
        "caller": number_of(own.get("caller", "")),
        "called": number_of(own.get("called", "")),
        "number": number_of(own.get("number", "")),
        "channel": fields["Channel"],
    }
    if agent:
        data["agent"] = agent
    return "call.started", fields["Linkedid"], agent, data


def _divert(fields: dict[str, str], own: dict[str, str]) -> Told:
    data = {"outcome": _shaped(_WORD, own.get("outcome", ""))}
    if to := own.get("to"):
        data["to"] = _shaped(_PLACE, to)
    return "call.diverted", fields["Linkedid"], "", data


def _recording(fields: dict[str, str], own: dict[str, str]) -> Told:
    if (state := own.get("state", "")) not in ("started", "stopped"):
        raise Untold(f"recording state {state[:40]!r}")
    path = _shaped(_PATH, own.get("path", ""))
    if ".." in path:
        raise Untold(f"recording path {path[:40]!r}")
    leg = _code(own.get("leg", ""))
    data: dict[str, Any] = {"path": path, "channel": own.get("channel") or fields["Channel"], "leg": leg}
    if "seconds" in own:
        data["seconds"] = whole(own["seconds"])
    # who takes a call over is recorded a moment before his channel belongs to it
    return f"recording.{state}", own.get("call") or fields["Linkedid"], leg, data


def _asked(fields: dict[str, str], own: dict[str, str]) -> Told:
    data: dict[str, Any] = {"questions": _upto(MOST_QUESTIONS, own.get("questions", ""))}
    if queue := own.get("queue"):
        data["queue"] = _shaped(_PLACE, queue)
    return "survey.asked", fields["Linkedid"], _code(own.get("agent", "")), data


def _survey(fields: dict[str, str], own: dict[str, str]) -> Told:
    data: dict[str, Any] = {"score": _upto(MOST_POINTS, own.get("score", ""))}
    if "question" in own:
        data["question"] = _upto(MOST_QUESTIONS, own["question"])
    if "means" in own:
        data["means"] = _shaped(_WORD, own["means"])
    return "survey.answered", fields["Linkedid"], _code(own.get("agent", "")), data


def _upto(most: int, text: str) -> int:
    """Untold for more than a survey can have: the call's row has no room for it."""
    if (number := whole(text)) > most:
        raise Untold(f"number {text!r}")
    return number


def _code(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) <= 12 else ""


def _shaped(shape: re.Pattern[str], text: str) -> str:
    if not shape.fullmatch(text):
        raise Untold(f"value {text[:40]!r}")
    return text


_TELLERS: Final = {
    "ZuoxiCall": _call,
    "ZuoxiDivert": _divert,
    "ZuoxiRecording": _recording,
    "ZuoxiAsked": _asked,
    "ZuoxiSurvey": _survey,
}
