# SPDX-License-Identifier: Apache-2.0
"""What the verbs of the audit chain are called; each package names its own (from its `access.py` or `menu.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_labels: dict[str, str | Promise] = {}


def name_verbs(labels: Mapping[str, str | Promise]) -> None:
    """Verb → the words people read."""
    _labels.update(labels)


def verb_label(verb: str) -> str | Promise:
    """The words for a verb; the verb itself where nobody named it."""
    return _labels.get(verb, verb)


_KINDS: dict[str, str | Promise] = {
    "agent": _("Agent"),
    "call": _("Call"),
    "customer": _("Customer"),
    "day": _("Day"),
    "project": _("Project"),
    "recording": _("Recording"),
    "session": _("Session"),
    "staff": _("Staff"),
    "switch": _("Switch"),
    "team": _("Team"),
    "wall": _("Wall"),
}


def kind_label(kind: str) -> str | Promise:
    """What a row of the chain is about, in words."""
    return _KINDS.get(kind, kind)


def known_verbs() -> list[tuple[str, str | Promise]]:
    return sorted(_labels.items())
