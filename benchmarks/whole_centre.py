# SPDX-License-Identifier: Apache-2.0
"""A whole centre under load: real SIP calls, a real Asterisk, the listener, the pages. Needs root and sipp.

    python benchmarks/whole_centre.py [--rate 10] [--talk 15] [--seconds 60] [--capacity-seconds 15] [--viewers 0]

First the switch alone and then with the listener, without sound: CPU seconds of the switch for each call, and how many
calls it finished. Then `rate` calls a second, each talking `talk` seconds and recorded in two channels (10 × 15 =
150 at once). With `--viewers N` as many streams of the live floor stand open meanwhile, and the time from the switch's
clock to each of them, and to the last of them, is told. Afterwards the callers' own counts, the switch's queue log and
Zuoxi's calls are compared. Prints one JSON object; "ok" says whether nothing was lost, doubled or cut short.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.telephony.ami import Manager  # noqa: E402
from tests.telephony.house import House  # noqa: E402
from tests.telephony.sipp import Caller, Field, Phones  # noqa: E402

from zuoxi.telephony.asterisk.audio import measure  # noqa: E402
from zuoxi.telephony.asterisk.config.logs import CEL_COLUMNS  # noqa: E402
from zuoxi.telephony.asterisk.lab import Laboratory, LabState, network  # noqa: E402

AGENTS = 200
TICKS = os.sysconf("SC_CLK_TCK")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10, help="recorded calls a second")
    parser.add_argument("--talk", type=float, default=15, help="seconds of talk")
    parser.add_argument("--seconds", type=float, default=60, help="how long calls arrive")
    parser.add_argument("--capacity-rate", type=float, default=40, help="calls a second without sound")
    parser.add_argument("--capacity-seconds", type=float, default=15, help="0 leaves this part out")
    parser.add_argument("--viewers", type=int, default=0, help="streams of the live floor")
    parser.add_argument("--namespace", default="zuoxi-bench")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def share(values: Sequence[float], part: float) -> float | None:
    """The value below which `part` of the values lie; None without values."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 3) if ordered else None


def spread(values: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(values)
    return {"median": share(ordered, 0.5), "p99": share(ordered, 0.99), "worst": share(ordered, 1)}


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS


class Watch:
    """Reads the ledger as a page does and notes how long each fact took from the switch's clock to the reader."""

    def __init__(self, database: Path) -> None:
        self.delays: list[float] = []
        self._database = database
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> list[float]:
        self._stop.set()
        self._thread.join()
        return self.delays

    def _look(self) -> None:
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=10)) as db:
            (last,) = db.execute("select coalesce(max(id), 0) from events_event").fetchone()
            while not self._stop.wait(0.01):
                rows = db.execute("select id, at from events_event where id > ? and source = 'ami'", (last,)).fetchall()
                now = time.time()
                for number, at in rows:
                    moment = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
                    self.delays.append(now - moment)
                    last = max(last, number)


class Visitor:
    """Opens a page twice a second while the load runs."""

    def __init__(self, url: str) -> None:
        self.times: list[float] = []
        self.failures = 0
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _visit(self) -> None:
        while not self._stop.wait(0.5):
            begun = time.perf_counter()
            try:
                with urllib.request.urlopen(self._url, timeout=10) as answer:
                    answer.read()
            except OSError:
                self.failures += 1
            else:
                self.times.append(time.perf_counter() - begun)


