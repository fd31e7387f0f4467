# SPDX-License-Identifier: Apache-2.0
"""The console command `zuoxi`: Django's management commands under our own name."""

import os
import sys

# What people type → the management command's file name.
SPOKEN = {"import": "import_history"}


def main(argv: list[str] | None = None) -> None:
    """Run one command; exits with its status."""
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
