# SPDX-License-Identifier: Apache-2.0
"""How fast the rules answer: findings a second on one core, JSON in and out, against bare JSON.

    python benchmarks/evaluate.py [LINES] [RULE] [PACK]

Prints one line of JSON: the rate of judging, the rate of reading and writing the same lines as JSON alone, their ratio.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from time import process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")


def lines(count: int) -> list[bytes]:
    """Arrivals from a quarter of an hour early to three quarters late, second by second."""
    due = datetime.fromisoformat("2026-11-23T08:00:00")
    made = []
    for number in range(count):
        at = due + timedelta(seconds=number % 3600 - 900)
        facts = {"rostered_start": due.isoformat(), "signed_in_at": at.isoformat(), "excused": number % 50 == 0}
        made.append(json.dumps(facts).encode() + b"\n")
    return made


def main() -> None:
    import django

    django.setup()
    from zuoxi.policy.evaluate import asked_rule, judged

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rule = sys.argv[2] if len(sys.argv) > 2 else "attendance.arrival"
    pack = sys.argv[3] if len(sys.argv) > 3 else "tv_shopping"
    given = lines(count)
    chunks = [b"".join(given[at : at + 500]) for at in range(0, count, 500)]
    asked = asked_rule(rule, pack)
    list(judged(asked, chunks[:2]))  # the day's figures are worked out once
    best = min(_seconds(lambda: list(judged(asked, chunks))) for _turn in range(3))
    written = [text for texts, _good in judged(asked, chunks) for text in texts.splitlines()]
    bare = min(_seconds(lambda: _round_trip(given, written)) for _turn in range(3))
    told = {
        "rule": rule,
        "pack": pack,
        "lines": count,
        "findings_per_second": round(count / best),
        "bare_json_per_second": round(count / bare),
        "ratio": round(best / bare, 2),
    }
    print(json.dumps(told))


def _seconds(work) -> float:
    began = process_time()
    work()
    return process_time() - began


def _round_trip(given: list[bytes], written: list[str]) -> None:
    findings = [json.loads(line) for line in written[:1]]
    for line in given:
        json.loads(line)
        json.dumps(findings[0], ensure_ascii=False)


if __name__ == "__main__":
    main()
