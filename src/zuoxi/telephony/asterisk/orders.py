# SPDX-License-Identifier: Apache-2.0
"""A command of ours → actions of the manager interface. Each value is checked by its shape before it is sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from zuoxi.telephony.asterisk.client import Link, SwitchRefused
from zuoxi.telephony.asterisk.config.reloading import CONTEXT, RELOADS
from zuoxi.telephony.asterisk.identity import agent_of

_AGENT: Final = re.compile(r"[0-9]{2,12}")
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
_QUEUE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_REASON: Final = re.compile(r"[a-z]{1,16}(?::[A-Za-z0-9_-]{1,40})?")
_CHANNEL: Final = re.compile(r"[A-Za-z]{1,16}/[A-Za-z0-9@_.;/-]{1,79}")
_RING_MILLISECONDS: Final = "30000"
_UNTIL_ANSWERED: Final = 40.0
_HUNG_UP_WITHIN: Final = 3.0

Arguments = Mapping[str, Any]


class Impossible(ValueError):
    """The command cannot be sent; the text says why."""


def _shaped(shape: re.Pattern[str], value: object, what: str) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Impossible(f"{what} is not one: {str(value)[:40]!r}")
    return value


def telephone(agent: str) -> str:
    return f"PJSIP/{_shaped(_AGENT, agent, 'agent')}"


async def pause(link: Link, agent: str, reason: str) -> None:
    """In all of his queues; an empty reason makes him ready."""
    if reason:
        _shaped(_REASON, reason, "reason")
        await link.ask("QueuePause", Interface=telephone(agent), Paused="true", Reason=reason)
    else:
        await link.ask("QueuePause", Interface=telephone(agent), Paused="false")


async def _pause(link: Link, agent: str, arguments: Arguments) -> None:
    await pause(link, agent, _shaped(_REASON, arguments.get("reason"), "reason"))


async def _ready(link: Link, agent: str, arguments: Arguments) -> None:
    await pause(link, agent, "")


async def _sign_in(link: Link, agent: str, arguments: Arguments) -> None:
    queues = [_shaped(_QUEUE, queue, "queue") for queue in arguments.get("queues") or []]
    if not queues:
        raise Impossible("no queue to sign in to")
    member, penalties = telephone(agent), arguments.get("penalties") or {}
    for queue in queues:
        try:
            await link.ask(
                "QueueAdd",
                Queue=queue,
                Interface=member,
                MemberName=agent,
                StateInterface=member,
                Penalty=str(int(penalties.get(queue, 0))),
            )
        except SwitchRefused as refusal:
            if "lready there" not in str(refusal):
                raise


async def _sign_out(link: Link, agent: str, arguments: Arguments) -> None:
    queues = [_shaped(_QUEUE, queue, "queue") for queue in arguments.get("queues") or []]
    for queue in queues or await _queues_of(link, agent):
        try:
            await link.ask("QueueRemove", Queue=queue, Interface=telephone(agent))
        except SwitchRefused as refusal:
            if "Not there" not in str(refusal):
                raise


async def _queues_of(link: Link, agent: str) -> list[str]:
    frames = await link.collect("QueueStatus", "QueueStatusComplete", Member=telephone(agent))
    return [frame.fields["Queue"] for frame in frames if frame.event == "QueueMember"]


async def _dial(link: Link, agent: str, arguments: Arguments) -> None:
    number = _shaped(_NUMBER, arguments.get("number"), "number")
    variables = [f"ZUOXI_AGENT={_shaped(_AGENT, agent, 'agent')}"]
    if present := arguments.get("present"):
        variables.append(f"ZUOXI_PRESENT={_shaped(_NUMBER, present, 'number to present')}")
    if arguments.get("machine"):
        variables.append("ZUOXI_MACHINE=1")  # the dialler asked, not the agent: the simulator leaves him his own ways
    await _originate(link, agent, f"<{number}>", variables, Context="from-agent", Exten=number)


def _over(kind: str) -> Callable[[Link, str, Arguments], Awaitable[None]]:
    """Listening in, whispering, joining or taking over the call of `target`."""

    async def order(link: Link, agent: str, arguments: Arguments) -> None:
        target = _shaped(_AGENT, arguments.get("target"), "target")
        if target == agent:
            raise Impossible("nobody can supervise his own call")
        await _live_channel(link, target)
        await _stop_hearing(link, agent)
        variables = [f"ZUOXI_TARGET={target}"]
        await _originate(link, agent, f"<{target}>", variables, Context="zuoxi-spy", Exten=kind)

    return order


async def _stop_hearing(link: Link, agent: str) -> None:
    """Whoever listens to one call and asks for another leaves the first: his telephone cannot ring while it is busy."""
    edge = asyncio.get_running_loop().time() + _HUNG_UP_WITHIN
    while heard := [f["Channel"] for f in await _channels_of(link, agent) if f["Application"] == "ChanSpy"]:
        if asyncio.get_running_loop().time() > edge:
            return  # then the switch says that the telephone is busy
        for channel in heard:
            with suppress(SwitchRefused):  # gone meanwhile
                await link.ask("Hangup", Channel=channel, Cause="16")
        await asyncio.sleep(0.1)


async def _originate(link: Link, agent: str, shown: str, variables: list[str], **where: str) -> None:
    """Ring the agent's own telephone and, when he takes it up, carry on in the dial plan."""
    frames = await link.collect(
        "Originate",
        "OriginateResponse",
        patience=_UNTIL_ANSWERED,
        Channel=telephone(agent),
        Priority="1",
        CallerID=shown,
        Timeout=_RING_MILLISECONDS,
        Async="true",
        Variable=variables,
        **where,
    )
    if frames[-1].fields["Response"] != "Success":
        raise SwitchRefused(_ORIGINATE.get(frames[-1].fields["Reason"], "the telephone was not taken up"))


