# SPDX-License-Identifier: Apache-2.0
"""``python -m zuoxi.telephony.asterisk.audio finish FOLDER``: make whole what the switch left as raw streams."""

import argparse
import json
import sys
from pathlib import Path

from . import finish_folder, measure, repair


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="zuoxi.telephony.asterisk.audio")
    parser.add_argument("task", choices=("finish", "repair", "measure"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--quiet-seconds", type=float, default=30)
    chosen = parser.parse_args(argv)
    if chosen.task == "finish":
        for done in finish_folder(chosen.path, chosen.quiet_seconds):
            sys.stdout.write(json.dumps({"path": str(done.path), "seconds": round(done.seconds, 2)}) + "\n")
        return 0
    sound = repair(chosen.path) if chosen.task == "repair" else measure(chosen.path)
    sys.stdout.write(json.dumps(vars(sound)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
