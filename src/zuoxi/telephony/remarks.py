# SPDX-License-Identifier: Apache-2.0
"""What the check of the recordings wrote beside one, in the reader's words. Stored remarks are the program's own."""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WHOLE: Final[dict[str, str | Promise]] = {
    "no file": gettext_lazy("no file"),
    "never announced": gettext_lazy("the switch never announced it"),
    "found by its name": gettext_lazy("found by its name"),
    "belongs to no call": gettext_lazy("belongs to no call"),
    "retention": gettext_lazy("deleted when its time was over"),
}
_BEGUN: Final[dict[str, str | Promise]] = {
    "unreadable": gettext_lazy("unreadable"),
    "cannot be opened": gettext_lazy("cannot be opened"),
}
_LENGTHS: Final = re.compile(r"([0-9.]+) s of (.+) s")
_UNFINISHED: Final = re.compile(r"unfinished: ([0-9]+) bytes .*")


def in_words(remark: str) -> str:
    """The remark; one that is not known stays as it was written."""
    if known := _WHOLE.get(remark):
        return str(known)
    if found := _LENGTHS.fullmatch(remark):
        return _("%(heard)s s of %(due)s s were recorded") % {"heard": found[1], "due": found[2]}
    if found := _UNFINISHED.fullmatch(remark):
        return _("unfinished: %(size)s bytes wait for room on the disk") % {"size": found[1]}
    head, colon, rest = remark.partition(": ")
    return f"{_BEGUN[head]}: {rest}" if colon and head in _BEGUN else remark