_ORIGINATE: Final = {
    "0": "the telephone cannot be reached",
    "1": "hung up",
    "3": "the telephone was not taken up",
    "5": "the telephone is busy",
    "8": "no line is free",
}


async def _channels_of(link: Link, agent: str) -> list[Mapping[str, str]]:
    frames = await link.collect("CoreShowChannels", "CoreShowChannelsComplete")
    return [f.fields for f in frames if f.event == "CoreShowChannel" and agent_of(f.fields["Channel"]) == agent]


async def _live_channel(link: Link, agent: str, wanted: object = None) -> str:
    """The agent's channel: the named one, else the one that is in a bridge, else any. Impossible when he has none."""
    own = await _channels_of(link, agent)
    if wanted:
        own = [fields for fields in own if fields["Channel"] == _shaped(_CHANNEL, wanted, "channel")]
    if not own:
        raise Impossible(f"{agent} has no such call")
    return max(own, key=lambda fields: bool(fields["BridgeId"]))["Channel"]


async def _hang_up(link: Link, agent: str, arguments: Arguments) -> None:
    channel = await _live_channel(link, agent, arguments.get("channel"))
    await link.ask("Hangup", Channel=channel, Cause="16")


async def _transfer_blind(link: Link, agent: str, arguments: Arguments) -> None:
    to = _shaped(_NUMBER, arguments.get("to"), "number")
    channel = await _live_channel(link, agent, arguments.get("channel"))
    await link.ask("BlindTransfer", Channel=channel, Context="zuoxi-transfer", Exten=to)


async def _transfer_attended(link: Link, agent: str, arguments: Arguments) -> None:
    """Begins the consultation; the agent hangs up to complete it."""
    to = _shaped(_NUMBER, arguments.get("to"), "number")
    channel = await _live_channel(link, agent, arguments.get("channel"))
    await link.ask("Atxfer", Channel=channel, Context="from-agent", Exten=to)


async def _conference(link: Link, agent: str, arguments: Arguments) -> None:
    """Without `to`: join the consultation and the call. With it: begin the consultation."""
    if arguments.get("to"):
        await _transfer_attended(link, agent, arguments)
        return
    channel = await _live_channel(link, agent, arguments.get("channel"))
    for digit in "*3":  # features.conf: atxferthreeway
        await link.ask("PlayDTMF", Channel=channel, Digit=digit, Receive="true")


def _key(event: str) -> Callable[[Link, str, Arguments], Awaitable[None]]:
    """A key of a telephone that stands on the desk: NOTIFY "talk" takes up or goes on, "hold" holds.

    Not every telephone obeys; one in a browser has these keys itself.
    """

    async def order(link: Link, agent: str, arguments: Arguments) -> None:
        await _live_channel(link, agent)
        endpoint = _shaped(_AGENT, agent, "agent")
        await link.ask("PJSIPNotify", Endpoint=endpoint, Variable=[f"Event={event}"])

    return order


async def _reload(link: Link, agent: str, arguments: Arguments) -> None:
    """Through the dial plan: the action Reload wants a right that would open the machine (`config.reloading`)."""
    for module in arguments.get("modules") or []:
        if module not in RELOADS.values():
            raise Impossible(f"nothing is called {str(module)[:40]!r}")
        frames = await link.collect(
            "Originate",
            "OriginateResponse",
            patience=_UNTIL_ANSWERED,
            Channel=f"Local/{module}@{CONTEXT}",
            Context=CONTEXT,
            Exten="end",
            Priority="1",
            Timeout=_RING_MILLISECONDS,
            Async="true",
        )
        if frames[-1].fields["Response"] != "Success":
            raise SwitchRefused(f"the switch did not read {module} again")


ORDERS: Final[dict[str, Callable[[Link, str, Arguments], Awaitable[None]]]] = {
    "sign_in": _sign_in,
    "sign_out": _sign_out,
    "ready": _ready,
    "pause": _pause,
    "dial": _dial,
    "hang_up": _hang_up,
    "answer": _key("talk"),
    "hold": _key("hold"),
    "resume": _key("talk"),
    "transfer_blind": _transfer_blind,
    "transfer_attended": _transfer_attended,
    "conference": _conference,
    "listen": _over("listen"),
    "whisper": _over("whisper"),
    "barge": _over("barge"),
    "take_over": _over("takeover"),
    "reload": _reload,
}
