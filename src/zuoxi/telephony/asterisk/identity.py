# SPDX-License-Identifier: Apache-2.0
"""Who and what a switch speaks of: the boot, the call, the agent, the number, the moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AGENT: Final = re.compile(r"PJSIP/([0-9]{2,12})(?:-[0-9a-f]{8})?")
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
_TARGET: Final = re.compile(r"(?:(?:PJSIP|Local)/)?([0-9+*#]{1,32})(?:[@/-].*)?")
_CALL_ID: Final = re.compile(r"[0-9]{9,11}\.[0-9]{1,10}")
_NAMED_CALL_ID: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,24}-)?[0-9]{9,11}\.[0-9]{1,10}")


class Untold(ValueError):
    """A frame of the right form with a value that cannot be; it belongs in quarantine."""


@dataclass(frozen=True, slots=True)
class Boot:
    """One run of one switch: `name` is the switch's name with us, `since` the second in which it started."""

    name: str
    since: int
    system_name: str = ""

    @property
    def instance(self) -> str:
        return f"{self.name}-{self.since}"

    def call(self, linked_id: str) -> str:
        """The call's uid. Untold for anything but an id that Asterisk would give under our system name."""
        return _uid(self.name, self.since, self.system_name, linked_id)

    def key(self, raw: bytes) -> bytes:
        """What makes something repeated recognised: 16 bytes."""
        begun = _begun(self.instance).copy()
        begun.update(raw)
        return begun.digest()

    def fact_key(self, raw: bytes, at: datetime) -> bytes:
        """The same for a fact, which says when it was."""
        return keyed_by_time(self.key(raw), int(at.timestamp()))


@lru_cache(maxsize=16_384)
def _uid(name: str, since: int, system_name: str, linked_id: str) -> str:
    """A call is spoken of in ten lines or more, one soon after the other."""
    prefix = f"{system_name}-" if system_name else ""
    shape = _CALL_ID if prefix else _NAMED_CALL_ID
    if not linked_id.startswith(prefix) or not shape.fullmatch(bare := linked_id[len(prefix) :]):
        raise Untold(f"call id {linked_id[:40]!r}")
    return f"{name}-{since}/{bare}"


@lru_cache(maxsize=64)
def _begun(instance: str) -> blake2b:
    """The digest of a run's keys, begun; to be copied."""
    return blake2b(digest_size=16, key=instance.encode())


def keyed_by_time(key: bytes, second: int) -> bytes:
    """A key that begins with its second: the ledger's index of keys then grows at its end, as its rows do.

    In no order at all, each batch of a day's backfill touched every page of that index. 96 bits remain within one
    second.
    """
    return second.to_bytes(4, "big") + key[:12]


def agent_of(channel: str) -> str:
    """The agent's code from "PJSIP/1001" or "PJSIP/1001-0000000a"; "" for a trunk or anything else."""
    found = _AGENT.fullmatch(channel)
    return found[1] if found else ""


def number_of(text: str) -> str:
    """A telephone number, or "" where the switch has none or gives other text."""
    return text if _NUMBER.fullmatch(text) else ""


def target_of(dialled: str) -> str:
    """The number in what was dialled or rung: "1002", "13900001111@trunk", "Local/1003@from-agent-0000000a;1"."""
    found = _TARGET.fullmatch(dialled)
    return found[1] if found else ""


def moment_of(timestamp: str) -> datetime:
    """Aware UTC from "<seconds>.<six digits>"."""
    seconds, _, micros = timestamp.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros))


def whole(text: str) -> int:
    """A count of the switch. Untold for anything but up to ten digits."""
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        raise Untold(f"number {text[:40]!r}")
    return int(text)


Told = tuple[str, str, str, dict[str, Any]]
"""kind, linked id (or ""), party, data"""
