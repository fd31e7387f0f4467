# SPDX-License-Identifier: Apache-2.0
"""SIP callers and desk phones played by sipp, inside a lab's network."""

from __future__ import annotations

import csv
import re
import signal
import subprocess
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from zuoxi.telephony.asterisk.lab import centre, network

SCENARIOS = Path(network.__file__).parent / "scenarios"
SWITCH = "127.0.0.1:5060"


@dataclass
class Caller:
    """One kind of caller. `hold_seconds` counts from the moment the switch picks up."""

    number: str
    hold_seconds: float = 5
    caller: str = "1390000[call_number]"
    display: str = ""
    keys: str = ""
    key_after_seconds: float = 1
    sound: Path | None = None


@dataclass
class Phones:
    """All desk phones: ring, answer, talk at most `talk_seconds`; `refuse`: codes that say busy."""

    ring_seconds: float = 0.5
    talk_seconds: float = 3600
    refuse: tuple[str, ...] = ()
    echo: bool = False


@dataclass
class Sipp:
    """A running sipp; `end` waits for it and reads its own counts."""

    process: subprocess.Popen[bytes]
    folder: Path
    name: str
    counts: dict[str, int] = field(default_factory=dict)

    def end(self, seconds: float = 60) -> dict[str, int]:
        """``{"successful", "failed", "created"}`` by sipp's own bookkeeping."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
        return self.read()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)  # ask to finish the calls it has
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def read(self) -> dict[str, int]:
        files = sorted(self.folder.glob(f"{self.name}.stat.csv"))
        if not files:
            return {}
        with files[0].open(encoding="latin-1") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        last = rows[-1] if rows else {}
        self.counts = {
            "created": int(last.get("TotalCallCreated", 0)),
            "successful": int(last.get("SuccessfulCall(C)", 0)),
            "failed": int(last.get("FailedCall(C)", 0)),
        }
        return self.counts

    def taken(self) -> Counter[str]:
        """How many calls each desk phone took, by the telephones' own account. Only of `Field.phones`."""
        log = self.folder / f"{self.name}.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        return Counter(re.findall(r"^taken .*?sip:([0-9]+)@", text, re.MULTILINE))


class Field:
    """The people around one lab: `call` starts callers, `phones` the agents' desk phones."""

    def __init__(self, namespace: str, folder: Path) -> None:
        self.namespace = namespace
        self.folder = folder
        self._number = 0
        self._running: list[Sipp] = []

    def call(
        self, caller: Caller, calls: int = 1, rate: float = 10, at_once: int = 400, address: str = centre.CALLERS
    ) -> Sipp:
        port = 5100 + 20 * self._number
        text = _filled("caller.xml", _caller_words(caller))
        media = 20000 + 4000 * (self._number % 8)
        words = [SWITCH, "-i", address, "-p", str(port), "-m", str(calls), "-r", f"{rate:g}", "-l", str(at_once)]
        words += ["-mi", address, "-mp", str(media)]
        return self._start(text, words)

    def phones(self, phones: Phones, contact: str = centre.AGENT_CONTACT) -> Sipp:
        return self._answering(phones, contact, media=40000)

    def customers(self, phones: Phones) -> Sipp:
        """People out there who are called by agents."""
        return self._answering(phones, centre.CALLERS_CONTACT, media=50000)

    def _answering(self, phones: Phones, contact: str, media: int) -> Sipp:
        host, port = contact.split(":")
        text = _filled(
            "agent.xml",
            {
                "REFUSE": "|".join(phones.refuse) or "nobody",
                "RING_MS": str(int(phones.ring_seconds * 1000)),
                "TALK_MS": str(int(phones.talk_seconds * 1000)),
            },
        )
        words = ["-i", host, "-p", port, "-mi", host, "-mp", str(media)]
        started = self._start(text, [*words, *(["-rtp_echo"] if phones.echo else [])], told=True)
        time.sleep(0.3)
        return started

    def close(self) -> None:
        for sipp in self._running:
            if sipp.process.poll() is None:
                sipp.process.kill()
                sipp.process.wait()

    def _start(self, text: str, words: list[str], told: bool = False) -> Sipp:
        self._number += 1
        name = f"sipp{self._number}"
        scenario = self.folder / f"{name}.xml"
        scenario.write_text(text)
        command = [*network.inside(self.namespace), "sipp", *words, "-sf", str(scenario), "-nostdin"]
        command += ["-trace_stat", "-stf", str(self.folder / f"{name}.stat.csv"), "-fd", "1"]
        command += ["-trace_err", "-error_file", str(self.folder / f"{name}.errors")]
        command += ["-trace_logs", "-log_file", str(self.folder / f"{name}.log")] if told else []
        with (self.folder / f"{name}.out").open("wb") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder)
        started = Sipp(process, self.folder, name)
        self._running.append(started)
        return started


def tone_file(path: Path, seconds: float = 1.0) -> Path:
    """A 400 Hz tone as raw µ-law, which sipp plays in a loop."""
    samples = array("b")
    ring = [_ulaw(int(9000 * _sine(i / 20))) for i in range(20)]
    for i in range(int(8000 * seconds)):
        samples.append(ring[i % 20] - 256 if ring[i % 20] > 127 else ring[i % 20])
    path.write_bytes(samples.tobytes())
    return path


def _sine(turn: float) -> float:
    import math

    return math.sin(2 * math.pi * turn)


def _ulaw(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    size = min(abs(sample), 32635) + 132
    exponent = max(0, size.bit_length() - 8)
    return ~(sign | exponent << 4 | (size >> (exponent + 3)) & 0x0F) & 0xFF


def _caller_words(caller: Caller) -> dict[str, str]:
    media = keys = ""
    if caller.sound:
        media = f'<nop><action><exec rtp_stream="{caller.sound},-1,0"/></action></nop>'
    for key in caller.keys:
        pause = f'<pause milliseconds="{int(caller.key_after_seconds * 1000)}"/>'
        keys += pause + _filled("key.xml", {"KEY": key})
    return {
        "NUMBER": caller.number,
        "CALLER": caller.caller,
        "DISPLAY": caller.display,
        "HOLD_MS": str(int(caller.hold_seconds * 1000)),
        "PORT": "rtpstream_audio_port" if caller.sound else "media_port",
        "MEDIA": media,
        "KEYS": keys,
    }


def _filled(name: str, words: dict[str, str]) -> str:
    text = (SCENARIOS / name).read_text()
    text = re.sub(r"@(NUMBER|CALLER|DISPLAY|HOLD_MS|PORT|MEDIA|KEYS|KEY|REFUSE|RING_MS|TALK_MS)@",
                  lambda found: words.get(found[1], found[0]), text)  # fmt: skip
    return re.sub(r"@(NUMBER|CALLER|DISPLAY)@", lambda found: found[0], text)
