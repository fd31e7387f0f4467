# SPDX-License-Identifier: Apache-2.0
"""Run a benchmark so many times and keep what it printed, on which machine and beside what load, for the page.

    python benchmarks/record.py NAME… [--runs 3] [-- ARGUMENTS]     # runs the command of goals.yaml, keeps its JSON
    python benchmarks/record.py NAME --from FILE… --load 0.4 [--quiet]      # keeps what was printed at another time
    python benchmarks/record.py --list

Every benchmark ends with one JSON object. Runs are kept in `docs/benchmarks/NAME.json`, the newest last, with the date,
the revision, the machine and the load before and during; the page is made anew of them (`benchmarks/page.py`). A run is
quiet when others kept less than a seventh of a core busy meanwhile. `--note` and `--note-zh` say what is peculiar.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import page  # noqa: E402
import yaml  # noqa: E402
from machine import MARK, Neighbours, machine  # noqa: E402

KEPT = HERE.parent / "docs/benchmarks"
QUIET = 0.15
"""Cores that others may keep busy while a run still counts as quiet."""


def last_object(text: str) -> dict[str, Any]:
    """The JSON object that a benchmark's output ends with; ValueError when it ends with none."""
    lines = text.rstrip().splitlines()
    for first in range(len(lines) - 1, -1, -1):
        if lines[first].startswith("{"):
            try:
                found = json.loads("\n".join(lines[first:]))
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
    raise ValueError("the output does not end with a JSON object")


def revision() -> str:
    """The revision measured, with + when the program differs from it."""
    ask = ["git", "-C", str(HERE.parent)]
    name = subprocess.run([*ask, "rev-parse", "--short=9", "HEAD"], capture_output=True, text=True, check=False).stdout
    words = [*ask, "status", "--porcelain", "--", "src", "benchmarks"]
    return name.strip() + ("+" if subprocess.run(words, capture_output=True, text=True, check=False).stdout else "")


def measured(command: str, words: list[str], runs: int) -> dict[str, Any]:
    """One record: the command run so many times, each to its end. RuntimeError when it fails."""
    record: dict[str, Any] = {"date": datetime.now(UTC).date().isoformat(), "revision": revision(), "quiet": True}
    record |= {"machine": machine(), "arguments": [_plain(word) for word in words], "load": [], "runs": []}
    for turn in range(runs):
        mark = f"{os.getpid()}-{turn}"
        before, began = round(os.getloadavg()[0], 2), time.monotonic()
        watch = Neighbours(mark)
        watch.start()
        env = {**os.environ, MARK: mark, "PYTHONPATH": str(HERE.parent / "src")}
        done = subprocess.run(
            [sys.executable, str(HERE / command), *words], stdout=subprocess.PIPE, text=True, env=env, check=False
        )
        took = time.monotonic() - began
        load = {"before": before, "seconds": round(took, 1), **watch.ended(took)}
        print(f"· run {turn + 1} of {runs}: {took:.0f} s, others {load['others_cores']} cores", file=sys.stderr)
        if done.returncode:
            sys.stderr.write(done.stdout[-2000:])
            raise RuntimeError(f"{command} ended with {done.returncode}; nothing of it is kept")
        record["runs"].append(last_object(done.stdout))
        record["load"].append(load)
        record["quiet"] = record["quiet"] and load["others_cores"] <= QUIET
    return record


def _plain(word: str) -> str:
    """An argument without the folder it lies in, which is nobody's business."""
    return Path(word).name if word.startswith("/") else word


def taken(files: list[Path], load: float, quiet: bool, words: list[str]) -> dict[str, Any]:
    """A record of what was printed at another time; the date is that of the newest file."""
    day = datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC).date().isoformat()
    runs = [last_object(file.read_text()) for file in files]
    record: dict[str, Any] = {"date": day, "revision": revision().rstrip("+"), "quiet": quiet, "machine": machine()}
    return record | {"arguments": [_plain(word) for word in words], "load": [{"before": load}], "runs": runs}


def keep(name: str, record: dict[str, Any]) -> Path:
    """Appends a record to those of this name."""
    file = KEPT / f"{name}.json"
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    text = ",\n".join(" " + json.dumps(one, ensure_ascii=False) for one in [*held, record])
    file.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    return file


def main() -> None:
    words = sys.argv[1:]
    at = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--from", dest="files", nargs="+", type=Path)
    parser.add_argument("--load", type=float, default=0.0)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--revision", default="")
    parser.add_argument("--note", default="")
    parser.add_argument("--note-zh", default="")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args(words[:at])
    known = yaml.safe_load((HERE / "goals.yaml").read_text(encoding="utf-8"))["measurements"]
    if asked.list or not asked.names:
        for name, one in known.items():
            print(f"{name:<28} benchmarks/{one['command']} {' '.join(one.get('arguments', []))}")
        return
    if unknown := [name for name in asked.names if name not in known]:
        raise SystemExit(f"not in benchmarks/goals.yaml: {', '.join(unknown)}")
    failed = []
    for name in asked.names:
        given = words[at + 1 :] or known[name].get("arguments", [])
        try:
            if asked.files:
                record = taken(asked.files, asked.load, asked.quiet, given)
            else:
                record = measured(known[name]["command"], given, asked.runs)
        except (RuntimeError, ValueError) as fault:
            failed.append(f"{name}: {fault}")
            continue
        if asked.revision:
            record["revision"] = asked.revision
        if asked.note:
            record["note"] = {"en": asked.note, "zh": asked.note_zh or asked.note}
        print(keep(name, record).relative_to(HERE.parent), flush=True)
    page.main()
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main()
