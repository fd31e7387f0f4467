# SPDX-License-Identifier: Apache-2.0
"""``./dev asterisk up|down|status|run``."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from . import network
from .laboratory import Laboratory, NotPossible


def main(argv: list[str] | None = None) -> int:
    """0 done; 1 failed; 2 not possible here (not root, tools missing); 3 status of a lab that does not run."""
    chosen = _parser().parse_args(argv)
    lab = Laboratory(chosen.namespace, chosen.dir)
    try:
        return int(_TASKS[chosen.task](lab, chosen))
    except NotPossible as reason:
        sys.stderr.write(f"asterisk lab: {reason}\n")
        return 2
    except (RuntimeError, OSError, ValueError) as reason:
        sys.stderr.write(f"asterisk lab: {reason}\n")
        return 1


def _up(lab: Laboratory, chosen: argparse.Namespace) -> int:
    browser = tuple(code for code in chosen.browser_agents.split(",") if code)
    state = lab.up(chosen.agents, browser, chosen.fresh)
    sys.stdout.write(json.dumps(state.line(), ensure_ascii=False) + "\n")
    return 0


def _down(lab: Laboratory, chosen: argparse.Namespace) -> int:
    stopped = lab.down(chosen.purge)
    sys.stderr.write("asterisk lab: stopped\n" if stopped else "asterisk lab: was not running\n")
    return 0


def _status(lab: Laboratory, _chosen: argparse.Namespace) -> int:
    state = lab.state()
    running = bool(state and lab.running(state))
    known = {key: value for key, value in asdict(state).items() if key != "passwords"} if state else {}
    sys.stdout.write(json.dumps({"running": running, **known}) + "\n")
    return 0 if running else 3


def _run(lab: Laboratory, chosen: argparse.Namespace) -> int:
    """Any command inside the lab's network: the listener, a SIP caller, a shell."""
    words = chosen.words[1:] if chosen.words[:1] == ["--"] else chosen.words
    if not words:
        raise NotPossible("run what?")
    return subprocess.run([*network.inside(lab.namespace), *words], check=False).returncode  # noqa: S603


_TASKS = {"up": _up, "down": _down, "status": _status, "run": _run}


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--namespace", default="zuoxi-lab", help="network namespace; one per lab")
    where.add_argument("--dir", type=Path, default=None, help="folder of the lab; default: in the cache")
    parser = argparse.ArgumentParser(prog="./dev asterisk", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    up = tasks.add_parser("up", parents=[where], help="build, configure and start")
    up.add_argument("--agents", type=int, default=40, help="desk phones from 1001 on")
    up.add_argument("--browser-agents", default="1901,1902", help="codes of browser phones, comma-separated")
    up.add_argument("--fresh", action="store_true", help="forget logs, recordings and signed-in agents")
    down = tasks.add_parser("down", parents=[where], help="stop and remove the network")
    down.add_argument("--purge", action="store_true", help="remove the lab's folder as well")
    tasks.add_parser("status", parents=[where], help="one JSON line; exit 3 when it does not run")
    run = tasks.add_parser("run", parents=[where], help="run a command inside the lab's network")
    run.add_argument("words", nargs=argparse.REMAINDER)
    return parser
