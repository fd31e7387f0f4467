# SPDX-License-Identifier: Apache-2.0
"""Why something was not believed, or nothing was heard, in the reader's words. The ledger keeps the program's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KNOWN: Final[Mapping[str, str | Promise]] = {
    r"longer than (?P<n>\d+) KiB": _("longer than %(n)s KiB"),
    r"not UTF-8": _("not written in UTF-8"),
    r"a control character": _("a control character in it"),
    r"a line that is no header, or a control character": _("a line that is no header, or a control character"),
    r"a line that is no header": _("a line that is no header"),
    r"header (?P<what>\S+) twice": _("header %(what)s twice"),
    r"unknown header (?P<what>.+)": _("unknown header %(what)s"),
    r"header (?P<what>\S+) out of order": _("header %(what)s out of order"),
    r"header (?P<what>\S+) missing": _("header %(what)s missing"),
    r"user event header (?P<what>.+)": _("header %(what)s that no event of ours has"),
    r"a group of headers not as Asterisk writes it": _("a group of headers not as the switch writes it"),
    r"without the switch's system name": _("without the switch's system name"),
    r"does not begin with Event or Response": _("neither an event nor an answer"),
    r"answers no action of ours": _("answers nothing that was asked"),
    r"followed by what the switch did not write": _("followed by what the switch did not write"),
    r"follows a broken line": _("follows a broken line"),
    r"followed by a broken line": _("followed by a broken line"),
    r"fewer than six fields": _("fewer than six fields"),
    r"unknown verb (?P<what>.+)": _("unknown event of the queue log %(what)s"),
    r"(?P<what>[A-Z]+) with (?P<n>\d+) fields": _("%(what)s with %(n)s fields"),
    r"(?P<what>[A-Z]+) of (?P<value>'.*')": _("%(what)s of an impossible %(value)s"),
    r"member (?P<what>.+) is no agent(?:'s telephone)?": _("%(what)s is no agent"),
    r"call id (?P<what>.+)": _("impossible call id %(what)s"),
    r"second (?P<what>.+)": _("impossible time %(what)s"),
    r"number (?P<what>.+)": _("impossible number %(what)s"),
    r"direction (?P<what>.+)": _("unknown direction %(what)s"),
    r"recording state (?P<what>.+)": _("unknown state of a recording %(what)s"),
    r"recording path (?P<what>.+)": _("impossible path of a recording %(what)s"),
    r"value (?P<what>.+)": _("impossible value %(what)s"),
    r"end (?P<what>.+)": _("unknown way to end %(what)s"),
    r"not CSV": _("not CSV"),
    r"(?P<n>\d+) columns": _("%(n)s columns"),
    r"unknown event or time": _("unknown event or time"),
    r"extra is (?:not JSON|no object)": _("the last column is not JSON"),
    r"unknown kind (?P<what>.+)": _("unknown kind of fact %(what)s"),
    r"unknown source (?P<what>.+)": _("unknown source %(what)s"),
    r"(?P<what>[a-z_.]+): unknown keys (?P<value>.+)": _("%(what)s with unknown parts %(value)s"),
    r"(?P<what>[a-z_.]+): time without zone": _("%(what)s at a time without time zone"),
    r"(?P<what>[a-z_.]+): key of (?P<n>\d+) bytes": _("%(what)s with a mark of %(n)s bytes"),
    r"(?P<what>[a-z_.]+): identity too long": _("%(what)s with a name that is too long"),
    r"listener away": _("nobody listened"),
    r"switch restarted": _("the switch started again"),
    r"clock set": _("the switch's clock was set"),
}
_PATTERNS: Final = [(re.compile(pattern, re.DOTALL), words) for pattern, words in _KNOWN.items()]


def in_words(reason: str) -> str:
    """The reason; one that is not known stays as it was written."""
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(reason):
            return str(words) % found.groupdict()
    return reason
