# SPDX-License-Identifier: Apache-2.0
"""People around the lab's switch, played by sipp without end: desk phones that answer, callers of several kinds.

Standard library only, like the rest of the lab.
"""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import centre, network

SCENARIOS = Path(__file__).parent / "scenarios"
SWITCH = "127.0.0.1:5060"
FOR_EVER = "100000000"


@dataclass(frozen=True)
class Habit:
    """One kind of caller: what he dials, how many such calls a minute, how long he stays, which key he presses."""

    number: str
    a_minute: float
    stays_seconds: float
    key: str = ""


HABITS = (
    Habit(centre.NUMBERS["queue"], 8, 55),
    Habit(centre.NUMBERS["queue"], 3, 150),
    Habit(centre.NUMBERS["queue"], 1.5, 3),
    Habit(centre.NUMBERS["menu"], 3, 70, key="2"),
)


class Town:
    """Starts everybody; `tend` starts again whoever went, `close` sends them home."""

    def __init__(self, namespace: str, folder: Path, sound: Path) -> None:
        self.namespace = namespace
        self.folder = folder
        self._sound = sound
        self._people: dict[str, tuple[list[str], subprocess.Popen[bytes] | None]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._settle()

    def tend(self) -> None:
        for name, (words, process) in self._people.items():
            if process is None or process.poll() is not None:
                out = (self.folder / f"{name}.out").open("wb")
                with out:
                    started = subprocess.Popen(  # noqa: S603 - our own words
                        words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder
                    )
                self._people[name] = (words, started)
                time.sleep(0.3)

    def close(self) -> None:
        for _, process in self._people.values():
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    def _settle(self) -> None:
        host, port = centre.AGENT_CONTACT.split(":")
        words = {"REFUSE": "nobody", "RING_MS": "3500", "TALK_MS": "3600000"}
        self._add("phones", "agent.xml", words, ["-i", host, "-p", port, "-mi", host, "-mp", "40000", "-rtp_echo"])
        for place, habit in enumerate(HABITS):
            words = {
                "NUMBER": habit.number,
                "CALLER": f"1390{place}00[call_number]",
                "DISPLAY": "",
                "HOLD_MS": str(int(habit.stays_seconds * 1000)),
                "PORT": "rtpstream_audio_port",
                "MEDIA": f'<nop><action><exec rtp_stream="{self._sound},-1,0"/></action></nop>',
                "KEYS": _key(habit.key),
            }
            address = centre.CALLERS
            flags = [SWITCH, "-i", address, "-p", str(5100 + 20 * place), "-mi", address]
            flags += ["-mp", str(20000 + 4000 * place), "-m", FOR_EVER, "-l", "30"]
            flags += ["-r", "1", "-rp", str(int(60_000 / habit.a_minute))]
            self._add(f"callers{place}", "caller.xml", words, flags)

    def _add(self, name: str, scenario: str, words: dict[str, str], flags: list[str]) -> None:
        path = self.folder / f"{name}.xml"
        path.write_text(filled(scenario, words))
        self._people[name] = (
            [*network.inside(self.namespace), "sipp", *flags, "-sf", str(path), "-nostdin"],
            None,
        )


def _key(key: str) -> str:
    return f'<pause milliseconds="2500"/>{filled("key.xml", {"KEY": key})}' if key else ""


def filled(name: str, words: dict[str, str]) -> str:
    """A scenario with its `@WORD@`s replaced."""
    text = (SCENARIOS / name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: words.get(found[1], found[0]), text)
