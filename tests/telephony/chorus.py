# SPDX-License-Identifier: Apache-2.0
"""Hundreds of telephones with sound in one cheap process: callers at 127.0.0.2, desk phones at 127.0.0.3:5070.

    ip netns exec zuoxi-lab python tests/telephony/chorus.py --calls 400 --rate 10 --talk 15

sipp gives each stream of sound a share of a thread and starves at a hundred calls on two cores; then the recordings are
short because nobody spoke. Here one thread sends every packet on its twenty milliseconds and what comes back is left to
the kernel. Prints the callers' own counts as one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import re
import secrets
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

SWITCH = ("127.0.0.1", 5060)
CALLERS, PHONES, PHONES_PORT = "127.0.0.2", "127.0.0.3", 5070
TICK = 0.02
_PEER = re.compile(r"^c=IN IP4 (\S+).*?^m=audio (\d+) ", re.MULTILINE | re.DOTALL)


class Sound:
    """Sends a tone on every running stream; one socket, one thread. A late packet is sent late, not left out."""

    def __init__(self, address: str, hertz: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # never read: the kernel drops it
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.socket.bind((address, 0))
        self.port = self.socket.getsockname()[1]
        self._tone = bytes(_ulaw(9000 * math.sin(2 * math.pi * hertz * i / 8000)) for i in range(160))
        self._streams: dict[str, list[int | tuple[str, int]]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def begin(self, name: str, peer: tuple[str, int]) -> None:
        self._streams.setdefault(name, [peer, secrets.randbelow(1 << 15), 0, secrets.randbits(32)])

    def end(self, name: str) -> None:
        self._streams.pop(name, None)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.socket.close()

    def _send(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            for stream in list(self._streams.values()):
                peer, number, stamp, source = stream
                self.socket.sendto(struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, stamp, source) + self._tone, peer)
                stream[1], stream[2] = number + 1, (stamp + 160) & 0xFFFFFFFF
            due += TICK
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)


def _ulaw(value: float) -> int:
    sign = 0x80 if value < 0 else 0
    size = min(abs(int(value)), 32635) + 132
    exponent = max(0, size.bit_length() - 8)
    return ~(sign | exponent << 4 | (size >> (exponent + 3)) & 0x0F) & 0xFF


def header(message: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r?$", message, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def peer_of(message: str) -> tuple[str, int]:
    found = _PEER.search(message)
    assert found, message
    return found[1], int(found[2])


def offer(address: str, port: int) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    )


class Line(asyncio.DatagramProtocol):
    """A SIP address that sends whole messages and repeats what is not answered."""

    def __init__(self, sound: Sound) -> None:
        self.sound = sound
        self._repeats: dict[str, asyncio.Task[None]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.address, self.port = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, _: object) -> None:
        self.heard(data.decode(errors="replace"))

    def heard(self, message: str) -> None:
        raise NotImplementedError

    def say(self, lines: list[str], body: str = "") -> None:
        kind = ["Content-Type: application/sdp"] if body else []
        text = "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body
        self._transport.sendto(text.encode(), SWITCH)

    def repeat(self, name: str, lines: list[str], body: str = "") -> None:
        async def again() -> None:
            wait = 0.5
            for _ in range(7):
                self.say(lines, body)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 4)

        self.quiet(name)
        self._repeats[name] = asyncio.create_task(again())

    def quiet(self, name: str) -> None:
        if task := self._repeats.pop(name, None):
            task.cancel()

    def answer(self, request: str, status: str, tag: str = "", body: str = "", repeat: str = "") -> None:
        to = header(request, "To")
        lines = [f"SIP/2.0 {status}"]
        lines += [f"Via: {via}" for via in re.findall(r"^Via: *(.*?)\r?$", request, re.MULTILINE)]
        lines += [f"From: {header(request, 'From')}", f"To: {to}{f';tag={tag}' if tag and ';tag=' not in to else ''}"]
        lines += [f"Call-ID: {header(request, 'Call-ID')}", f"CSeq: {header(request, 'CSeq')}"]
        lines.append(f"Contact: <sip:{self.address}:{self.port}>")
        self.repeat(repeat, lines, body) if repeat else self.say(lines, body)


@dataclass
class Call:
    number: str
    caller: str
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    to_tag: str = ""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    result: str = "unanswered"


class Callers(Line):
    def __init__(self, sound: Sound, talk: float) -> None:
        super().__init__(sound)
        self.talk = talk
        self.calls: dict[str, Call] = {}

    async def call(self, number: str, caller: str) -> str:
        """How the call ended: ``talked``, ``hung up on``, ``refused`` or ``unanswered``."""
        name, one = f"{secrets.token_hex(8)}@chorus", Call(number, caller)
        self.calls[name] = one
        self.repeat(name, self._request("INVITE", 1, name, one), offer(self.address, self.sound.port))
        try:
            async with asyncio.timeout(self.talk + 60):
                await one.done.wait()
        except TimeoutError:
            pass
        self.quiet(name)
        self.sound.end(name)
        return self.calls.pop(name).result

    def heard(self, message: str) -> None:
        name = header(message, "Call-ID")
        one = self.calls.get(name)
        if message.startswith("SIP/2.0 "):
            if one is not None:
                self._answered(message, int(message[8:11]), header(message, "CSeq"), name, one)
            return
        self.answer(message, "200 OK")
        if message.startswith("BYE ") and one is not None:
            self._over(name, one, "hung up on")

    def _answered(self, message: str, status: int, sequence: str, name: str, one: Call) -> None:
        self.quiet(name)
        if sequence.endswith("BYE"):
            self._over(name, one, "talked")
        elif status >= 200:
            one.to_tag = header(message, "To").partition(";tag=")[2]
            self.say(self._request("ACK", 1, name, one))
            if status >= 300:
                self._over(name, one, "refused")
            elif one.result != "up":
                one.result = "up"
                self.sound.begin(name, peer_of(message))
                asyncio.get_running_loop().call_later(self.talk, self._hang_up, name)

    def _hang_up(self, name: str) -> None:
        if (one := self.calls.get(name)) and not one.done.is_set():
            self.sound.end(name)
            self.repeat(name, self._request("BYE", 2, name, one))

    def _over(self, name: str, one: Call, result: str) -> None:
        self.sound.end(name)
        one.result = result
        one.done.set()

    def _request(self, method: str, sequence: int, name: str, one: Call) -> list[str]:
        return [
            f"{method} sip:{one.number}@{SWITCH[0]}:{SWITCH[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK{name[:16]}{method}",
            f"From: <sip:{one.caller}@{self.address}>;tag={one.tag}",
            f"To: <sip:{one.number}@{SWITCH[0]}>{f';tag={one.to_tag}' if one.to_tag else ''}",
            f"Call-ID: {name}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:caller@{self.address}:{self.port}>",
            "Max-Forwards: 70",
        ]


class Phones(Line):
    """Every desk phone of the lab: rings a moment, takes the call, stays until it is hung up."""

    def __init__(self, sound: Sound, ring: float) -> None:
        super().__init__(sound)
        self.ring = ring
        self._known: dict[str, str] = {}

    def heard(self, message: str) -> None:
        name = header(message, "Call-ID")
        match message.partition(" ")[0]:
            case "INVITE":
                if name not in self._known:
                    self._known[name] = message
                    self.answer(message, "180 Ringing", name[:8])
                    asyncio.get_running_loop().call_later(self.ring, self._take, name)
            case "ACK":
                self.quiet(name)
            case "CANCEL":
                self.answer(message, "200 OK", name[:8])
                if invitation := self._known.pop(name, None):
                    self.quiet(name)
                    self.sound.end(name)
                    self.answer(invitation, "487 Request Terminated", name[:8])
            case "BYE":
                self._known.pop(name, None)
                self.quiet(name)
                self.sound.end(name)
                self.answer(message, "200 OK")
            case "OPTIONS":
                self.answer(message, "200 OK", name[:8])

    def _take(self, name: str) -> None:
        if invitation := self._known.get(name):
            self.sound.begin(name, peer_of(invitation))
            body = offer(self.address, self.sound.port)
            self.answer(invitation, "200 OK", name[:8], body, repeat=name)


async def sing(number: str, calls: int, rate: float, talk: float, ring: float) -> dict[str, int]:
    loop = asyncio.get_running_loop()
    low, high = Sound(CALLERS, 400), Sound(PHONES, 1000)
    _, callers = await loop.create_datagram_endpoint(lambda: Callers(low, talk), (CALLERS, 5062))
    await loop.create_datagram_endpoint(lambda: Phones(high, ring), (PHONES, PHONES_PORT))
    running: list[asyncio.Task[str]] = []
    begun = loop.time()
    for place in range(calls):
        await asyncio.sleep(max(0.0, begun + place / rate - loop.time()))
        running.append(asyncio.create_task(callers.call(number, f"139{place:08d}")))
    results = await asyncio.gather(*running)
    await asyncio.sleep(1)
    low.close()
    high.close()
    return {"created": calls, "successful": results.count("talked")} | {one: results.count(one) for one in set(results)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", default="8000")
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--talk", type=float, default=15)
    parser.add_argument("--ring", type=float, default=0.1)
    chosen = parser.parse_args()
    print(json.dumps(asyncio.run(sing(chosen.number, chosen.calls, chosen.rate, chosen.talk, chosen.ring))))


if __name__ == "__main__":
    main()
