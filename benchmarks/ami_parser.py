# SPDX-License-Identifier: Apache-2.0
"""AMI events per second: our parser with all its checks, and panoramisk's, over the same bytes in the same run.

    python benchmarks/ami_parser.py [--calls 3000] [--rounds 5]

Two streams are measured, both of whole calls as traced from a real switch: what our listener's account is sent
(every event wanted, read, checked and turned into fields), and the same with the translation into facts, which
panoramisk has no counterpart of. The best of several rounds counts, the two taking turns. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from panoramisk.ami_protocol import AMIProtocol  # noqa: E402

from zuoxi.telephony.asterisk.frames import Frame, Parser  # noqa: E402
from zuoxi.telephony.asterisk.identity import Boot  # noqa: E402
from zuoxi.telephony.asterisk.translate import translate  # noqa: E402

TRACES = ROOT / "src/zuoxi/telephony/tests/traces"
SYSTEM_NAME = "zx-5f1d9c27"
READ = 64 * 1024  # bytes a read, as a socket under load gives them


def stream(calls: int) -> tuple[list[bytes], int]:
    """The trace of a queued call `calls` times over, cut into reads, and its number of events."""
    trace = (TRACES / "queued_call.txt").read_bytes().replace(b"\n", b"\r\n")
    data = b"Asterisk Call Manager/11.0.0\r\n" + trace * calls
    return [data[i : i + READ] for i in range(0, len(data), READ)], trace.count(b"Event: ") * calls


def ours(reads: list[bytes]) -> int:
    parser = Parser(SYSTEM_NAME)
    return sum(len(parser.feed(read)) for read in reads)


def ours_as_facts(reads: list[bytes]) -> int:
    parser, boot = Parser(SYSTEM_NAME), Boot("lab", 1795336489, SYSTEM_NAME)
    seen = 0
    for read in reads:
        for item in parser.feed(read):
            if not isinstance(item, Frame):
                raise SystemExit(f"not believed: {item}")
            translate(item, boot)
            seen += 1
    return seen


def panoramisk(reads: list[bytes]) -> int:
    seen = 0

    def dispatch(_message: object) -> None:
        nonlocal seen
        seen += 1

    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.encoding = "utf8"
    protocol.factory = SimpleNamespace(save_stream=None, dispatch=dispatch)
    for read in reads:
        protocol.data_received(read)
    return seen


def rate(read_all: Callable[[list[bytes]], int], reads: list[bytes], events: int) -> float:
    began = time.process_time()
    seen = read_all(reads)
    took = time.process_time() - began
    if seen != events:
        raise SystemExit(f"{read_all.__name__} saw {seen} of {events} events")
    return events / took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, default=3000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    reads, events = stream(chosen.calls)
    contenders = (ours, ours_as_facts, panoramisk)
    best = {one.__name__: 0.0 for one in contenders}
    for _ in range(chosen.rounds):
        for one in contenders:
            best[one.__name__] = max(best[one.__name__], rate(one, reads, events))
    print(
        json.dumps(
            {
                "events": events,
                **{f"{name}_per_second": round(value) for name, value in best.items()},
                "ratio": round(best["ours"] / best["panoramisk"], 1),
                "ratio_as_facts": round(best["ours_as_facts"] / best["panoramisk"], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
