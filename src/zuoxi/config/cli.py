# SPDX-License-Identifier: Apache-2.0
"""The console command `zuoxi`: Django's management commands under our own name."""

import ctypes
import os
import signal
import sys

# What people type → the management command's file name.
SPOKEN = {"import": "import_history"}

_PR_SET_PDEATHSIG = 1


def _follow_parent() -> None:
    """A member of a household ends when the household does, however that ended (Linux: the parent-death signal)."""
    parent = os.environ.get("ZUOXI_PARENT", "")
    if not parent.isdecimal() or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)


def main(argv: list[str] | None = None) -> None:
    """Run one command; exits with its status."""
    _follow_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")
    from django.core.management import execute_from_command_line

    words = list(sys.argv if argv is None else argv)
    if len(words) > 1:
        words[1] = SPOKEN.get(words[1], words[1])
    try:
        execute_from_command_line(words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
