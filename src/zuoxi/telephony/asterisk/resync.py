# SPDX-License-Identifier: Apache-2.0
"""What stands on the switch right now: asked on every connect, told as snapshot facts.

The board never carries on from what it knew before a gap: each agent is told anew, signed-out ones too, and calls
that are no longer up are told to have ended, at a moment that is only an upper bound (`window.unknown` covers it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from zuoxi.telephony.asterisk.client import Link, SwitchLost
from zuoxi.telephony.asterisk.frames import Frame
from zuoxi.telephony.asterisk.identity import Boot, Untold, agent_of, moment_of
from zuoxi.telephony.facts import SwitchFact

_QUARTER: Final = 900
_STATUS: Final = {
    "0": "unknown", "1": "not_in_use", "2": "in_use", "3": "busy", "4": "invalid",
    "5": "unavailable", "6": "ringing", "7": "ring_in_use", "8": "on_hold",
}  # fmt: skip
_IN_CALL: Final = frozenset({"2", "3", "7", "8"})


@dataclass(slots=True)
class Standing:
    """One agent as the queues have him."""

    queues: list[str] = field(default_factory=list)
    reason: str = ""
    paused: bool = False
    in_call: bool = False
    status: str = "unknown"

    def data(self) -> dict[str, Any]:
        return {
            "queues": sorted(self.queues),
            "paused": self.paused,
            "reason": self.reason,
            "in_call": self.in_call,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Survey:
    """Agents by code, uids of the calls that are up, how many callers wait; all at `at` by the switch's clock."""

    at: datetime
    agents: dict[str, Standing]
    calls: frozenset[str]
    callers: int


async def learn_boot(link: Link, name: str) -> Boot:
    """Which run of the switch this is: the second in which it started, as it says itself."""
    status = await link.ask("CoreStatus")
    now = await clock(link)
    try:
        written = f"{status.fields['CoreStartupDate']}T{status.fields['CoreStartupTime']}"
        since = boot_second(datetime.fromisoformat(written).replace(tzinfo=UTC), now, link.uptime or 0)
    except (KeyError, ValueError):
        raise SwitchLost("the switch does not say when it started") from None
    return Boot(name, since, link.system_name)


def boot_second(written: datetime, now: datetime, uptime: int) -> int:
    """POSIX second of a start that the switch writes as local time of a zone that it does not name.

    The zone is what lies between that and its uptime (a few seconds old), in quarters of an hour.
    """
    ahead = (written - now).total_seconds() + uptime
    return int(written.timestamp()) - round(ahead / _QUARTER) * _QUARTER


async def clock(link: Link) -> datetime:
    """The switch's time."""
    pong = await link.ask("Ping")
    try:
        return moment_of(pong.fields["Timestamp"])
    except (KeyError, ValueError):
        return datetime.now(UTC)


async def survey(link: Link, boot: Boot) -> Survey:
    at = await clock(link)
    queues = await link.collect("QueueStatus", "QueueStatusComplete")
    channels = await link.collect("CoreShowChannels", "CoreShowChannelsComplete")
    callers = sum(frame.event == "QueueEntry" for frame in queues)
    return Survey(at, standings(queues), frozenset(_calls(channels, boot)), callers)


def standings(frames: Iterable[Frame]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for frame in frames:
        fields = frame.fields
        if frame.event != "QueueMember" or not (agent := agent_of(fields["Location"])):
            continue
        one = found.setdefault(agent, Standing())
        one.queues.append(fields["Queue"])
        one.in_call |= fields["Status"] in _IN_CALL or fields["InCall"] == "1"
        one.status = _STATUS.get(fields["Status"], "unknown")
        if fields["Paused"] == "1":
            one.paused, one.reason = True, one.reason or fields["PausedReason"]
    return found


def _calls(frames: Iterable[Frame], boot: Boot) -> Iterable[str]:
    for frame in frames:
        if frame.event == "CoreShowChannel":
            try:
                yield boot.call(frame.fields["Linkedid"])
            except Untold:
                continue


def told(
    found: Survey, boot: Boot, signed_in: Iterable[str], open_calls: Mapping[str, Iterable[str]]
) -> list[SwitchFact]:
    """The facts of a survey; `signed_in` and `open_calls` (uid → agents) are what the ledger held before."""
    agents = {agent: Standing() for agent in signed_in} | found.agents
    facts = [fact("member.snapshot", found.at, boot, party=agent, data=one.data()) for agent, one in agents.items()]
    for uid, parties in open_calls.items():
        if uid not in found.calls:
            at = _latest_end(uid, found.at, boot)
            facts += [fact("call.ended", at, boot, subject=uid, party=party) for party in ("", *sorted(parties))]
    data = {"callers": found.callers, "members": len(found.agents)}
    facts.append(fact("switch.synced", found.at, boot, data=data))
    return facts


def _latest_end(uid: str, at: datetime, boot: Boot) -> datetime:
    """A call of an earlier run did not outlive the start of this one."""
    if uid.startswith(f"{boot.instance}/"):
        return at
    return min(at, datetime.fromtimestamp(boot.since, UTC))


def fact(
    kind: str, at: datetime, boot: Boot, *, subject: str = "", party: str = "", data: dict[str, Any] | None = None
) -> SwitchFact:
    """A fact that we state ourselves; its key is its own moment."""
    key = boot.fact_key(f"{kind}|{at.isoformat()}|{subject}|{party}".encode(), at)
    return SwitchFact(kind, at, subject, party, data or {}, "ami", key)


def gap(start: datetime, end: datetime, boot: Boot, why: str) -> SwitchFact:
    """A stretch in which nothing was heard."""
    data = {"from": start.isoformat(), "to": end.isoformat(), "why": why}
    return fact("window.unknown", min(start, end - timedelta(microseconds=1)), boot, data=data)
