# SPDX-License-Identifier: Apache-2.0
"""AMI bytes → frames, strictly.

A frame that we want is believed only if it is exactly what Asterisk writes: its headers, all of them, in their
order, once each, one line each, in UTF-8. Any other wanted frame is `Rejected` whole, with a reason, and goes to
quarantine; events that we do not want are passed over after their name.

Callers write into some of these headers. Two more checks stop a caller whose text breaks out of its line:

- the switch's *system name* (a random word in asterisk.conf, known to no caller) stands in every live event, the
  prefix of our ActionIDs in every answer; a frame without them was not written by the switch;
- where such a frame or a headless one follows in the same read, the frame before it was cut short by the same
  text, so it is rejected too.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from zuoxi.telephony.asterisk.schemas import Grammar, grammars

MAX_FRAME: Final = 64 * 1024
"""Bytes. Asterisk's longest event (an attended transfer through a Local pair) has about 6 KiB."""

_END: Final = b"\r\n\r\n"
_BANNER: Final = re.compile(rb"Asterisk Call Manager/[0-9.]{1,16}\r\n")
_LINE: Final = re.compile(r"([!-9;-~]++): ([ -~\xa0-\u2027\u202a-\U0010ffff]*+)")


class Frame(NamedTuple):
    """An event that is what it says. `fields` has only the headers that its schema reads."""

    event: str
    fields: dict[str, str]
    raw: bytes


class Reply(NamedTuple):
    """The answer to an action of ours."""

    fields: dict[str, str]
    raw: bytes


class Rejected(NamedTuple):
    """Bytes that are not believed, and why. `raw` is cut at `MAX_FRAME`."""

    raw: bytes
    reason: str


Item = Frame | Reply | Rejected


class Parser:
    """Reads one connection. `banner` is Asterisk's greeting once it came; `skipped` counts unwanted events."""

    def __init__(self, system_name: str = "", action_prefix: str = "") -> None:
        self.banner = b""
        self.skipped = 0
        self._prefix = action_prefix
        self._rest = b""
        self._discarding = False
        self.expect(system_name)

    def expect(self, system_name: str) -> None:
        """From now on believe live events only with this system name ("": with any or none)."""
        self._grammars = grammars(system_name)
        self._mark = f"\r\nSystemName: {system_name}\r\n".encode() if system_name else b""

    def feed(self, chunk: bytes) -> list[Item]:
        """The frames that `chunk` completes. A frame may be split over any number of chunks, anywhere."""
        data = self._rest + chunk
        if not self.banner:
            data = self._greeting(data)
        pieces = data.split(_END)
        self._rest = pieces.pop()
        if self._discarding and pieces:
            self._discarding = False
            del pieces[0]
        items: list[Item] = []
        for raw in pieces:
            # Asterisk 22 ends some of its debugging events with a line too many
            item = self._take(raw.removeprefix(b"\r\n"))
            if item is not None:
                if items and isinstance(item, Rejected) and self._is_stray(item):
                    items[-1] = _doubted(items[-1])
                items.append(item)
        if len(self._rest) > MAX_FRAME:
            self._overlong(items)
        return items

    def _greeting(self, data: bytes) -> bytes:
        if not (found := _BANNER.match(data)):
            return data
        self.banner = found.group().rstrip()
        return data[found.end() :]

    def _overlong(self, items: list[Item]) -> None:
        if not self._discarding:
            items.append(Rejected(self._rest[:MAX_FRAME], "longer than 64 KiB"))
        self._discarding = True
        self._rest = self._rest[-3:]  # the terminator may have begun

    def _is_stray(self, item: Rejected) -> bool:
        """Whether the switch did not write it: its own frames have the mark even when they are cut short."""
        if self._mark:
            return self._mark not in item.raw
        return item.reason.startswith(("does not begin", "answers no"))

    def _take(self, raw: bytes) -> Item | None:
        """None: an event that we do not want."""
        if raw[:7] == b"Event: ":
            grammar = self._grammars[raw[7 : raw.find(b"\r\n", 7)]]
            if grammar is not None:
                return self._read(raw, grammar)
            if self._mark and self._mark not in raw:
                return Rejected(raw[:MAX_FRAME], "without the switch's system name")
            self.skipped += 1
            return None
        if raw[:10] == b"Response: ":
            return self._reply(raw)
        return Rejected(raw[:MAX_FRAME], "does not begin with Event or Response")

    def _read(self, raw: bytes, grammar: Grammar) -> Item:
        if len(raw) > MAX_FRAME:
            return Rejected(raw[:MAX_FRAME], "longer than 64 KiB")
        try:
            found = grammar.pattern.fullmatch(raw.decode())
        except UnicodeDecodeError:
            return Rejected(raw, "not UTF-8")
        if found is None:
            return Rejected(raw, _fault(raw.decode(), grammar))
        fields = dict(zip(grammar.names, found.groups(""), strict=True))
        if grammar.schema.answer and not fields["ActionID"].startswith(self._prefix):
            return Rejected(raw, "answers no action of ours")
        return Frame(grammar.schema.event, fields, raw)

    def _reply(self, raw: bytes) -> Item:
        try:
            lines = raw.decode().rstrip("\n").split("\r\n")  # some messages end with a bare newline
        except UnicodeDecodeError:
            return Rejected(raw, "not UTF-8")
        fields: dict[str, str] = {}
        for line in lines:
            found = _LINE.fullmatch(line)
            if found is None:
                return Rejected(raw, "a line that is no header")
            fields.setdefault(found[1], found[2])
        if not fields.get("ActionID", "").startswith(self._prefix):
            return Rejected(raw, "answers no action of ours")
        return Reply(fields, raw)


def _doubted(item: Item) -> Item:
    if isinstance(item, Rejected):
        return item
    return Rejected(item.raw, "followed by what the switch did not write")


def _fault(text: str, grammar: Grammar) -> str:
    """In words, the first thing by which a wanted frame differs from its schema."""
    lines = [_LINE.fullmatch(line) for line in text.split("\r\n")]
    known = ["Event", "Privilege", "Timestamp", "SystemName", *grammar.schema.headers()]
    position, seen = -1, set()
    for found in lines:
        if found is None:
            return "a line that is no header, or a control character"
        name = found[1]
        if name in seen:
            return f"header {name} twice"
        seen.add(name)
        if name not in known:
            return f"unknown header {name}"
        if known.index(name) < position:
            return f"header {name} out of order"
        position = known.index(name)
    missing = [part for part in grammar.schema.parts if isinstance(part, str) and part not in seen]
    return f"header {missing[0]} missing" if missing else "a group of headers not as Asterisk writes it"
