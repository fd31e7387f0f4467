# SPDX-License-Identifier: Apache-2.0
"""``python -m zuoxi.telephony.asterisk.audio finish|watch FOLDER``: make whole what the switch writes as raw streams.

``watch`` does it for each recording as it ends, until SIGTERM. Standard library only, so it runs beside any switch.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from . import finish_folder, measure, repair

_EVERY = 1.0  # seconds


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="zuoxi.telephony.asterisk.audio")
    parser.add_argument("task", choices=("finish", "watch", "repair", "measure"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--quiet-seconds", type=float, default=5)
    chosen = parser.parse_args(argv)
    if chosen.task == "watch":
        return _watch(chosen.path)
    if chosen.task == "finish":
        for done in finish_folder(chosen.path, chosen.quiet_seconds):
            sys.stdout.write(json.dumps({"path": str(done.path), "seconds": round(done.seconds, 2)}) + "\n")
        return 0
    sound = repair(chosen.path) if chosen.task == "repair" else measure(chosen.path)
    sys.stdout.write(json.dumps(vars(sound)) + "\n")
    return 0


def _watch(folder: Path) -> int:
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    while not stopping.wait(_EVERY):
        try:
            for _ in finish_folder(folder, quiet_seconds=0.5):
                if stopping.is_set():
                    break
        except OSError as trouble:  # a full disk today is none tomorrow
            sys.stderr.write(f"recordings: {trouble}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
