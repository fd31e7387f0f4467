# SPDX-License-Identifier: Apache-2.0
"""Callers who write what they like into their name and number.

Their text is put together at random from classes of characters and from what is publicly known of the protocols
(event and header names, log verbs). They know everything but the switch's system name and our ActionIDs.
"""

from __future__ import annotations

from random import Random

from zuoxi.telephony.asterisk.schemas import SCHEMAS, Schema

_ENDS = ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\r\n\r\n\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x00"]
_SIGNS = [*'|:;,="<>\\/@%&#*+-~^`$(){}[]', "\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\ufeff", "张", "😀", "é"]
_ABSORBING = [
    "Event: Junk\r\nX: ",
    "Response: Success\r\nMessage: ",
    "Event: VarSet\r\nValue: ",
    "Event: UserEvent\r\nX: ",
]
_CALLS = ["1795336536.6", "1795336490.0", "zx-5f1d9c28-1795336536.6", "zx-1795336536.6", "-1795336536.6"]


def _value(random: Random, header: str) -> str:
    """What might be believed under that header."""
    if header.endswith(("Linkedid", "Uniqueid")):
        return random.choice(_CALLS)
    if header.endswith(("Channel", "Interface")):
        return random.choice(["PJSIP/1002-00000005", "PJSIP/1002", "PJSIP/trunk-00000004"])
    known = {"Queue": "emptyq", "MemberName": "1002", "Reason": "agent", "Paused": "1", "PausedReason": "meal"}
    return known.get(header, str(random.randrange(100)))


def forged_frame(random: Random, schema: Schema, system_name: str | None) -> str:
    """A frame in perfect form, but for the one word that the caller cannot know."""
    lines = [
        f"Event: {schema.event}",
        f"Privilege: {schema.privilege}",
        f"Timestamp: 17953365{random.randrange(99):02}.0",
    ]
    lines[2] += f"{random.randrange(10**5):05}"
    if system_name is not None:
        lines.append(f"SystemName: {system_name}")
    lines += [f"{header}: {_value(random, header)}" for header in schema.headers()]
    return "\r\n".join(lines)


def forged_line(random: Random) -> str:
    """A line of the queue log."""
    verbs = [
        "CONNECT|1|1795336536.7|1", "COMPLETEAGENT|1|3600|1", "ABANDON|1|1|9", "PAUSE|meal", "UNPAUSE|", "ADDMEMBER|",
        "REMOVEMEMBER|", "ENTERQUEUE||13800001111|1", "QUEUESTART|", "PAUSEALL|x", "EXITWITHTIMEOUT|1|1|1",
    ]  # fmt: skip
    verbs += ["ADDMEMBER", "PAUSE", "QUEUESTART", "PENALTY", "INFO|x"]
    second, queue = f"17953365{random.randrange(99):02}", random.choice(["emptyq", "sales", "NONE"])
    call = random.choice([*_CALLS, "NONE", "MANAGER"])
    member = random.choice(["1002", "NONE", "1003"])
    return f"{second}|{call}|{queue}|{member}|{random.choice(verbs)}"


def _completed(random: Random, schema: Schema, header: str) -> str:
    """The rest of the frame that the caller's text stands in, with values of his own."""
    headers = schema.headers()
    after = headers[headers.index(header) + 1 :]
    return "".join(f"\r\n{name}: {_value(random, name)}" for name in after)


def frame_text(random: Random, schema: Schema, header: str) -> str:
    """A value for `header` of a frame of `schema`."""
    text = str(random.randrange(10**11))
    for _ in range(random.randrange(1, 5)):
        match random.randrange(6):
            case 0:
                text += _completed(random, schema, header)
            case 1 | 2:
                guess = random.choice([None, "", "zx-5f1d9c28", "asterisk"])
                text += "\r\n\r\n" + forged_frame(random, random.choice(SCHEMAS), guess)
            case 3:
                text += "\r\n\r\n" + random.choice(_ABSORBING)
            case 4:
                text += random.choice(_ENDS)
            case 5:
                text += "".join(random.choice(_SIGNS) for _ in range(random.randrange(6)))
    return text


def line_text(random: Random) -> str:
    """A value for the caller's field of the queue log."""
    text = str(random.randrange(10**11))
    for _ in range(random.randrange(1, 5)):
        match random.randrange(4):
            case 0:
                text += random.choice(["|1", "|1\n", "\n", "\r\n"])
            case 1 | 2:
                text += "\n" + forged_line(random)
            case 3:
                text += "".join(random.choice([*_SIGNS, *_ENDS]) for _ in range(random.randrange(4)))
    return text
