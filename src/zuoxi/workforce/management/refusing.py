# SPDX-License-Identifier: Apache-2.0
"""Words of a command line that cannot be read are told as everything else that is wrong: as JSON, with status 2."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import NoReturn

from django.core.management.base import CommandParser

_NAMED = re.compile(r"argument (?:[^:]*/)?-*([\w-]+)")


def refusing(parser: CommandParser) -> CommandParser:
    """The parser, and those of its acts, answering so."""

    def refuse(message: str) -> NoReturn:
        parser.print_usage(sys.stderr)
        named = _NAMED.match(message)
        field = named[1].replace("-", "_") if named else "arguments"
        sys.stdout.write(json.dumps({"error": {"field": field, "message": message, "row": None}}) + "\n")
        sys.exit(2)

    parser.error = refuse  # type: ignore[method-assign]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                refusing(one)
    return parser