class Viewers:
    """Streams of the floor in a process of their own, so that they do not take the reader's time from the clock."""

    def __init__(self, house: House, count: int) -> None:
        self.count = count
        self._database = house.folder / "var/zuoxi.sqlite3"
        script = str(ROOT / "benchmarks/viewers.py")
        env = os.environ | {"ZUOXI_HOME": str(house.folder / "var")}
        made = subprocess.run(
            [sys.executable, script, "people", "--agents", str(AGENTS)],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(made.stdout)
        self._steps = int(told["steps"])
        words = ["watch", "--port", str(house.port), "--cookie", told["cookie"], "--viewers", str(count)]
        self._process = subprocess.Popen([sys.executable, script, *words], stdout=subprocess.PIPE, text=True)
        time.sleep(3)

    def end(self, since: datetime) -> dict[str, Any]:
        """Seconds from each fact to the screens that had it or something later: to each of them, and to the last."""
        self._process.terminate()
        told = json.loads(self._process.communicate(timeout=30)[0])
        first: dict[int, list[float]] = {}  # a place: an event and the messages since; the first one carries the event
        for place, moments in sorted((int(place), moments) for place, moments in told["moments"].items()):
            first.setdefault(place // self._steps, moments)
        places = sorted(first.items())
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as db:
            events = db.execute("select id, at from events_event where source = 'ami' order by id").fetchall()
        last: list[float] = []
        screens = array("f")
        index = 0
        for number, at in events:
            moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
            while index < len(places) and places[index][0] < number:
                index += 1
            if index < len(places) and moment >= since:
                screens.extend(when - moment.timestamp() for when in places[index][1])
                last.append(max(places[index][1]) - moment.timestamp())
        return {
            "viewers": self.count,
            "standing_at_the_end": told["standing"],
            "facts_seen": len(last),
            "screens_seen": len(screens),
            "event_to_screen_seconds": spread(screens),
            "event_to_last_screen_seconds": spread(last),
        }


def capacity(lab: LabState, field: Field, rate: float, seconds: float) -> dict[str, Any]:
    """Calls without sound: each waits, is connected and talks half a second."""
    before, count = cpu_seconds(lab.pid), int(rate * seconds)
    begun = time.monotonic()
    counts = field.call(Caller("8000", hold_seconds=0.6), calls=count, rate=rate).end(seconds + 30)
    return {
        "finished": counts.get("successful", 0),
        "failed": counts.get("failed", 0),
        "calls_a_second": round(counts.get("successful", 0) / (time.monotonic() - begun), 1),
        "switch_cpu_milliseconds_a_call": round(1000 * (cpu_seconds(lab.pid) - before) / count, 2),
    }


def queue_log_since(lab: LabState, start: int) -> Counter[str]:
    """Calls by how the queue log says they ended, and how many it has."""
    lines = Path(lab.line()["queue_log"]).read_text().splitlines()[start:]
    fields = [line.split("|") for line in lines]
    found = Counter(one[4] for one in fields if one[4] in ("ENTERQUEUE", "CONNECT", "ABANDON"))
    found["COMPLETE"] = sum(one[4].startswith("COMPLETE") for one in fields)
    return found


def compared(house: House, since: datetime, callers: dict[str, int], log: Counter[str]) -> dict[str, Any]:
    """Our calls beside the callers' and the queue log's own counts."""
    calls = [
        call for call in house.calls() if datetime.fromisoformat(call["offered_at"]) >= since.replace(microsecond=0)
    ]
    outcomes = Counter(call["outcome"] for call in calls)
    known = log["ENTERQUEUE"]
    recordings = Counter(call["recording"]["status"] for call in calls if call["outcome"] == "answered")
    return {
        "callers": callers,
        "queue_log": dict(log),
        "calls": len(calls),
        "outcomes": dict(outcomes),
        "lost": max(0, known - len(calls)),
        "doubled": len(calls) - len({call["id"] for call in calls}) + max(0, len(calls) - known),
        "answered_differs_by": outcomes["answered"] - log["CONNECT"],
        "quarantined": sum(bool(call["quarantined"]) for call in calls),
        "recordings": dict(recordings),
    }


def recorded(lab: LabState, folder_start: float) -> dict[str, Any]:
    """Each file's length beside the time its channel stood in the bridge, by the channel event log's microseconds."""
    spans: dict[str, float] = {}
    with Path(lab.line()["cel"]).open(newline="") as file:
        for values in csv.reader(file):
            row = dict(zip(CEL_COLUMNS, values, strict=True))
            if row["eventtype"] in ("BRIDGE_ENTER", "BRIDGE_EXIT") and not row["channame"].startswith("PJSIP/trunk"):
                sign = 1 if row["eventtype"] == "BRIDGE_EXIT" else -1
                own = row["uniqueid"].rpartition("-")[2]
                spans[own] = spans.get(own, 0.0) + sign * float(row["eventtime"])
    root = Path(lab.line()["recordings"])
    files = [file for file in root.rglob("*.wav") if file.stat().st_mtime >= folder_start]
    ratios = [measure(file).seconds / spans[file.stem.split("-")[1]] for file in files]
    return {
        "recordings_left_raw": sum(1 for _ in root.rglob("*.raw")),
        "recording_files": len(files),
        "recording_ratio_mean": round(sum(ratios) / len(ratios), 4) if ratios else None,
        "recording_ratio_least": share(ratios, 0),
        "recordings_below_98_percent": sum(ratio < 0.98 for ratio in ratios),
    }


def sign_in(lab: LabState) -> None:
    with closing(Manager(lab.namespace, lab.passwords["ami"])) as manager:
        for agent in lab.agents:
            manager.ask("QueueAdd", Queue="sales", Interface=f"PJSIP/{agent}", MemberName=agent)


def sung(lab: LabState, calls: int, rate: float, talk: float) -> dict[str, int]:
    """Callers and desk phones with sound; sipp's own streams starve at a hundred calls on two cores."""
    words = ["--calls", str(calls), "--rate", str(rate), "--talk", str(talk)]
    chorus = [*network.inside(lab.namespace), sys.executable, str(ROOT / "tests/telephony/chorus.py"), *words]
    done = subprocess.run(chorus, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def settle(laboratory: Laboratory) -> None:
    """Until no call is up, then a little longer: the last lines are written, the last recordings finished."""
    edge = time.monotonic() + 60
    while "\n0 active calls" not in "\n" + laboratory.command("core show channels count") and time.monotonic() < edge:
        time.sleep(1)
    time.sleep(6)


def loaded(chosen: argparse.Namespace, laboratory: Laboratory, house: House) -> dict[str, Any]:
    lab = laboratory.state()
    assert lab is not None
    start = len(Path(lab.line()["queue_log"]).read_text().splitlines())
    since, before, begun, clock = datetime.now(UTC), cpu_seconds(lab.pid), time.monotonic(), time.time()
    watch = Watch(house.folder / "var/zuoxi.sqlite3")
    visitor = Visitor(f"http://127.0.0.1:{house.port}/health/ready")
    viewers = Viewers(house, chosen.viewers) if chosen.viewers else None
    calls = int(chosen.rate * chosen.seconds)
    callers = sung(lab, calls, chosen.rate, chosen.talk)
    lasted = time.monotonic() - begun
    used = cpu_seconds(lab.pid) - before
    settle(laboratory)
    visitor.end()
    delays = watch.end()
    seen = viewers.end(since) if viewers else {"viewers": 0}
    result = compared(house, since, callers, queue_log_since(lab, start))
    result |= recorded(lab, clock)
    result |= {
        "screens": seen,
        "at_once": round(chosen.rate * chosen.talk),
        "facts_seen": len(delays),
        "event_to_commit_seconds": spread(delays),
        "page_seconds": {"median": share(visitor.times, 0.5), "p99": share(visitor.times, 0.99)},
        "page_failures": visitor.failures,
        "switch_cpu_share_of_one_core": round(used / lasted, 2),
    }
    result["ok"] = not (result["lost"] or result["doubled"] or result["answered_differs_by"] or result["quarantined"])
    result["ok"] = result["ok"] and result["recording_files"] == callers["successful"] > 0
    result["ok"] = bool(result["ok"] and (result["recording_ratio_mean"] or 0) >= 0.98)
    return result


def main() -> int:
    chosen = arguments()
    report: dict[str, Any] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    laboratory = Laboratory(chosen.namespace)
    with tempfile.TemporaryDirectory(prefix="zuoxi-bench-") as name:
        folder = Path(name)
        lab = laboratory.up(agents=AGENTS, fresh=True)
        house, field = House(lab.namespace, folder), Field(lab.namespace, folder)
        try:
            sign_in(lab)
            phones = field.phones(Phones(ring_seconds=0.1))
            if chosen.capacity_seconds:
                say("the switch alone")
                report["without_us"] = capacity(lab, field, chosen.capacity_rate, chosen.capacity_seconds)
            house.listen()
            if chosen.capacity_seconds:
                say("the switch with the listener")
                report["with_us"] = capacity(lab, field, chosen.capacity_rate, chosen.capacity_seconds)
            phones.stop()
            house.serve()
            say(f"{chosen.rate:g} calls a second, {chosen.talk:g} s each, recorded")
            report["recorded"] = loaded(chosen, laboratory, house)
            house.stop()
        finally:
            with suppress(OSError):
                field.close()
            house.close()
            laboratory.down(purge=True)
    print(json.dumps(report, indent=2))
    return 0 if report.get("recorded", {}).get("ok") else 1


if __name__ == "__main__":
    sys.exit(main())
